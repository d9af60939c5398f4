"""The forms that a table is written in, and which of them a file's name asks for."""

from __future__ import annotations

import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from rich.console import Console

from stancewire.errors import ConfigError
from stancewire.tables.csv import as_csv
from stancewire.tables.markdown import as_markdown
from stancewire.tables.table import Table
from stancewire.tables.terminal import print_notes, print_table
from stancewire.writers.partial import PartialFile, make_folder

SHOWN = 50
"""Rows in a terminal: what a person may look through there."""


class Format(StrEnum):
    """A form of output; the last two are for files only."""

    TERMINAL = "terminal"
    CSV = "csv"
    MARKDOWN = "markdown"
    PARQUET = "parquet"
    XLSX = "xlsx"


_ENDINGS = {".csv": Format.CSV, ".md": Format.MARKDOWN, ".parquet": Format.PARQUET, ".xlsx": Format.XLSX}


def format_of(path: Path) -> Format:
    """Return the form that a file's ending asks for; ConfigError names the known endings."""
    if (ending := path.suffix.lower()) not in _ENDINGS:
        raise ConfigError(f"{path}: unknown ending {ending!r}; known: {', '.join(_ENDINGS)}")
    return _ENDINGS[ending]


def print_as(table: Table, form: Format, *, console: Console, notes: Console) -> None:
    """Print the table; its notes go below it, or to `notes` where a program reads the output.

    ConfigError for the forms that only a file can have.
    """
    if form is Format.TERMINAL:
        print_table(_shortened(table), console=console)
    elif form is Format.MARKDOWN:
        sys.stdout.write(as_markdown(table))
    elif form is Format.CSV:
        sys.stdout.buffer.write(as_csv(table).encode("utf-8", "replace"))
        sys.stdout.flush()
        print_notes(table.notes, console=notes)
    else:
        raise ConfigError(f"--format {form}: needs a file; name one with --out table.{form}")


def write_as(table: Table, path: Path, form: Format) -> None:
    """Write the table to a file that takes its name once it is whole."""
    if form is Format.TERMINAL:
        raise ConfigError(f"{path}: a file can't be a terminal; known formats: csv, markdown, parquet, xlsx")
    make_folder(path.parent)
    with PartialFile(path) as file:
        file.append(_bytes(table, form))


def _bytes(table: Table, form: Format) -> bytes:
    if form is Format.CSV:
        # The byte-order mark is for Excel, as in writers/csv.py.
        return b"\xef\xbb\xbf" + as_csv(table).encode("utf-8", "replace")
    if form is Format.MARKDOWN:
        return as_markdown(table).encode("utf-8", "replace")
    if form is Format.PARQUET:
        from stancewire.tables.parquet import as_parquet

        return as_parquet(table)
    from stancewire.tables.xlsx import as_xlsx

    return as_xlsx(table)


def _shortened(table: Table) -> Table:
    """Return what a terminal shows of the table, with a note on the rest."""
    rest = len(table.rows) - SHOWN
    if rest <= 0:
        return table
    note = f"and {rest:,} more rows: --out FILE has all, --top N --sort COLUMN others."
    return replace(table, rows=table.rows[:SHOWN], notes=(note, *table.notes))
