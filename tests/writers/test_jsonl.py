"""Reading the record file back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from stancewire.errors import InputError
from stancewire.types import StanceRecord
from stancewire.writers.jsonl import JsonlWriter, read_records

Maker = Callable[..., StanceRecord]


def test_bad_line_is_named_by_file_and_number(tmp_path: Path, make_record: Maker) -> None:
    path = tmp_path / "records.jsonl"
    with JsonlWriter(path) as file:
        file.write([make_record()])
        file.append(b'{"record_id": \n')
    with pytest.raises(InputError, match=r"records\.jsonl:2: not JSON"):
        list(read_records(path))


def test_half_a_surrogate_pair_comes_back_as_it_was(tmp_path: Path, make_record: Maker) -> None:
    record = make_record(title="broken \ud83d title")
    with JsonlWriter(tmp_path / "records.jsonl") as file:
        file.write([record])
    assert list(read_records(tmp_path / "records.jsonl")) == [record]
