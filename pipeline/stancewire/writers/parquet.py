"""Stance records as Parquet, for data frames and databases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from stancewire.types import StanceRecord
from stancewire.writers.partial import PartialFile
from stancewire.writers.rows import as_row

BATCH_ROWS = 20_000
"""Records a row group: about 10 MB of them in memory, and groups large enough to be worth skipping."""

_EVIDENCE = pa.struct(
    [
        pa.field("start", pa.int64(), nullable=False),
        pa.field("end", pa.int64(), nullable=False),
        pa.field("quote", pa.string(), nullable=False),
        pa.field("p", pa.float64(), nullable=False),
    ]
)
_CUE = pa.struct(
    [
        pa.field("kind", pa.string(), nullable=False),
        pa.field("start", pa.int64(), nullable=False),
        pa.field("end", pa.int64(), nullable=False),
        pa.field("quote", pa.string(), nullable=False),
    ]
)


def text_field(name: str, *, nullable: bool = False) -> pa.Field:
    """Return a column of strings."""
    return pa.field(name, pa.string(), nullable=nullable)


def _number(name: str) -> pa.Field:
    return pa.field(name, pa.float64(), nullable=False)


def _flag(name: str) -> pa.Field:
    return pa.field(name, pa.bool_(), nullable=False)


def _list(name: str, element: pa.DataType) -> pa.Field:
    return pa.field(name, pa.list_(pa.field("element", element, nullable=False)), nullable=False)


SCHEMA = pa.schema(
    [
        text_field("record_id"),
        text_field("article_id"),
        *(text_field(name, nullable=True) for name in ("outlet", "url", "title", "published", "language")),
        text_field("holder"),
        text_field("holder_id", nullable=True),
        text_field("holder_kind"),
        text_field("holder_mention"),
        text_field("topic"),
        text_field("stance"),
        *(_number(name) for name in ("confidence", "p_favor", "p_against", "p_neutral")),
        text_field("attribution"),
        text_field("speaker", nullable=True),
        *(_flag(name) for name in ("hedged", "conditional", "changed")),
        _list("evidence", _EVIDENCE),
        _list("cues", _CUE),
        text_field("cluster_id", nullable=True),
        *(text_field(name) for name in ("model", "codebook", "run_id", "schema_version")),
    ]
)
"""The columns of the file, in the order of StanceRecord."""


class ParquetRows(PartialFile):
    """Writes rows of one schema in row groups of `BATCH_ROWS`, compressed with zstd."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        super().__init__(path)
        self._schema = schema
        self._rows: list[dict[str, Any]] = []
        self._table = pq.ParquetWriter(self._handle, schema, compression="zstd")

    def append_rows(self, rows: Iterable[dict[str, Any]]) -> None:
        """Append rows; they reach the file a row group at a time."""
        self._rows.extend(rows)
        while len(self._rows) >= BATCH_ROWS:
            self._write_group(self._rows[:BATCH_ROWS])
            del self._rows[:BATCH_ROWS]

    def close(self) -> None:
        """Write what is left and the footer, and give the file its name; a second call does nothing."""
        if self._handle.closed:
            return
        if self._rows:
            self._write_group(self._rows)
            self._rows = []
        with self._named():
            self._table.close()
        super().close()

    def abandon(self) -> None:
        """Stop without giving the file its name."""
        # Or pyarrow would write the footer when it is collected, into a closed file.
        self._table.is_open = False
        super().abandon()

    def _write_group(self, rows: list[dict[str, Any]]) -> None:
        table = pa.Table.from_pylist([_encodable(row) for row in rows], schema=self._schema)
        with self._named():
            self._table.write_table(table)


class ParquetWriter(ParquetRows):
    """Writes records, `evidence` and `cues` as lists of structs."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, SCHEMA)

    def write(self, records: Sequence[StanceRecord]) -> None:
        """Append records."""
        self.append_rows(as_row(record) for record in records)


def _encodable(value: Any) -> Any:
    """Return the value with "?" for half surrogate pairs, which have no UTF-8; lengths stay as they are."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {name: _encodable(each) for name, each in value.items()}
    return type(value)(_encodable(each) for each in value) if isinstance(value, list | tuple) else value
