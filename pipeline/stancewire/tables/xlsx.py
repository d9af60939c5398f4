"""A table as an Excel workbook, in which text stays text."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from stancewire.errors import ConfigError
from stancewire.exporters.text import encodable, xml_text
from stancewire.tables.table import Kind, Table, Value

MOST_ROWS = 1_048_575
"""Rows that a sheet has room for below its header."""
_MOST_UNITS = 32_767  # of UTF-16, in a cell
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
_WIDEST, _NARROWEST, _LOOKED_AT = 60, 8, 200
_FORMATS = {Kind.COUNT: "#,##0", Kind.NUMBER: "0.00"}


def as_xlsx(table: Table) -> bytes:
    """Return a workbook with the rows (frozen header, filters) in one sheet and the notes in another.

    The bytes are the same for the same table. A note says how many cells have more
    than Excel has room for. Raises ConfigError where XlsxWriter is missing or the rows are too many for a sheet.
    """
    if len(table.rows) > MOST_ROWS:
        raise ConfigError(
            f"{len(table.rows):,} rows; a sheet holds {MOST_ROWS:,}: choose .parquet or .csv, or fewer with --min-n"
        )
    data = io.BytesIO()
    book = _library().Workbook(
        data,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
        },
    )
    book.set_properties({"title": table.title, "created": (table.finished or _EPOCH).replace(tzinfo=None)})
    _write_rows(book, table)
    _write_notes(book, table)
    book.close()
    return data.getvalue()


def _library() -> Any:
    try:
        import xlsxwriter
    except ImportError as error:
        raise ConfigError("XLSX needs XlsxWriter; install it with: pip install 'stancewire[desk]'") from error
    return xlsxwriter


def _write_rows(book: Any, table: Table) -> None:
    sheet = book.add_worksheet("table")
    bold = book.add_format({"bold": True})
    looks = {kind: book.add_format({"num_format": each}) for kind, each in _FORMATS.items()}
    for at, column in enumerate(table.columns):
        sheet.write_string(0, at, column.name, bold)
        values = [row[at] for row in table.rows]
        for place, value in enumerate(values, start=1):
            _write(sheet, place, at, value, looks.get(column.kind))
        width = max(map(len, map(str, values[:_LOOKED_AT])), default=0)
        sheet.set_column(at, at, min(max(width, len(column.name) + 2, _NARROWEST), _WIDEST))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(table.rows)), len(table.columns) - 1)


def _write(sheet: Any, row: int, column: int, value: Value, look: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, _fitted(value), look)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, look)
    elif value is not None:
        sheet.write_number(row, column, value, look)


def _write_notes(book: Any, table: Table) -> None:
    sheet = book.add_worksheet("notes")
    texts = (value for row in table.rows for value in row if isinstance(value, str))
    cut = sum(_fitted(text) != text for text in texts)
    note = f"Cells cut to {_MOST_UNITS:,} characters, or with one that Excel can't hold (U+FFFD stands there): {cut:,}."
    notes = (note,) if cut else ()
    for row, note in enumerate((table.title, *table.notes, *notes)):
        sheet.write_string(row, 0, _fitted(note))
    sheet.set_column(0, 0, 120)


def _fitted(text: str) -> str:
    """Return the text as a cell can hold it: characters that XML has, and no more UTF-16 units than Excel counts."""
    units = xml_text(encodable(text)).encode("utf-16-le")[: 2 * _MOST_UNITS]
    return units.decode("utf-16-le", "ignore")
