"""`stancewire status` on runs that ended, go on, and were cut off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stancewire.cli.main import command_line
from stancewire.fingerprint import Fingerprint
from stancewire.store.lock import locked
from stancewire.store.packing import pack
from stancewire.store.run_store import RunStore, StoredResult, article_key
from stancewire.types import Article, LedgerEntry, Outcome, Skip

FACTS = {
    "run_id": "run-1",
    "model": "lexicon#1",
    "codebook": "test@1#0",
    "started": "2026-03-02T12:30:00+00:00",
    "updated": "2026-03-02T12:30:10+00:00",
    "host": "here",
    "process": "17",
}
MADE_BY = Fingerprint(run_id="run-1", readings=b"readings", answers=b"answers")
ARTICLE = Article(id="a", text="t", source="news.jsonl:1")


def stored(folder: Path, **facts: str) -> str:
    store = RunStore(folder)
    store.start(FACTS | facts)
    entry = LedgerEntry(source=ARTICLE.source, outcome=Outcome.DONE, article_id="a", records=2)
    result = StoredResult(key=article_key(ARTICLE), entry=entry, records=pack(()))
    with store.transaction():
        store.save([result], made_by=MADE_BY, readings={}, answers={})
        store.add_article(ARTICLE, digest=b"d")
        store.add_article(replace(ARTICLE, source="news.jsonl:2"), digest=b"d")
        store.add_skip(Skip(source="news.jsonl:3", reason="no-text", detail="no text"))
    store.close()
    return str(folder)


def test_finished_run_is_shown_with_its_counts_and_rate(tmp_path: Path) -> None:
    shown = CliRunner().invoke(
        command_line(), ["status", stored(tmp_path, finished="2026-03-02T12:30:20+00:00")]
    )
    assert shown.exit_code == 0
    assert "run-1: finished" in shown.output
    assert "3 articles read: 1 done, 1 skipped, 1 failed, 0.1 articles/s\n2 records" in shown.output
    assert "1 x no-text" in shown.output
    assert "1 x duplicate" in shown.output


def test_run_that_holds_its_lock_is_running(tmp_path: Path) -> None:
    folder = stored(tmp_path)
    with locked(tmp_path):
        shown = CliRunner().invoke(command_line(), ["status", folder])
    assert (shown.exit_code, "run-1: running" in shown.output) == (0, True)


def test_run_that_let_go_of_its_lock_was_cut_off_and_that_is_exit_code_1(tmp_path: Path) -> None:
    shown = CliRunner().invoke(command_line(), ["status", stored(tmp_path)])
    assert shown.exit_code == 1
    assert "cut off; the same command goes on where it stopped" in shown.output


def test_run_cut_off_before_it_read_anything_is_shown(tmp_path: Path) -> None:
    RunStore(tmp_path).close()
    shown = CliRunner().invoke(command_line(), ["status", str(tmp_path)])
    assert (shown.exit_code, "nothing read yet" in shown.output) == (1, True)


@pytest.mark.parametrize("content", [None, b""])
def test_folder_without_a_run_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "run.sqlite").write_bytes(content)
    shown = CliRunner().invoke(command_line(), ["status", str(tmp_path)])
    assert "no run here (no run.sqlite); must be the --out folder" in str(shown.exception)
