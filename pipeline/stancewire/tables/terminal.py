"""A table in the terminal, with its notes below it."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable
from rich.text import Text

from stancewire.tables.table import Table
from stancewire.writers.table import isolated, one_line

_LONGEST = 400  # characters of a line in a cell: enough for a quote, and 10,000 of a name would fill screens
_LOOKS = {"favor": "cyan", "against": "red", "mixed": "magenta"}


def print_table(table: Table, *, console: Console) -> None:
    """Print title, rows and notes; text that would steer the terminal is shown without what steers."""
    console.print(Text(table.title, style="bold"))
    if not table.rows:
        console.print("No rows.")
    else:
        console.print(_drawn(table, console))
    print_notes((*table.notes, *table.asides), console=console)


def print_notes(notes: Iterable[str], *, console: Console) -> None:
    """Print notes, one a line."""
    for note in notes:
        console.print(Text(one_line(note, console), style="dim"), soft_wrap=True)


def _drawn(table: Table, console: Console) -> RichTable:
    drawn = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    for heading in table.headings:
        drawn.add_column(
            escape(heading.label),
            justify="right" if heading.is_number else "left",
            no_wrap=heading.is_whole,
            overflow="fold",
        )
    for row in table.readable():
        drawn.add_row(*(_cell(text, console) for text in row))
    return drawn


def _cell(text: str, console: Console) -> Text:
    lines = (one_line(line, console) for line in text.split("\n"))
    dots = "..." if console.options.ascii_only else "…"
    shown = "\n".join(isolated(line if len(line) <= _LONGEST else line[:_LONGEST] + dots) for line in lines)
    return Text(shown, style=_LOOKS.get(shown, ""))
