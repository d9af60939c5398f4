"""A disk that fills up, or can't be written, is named; nothing is lost, and the same run goes on when there is room."""

from __future__ import annotations

from pathlib import Path

import pytest

from stancewire.errors import StancewireError
from stancewire.extract import Pipeline, open_pipeline
from stancewire.store.database import FILE
from stancewire.topics import load_codebook
from tests.disks import Disk
from tests.test_resume import FEDERALISM, SCHOOLS, SETTINGS, book, contents, counted, ran, rows, write

PAGE = 4096


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    return open_pipeline(
        load_codebook(book(tmp_path_factory.mktemp("book") / "book.toml", FEDERALISM, SCHOOLS)), SETTINGS
    )


@pytest.fixture
def archive(tmp_path: Path) -> str:
    return write(tmp_path / "news.jsonl", rows(40))


def refused(archive: str, pipeline: Pipeline, out: Path) -> str:
    """Return the name of the file that a run has no room for."""
    with pytest.raises(StancewireError, match="make room") as caught:
        ran(archive, pipeline, out)
    said = str(caught.value)
    assert said.startswith(f"{out}/")
    assert "\n" not in said
    return said.removeprefix(f"{out}/").partition(":")[0]


@pytest.mark.parametrize("pages", [1, 4, 12, 40, 100])
def test_run_without_room_for_its_store_goes_on_when_there_is_some(
    archive: str, pipeline: Pipeline, tmp_path: Path, disk: Disk, pages: int
) -> None:
    out = disk.path / "out"
    disk.resize(pages * PAGE)
    assert refused(archive, pipeline, out) == FILE
    assert not (out / "manifest.json").exists()
    disk.resize(50_000_000)
    ran(archive, pipeline, out)
    ran(archive, pipeline, tmp_path / "whole")
    assert contents(out) == contents(tmp_path / "whole")


def test_run_without_room_for_a_file_names_it_and_works_on_nothing_again(
    pipeline: Pipeline, tmp_path: Path, disk: Disk
) -> None:
    """Whichever file it is: the store, the records or, as the articles are long, the report."""
    out = disk.path / "out"
    archive = write(
        tmp_path / "news.jsonl", [{**row, "text": f"{row['text']}{' It rained.' * 300}"} for row in rows()]
    )
    ran(archive, pipeline, out)
    before = contents(out)
    watched, recognizer, classifier = counted(pipeline)
    named = []
    for pages in range(0, 100, 4):
        for partial in out.glob("*.partial"):
            partial.unlink()
        disk.resize(disk.used + pages * PAGE)
        try:
            ran(archive, watched, out)
            break
        except StancewireError as error:
            named.append(Path(str(error).partition(":")[0]).name)
        assert contents(out) == before, "of a file that there is no room for, the old one stays"
        disk.resize(50_000_000)
    assert list(dict.fromkeys(named))[:2] == [FILE, "records.jsonl"]
    assert named[-1] == "report.html"
    assert (recognizer.read_ids, classifier.pairs) == ([], [])
    assert contents(out) == before


def test_disk_that_can_not_be_written_is_named(archive: str, pipeline: Pipeline, disk: Disk) -> None:
    """Before there is a folder, and where a run wrote one before."""
    ran(archive, pipeline, disk.path / "out")
    before = contents(disk.path / "out")
    disk.close_to_writers()
    for name, said in (
        ("out", "can't be written: Read-only file system; choose a folder that can be"),
        ("new", ""),
    ):
        with pytest.raises(StancewireError, match=said or "can't make this folder: Read-only file system"):
            ran(archive, pipeline, disk.path / name)
    assert contents(disk.path / "out") == before
