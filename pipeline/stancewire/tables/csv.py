"""A table as CSV, in which no cell runs as a formula."""

from __future__ import annotations

import csv
import io

from stancewire.tables.table import Table, Value
from stancewire.writers.csv import guarded


def as_csv(table: Table) -> str:
    """Return the table with a header, commas and CRLF; nothing is an empty cell, shares have six places.

    Text that a spreadsheet would take for a formula starts with an apostrophe (`stancewire.writers.csv.guarded`).
    """
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(table.names)
    lines.writerows([_cell(value) for value in row] for row in table.rows)
    return text.getvalue()


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6g}"
    return guarded(value) if isinstance(value, str) else str(value)
