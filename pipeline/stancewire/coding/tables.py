"""Codings in a spreadsheet: CSV with the columns of a run's records.csv, of which a coder needs only some.

Needed: article_id, holder, holder_kind, topic, stance. Read where there: holder_mention and aliases (separated by "|"),
attribution, hedged, conditional, changed (true or false), evidence_start, evidence_end, evidence_quote, required. An
empty cell is not coded. An article without a stance has one row: its article_id, no holder, and "none" under stance.
Where every row has "record" under unit, as `stancewire sample --unit record` writes it, given records were judged and
nothing else; "none" under stance then says that the article holds no such stance.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from stancewire.coding.coded import Coding, without_doubles
from stancewire.errors import InputError
from stancewire.evaluation.gold import STANCES, GoldRecord
from stancewire.evaluation.rows import Row
from stancewire.types import Evidence, HolderKind, Stance, Voice
from stancewire.writers.csv import unguarded

JUDGED = "record"
NEEDED = ("article_id", "holder", "holder_kind", "topic", "stance")
_DELIMITERS = ",;\t"
_FLAGS = {"true": True, "false": False}


def read_table(path: Path, *, coder: str) -> Coding:
    """Read a coder's CSV (commas, semicolons or tabs); raises InputError naming line and column."""
    rows = list(_rows(path))
    if not rows:
        raise InputError(f"{path}: no rows under the header; a coding has a row for each record")
    is_partial = all(row.values.get("unit") == JUDGED for row in rows)
    found = (_record(row, is_partial=is_partial) for row in rows)
    return Coding(
        coder=coder,
        source=str(path),
        records=without_doubles(record for record in found if record),
        articles=frozenset(row.text("article_id") for row in rows),
        is_partial=is_partial,
        notes=(f"{coder}: judged given records only; what else there is wasn't asked",) if is_partial else (),
    )


def _rows(path: Path) -> Iterator[Row]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8: {error}; save it as 'CSV UTF-8'") from error
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror or error}") from error
    if not text.strip():
        raise InputError(f"{path}: empty; the first row must name the columns: {', '.join(NEEDED)}, ...")
    first = text.splitlines()[0]
    table = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first.count))
    header = next(table)
    if missing := [name for name in NEEDED if name not in header]:
        raise InputError(f"{path}: no column {missing[0]!r}; needed: {', '.join(NEEDED)}; has {header}")
    for cells in table:
        if any(cell.strip() for cell in cells):
            yield _row(header, cells, f"{path}:{table.line_num}")


def _row(header: list[str], cells: list[str], where: str) -> Row:
    if len(cells) != len(header):
        raise InputError(f"{where}: {len(cells)} cells; the header has {len(header)} columns")
    values = {name: unguarded(cell) for name, cell in zip(header, cells, strict=True) if cell.strip()}
    return Row(where=where, values=values)


def _record(row: Row, *, is_partial: bool) -> GoldRecord | None:
    """Return the row's record; None where it says that its article holds no stance."""
    if "holder" not in row.values:
        if row.values.get("stance") == Stance.NONE.value:
            return None
        raise InputError(
            f"{row.where}: no holder and no 'none' under stance; an article without a stance has 'none' there,"
            " and a row that nobody coded must go"
        )
    return GoldRecord(
        article_id=row.text("article_id"),
        holder=row.text("holder"),
        kind=row.choice("holder_kind", *HolderKind),
        aliases=_names(row.values),
        topic=row.text("topic"),
        stance=row.choice("stance", *STANCES, *((Stance.NONE,) if is_partial else ())),
        attribution=row.choice("attribution", *Voice) if "attribution" in row.values else None,
        hedged=_flag(row, "hedged"),
        conditional=_flag(row, "conditional"),
        changed=_flag(row, "changed"),
        required=_flag(row, "required") is not False,
        evidence=_evidence(row),
        where=row.where,
    )


def _names(values: Mapping[str, str]) -> tuple[str, ...]:
    names = [values.get("holder_mention", ""), *values.get("aliases", "").split("|")]
    return tuple(name.strip() for name in names if name.strip())


def _flag(row: Row, key: str) -> bool | None:
    if key not in row.values:
        return None
    flag = _FLAGS.get(row.values[key].strip().casefold())  # Excel writes TRUE and FALSE
    if flag is None:
        raise row.complaint(key, "true or false")
    return flag


def _evidence(row: Row) -> tuple[Evidence, ...]:
    if "evidence_start" not in row.values and "evidence_end" not in row.values:
        return ()
    start, end = _offset(row, "evidence_start"), _offset(row, "evidence_end")
    if start >= end:
        raise row.complaint("evidence_end", f"behind evidence_start, {start}")
    return (Evidence(start=start, end=end, quote=row.values.get("evidence_quote", ""), p=1.0),)


def _offset(row: Row, key: str) -> int:
    value = row.values.get(key, "")
    if not (value.isascii() and value.isdigit()):
        raise row.complaint(key, "a whole number of characters from the start of the text")
    return int(value)
