"""The archive run: every file there, every article accounted for."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from stancewire.errors import InputError
from stancewire.extract import Pipeline, open_pipeline
from stancewire.run import RunReport, records_of, run
from stancewire.settings import Settings
from stancewire.topics import load_codebook
from stancewire.types import StanceRecord
from stancewire.workers import InProcess

SETTINGS = Settings(model="lexicon")
STARTED = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
BOOK = """
[codebook]
id = "test"
version = "1"

[[topic]]
id = "federalism"
claim = "Afghanistan should become a federal state."
terms = ["federal*"]
"""
ROWS = [
    {"id": "a1", "text": "Laila Noori rejects federalism.", "genre": "report"},
    {"id": "a2", "text": "It rained all day in the valley.", "genre": "report"},
    {"id": "a1", "text": "Laila Noori rejects federalism.", "genre": "report"},
    {"id": "a1", "text": "This is another text, about federalism."},
    {"id": "a3"},
    {
        "id": "a4",
        "text": "Karim Safi supports federalism. Laila Noori opposes a federal state.",
        "genre": "report",
    },
]
FILES = ["ledger.jsonl", "manifest.json", "records.csv", "records.jsonl", "records.parquet", "report.html"]
KEPT = [".run.lock", "run.sqlite"]


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    book = tmp_path_factory.mktemp("book") / "book.toml"
    book.write_text(BOOK, encoding="utf-8")
    return open_pipeline(load_codebook(book), SETTINGS)


@pytest.fixture
def archive(tmp_path: Path) -> str:
    return write(tmp_path / "news.jsonl", ROWS)


def write(path: Path, rows: Iterable[object]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def ran(archive: str, pipeline: Pipeline, out: Path, **changes: Any) -> RunReport:
    settings = replace(SETTINGS, **changes)
    return run([archive], InProcess(pipeline), out, settings=settings, started=STARTED)


def files(out: Path) -> list[str]:
    """Return the files that a run leaves for people, in order."""
    return sorted(set(os.listdir(out)) - set(KEPT))


def ledger(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "ledger.jsonl").read_text(encoding="utf-8").splitlines()]


def manifest(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    return found


def plain(records: Iterable[StanceRecord]) -> list[StanceRecord]:
    """Return the records without the run's name, which hashes the settings."""
    return [replace(record, run_id="") for record in records]


def test_run_leaves_all_its_files_and_no_partial_ones(
    archive: str, pipeline: Pipeline, tmp_path: Path
) -> None:
    ran(archive, pipeline, tmp_path / "deep" / "out")
    assert files(tmp_path / "deep" / "out") == FILES


def test_ledger_has_every_article_in_order_with_its_fate(
    archive: str, pipeline: Pipeline, tmp_path: Path
) -> None:
    ran(archive, pipeline, tmp_path / "out")
    assert [
        (row["source"].rpartition(":")[2], row["article_id"], row["outcome"], row["reason"], row["records"])
        for row in ledger(tmp_path / "out")
    ] == [
        ("1", "a1", "done", None, 1),
        ("2", "a2", "done", "no-topic", 0),
        ("3", "a1", "skipped", "duplicate", 0),
        ("4", "a1", "failed", "duplicate-id", 0),
        ("5", None, "failed", "no-text", 0),
        ("6", "a4", "done", None, 2),
    ]


