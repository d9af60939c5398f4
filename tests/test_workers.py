"""Processes that do the work of a run: how many, what is said when one dies, and that none outlives the run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from stancewire.batch import KILLED
from stancewire.errors import ConfigError, StancewireError
from stancewire.extract import open_pipeline
from stancewire.run import RunReport, run
from stancewire.settings import Settings
from stancewire.topics import load_codebook
from stancewire.types import Codebook
from stancewire.workers import InProcess, Processes, open_workers
from tests.deadly import fatal, install_deadly, ledger
from tests.test_resume import FEDERALISM, book, contents, rows, start, write

SETTINGS = Settings(model="lexicon", attributor="rules", batch_articles=2, workers=2)


@pytest.fixture(scope="module")
def codebook(tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    return load_codebook(book(tmp_path_factory.mktemp("book") / "book.toml", FEDERALISM))


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return settings whose recognizer is a plug-in that articles can kill, here and in worker processes."""
    return install_deadly(tmp_path, monkeypatch, SETTINGS)


def test_few_articles_are_worked_on_here(codebook: Codebook) -> None:
    with open_workers(codebook, SETTINGS, articles=2) as workers:
        assert isinstance(workers, InProcess)


def test_many_articles_go_to_as_many_processes_as_there_are_workers(codebook: Codebook) -> None:
    with open_workers(codebook, SETTINGS, articles=100) as workers:
        assert isinstance(workers, Processes)
        assert workers.names.codebook == codebook


def test_one_worker_of_a_large_archive_is_another_process_which_an_article_may_kill(
    codebook: Codebook,
) -> None:
    for articles in (None, 100):
        with open_workers(codebook, replace(SETTINGS, workers=1), articles=articles) as workers:
            assert isinstance(workers, Processes)


def test_what_can_not_be_opened_is_named_before_anything_is_read(codebook: Codebook) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml' does not ship"):
        Processes(codebook, Settings(model="lexicon", actors=("nowhere",)), number=2)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_death_of_a_worker_costs_nothing_and_is_told(
    codebook: Codebook, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    archive = write(tmp_path / "news.jsonl", rows(40))

    def kill_one(report: RunReport) -> None:
        if report.counts["read"] == 4:
            os.kill(next(iter(workers._pool._processes)), signal.SIGKILL)

    with Processes(codebook, SETTINGS, number=2) as workers:
        run([archive], workers, tmp_path / "out", settings=SETTINGS, progress=kill_one)
    assert any("a worker process died (by SIGKILL)" in said for said in caplog.messages)
    pipeline = open_pipeline(codebook, SETTINGS)
    run([archive], InProcess(pipeline), tmp_path / "whole", settings=SETTINGS)
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_article_that_kills_its_process_is_named_and_everything_else_is_done(
    codebook: Codebook, tmp_path: Path, deadly: Settings, number: int
) -> None:
    articles: list[object] = list(rows(24))
    articles[6], articles[7] = fatal(rows(24)[6], "SIGKILL"), fatal(rows(24)[8], "exit")
    archive = write(tmp_path / "news.jsonl", articles)
    with Processes(codebook, deadly, number=number) as workers:
        report = run([archive], workers, tmp_path / "out", settings=deadly)
    failed = [row for row in ledger(tmp_path / "out") if row["reason"] == KILLED]
    assert [row["source"] for row in failed] == [f"{archive}:7", f"{archive}:8"]
    assert "news.jsonl:7: the process that worked on it alone died (by SIGKILL)" in failed[0]["detail"]
    assert "news.jsonl:8: the process that worked on it alone died (exit code 3)" in failed[1]["detail"]
    assert report.reasons[KILLED] == 2

    spared = Path(archive).with_name("spared") / "news.jsonl"
    spared.parent.mkdir()
    write(spared, [*articles[:6], *articles[8:]])
    run([str(spared)], InProcess(open_pipeline(codebook, deadly)), tmp_path / "spared", settings=deadly)
    for name in ("records.jsonl", "records.csv", "records.parquet"):
        assert contents(tmp_path / "out")[name] == contents(tmp_path / "spared")[name], name
    assert len(ledger(tmp_path / "out")) == len(ledger(tmp_path / "spared")) + 2


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_article_that_killed_its_process_is_tried_again_where_another_survives_it(
    codebook: Codebook, tmp_path: Path, deadly: Settings
) -> None:
    articles = rows(16)
    archive = write(tmp_path / "news.jsonl", [*articles[:6], fatal(articles[6], "SIGKILL"), *articles[7:]])
    out = tmp_path / "out"
    with Processes(codebook, deadly, number=2) as workers:
        run([archive], workers, out, settings=deadly)
        before = contents(out)
        here = InProcess(open_pipeline(codebook, deadly))
        assert run([archive], here, out, settings=deadly).reasons[KILLED] == 1, "or this process were dead"
        assert contents(out) == before
        (tmp_path / "mended").touch()
        assert not run([archive], workers, out, settings=deadly).reasons[KILLED]
    run([archive], here, tmp_path / "whole", settings=deadly)
    assert contents(out) == contents(tmp_path / "whole")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_deaths_one_after_another_end_the_run_and_no_article_is_blamed(
    codebook: Codebook, tmp_path: Path, deadly: Settings
) -> None:
    archive = write(tmp_path / "news.jsonl", [fatal(row, "SIGKILL") for row in rows(40)])
    said = (
        r"6 worker processes died one after another, the last at \S+news\.jsonl:\d+.*the same command goes on"
    )
    with Processes(codebook, deadly, number=2) as workers, pytest.raises(StancewireError, match=said):
        run([archive], workers, tmp_path / "out", settings=deadly)
    (tmp_path / "mended").touch()
    pipeline = open_pipeline(codebook, deadly)
    run([archive], InProcess(pipeline), tmp_path / "out", settings=deadly)
    run([archive], InProcess(pipeline), tmp_path / "whole", settings=deadly)
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_death_in_loading_the_models_is_no_articles_fault(
    codebook: Codebook, tmp_path: Path, deadly: Settings
) -> None:
    (tmp_path / "too large").touch()
    with pytest.raises(StancewireError, match="a worker process died while it loaded the models"):
        Processes(codebook, deadly, number=2)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="children are counted in Linux's /proc")
def test_no_worker_outlives_a_run_that_is_killed(tmp_path: Path) -> None:
    archive = write(tmp_path / "news.jsonl", rows(2000))
    process = start(archive, book(tmp_path / "book.toml", FEDERALISM), tmp_path / "out", workers=2)
    workers = wait_for(lambda: children(process), count=3)
    assert len(workers) == 3, "two workers, and Python's own that tracks resources"
    process.kill()
    process.wait()
    left = wait_for(lambda: [pid for pid in workers if is_alive(pid)], count=0)
    assert left == []


def children(process: subprocess.Popen[bytes]) -> list[int]:
    try:
        return [
            int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        ]
    except FileNotFoundError:
        return []


def is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_for(look: Callable[[], list[int]], *, count: int) -> list[int]:
    """Look for up to half a minute until there are `count`, and return what is there then."""
    deadline = time.monotonic() + 30
    found: list[int] = []
    while time.monotonic() < deadline:
        found = look()
        if len(found) == count:
            return found
        time.sleep(0.05)
    return found
