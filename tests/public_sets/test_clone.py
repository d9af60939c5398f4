"""Files of a clone that can't be read: each is named, with what is wrong."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stancewire.errors import InputError
from stancewire.public_sets.clone import Line, read_json, read_json_line, read_table, unzipped

DEEP = "[" * 200_000


@pytest.fixture
def longest() -> Iterator[int]:
    """Set the csv module's own limit of a cell's length, whatever other tests made of it, and put theirs back."""
    before = csv.field_size_limit(1 << 17)
    yield 1 << 17
    csv.field_size_limit(before)


@pytest.mark.parametrize(
    ("text", "line"), [("text,label\nshort,0\n{},1\n", 3), ("text,{}\nshort,0\n", 1)], ids=["row", "header"]
)
def test_a_cell_that_is_too_long_is_named_with_file_and_line(
    tmp_path: Path, longest: int, text: str, line: int
) -> None:
    path = tmp_path / "train.csv"
    path.write_text(text.format("x" * (longest + 1)))
    with pytest.raises(InputError, match=rf"train\.csv:{line}: no CSV or TSV: field larger than field limit"):
        list(read_table(path, ("text", "label")))


@pytest.mark.parametrize("name", ["gone.zip", "folder"])
def test_a_zip_file_that_cannot_be_opened_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match=rf"{name}: can't read it: "):
        list(unzipped(tmp_path / name, ".jsonl"))


def test_json_that_is_nested_too_deep_is_named(tmp_path: Path) -> None:
    assert sys.getrecursionlimit() < len(DEEP)
    path = tmp_path / "train.json"
    path.write_text(DEEP)
    with pytest.raises(InputError, match=r"train\.json: not JSON: maximum recursion"):
        read_json(path)
    with pytest.raises(InputError, match=r"train\.jsonl:7: not JSON: maximum recursion"):
        read_json_line(Line(place="train.jsonl:7", text=DEEP), ("a",))
