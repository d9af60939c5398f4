"""A run that is cut off goes on, a run that is repeated does only what is new, and the files are the same bytes."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from stancewire.batch import BROKEN
from stancewire.errors import StancewireError
from stancewire.extract import Pipeline, open_pipeline
from stancewire.run import RunReport, run
from stancewire.settings import Settings
from stancewire.stages import Recognizer
from stancewire.stance.models import QueryClassifier
from stancewire.stance.pairs import PairFormat
from stancewire.store.database import FILE
from stancewire.store.run_store import RunStore
from stancewire.topics import load_codebook
from stancewire.types import Article, Reading, Weights
from stancewire.workers import InProcess, Processes

SETTINGS = Settings(model="lexicon", attributor="rules", batch_articles=4)
TOPIC = """
[[topic]]
id = "{id}"
claim = "{claim}"
terms = ["{term}"]
"""
BOOK = '[codebook]\nid = "test"\nversion = "1"\n'
FEDERALISM = TOPIC.format(id="federalism", claim="Afghanistan should become federal.", term="federal*")
SCHOOLS = TOPIC.format(id="schools", claim="Schools should be open to girls.", term="schools")
HOLDERS = ("Laila Noori", "Karim Safi", "Omar Wardak", "Sara Nuristani", "Hamid Popal")
FRENCH = (
    "Le président a rejeté hier soir l'idée du federalisme, a déclaré son porte-parole devant les journalistes "
    "réunis dans la capitale, où les partis en débattent depuis des mois."
)
FILES = ("records.jsonl", "records.csv", "records.parquet", "ledger.jsonl")
KILLS = 20


@dataclass(slots=True)
class CountingRecognizer:
    """A recognizer that counts what it reads."""

    inner: Recognizer
    read_ids: list[str] = field(default_factory=list)

    def read(self, articles: Iterable[Article]) -> Iterator[Reading]:
        """Yield the readings of the recognizer inside."""
        for reading in self.inner.read(articles):
            self.read_ids.append(reading.article.id)
            yield reading


@dataclass(slots=True)
class CountingClassifier:
    """A classifier that keeps the pairs it is asked."""

    inner: QueryClassifier
    pairs: list[tuple[str, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return the name of the classifier inside."""
        return self.inner.name

    @property
    def pair_format(self) -> PairFormat:
        """Return the wording of the classifier inside."""
        return self.inner.pair_format

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> list[Weights]:
        """Return the answers of the classifier inside."""
        self.pairs += pairs
        return self.inner.weigh(pairs)


def rows(count: int = 20) -> list[dict[str, str]]:
    """Return articles: most name a topic, one in seven none; some are copies of others, some have no text."""
    made = []
    for number in range(count):
        holder, verb = HOLDERS[number % 5], ("rejects", "supports")[number % 2]
        stance = f"{holder} {verb} federalism in valley {number}."
        text = f"{stance} The schools of valley {number} are a worry, {holder} said."
        made.append({"id": f"a{number:03}", "text": text if number % 7 else f"It rained in valley {number}."})
    made[3] = {"id": "french", "text": FRENCH}
    made[5] = {**made[4], "id": "copy"}
    made[9] = {"id": "empty", "text": " "}
    made[11] = dict(made[10])
    made[13] = {**made[12], "text": f"{made[12]['text']} More was said."}  # another text under the same id
    return made


def write(path: Path, articles: Iterable[object]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in articles), encoding="utf-8")
    return str(path)


