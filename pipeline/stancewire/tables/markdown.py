"""A table as Markdown, for a paper's notes or an issue."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stancewire.tables.table import Table

# What Markdown or a browser would read as more than a character; a cell can't have a line break of its own either.
_MARKS = re.compile(r"[\\`*_\[\]|~#]")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def as_markdown(table: Table) -> str:
    """Return the title, the table as people read it, and its notes as a list."""
    head = _line(heading.label for heading in table.headings)
    rule = _line("---:" if heading.is_number else "---" for heading in table.headings)
    rows = [_line(_cell(cell) for cell in row) for row in table.readable()]
    notes = [f"- {_text(note)}" for note in (*table.notes, *table.asides)]
    return "\n".join([f"**{_text(table.title)}**", "", head, rule, *rows, "", *notes, ""])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return "<br>".join(_text(line) for line in text.split("\n"))


def _text(text: str) -> str:
    escaped = "".join(_HTML.get(each, each) for each in " ".join(text.split()))
    return _MARKS.sub(r"\\\g<0>", escaped)
