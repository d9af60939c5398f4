"""A finished table: typed columns for files, headings that sum them up for people, and notes on what isn't in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from stancewire.errors import ConfigError

Value = str | int | float | None
Row = tuple[Value, ...]


class Kind(StrEnum):
    """What a column holds; any of them may be empty."""

    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    FLAG = "flag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column as files have it."""

    name: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column as people read it: `show` turns a row, by the names of its columns, into a line or several."""

    label: str
    show: Callable[[Mapping[str, Value]], str]
    is_number: bool = False
    is_whole: bool = False  # a word that wrapping would only tear apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows in their order, with notes on how they came about.

    `asides` are notes for readers of the headings alone, which leave out columns. `finished` is when the run that the
    rows come from ended: files carry it as their date.
    """

    title: str
    columns: tuple[Column, ...]
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    asides: tuple[str, ...] = ()
    finished: datetime | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return tuple(column.name for column in self.columns)

    def readable(self) -> list[list[str]]:
        """Return the rows as people read them, a text for each heading."""
        return [[heading.show(row) for heading in self.headings] for row in map(self._named, self.rows)]

    def _named(self, row: Row) -> dict[str, Value]:
        return dict(zip(self.names, row, strict=True))


def arranged(table: Table, *, sort: str | None, top: int | None) -> Table:
    """Return the table by one column, the largest numbers or the first of the alphabet on top, and only the top rows.

    Empty cells stand last. A note says how many rows are left out. ConfigError names the columns if there is none such.
    """
    if sort is not None:
        table = replace(table, rows=tuple(_sorted(table, sort)))
    if top is None or len(table.rows) <= top:
        return table
    note = f"--top {top} left out {len(table.rows) - top:,} of {len(table.rows):,} rows."
    return replace(table, rows=table.rows[:top], notes=(*table.notes, note))


def plain(
    name: str,
    label: str | None = None,
    *,
    is_number: bool = False,
    is_whole: bool = False,
    empty: str = "",
) -> Heading:
    """Return a heading that shows one column as it is."""

    def show(row: Mapping[str, Value]) -> str:
        value = row[name]
        return empty if value is None else f"{value:,}" if isinstance(value, int) else str(value)

    return Heading(label=label or name, show=show, is_number=is_number, is_whole=is_number or is_whole)


def _sorted(table: Table, sort: str) -> Sequence[Row]:
    if sort not in table.names:
        raise ConfigError(f"--sort {sort!r}; columns of this table: {', '.join(table.names)}")
    at = table.names.index(sort)
    filled = [row for row in table.rows if row[at] is not None]
    empty = [row for row in table.rows if row[at] is None]
    is_text = table.columns[at].kind is Kind.TEXT
    return [*sorted(filled, key=lambda row: _key(row[at]), reverse=not is_text), *empty]


def _key(value: Value) -> tuple[float, str]:
    return (0.0, value) if isinstance(value, str) else (float(value or 0), "")