def book(path: Path, *topics: str) -> Path:
    path.write_text(BOOK + "".join(topics), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    return open_pipeline(
        load_codebook(book(tmp_path_factory.mktemp("book") / "book.toml", FEDERALISM, SCHOOLS)), SETTINGS
    )


@pytest.fixture
def archive(tmp_path: Path) -> str:
    return write(tmp_path / "news.jsonl", rows())


def ran(
    inputs: str | list[str], pipeline: Pipeline, out: Path, *, size: int = 4, **options: Any
) -> RunReport:
    settings = replace(SETTINGS, batch_articles=size)
    given = [inputs] if isinstance(inputs, str) else inputs
    return run(given, InProcess(pipeline), out, settings=settings, **options)


def counted(pipeline: Pipeline) -> tuple[Pipeline, CountingRecognizer, CountingClassifier]:
    recognizer, classifier = CountingRecognizer(pipeline.recognizer), CountingClassifier(pipeline.classifier)
    return replace(pipeline, recognizer=recognizer, classifier=classifier), recognizer, classifier


def contents(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in FILES}


def stop_after(number: int) -> Any:
    def progress(report: RunReport) -> None:
        if report.counts["read"] >= number:
            raise KeyboardInterrupt

    return progress


def test_run_cut_off_at_any_article_ends_with_the_same_files(
    archive: str, pipeline: Pipeline, tmp_path: Path
) -> None:
    ran(archive, pipeline, tmp_path / "whole")
    for number in range(1, len(rows()) + 1):
        out = tmp_path / f"cut{number}"
        with pytest.raises(KeyboardInterrupt):
            ran(archive, pipeline, out, progress=stop_after(number))
        ran(archive, pipeline, out)
        assert contents(out) == contents(tmp_path / "whole"), f"cut off after {number} articles"


def test_run_cut_off_goes_on_where_it_stopped(archive: str, pipeline: Pipeline, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        ran(archive, pipeline, tmp_path / "out", progress=stop_after(8))
    watched, recognizer, _ = counted(pipeline)
    report = ran(archive, watched, tmp_path / "out")
    assert report.counts["reused"] >= 4
    assert recognizer.read_ids
    assert not {"a001", "a002"} & set(recognizer.read_ids)


def test_second_run_works_on_nothing(archive: str, pipeline: Pipeline, tmp_path: Path) -> None:
    ran(archive, pipeline, tmp_path / "out")
    watched, recognizer, classifier = counted(pipeline)
    before = contents(tmp_path / "out")
    ran(archive, watched, tmp_path / "out")
    assert (recognizer.read_ids, classifier.pairs) == ([], [])
    assert contents(tmp_path / "out") == before


def test_grown_input_costs_only_what_is_new(pipeline: Pipeline, tmp_path: Path) -> None:
    file = tmp_path / "news.jsonl"
    ran(write(file, rows()[:8]), pipeline, tmp_path / "out")
    watched, recognizer, _ = counted(pipeline)
    ran(write(file, rows()), watched, tmp_path / "out")
    assert recognizer.read_ids[0] == "a008"
    ran(str(file), pipeline, tmp_path / "whole")
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_article_that_left_the_input_leaves_the_files(pipeline: Pipeline, tmp_path: Path) -> None:
    file = tmp_path / "news.jsonl"
    ran(write(file, rows()), pipeline, tmp_path / "out")
    ran(write(file, rows()[:8]), pipeline, tmp_path / "out")
    ran(str(file), pipeline, tmp_path / "few")
    assert contents(tmp_path / "out") == contents(tmp_path / "few")


def test_new_topic_asks_only_about_itself_and_parses_nothing_again(
    archive: str, pipeline: Pipeline, tmp_path: Path
) -> None:
    one = open_pipeline(load_codebook(book(tmp_path / "one.toml", FEDERALISM)), SETTINGS)
    ran(archive, one, tmp_path / "out")
    watched, recognizer, classifier = counted(pipeline)
    ran(archive, watched, tmp_path / "out")
    assert recognizer.read_ids == []
    assert classifier.pairs
    assert all("Schools" in claim for _, claim in classifier.pairs)
    ran(archive, pipeline, tmp_path / "whole")
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_new_model_judges_again_and_parses_nothing_again(
    archive: str, pipeline: Pipeline, tmp_path: Path
) -> None:
    ran(archive, pipeline, tmp_path / "out")
    other = replace(pipeline.fingerprint, run_id="run-other", answers=b"other")
    watched, recognizer, classifier = counted(replace(pipeline, fingerprint=other))
    ran(archive, watched, tmp_path / "out")
    assert recognizer.read_ids == []
    assert classifier.pairs


def test_topics_that_come_back_cost_no_reading_and_no_judging(
    archive: str, pipeline: Pipeline, tmp_path: Path
) -> None:
    one = open_pipeline(load_codebook(book(tmp_path / "one.toml", FEDERALISM)), SETTINGS)
    for each in (pipeline, one):
        ran(archive, each, tmp_path / "out")
    watched, recognizer, classifier = counted(pipeline)
    ran(archive, watched, tmp_path / "out")
    assert (recognizer.read_ids, classifier.pairs) == ([], [])


def test_run_that_ends_drops_what_another_model_made_and_one_that_is_cut_off_does_not(
    archive: str, pipeline: Pipeline, tmp_path: Path
) -> None:
    def makers() -> set[bytes]:
        with closing(sqlite3.connect(tmp_path / "out" / FILE)) as connection:
            return {made_by for (made_by,) in connection.execute("SELECT DISTINCT made_by FROM answers")}

    ran(archive, pipeline, tmp_path / "out")
    other = replace(pipeline, fingerprint=replace(pipeline.fingerprint, run_id="run-other", answers=b"other"))
    with pytest.raises(KeyboardInterrupt):
        ran(archive, other, tmp_path / "out", progress=stop_after(8))
    assert makers() == {pipeline.fingerprint.answers, b"other"}
    ran(archive, other, tmp_path / "out")
    assert makers() == {b"other"}
    ran(archive, other, tmp_path / "whole")
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_copies_of_a_text_are_judged_once(pipeline: Pipeline, tmp_path: Path) -> None:
    articles = [{**rows()[1], "id": f"copy{number}"} for number in range(12)]
    watched, recognizer, classifier = counted(pipeline)
    ran(write(tmp_path / "news.jsonl", articles), watched, tmp_path / "out")
    assert len(classifier.pairs) == len(set(classifier.pairs))
    assert len(recognizer.read_ids) == 4  # those of the first batch; the later ones are recalled
    records = [json.loads(line) for line in (tmp_path / "out" / "records.jsonl").read_text().splitlines()]
    assert len({record["article_id"] for record in records}) == 12
    assert len({record["cluster_id"] for record in records}) == 1


@pytest.mark.parametrize("size", [1, 3, 100])
def test_size_of_batches_changes_no_byte(archive: str, pipeline: Pipeline, tmp_path: Path, size: int) -> None:
    ran(archive, pipeline, tmp_path / "4")
    ran(archive, pipeline, tmp_path / "other", size=size)
    assert contents(tmp_path / "4") == contents(tmp_path / "other")


def test_order_of_files_changes_no_byte(pipeline: Pipeline, tmp_path: Path) -> None:
    """Not even where two files have an article of the same id, with the same text or another."""
    files = [write(tmp_path / f"{name}.jsonl", rows()[start:]) for name, start in (("a", 10), ("b", 0))]
    ran(files, pipeline, tmp_path / "one")
    ran(files[::-1], pipeline, tmp_path / "other")
    assert contents(tmp_path / "one") == contents(tmp_path / "other")


def test_several_processes_leave_the_same_bytes_as_one(
    archive: str, pipeline: Pipeline, tmp_path: Path
) -> None:
    ran(archive, pipeline, tmp_path / "one")
    with Processes(pipeline.codebook, SETTINGS, number=2) as workers:
        report = run([archive], workers, tmp_path / "two", settings=SETTINGS)
        wal = tmp_path / "two" / f"{FILE}-wal"
        assert not wal.exists() or not wal.stat().st_size, "who copies run.sqlite would miss what is in here"
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert report.counts["read"] == len(rows())


def test_article_that_breaks_a_stage_fails_alone_and_is_named(
    archive: str, pipeline: Pipeline, tmp_path: Path
) -> None:
    class Breaking:
        """A recognizer with a bug that one article shows."""

        def read(self, articles: Iterable[Article]) -> Iterator[Reading]:
            for article in articles:
                if article.id == "a006":
                    raise ZeroDivisionError("no valley")
                yield from pipeline.recognizer.read([article])

    report = ran(archive, replace(pipeline, recognizer=Breaking()), tmp_path / "out")
    assert report.has_failures
    lines = (tmp_path / "out" / "ledger.jsonl").read_text().splitlines()
    broken = [row for row in map(json.loads, lines) if row["reason"] == BROKEN]
    assert [(row["article_id"], row["outcome"]) for row in broken] == [("a006", "failed")]
    assert "news.jsonl:7: ZeroDivisionError: no valley" in broken[0]["detail"]
    assert report.counts["read"] == len(rows())
    ran(archive, pipeline, tmp_path / "out")  # the bug is gone: the article is tried again
    ran(archive, pipeline, tmp_path / "whole")
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_second_run_into_the_same_folder_is_refused_while_one_goes_on(
    archive: str, pipeline: Pipeline, tmp_path: Path
) -> None:
    def again(report: RunReport) -> None:
        with pytest.raises(StancewireError, match="another run is writing here"):
            ran(archive, pipeline, tmp_path / "out")

    ran(archive, pipeline, tmp_path / "out", progress=again)


def test_article_that_moved_in_the_input_is_named_by_its_new_place(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    file = tmp_path / "news.jsonl"
    ran(write(file, rows()), pipeline, tmp_path / "out")
    ran(write(file, [{"id": "first", "text": "It rained."}, *rows()]), pipeline, tmp_path / "out")
    ran(str(file), pipeline, tmp_path / "whole")
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    assert b"news.jsonl:5: left out: language is French" in contents(tmp_path / "out")["ledger.jsonl"]


@pytest.mark.parametrize("change", ["grows", "is cut short", "is replaced", "is removed"])
def test_input_that_changes_is_named_and_the_next_run_has_what_is_there_then(
    pipeline: Pipeline, tmp_path: Path, change: str
) -> None:
    file, other = tmp_path / "news.jsonl", tmp_path / "other.jsonl"
    write(file, rows()[:16])
    write(other, [{"id": "other", "text": "Laila Noori rejects federalism."}])

    def meddle(report: RunReport) -> None:
        if report.counts["read"] == 4 and change == "grows":
            file.write_bytes(
                file.read_bytes() + b"".join(json.dumps(row).encode() + b"\n" for row in rows()[16:])
            )
        elif report.counts["read"] == 4 and change == "is cut short":
            os.truncate(file, file.stat().st_size // 2)
        elif report.counts["read"] == 4 and change == "is replaced":
            shutil.copy(other, tmp_path / "new")
            os.replace(tmp_path / "new", file)
        elif report.counts["read"] == 4:
            file.unlink()

    report = ran([str(file), str(other)], pipeline, tmp_path / "out", progress=meddle)
    assert report.has_failures
    assert report.reasons["changed"] == 1
    ledger = [json.loads(line) for line in (tmp_path / "out" / "ledger.jsonl").read_text().splitlines()]
    assert ledger[0]["source"] == str(file)
    assert "while it was read; run again when nothing writes to it" in ledger[0]["detail"]
    assert ledger[-1]["article_id"] == "other", "the next file is read"

    ran([str(file), str(other)], pipeline, tmp_path / "out")
    ran([str(file), str(other)], pipeline, tmp_path / "whole")
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_thousands_of_files_in_one_folder_are_all_in_the_ledger_in_order(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    """Three here; tests/bench/large_file.py takes ten."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(3_000):
        (folder / f"{number}.txt").write_text(f"It rained in valley {number}.")
    report = ran(str(folder), pipeline, tmp_path / "out", size=1000)
    assert report.counts["read"] == report.counts["done"] == 3_000
    lines = (tmp_path / "out" / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["source"] for line in lines] == [
        str(folder / f"{number}.txt") for number in range(3_000)
    ]


def test_run_does_not_read_what_it_writes(pipeline: Pipeline, tmp_path: Path) -> None:
    write(tmp_path / "news.jsonl", rows())
    first = ran(str(tmp_path), pipeline, tmp_path / "out")
    assert (first.counts["read"], first.reasons["output"]) == (len(rows()) + 1, 1)
    before = contents(tmp_path / "out")
    ran(str(tmp_path), pipeline, tmp_path / "out")
    assert contents(tmp_path / "out") == before


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are bytes on Linux only")
def test_file_with_a_name_in_no_encoding_is_read_and_named(pipeline: Pipeline, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    with open(os.fsencode(folder) + b"/caf\xe9 \n.txt", "w") as file:
        file.write("Laila Noori rejects federalism.")
    report = ran([str(folder), os.fsdecode(os.fsencode(tmp_path) + b"/gone\xff")], pipeline, tmp_path / "out")
    assert report.counts["done"] == 1
    lines = map(json.loads, (tmp_path / "out" / "ledger.jsonl").read_text().splitlines())
    assert [row["source"].removeprefix(str(tmp_path)) for row in lines] == [
        "/gone\\udcff",
        "/in/caf\\udce9 \\n.txt",
    ]


def test_export_that_is_broken_off_leaves_no_manifest_that_vouches_for_it(
    archive: str, pipeline: Pipeline, tmp_path: Path
) -> None:
    ran(archive, pipeline, tmp_path / "out")
    (tmp_path / "out" / "records.csv").unlink()
    (tmp_path / "out" / "records.csv" / "in the way").mkdir(parents=True)
    with pytest.raises(StancewireError, match=r"records\.csv: can't be written"):
        ran(archive, pipeline, tmp_path / "out")
    assert not (tmp_path / "out" / "manifest.json").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="files can't be limited like this on Windows")
@pytest.mark.parametrize("room", [40_000, 200_000])
def test_disk_that_fills_up_is_named_and_the_same_command_goes_on(tmp_path: Path, room: int) -> None:
    archive = write(tmp_path / "news.jsonl", rows(80))
    codebook = book(tmp_path / "book.toml", FEDERALISM, SCHOOLS)
    full = start(archive, codebook, tmp_path / "out", room=room)
    said = full.communicate()[1].decode()
    assert full.returncode == 2
    assert re.match(r"stancewire: \S+: .*; make room", said), said  # of the store, or a library's file
    assert start(archive, codebook, tmp_path / "out").wait() == 1
    assert start(archive, codebook, tmp_path / "whole").wait() == 1
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_run_killed_at_random_moments_ends_with_the_same_files_as_an_undisturbed_one(tmp_path: Path) -> None:
    archive = write(tmp_path / "news.jsonl", rows(80))
    codebook = book(tmp_path / "book.toml", FEDERALISM, SCHOOLS)
    assert start(archive, codebook, tmp_path / "whole").wait() == 1  # an empty text and a doubled id failed
    rng = random.Random(20)
    out = tmp_path / "killed"
    half_done = 0
    for number in range(KILLS):
        process = start(archive, codebook, out, workers=1 + number % 2)
        wait_for_articles(out, process, rng.randrange(80))
        time.sleep(rng.uniform(0.0, 0.05))
        process.kill()
        process.wait()
        half_done += 0 < finished(out) < 80
        if number % 4 == 3:  # finish, compare, and begin anew, or the later kills would find everything done
            assert start(archive, codebook, out).wait() == 1
            assert contents(out) == contents(tmp_path / "whole")
            assert len((out / "ledger.jsonl").read_text().splitlines()) == 80
            shutil.rmtree(out)
    assert half_done >= KILLS / 4


def wait_for_articles(out: Path, process: subprocess.Popen[bytes], number: int) -> None:
    """Wait until a run has brought so many articles to an end, however fast the machine is."""
    while process.poll() is None and (not (out / FILE).exists() or finished(out) < number):
        time.sleep(0.005)


def finished(out: Path) -> int:
    """Return how many articles the run in a folder has brought to an end, and change nothing there."""
    try:
        store = RunStore(out, read_only=True)
    except StancewireError:  # there is no store yet, or none with tables
        return 0
    try:
        return store.tally().outcomes.total()
    finally:
        store.close()


def start(
    archive: str, codebook: Path, out: Path, *, workers: int = 1, room: int | None = None
) -> subprocess.Popen[bytes]:
    """Start a run; `room` is how many bytes a file of it may have, as if the disk were full then."""
    config = out.parent / "config.toml"
    config.write_text('model = "lexicon"\nattributor = "rules"\nbatch_articles = 2\nlanguages = []\n')
    options = [
        "--topics",
        str(codebook),
        "--out",
        str(out),
        "--config",
        str(config),
        "--workers",
        str(workers),
    ]
    command = [sys.executable, "-m", "stancewire.cli.main", "run", archive, *options, "-q"]
    if room:
        command = ["sh", "-c", f'ulimit -f {room // 512} && exec "$@"', "sh", *command]
    said = subprocess.PIPE if room else None
    return subprocess.Popen(command, env={**os.environ, "HF_HUB_OFFLINE": "1"}, stderr=said)