def test_counts_of_report_manifest_ledger_and_records_agree(
    archive: str, pipeline: Pipeline, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    report = ran(archive, pipeline, out)
    counts = manifest(out)["counts"]
    rows = ledger(out)
    assert counts == dict(report.counts)
    assert counts["read"] == len(rows) == counts["done"] + counts["skipped"] + counts["failed"]
    assert Counter(row["outcome"] for row in rows) == {"done": 3, "skipped": 1, "failed": 2}
    assert counts["records"] == sum(row["records"] for row in rows) == len(list(records_of(out))) == 3
    assert counts["questions"] == sum(row["counts"].get("questions", 0) for row in rows)
    assert (
        manifest(out)["records_by_topic"] == manifest(out)["records_by_topic_per_story"] == {"federalism": 3}
    )
    assert manifest(out)["records_by_topic_per_outlet"] == {
        "federalism": 2
    }  # Noori's two, as no outlet is named
    assert manifest(out)["reasons"] == {"no-topic": 1, "duplicate": 1, "duplicate-id": 1, "no-text": 1}
    assert report.has_failures


def test_manifest_says_what_made_the_records(archive: str, pipeline: Pipeline, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran(archive, pipeline, out)
    found = manifest(out)
    assert (found["model"], found["codebook"]) == ("lexicon#1", pipeline.codebook.name)
    assert found["settings"]["model"] == "lexicon"
    assert found["versions"].keys() >= {"stancewire", "python", "spacy", "pyarrow"}
    assert found["run_id"] == pipeline.fingerprint.run_id
    assert found["started"] == "2026-03-02T12:30:00+00:00"
    assert {record.run_id for record in records_of(out)} == {found["run_id"]}


def test_all_record_files_hold_the_same_records(archive: str, pipeline: Pipeline, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran(archive, pipeline, out)
    ids = [record.record_id for record in records_of(out)]
    assert pq.read_table(out / "records.parquet")["record_id"].to_pylist() == ids
    assert [
        line.split(",")[0] for line in (out / "records.csv").read_text("utf-8-sig").splitlines()[1:]
    ] == ids


def test_evidence_is_what_the_articles_have_at_its_offsets(
    archive: str, pipeline: Pipeline, tmp_path: Path
) -> None:
    ran(archive, pipeline, tmp_path / "out")
    texts = {"a1": ROWS[0]["text"], "a4": ROWS[5]["text"]}
    found = list(records_of(tmp_path / "out"))
    assert found
    for record in found:
        for item in record.evidence:
            assert texts[record.article_id][item.start : item.end] == item.quote


@pytest.mark.parametrize("size", [1, 2])
def test_records_are_the_same_for_every_batch_of_articles(
    archive: str, pipeline: Pipeline, tmp_path: Path, size: int
) -> None:
    ran(archive, pipeline, tmp_path / "one", batch_articles=size)
    ran(archive, pipeline, tmp_path / "other", batch_articles=64)
    one, other = (list(records_of(tmp_path / name)) for name in ("one", "other"))
    assert plain(one) == plain(other)
    assert ledger(tmp_path / "one") == ledger(tmp_path / "other")


def test_same_run_again_replaces_its_files_with_the_same(
    archive: str, pipeline: Pipeline, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    ran(archive, pipeline, out)
    before = {name: (out / name).read_bytes() for name in FILES if name != "manifest.json"}
    ran(archive, pipeline, out)
    after = {name: (out / name).read_bytes() for name in before}
    assert {name for name in before if before[name] != after[name]} <= {"report.html"}  # it shows the seconds
    assert files(out) == FILES


def test_run_is_named_by_what_it_was_set_to_do_and_not_by_how_fast(
    archive: str, pipeline: Pipeline, tmp_path: Path
) -> None:
    one = ran(archive, pipeline, tmp_path / "1").run_id
    assert ran(archive, pipeline, tmp_path / "2").run_id == one
    assert ran(archive, pipeline, tmp_path / "3", batch_articles=1).run_id == one
    other = open_pipeline(pipeline.codebook, replace(SETTINGS, evidence=1))
    assert ran(archive, other, tmp_path / "4").run_id != one


def test_report_is_left_out_when_not_wanted(archive: str, pipeline: Pipeline, tmp_path: Path) -> None:
    ran(archive, pipeline, tmp_path / "out", report=False)
    assert files(tmp_path / "out") == FILES[:-1]


def test_progress_is_told_after_every_article(archive: str, pipeline: Pipeline, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    def remember(report: RunReport) -> None:
        seen.append((report.counts["read"], report.counts["records"]))

    run([archive], InProcess(pipeline), tmp_path / "out", settings=SETTINGS, progress=remember)
    assert seen == [(1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 3)]


def test_cut_off_run_leaves_nothing_that_looks_finished(
    archive: str, pipeline: Pipeline, tmp_path: Path
) -> None:
    def stop(report: RunReport) -> None:
        if report.counts["read"] == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run([archive], InProcess(pipeline), tmp_path / "out", settings=SETTINGS, progress=stop)
    assert not set(os.listdir(tmp_path / "out")) & set(FILES)


def test_folder_that_cannot_be_made_is_named(archive: str, pipeline: Pipeline, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"--out '.*file/out': can't make this folder: Not a directory"):
        ran(archive, pipeline, tmp_path / "file" / "out")
    with pytest.raises(InputError, match=r"--out '.*file': can't make this folder: File exists"):
        ran(archive, pipeline, tmp_path / "file")


def test_nothing_to_read_still_leaves_whole_files(pipeline: Pipeline, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    report = ran(str(tmp_path / "empty"), pipeline, tmp_path / "out")
    assert report.has_failures
    assert files(tmp_path / "out") == FILES
    assert list(records_of(tmp_path / "out")) == []
    assert [row["reason"] for row in ledger(tmp_path / "out")] == ["empty-folder"]
