"""The ledger and the manifest."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stancewire.types import LedgerEntry, Outcome
from stancewire.writers.ledger import LedgerWriter
from stancewire.writers.manifest import write_manifest


def test_ledger_has_one_line_an_article(tmp_path: Path) -> None:
    entries = [
        LedgerEntry(source="a.txt", outcome=Outcome.DONE, article_id="a", records=2, counts={"passages": 4}),
        LedgerEntry(
            source="b.jsonl:3", outcome=Outcome.FAILED, reason="no text", detail="b.jsonl:3: no text"
        ),
    ]
    with LedgerWriter(tmp_path / "ledger.jsonl") as file:
        file.write(entries)
    rows = [json.loads(line) for line in (tmp_path / "ledger.jsonl").read_text().splitlines()]
    assert [(row["source"], row["outcome"], row["records"]) for row in rows] == [
        ("a.txt", "done", 2),
        ("b.jsonl:3", "failed", 0),
    ]
    assert rows[0]["counts"] == {"passages": 4}
    assert rows[1]["detail"] == "b.jsonl:3: no text"


def test_what_was_written_is_there_before_the_ledger_is_closed(tmp_path: Path) -> None:
    file = LedgerWriter(tmp_path / "ledger.jsonl")
    file.write([LedgerEntry(source="a.txt", outcome=Outcome.DONE)])
    assert len((tmp_path / "ledger.jsonl.partial").read_text().splitlines()) == 1
    file.abandon()


def test_manifest_is_sorted_and_plain(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    write_manifest(
        path, {"out": Path("a/b"), "counts": {"done": 1}, "finished": datetime(2026, 1, 2, tzinfo=UTC)}
    )
    assert list(json.loads(path.read_text()).items()) == [
        ("counts", {"done": 1}),
        ("finished", "2026-01-02T00:00:00+00:00"),
        ("out", "a/b"),
    ]


def test_manifest_that_cannot_be_written_as_json_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="which JSON doesn't know"):
        write_manifest(tmp_path / "manifest.json", {"x": object()})
    assert os.listdir(tmp_path) == []
