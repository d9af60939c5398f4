"""Tables of separated values: one article a row under a header row."""

from __future__ import annotations

import contextlib
import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stancewire.errors import InputError
from stancewire.readers.articles import article_from_row, no_text, skip
from stancewire.readers.columns import DEFAULT_COLUMNS, Columns
from stancewire.readers.decoding import repair, text_lines
from stancewire.types import Article, Skip

_FIELD_LIMIT = 2**31 - 1  # characters; the largest that csv takes on every system (its default is 131,072)
_DELIMITERS = ",;\t"
_CELL_END = "\x1f"


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvReader:
    """Reads CSV with commas, semicolons or tabs, whichever divides the header row into most columns.

    Quotes are taken strictly: a row with wrong quotes or a field too many is a Skip, not half an article.
    """

    columns: Columns = DEFAULT_COLUMNS

    def read(self, path: Path) -> Iterator[Article | Skip]:
        """Yield the file's articles in order, and a Skip in the place of each that can't be read.

        A source like "news.csv:17" gives the line in the file on which the row starts.
        """
        csv.field_size_limit(_FIELD_LIMIT)
        try:
            yield from self._read_rows(path)
        except InputError as error:
            yield skip(str(path), error)

    def _read_rows(self, path: Path) -> Iterator[Article | Skip]:
        is_empty = True
        with contextlib.closing(text_lines(path, newline="")) as lines:
            rows = _rows(lines)
            header = _header(rows, path)
            if not self.columns.held_by(header)["text"]:
                raise no_text(header, columns=self.columns, source=str(path))
            self.columns.warn_of_missing(header, source=str(path))
            for line, row in rows:
                is_empty = False
                yield self._read_row(header, row, source=f"{path}:{line}")
        if is_empty:
            raise InputError(f"{path}: no rows under the header; must be one an article", reason="empty")

    def _read_row(self, header: list[str], row: list[str] | csv.Error, *, source: str) -> Article | Skip:
        try:
            cells = _repaired(_whole(row, header, source=source), source=source)
            given = {name: cell if cell.strip() else None for name, cell in zip(header, cells, strict=True)}
            return article_from_row(given, columns=self.columns, source=source)
        except InputError as error:
            return skip(source, error)


def _rows(lines: Iterator[str]) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Yield each row that isn't blank, or what is wrong with it, with the number of the line it starts on."""
    number, first = next(((n, line) for n, line in enumerate(lines) if line.strip()), (0, ""))
    rows = csv.reader(itertools.chain([first], lines), delimiter=_delimiter_of(first), strict=True)
    while True:
        line = number + rows.line_num + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield line, error
            continue
        if row is None:
            return
        if any(row):
            yield line, row


def _delimiter_of(header: str) -> str:
    # csv.Sniffer looks at prose as well, and finds delimiters such as "e" in it.
    return max(_DELIMITERS, key=lambda delimiter: len(next(csv.reader([header], delimiter=delimiter), ())))


def _header(rows: Iterator[tuple[int, list[str] | csv.Error]], path: Path) -> list[str]:
    line, header = next(rows, (0, []))
    if not header:
        raise InputError(f"{path}: no rows; must be a header row, such as id,text, and rows", reason="empty")
    if isinstance(header, csv.Error):
        raise InputError(f"{path}:{line}: header: {header}", reason="bad-row")
    return _repaired(header, source=f"{path}:{line}")


def _whole(row: list[str] | csv.Error, header: list[str], *, source: str) -> list[str]:
    if isinstance(row, csv.Error):
        said = f"{row}; a field that holds quotes or line ends must be in quotes, and quotes in it doubled"
        raise InputError(f"{source}: {said}", reason="bad-row")
    if len(row) != len(header):
        said = f"{len(row)} fields; must be {len(header)}, as in the header (quote fields with delimiters)"
        raise InputError(f"{source}: {said}", reason="bad-row")
    return row


def _repaired(cells: list[str], *, source: str) -> list[str]:
    if all(cell.isascii() for cell in cells):
        return cells
    repaired = repair(_CELL_END.join(cells), source=source).split(_CELL_END)
    if len(repaired) == len(cells):
        return repaired
    return [repair(cell, source=source) for cell in cells]  # one of them holds what parts them here
