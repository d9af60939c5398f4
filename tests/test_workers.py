"""Processes that do the work of a run: how many, what is said when one dies, and that none outlives the run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from stancewire.errors import ConfigError, StancewireError
from stancewire.extract import open_pipeline
from stancewire.run import RunReport, run
from stancewire.settings import Settings
from stancewire.topics import load_codebook
from stancewire.types import Codebook
from stancewire.workers import InProcess, Processes, open_workers
from tests.test_resume import FEDERALISM, book, contents, rows, start, write

SETTINGS = Settings(model="lexicon", attributor="rules", batch_articles=2, workers=2)


@pytest.fixture(scope="module")
def codebook(tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    return load_codebook(book(tmp_path_factory.mktemp("book") / "book.toml", FEDERALISM))


def test_few_articles_are_worked_on_here(codebook: Codebook) -> None:
    with open_workers(codebook, SETTINGS, articles=2) as workers:
        assert isinstance(workers, InProcess)


def test_many_articles_go_to_as_many_processes_as_there_are_workers(codebook: Codebook) -> None:
    with open_workers(codebook, SETTINGS, articles=100) as workers:
        assert isinstance(workers, Processes)
        assert workers.names.codebook == codebook


def test_what_can_not_be_opened_is_named_before_anything_is_read(codebook: Codebook) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml' does not ship"):
        Processes(codebook, Settings(model="lexicon", actors=("nowhere",)), number=2)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_death_of_a_worker_is_named_and_the_same_run_again_ends_well(
    codebook: Codebook, tmp_path: Path
) -> None:
    archive = write(tmp_path / "news.jsonl", rows(40))

    def kill_one(report: RunReport) -> None:
        if report.counts["read"] == 4:
            os.kill(next(iter(workers._pool._processes)), signal.SIGKILL)

    with (
        Processes(codebook, SETTINGS, number=2) as workers,
        pytest.raises(StancewireError, match=r"a worker process died.*the same command goes on"),
    ):
        run([archive], workers, tmp_path / "out", settings=SETTINGS, progress=kill_one)
    pipeline = open_pipeline(codebook, SETTINGS)
    report = run([archive], InProcess(pipeline), tmp_path / "out", settings=SETTINGS)
    assert report.counts["reused"] >= 4
    run([archive], InProcess(pipeline), tmp_path / "whole", settings=SETTINGS)
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


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
