"""A table as Parquet, with the notes in its metadata."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq

from stancewire.exporters.text import encodable
from stancewire.tables.table import Kind, Table, Value

_TYPES = {Kind.TEXT: pa.string(), Kind.COUNT: pa.int64(), Kind.NUMBER: pa.float64(), Kind.FLAG: pa.bool_()}


def as_parquet(table: Table) -> bytes:
    """Return the file's bytes; title and notes stand in the schema's metadata, as "title" and "notes" (JSON)."""
    told = {"title": table.title, "notes": json.dumps(list(table.notes))}
    schema = pa.schema([(column.name, _TYPES[column.kind]) for column in table.columns], metadata=told)
    columns = [[_cell(row[at]) for row in table.rows] for at in range(len(table.columns))]
    arrays = [pa.array(values, type=field.type) for values, field in zip(columns, schema, strict=True)]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), sink, compression="zstd")
    return bytes(sink.getvalue())


def _cell(value: Value) -> Value:
    return encodable(value) if isinstance(value, str) else value
