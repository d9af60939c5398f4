"""Folders of Parquet files: what the other files hold, whole or not there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from stancewire.errors import InputError
from stancewire.types import LedgerEntry, Outcome, StanceRecord
from stancewire.writers.ledger import as_ledger_row
from stancewire.writers.rows import as_row
from stancewire.writers.shards import MARK, ShardFolder

Maker = Callable[..., StanceRecord]


def entry(number: int) -> LedgerEntry:
    counts = {"questions": number} if number % 2 else {}
    return LedgerEntry(
        source=f"news.jsonl:{number}", outcome=Outcome.DONE, article_id=f"a{number}", counts=counts
    )


def names(out: Path) -> list[str]:
    return sorted(path.name for path in (out / "shards").iterdir() if path.name != MARK)


def held(out: Path, stem: str) -> list[dict[str, Any]]:
    return [
        row
        for path in sorted((out / "shards").glob(f"{stem}-*.parquet"))
        for row in pq.read_table(path).to_pylist()
    ]


@pytest.mark.parametrize(("rows", "files"), [(1, 7), (3, 3), (7, 1), (100, 1)])
def test_rows_are_those_written_in_order_and_each_file_but_the_last_is_full(
    tmp_path: Path, make_record: Maker, rows: int, files: int
) -> None:
    records = [make_record(record_id=f"r{number}") for number in range(7)]
    with ShardFolder(tmp_path, rows=rows) as folder:
        for number in range(7):
            folder.write(entry(number), [records[number]])
    assert names(tmp_path) == [
        f"{stem}-{number:05}.parquet" for stem in ("ledger", "records") for number in range(files)
    ]
    assert json.dumps(held(tmp_path, "records")) == json.dumps([as_row(record) for record in records])
    ledger = [
        row | {"counts": dict(row["counts"]), "origins": dict(row["origins"])}
        for row in held(tmp_path, "ledger")
    ]
    assert ledger == [as_ledger_row(entry(number)) for number in range(7)]


def test_many_records_of_one_article_fill_several_files(tmp_path: Path, make_record: Maker) -> None:
    with ShardFolder(tmp_path, rows=2) as folder:
        folder.write(entry(0), [make_record()] * 5)
    sizes = [pq.read_metadata(path).num_rows for path in sorted((tmp_path / "shards").glob("records-*"))]
    assert sizes == [2, 2, 1]


def test_no_rows_are_one_empty_file_that_has_the_columns(tmp_path: Path) -> None:
    with ShardFolder(tmp_path, rows=2):
        pass
    assert names(tmp_path) == ["ledger-00000.parquet", "records-00000.parquet"]
    assert pq.read_table(tmp_path / "shards" / "records-00000.parquet").column_names[0] == "record_id"


def test_broken_off_folder_leaves_the_old_one(tmp_path: Path, make_record: Maker) -> None:
    with ShardFolder(tmp_path, rows=2) as folder:
        folder.write(entry(0), [make_record()])
    before = held(tmp_path, "ledger")
    with pytest.raises(KeyboardInterrupt):
        break_off(tmp_path, make_record())
    assert held(tmp_path, "ledger") == before


def test_run_without_shards_removes_those_of_an_earlier_run(tmp_path: Path, make_record: Maker) -> None:
    with ShardFolder(tmp_path, rows=2) as folder:
        folder.write(entry(0), [make_record()])
    with ShardFolder(tmp_path, rows=0) as folder:
        folder.write(entry(0), [make_record()])
    assert not (tmp_path / "shards").exists()


@pytest.mark.parametrize("name", ["shards", "shards.partial"])
def test_folder_of_somebody_else_is_left_alone_and_refused_where_shards_are_wanted(
    tmp_path: Path, make_record: Maker, name: str
) -> None:
    mine = tmp_path / name / "records-00000.parquet"
    mine.parent.mkdir()
    mine.write_bytes(b"mine")
    with ShardFolder(tmp_path, rows=0) as folder:
        folder.write(entry(0), [make_record()])
    with pytest.raises(InputError, match="is not a folder that a run made; move it"):
        ShardFolder(tmp_path, rows=2)
    assert mine.read_bytes() == b"mine"


def break_off(out: Path, record: StanceRecord) -> None:
    with ShardFolder(out, rows=1) as folder:
        folder.write(entry(1), [record])
        folder.write(entry(2), [record])
        raise KeyboardInterrupt
