"""The Parquet file's types and row groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

import pyarrow.parquet as pq
import pytest

from stancewire.types import StanceRecord
from stancewire.writers import parquet
from stancewire.writers.parquet import SCHEMA, ParquetWriter

Maker = Callable[..., StanceRecord]


def test_schema_has_the_fields_of_the_record() -> None:
    hints = get_type_hints(StanceRecord)
    assert SCHEMA.names == [each.name for each in fields(StanceRecord)]
    for column in SCHEMA:
        assert column.nullable == (hints[column.name] == (str | None)), column.name


def test_rows_are_grouped_and_compressed(
    tmp_path: Path, make_record: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "BATCH_ROWS", 4)
    with ParquetWriter(tmp_path / "records.parquet") as file:
        for count in (1, 9):
            file.write([make_record()] * count)
    data = pq.ParquetFile(tmp_path / "records.parquet").metadata
    assert [data.row_group(index).num_rows for index in range(data.num_row_groups)] == [4, 4, 2]
    assert data.row_group(0).column(0).compression == "ZSTD"
