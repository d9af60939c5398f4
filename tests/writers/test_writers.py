"""What holds for every format of the stance table."""

from __future__ import annotations

import csv as plain_csv
import errno
import os
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from stancewire.errors import StancewireError
from stancewire.types import StanceRecord
from stancewire.writers import WRITERS
from stancewire.writers.csv import COLUMNS, cells, unguarded
from stancewire.writers.jsonl import read_records
from stancewire.writers.rows import from_row

Maker = Callable[..., StanceRecord]


def read_jsonl(path: Path) -> list[StanceRecord]:
    return list(read_records(path))


def read_parquet(path: Path) -> list[StanceRecord]:
    pq = import_module("pyarrow.parquet")
    return [from_row(row) for row in pq.read_table(path).to_pylist()]


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = plain_csv.reader(file)
    assert tuple(header) == COLUMNS
    return [[unguarded(cell) for cell in row] for row in rows]


# How a format is read back, and what is expected then: CSV keeps the best quote only.
READ: dict[str, tuple[Callable[[Path], list[Any]], Callable[[StanceRecord], Any]]] = {
    "jsonl": (read_jsonl, lambda record: record),
    "parquet": (read_parquet, lambda record: record),
    "csv": (read_csv, lambda record: [unguarded(cell) for cell in cells(record)]),
}


@pytest.fixture(params=WRITERS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def writer(name: str, path: Path) -> Any:
    module, _, member = WRITERS[name].partition(":")
    return getattr(import_module(module), member)(path)


def records_of_all_sorts(make_record: Maker) -> Sequence[StanceRecord]:
    return [
        make_record("federal state", "Zahra Amini"),
        make_record(evidence=(), title=None, outlet=None, url=None, published=None),
        make_record(
            title='Semi;colon, "quotes"\nand a line', holder="زهرا امینی", holder_mention="🙂 ' \u2028"
        ),
        make_record(title="=1+1", holder="'@someone", holder_mention="'tis", outlet="-"),
    ]


def test_writes_what_is_read_back(name: str, tmp_path: Path, make_record: Maker) -> None:
    records = records_of_all_sorts(make_record)
    path = tmp_path / f"records.{name}"
    with writer(name, path) as file:
        file.write(records[:3])
        file.write([])
        file.write(records[3:])
    read, expected = READ[name]
    assert read(path) == [expected(record) for record in records]


def test_no_records_make_a_file_that_can_be_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"records.{name}"
    writer(name, path).close()
    assert READ[name][0](path) == []


def test_file_has_its_name_only_after_close(name: str, tmp_path: Path, make_record: Maker) -> None:
    path = tmp_path / "records"
    path.write_text("the run before")
    file = writer(name, path)
    file.write([make_record()])
    assert path.read_text() == "the run before"
    file.close()
    file.close()
    assert path.read_bytes() != b"the run before"
    assert os.listdir(tmp_path) == ["records"]


def test_error_on_the_way_leaves_no_complete_file(name: str, tmp_path: Path, make_record: Maker) -> None:
    file = writer(name, tmp_path / "records")
    file.write([make_record()])
    with pytest.raises(KeyboardInterrupt), file:
        raise KeyboardInterrupt
    assert os.listdir(tmp_path) == ["records.partial"]


def test_next_run_starts_afresh(name: str, tmp_path: Path, make_record: Maker) -> None:
    path = tmp_path / "records"
    path.with_name("records.partial").write_bytes(b"left over " * 1000)
    with writer(name, path) as file:
        file.write([make_record()])
    assert len(READ[name][0](path)) == 1


def test_missing_folder_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(StancewireError, match="nowhere/records: can't be written: No such file"):
        writer(name, tmp_path / "nowhere" / "records")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full to stand for a full disk")
def test_full_disk_is_named(name: str, tmp_path: Path, make_record: Maker) -> None:
    (tmp_path / "records.partial").symlink_to("/dev/full")
    told = f"records: can't be written: {os.strerror(errno.ENOSPC)}"
    with pytest.raises(StancewireError, match=told), writer(name, tmp_path / "records") as file:
        file.write([make_record()])
    assert os.listdir(tmp_path) == ["records.partial"]


def test_half_a_surrogate_pair_stops_no_run(name: str, tmp_path: Path, make_record: Maker) -> None:
    path = tmp_path / "records"
    with writer(name, path) as file:
        file.write([make_record(title="broken \ud83d title")])
    assert len(READ[name][0](path)) == 1
