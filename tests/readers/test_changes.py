"""A file that changes while it is read: nothing raises, what is read is whole or named, and the change is told."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.readers.test_contract import TEXT, warc

from stancewire.readers.archive import read_articles
from stancewire.types import Article, Outcome, Skip

MANY = 2000  # articles: more bytes than any reader reads ahead


def json_lines(numbers: range) -> bytes:
    return "".join(json.dumps({"id": f"a{n}", "text": text(n)}) + "\n" for n in numbers).encode()


def table(numbers: range) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows([["id", "text"], *([f"a{n}", text(n)] for n in numbers)])
    return file.getvalue().encode()


def parquet(numbers: range) -> bytes:
    file = io.BytesIO()
    pq.write_table(
        pa.table({"id": [f"a{n}" for n in numbers], "text": [text(n) for n in numbers]}),
        file,
        compression="none",
        row_group_size=200,
    )
    return file.getvalue()


def archive(numbers: range) -> bytes:
    return b"".join(warc(text(n)) for n in numbers[:20])


def text(number: int) -> str:
    return f"{TEXT} This was written on day {number}."


FORMATS: dict[str, Callable[[range], bytes]] = {
    ".jsonl": json_lines,
    ".csv": table,
    ".parquet": parquet,
    ".warc": archive,
}


@pytest.fixture(params=FORMATS)
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"news{request.param}"
    path.write_bytes(FORMATS[request.param](range(MANY)))
    return path


def begun(*given: Path) -> tuple[Article | Skip, Iterator[Article | Skip]]:
    """Return the first of what is read, and the rest of it, which is not read yet."""
    rest = read_articles([str(path) for path in given])
    return next(rest), rest


def the_change(found: list[Article | Skip], path: Path) -> str:
    """Return what is said of a file that changed; it is the last that is said of it, and a failure."""
    (note,) = [each for each in found if isinstance(each, Skip) and each.reason == "changed"]
    assert found[-1] is note
    assert (note.source, note.outcome) == (str(path), Outcome.FAILED)
    return note.detail


def test_file_that_nobody_touches_has_no_note(file: Path) -> None:
    assert not [each for each in read_articles([str(file)]) if isinstance(each, Skip)]


def test_file_that_is_cut_short_is_named_and_what_was_read_of_it_is_whole(file: Path) -> None:
    written = {each.text for each in read_articles([str(file)]) if isinstance(each, Article)}
    first, rest = begun(file)
    os.truncate(file, file.stat().st_size // 2)
    found = [first, *rest]
    assert " was cut short, from " in the_change(found, file)
    whole = {each.text for each in found if isinstance(each, Article)}
    assert whole <= written
    if file.suffix in (".jsonl", ".csv"):  # the others read some of it ahead, or all
        assert len(whole) < MANY


def test_file_that_is_replaced_is_named(file: Path, tmp_path: Path) -> None:
    first, rest = begun(file)
    (tmp_path / "new").write_bytes(b"another")
    os.replace(tmp_path / "new", file)
    found = [first, *rest]
    assert "was replaced by another file while it was read; run again" in the_change(found, file)


def test_file_that_is_written_over_is_named(file: Path) -> None:
    first, rest = begun(file)
    before = file.stat()
    with file.open("r+b") as stream:
        stream.seek(before.st_size // 2)
        stream.write(b"\0" * 100)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000))
    assert "was written to while it was read" in the_change([first, *rest], file)


def test_file_that_is_removed_is_named(file: Path) -> None:
    first, rest = begun(file)
    file.unlink()
    assert "was removed while it was read" in the_change([first, *rest], file)


def test_lines_that_grow_are_read_as_far_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(json_lines(range(3)))
    first, rest = begun(path)
    with path.open("ab") as stream:
        stream.write(json_lines(range(3, 5))[:-5])  # the writer is in the middle of a line
    found = [first, *rest]
    assert [each.reason if isinstance(each, Skip) else each.id for each in found] == [
        *("a0", "a1", "a2", "a3"),
        *("bad-json", "changed"),
    ]
    assert " was grown, from " in the_change(found, path)


def test_file_that_goes_after_its_folder_was_listed_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.txt").write_text(f"{TEXT} {name}")
    first, rest = begun(tmp_path)
    (tmp_path / "b.txt").unlink()
    found = [first, *rest]
    assert [each.source for each in found] == [str(tmp_path / f"{name}.txt") for name in ("a", "b", "c")]
    assert [each.reason for each in found if isinstance(each, Skip)] == ["missing"]


def test_files_and_folders_that_come_after_their_folder_was_listed_are_left_to_the_next_run(
    tmp_path: Path,
) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(f"{TEXT} {name}")
    first, rest = begun(tmp_path)
    (tmp_path / "a2.txt").write_text(f"{TEXT} later")
    (tmp_path / "new").mkdir()
    for name in (".hidden.txt", "a2.txt.tmp"):  # nothing that would be read
        (tmp_path / name).touch()
    found = [first, *rest]
    late = [each for each in found if isinstance(each, Skip)]
    assert [(each.source, each.reason, each.outcome) for each in late] == [
        (str(tmp_path / name), "came-later", Outcome.SKIPPED) for name in ("a2.txt", "new")
    ]
    assert [each.source for each in found if isinstance(each, Article)] == [
        str(tmp_path / "a.txt"),
        str(tmp_path / "b.txt"),
    ]
