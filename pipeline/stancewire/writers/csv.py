"""Stance records as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stancewire.types import StanceRecord
from stancewire.writers.partial import PartialFile
from stancewire.writers.rows import FIELDS, as_row, best_evidence

EVIDENCE_COLUMNS = ("evidence_quote", "evidence_start", "evidence_end", "evidence_p", "evidence_count")
"""What stands in the place of `evidence`: the best quote, where it is, and how many there are."""

COLUMNS: tuple[str, ...] = tuple(
    column for name in FIELDS for column in (EVIDENCE_COLUMNS if name == "evidence" else (name,))
)
"""The header of the file."""

# What makes Excel, LibreOffice or Google Sheets read a cell as a formula (OWASP, "CSV Injection"), full-width
# forms included, also behind blanks. Apostrophes in front are part of the pattern so that `unguarded` can
# take back exactly what `guarded` added.
_FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])")


class CsvWriter(PartialFile):
    """Writes one record a row, with a header, commas, CRLF and only the best quote of each record.

    Cues stand in one cell, without their offsets: "speech: said; hedged: may".

    UTF-8 with a byte-order mark: Excel takes a file without one for the local 8-bit code page and garbles
    names, and pandas, Polars, DuckDB and R skip the mark (Python's own csv module wants "utf-8-sig").
    Empty = null. Cells that a spreadsheet would run as a formula start with an apostrophe (`guarded`).
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.append(b"\xef\xbb\xbf" + _lines([COLUMNS]))

    def write(self, records: Sequence[StanceRecord]) -> None:
        """Append records."""
        self.append(_lines([cells(record) for record in records]))


def cells(record: StanceRecord) -> list[str]:
    """Return a record's row of the file, in the order of `COLUMNS`."""
    row = as_row(record)
    best = best_evidence(record)
    row["evidence_count"] = len(record.evidence)
    for name in ("quote", "start", "end", "p"):
        row[f"evidence_{name}"] = getattr(best, name) if best else None
    row["cues"] = "; ".join(f"{cue.kind}: {cue.quote}" for cue in record.cues) or None
    return [_cell(row[column]) for column in COLUMNS]


def guarded(cell: str) -> str:
    """Return the cell with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """Return the cell that `guarded` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return guarded(value) if isinstance(value, str) else repr(value)


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    # Half a surrogate pair has no UTF-8; "?" keeps the number of characters, records.jsonl the original.
    return text.getvalue().encode("utf-8", "replace")
