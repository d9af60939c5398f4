"""The log file: whole lines of JSON from all processes, and a terminal that says what it said before."""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from stancewire.errors import InputError, StancewireError
from stancewire.log_file import logged_to, open_log
from stancewire.run import run
from stancewire.settings import Settings
from stancewire.topics import load_codebook
from stancewire.workers import Processes
from tests.test_resume import FEDERALISM, book, rows, write

SETTINGS = Settings(model="lexicon", attributor="rules", batch_articles=4, workers=2)
OURS = logging.getLogger("stancewire.stance.batching")
LINES, LENGTH = 200, 9000


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def say_much(word: str) -> None:
    """Log many long lines, in a worker process."""
    for _ in range(LINES):
        OURS.info(word * LENGTH)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the log of a run by two processes, which were told to say some more."""
    folder = tmp_path_factory.mktemp("log")
    codebook = load_codebook(book(folder / "book.toml", FEDERALISM))
    archive = write(folder / "news.jsonl", rows())
    with logged_to(folder / "deep" / "run.log"), Processes(codebook, SETTINGS, number=2) as workers:
        run([archive], workers, folder / "out", settings=SETTINGS)
        tasks = [workers._pool.submit(say_much, word) for word in "abcd"]
        tasks.append(workers._pool.submit(OURS.warning, "said in a worker", extra={"source": "x"}))
        for task in tasks:
            task.result()
    return folder / "deep" / "run.log"


def test_lines_of_several_processes_are_whole(log: Path) -> None:
    said = [line["message"] for line in lines(log) if set(line["message"]) <= set("abcd")]
    assert sorted(said) == sorted(word * LENGTH for word in "abcd" for _ in range(LINES))


def test_worker_that_warns_is_in_the_log_with_its_fields(log: Path) -> None:
    (said,) = (line for line in lines(log) if line["message"] == "said in a worker")
    assert (said["level"], said["logger"], said["source"]) == ("WARNING", OURS.name, "x")
    assert said["process"] != os.getpid()
    assert abs(datetime.now(UTC) - datetime.fromisoformat(said["time"])).total_seconds() < 600


def test_run_logs_its_start_its_batches_and_its_end(log: Path) -> None:
    found = [line for line in lines(log) if line["logger"] == "stancewire.run_log"]
    events = [line["event"] for line in found]
    assert events[0] == "run-started"
    assert events[-2:] == ["exports-written", "run-finished"]
    start, end = found[0], found[-1]
    assert start["inputs"] == [str(log.parent.parent / "news.jsonl")]
    assert start["settings"]["batch_articles"] == 4
    assert start["run_id"] == end["run_id"]
    manifest = json.loads((log.parent.parent / "out" / "manifest.json").read_text("utf-8"))
    assert (end["counts"], end["reasons"]) == (manifest["counts"], manifest["reasons"])
    batches = [line for line in found if line["event"] == "batch-finished"]
    for name in ("read", "records"):
        assert sum(batch["counts"][name] for batch in batches) == end["counts"][name], name
    assert all(batch["seconds"]["entities"] >= 0 for batch in batches if batch["counts"]["new"])


def test_what_was_left_out_is_logged_with_its_reason(log: Path) -> None:
    found = [line for line in lines(log) if line.get("event") in ("article-failed", "article-skipped")]
    told = {
        (line["event"], line["level"], line["source"].rpartition(":")[2], line["reason"]) for line in found
    }
    assert told == {
        ("article-skipped", "INFO", "4", "language"),
        ("article-failed", "WARNING", "10", "empty"),
        ("article-skipped", "INFO", "12", "duplicate"),
        ("article-skipped", "INFO", "14", "duplicate"),  # the ledger says at the end that it is another text
    }
    (french,) = (line for line in found if line["reason"] == "language")
    assert french["article_id"] == "french"
    assert french["message"] == f"{french['source']}: left out: language is French (fr); known: en"


def test_lines_are_appended_and_the_rest_of_logging_is_as_before(tmp_path: Path) -> None:
    handlers, level = list(logging.getLogger().handlers), logging.getLogger("stancewire").level
    for word in ("one", "two"):
        with logged_to(tmp_path / "run.log"):
            assert open_log() == tmp_path / "run.log"
            OURS.info(word)
    assert [line["message"] for line in lines(tmp_path / "run.log")] == ["one", "two"]
    assert open_log() is None
    assert (logging.getLogger().handlers, logging.getLogger("stancewire").level) == (handlers, level)


def test_what_json_does_not_know_is_text_and_no_field_hides_another(tmp_path: Path) -> None:
    with logged_to(tmp_path / "run.log"):
        OURS.info("half \udc80\n%s", "يک", extra={"source": tmp_path, "time": "never"})
    (line,) = lines(tmp_path / "run.log")
    assert line["message"] == "half \udc80\nيک"
    assert line["source"] == str(tmp_path)
    assert line["time"] != "never"


def test_error_that_ends_a_run_is_logged_a_bug_with_its_traceback(tmp_path: Path) -> None:
    for error in (StancewireError("no room"), ZeroDivisionError("a bug"), KeyboardInterrupt()):
        with pytest.raises(type(error)), logged_to(tmp_path / "run.log"):
            raise error
    ours, bug, interrupted = lines(tmp_path / "run.log")
    assert {line["event"] for line in (ours, bug, interrupted)} == {"run-stopped"}
    assert (ours["message"], "exception" in ours) == ("run stopped: no room", False)
    assert "ZeroDivisionError: a bug" in bug["exception"]
    assert interrupted["message"] == "run stopped: KeyboardInterrupt"


def test_log_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--log '.*': can't be opened: Is a directory"), logged_to(tmp_path):
        pass
    assert open_log() is None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_disk_that_is_full_ends_the_log_and_not_the_run(caplog: pytest.LogCaptureFixture) -> None:
    with logged_to(Path("/dev/full")):
        OURS.info("one")
        OURS.info("two")
    told = "/dev/full: can't be written: No space left on device; the run goes on without a log"
    assert caplog.messages == ["one", told, "two"]


def test_line_that_a_full_disk_tore_spoils_no_other(tmp_path: Path) -> None:
    (tmp_path / "run.log").write_text('{"message": "on')
    with logged_to(tmp_path / "run.log"):
        OURS.info("two")
    torn, whole = (tmp_path / "run.log").read_text().splitlines()
    assert (torn, json.loads(whole)["message"]) == ('{"message": "on', "two")
