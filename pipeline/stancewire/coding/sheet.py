"""CSV as spreadsheets save it, row by row: commas, semicolons or tabs, cells that a formula guard was put before."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from stancewire.errors import InputError
from stancewire.evaluation.rows import Row
from stancewire.writers.csv import unguarded

_DELIMITERS = ",;\t"
_LONGEST = 1 << 31  # characters of a cell; the csv module's own limit is shorter than some articles


def read_sheet(path: Path, needed: Sequence[str]) -> Iterator[Row]:
    """Yield the rows that aren't blank, without their blank cells; a row is named by its line and its row in the sheet.

    Raises InputError naming the file and what is wrong with it: not UTF-8, empty, a column missing, cells too many.
    """
    text = read_sheet_text(path)
    if not text.strip():
        raise InputError(f"{path}: empty; the first row must name the columns: {', '.join(needed)}, ...")
    first = text.splitlines()[0]
    csv.field_size_limit(_LONGEST - 1)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first.count))
    header = [name.strip() for name in next(table)]
    if missing := [name for name in needed if name not in header]:
        raise InputError(f"{path}: no column {missing[0]!r}; needed: {', '.join(needed)}; has {header}")
    line = table.line_num + 1
    for row, cells in enumerate(table, start=2):
        where = f"{path}:{line}" if line == row else f"{path}:{line} (row {row})"
        line = table.line_num + 1
        if any(cell.strip() for cell in cells):
            yield _row(header, cells, where)


def read_sheet_text(path: Path) -> str:
    """Return a table's text; raises InputError where it can't be read or isn't UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8: {error}; save it as 'CSV UTF-8'") from error
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror or error}") from error


def _row(header: list[str], cells: list[str], where: str) -> Row:
    if len(cells) != len(header):
        raise InputError(f"{where}: {len(cells)} cells; the header has {len(header)} columns")
    values = {name: unguarded(cell) for name, cell in zip(header, cells, strict=True) if cell.strip()}
    return Row(where=where, values=values)
