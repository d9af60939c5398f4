"""What holds for every format: whole files, the same bytes for the same run, filters, refusals."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path

import pytest
from tests.disks import Disk
from tests.exporters.runs import RECORDS, decisions, make_run

from stancewire.errors import ConfigError, InputError, StancewireError
from stancewire.exporters import FORMATS
from stancewire.exporters.export import export, with_networks
from stancewire.exporters.source import Source
from stancewire.networks import Period
from stancewire.review.reviewed import Version
from stancewire.run_folder import RunFolder

WITH_TEXTS = ("dna", "qdpx", "label-studio")


def digests(paths: tuple[Path, ...]) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


@pytest.mark.parametrize("to", FORMATS)
def test_the_same_run_is_the_same_bytes(to: str, reviewed: RunFolder, tmp_path: Path) -> None:
    twin = make_run(tmp_path / "twin", said=decisions())
    first = export(Source(folder=reviewed), to)
    second = export(Source(folder=twin), to)
    assert digests(first.paths) == digests(second.paths)
    assert not list(reviewed.path.glob("*.partial"))


@pytest.mark.parametrize("to", FORMATS)
def test_a_run_without_records_is_exported(to: str, tmp_path: Path) -> None:
    exported = export(Source(folder=make_run(tmp_path / "run", (), articles=())), to)
    assert all(path.stat().st_size for path in exported.paths if to != "jsonl")
    assert exported.paths or to == "ucinet"


@pytest.mark.parametrize("to", FORMATS)
def test_a_file_that_is_there_stays_unless_told(to: str, folder: RunFolder) -> None:
    first = export(Source(folder=folder), to)
    first.paths[-1].write_bytes(b"mine")
    with pytest.raises(ConfigError, match="is there already; name another file"):
        export(Source(folder=folder), to)
    assert first.paths[-1].read_bytes() == b"mine"
    export(Source(folder=folder, overwrite=True), to)
    assert first.paths[-1].read_bytes() != b"mine"


def test_unknown_format_names_the_known_ones(folder: RunFolder) -> None:
    with pytest.raises(ConfigError, match="no export format called 'xls'; known: xlsx, sqlite, csv"):
        export(Source(folder=folder), "xls")


def test_unknown_topic_names_the_known_ones(folder: RunFolder) -> None:
    with pytest.raises(InputError, match="topic 'war' isn't in the run's codebook; known: dam, tax"):
        export(Source(folder=folder, topics=frozenset({"war"})), "csv")


def test_periods_are_for_formats_with_networks(folder: RunFolder) -> None:
    assert with_networks() == ["graphml", "gexf", "ucinet"]
    with pytest.raises(ConfigError, match="csv has no networks; those that have: graphml, gexf, ucinet"):
        export(Source(folder=folder), "csv", by=Period.YEAR)


@pytest.mark.parametrize(
    "name", ["records.jsonl", "run.sqlite", "run.sqlite-wal", "manifest.json", "review.sqlite"]
)
def test_the_runs_own_files_are_never_replaced(name: str, folder: RunFolder) -> None:
    with pytest.raises(ConfigError, match="one of the run's own files"):
        export(Source(folder=folder, overwrite=True), "sqlite", out=folder.path / name)


@pytest.mark.parametrize("to", FORMATS)
def test_a_disk_that_cannot_be_written_is_named(to: str, folder: RunFolder, disk: Disk) -> None:
    disk.close_to_writers()
    with pytest.raises(StancewireError, match="can't be written: Read-only file system"):
        export(Source(folder=folder), to, out=disk.path / "x.out")


@pytest.mark.parametrize("to", FORMATS)
def test_a_full_disk_is_named_and_leaves_no_half_file(to: str, folder: RunFolder, disk: Disk) -> None:
    disk.resize(disk.used + 4096)
    (disk.path / "full").write_bytes(b"x" * 4096)
    out = disk.path / "x.out"
    with pytest.raises(StancewireError, match="can't be written"):
        export(Source(folder=folder), to, out=out)
    assert not out.exists()


@pytest.mark.parametrize("to", FORMATS)
def test_a_folder_that_is_not_there_is_named(to: str, folder: RunFolder, tmp_path: Path) -> None:
    with pytest.raises(StancewireError, match="can't be written: No such file or directory"):
        export(Source(folder=folder), to, out=tmp_path / "none" / "x.out")


def test_a_folder_is_no_file(folder: RunFolder) -> None:
    with pytest.raises(ConfigError, match="a folder; must be the name of a file"):
        export(Source(folder=folder), "csv", out=folder.path)


@pytest.mark.parametrize("to", WITH_TEXTS)
def test_formats_with_texts_say_that_the_store_is_gone(to: str, folder: RunFolder) -> None:
    for path in folder.path.glob("run.sqlite*"):
        path.unlink()
    with pytest.raises(InputError, match=r"no run\.sqlite, which has the articles' texts"):
        export(Source(folder=folder), to)
    assert not (folder.path / FORMATS[to].name).exists()


@pytest.mark.parametrize("to", WITH_TEXTS)
def test_formats_with_texts_say_which_articles_are_missing(to: str, tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", articles=())
    with pytest.raises(InputError, match=r"run\.sqlite lacks the texts of 2 articles \(a1, a2"):
        export(Source(folder=folder), to)


def exported_ids(source: Source) -> list[str]:
    (path,) = export(source, "jsonl").paths
    return [json.loads(line)["record_id"] for line in path.read_text(encoding="utf-8").splitlines()]


def test_filters_leave_out_topics_and_unsure_records(folder: RunFolder) -> None:
    source = Source(folder=folder, topics=frozenset({"dam"}), min_confidence=0.5)
    assert exported_ids(source) == ["r1", "r2"]
    assert source.filters() == "version human-over-machine; topics dam; confidence from 0.5"


@pytest.mark.parametrize(
    ("version", "ids"),
    [
        (Version.MACHINE, ["r1", "r2", "r3", "r4"]),
        (Version.HUMAN, ["r1", "r3", "r5"]),
        (Version.MERGED, ["r1", "r2", "r3", "r4", "r5"]),
    ],
)
def test_each_version_is_exported(version: Version, ids: list[str], reviewed: RunFolder) -> None:
    assert exported_ids(Source(folder=reviewed, version=version)) == ids


def test_nothing_is_logged_where_nothing_is_wrong(
    folder: RunFolder, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert exported_ids(Source(folder=folder)) == [each.record_id for each in RECORDS]
    assert not caplog.records
