"""`stancewire run` as it is called: bad input, wrong usage, and what it prints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.disks import Disk

Run = Callable[..., Any]
BOOK = """
[codebook]
id = "test"
version = "1"

[[topic]]
id = "federalism"
claim = "Afghanistan should become a federal state."
terms = ["federal*"]
"""
STANCE = "Laila Noori rejects federalism."
LINKS = "".join(f"<li><a href='/{name}'>{name} of the day</a></li>" for name in ("News", "Sport", "Letters"))
PAGE = f"<html><body><ul>{LINKS}</ul></body></html>"
FRENCH = (
    f"{STANCE} L’été dernier, à l’Assemblée, elle a déjà refusé ce projet : « Où va-t-on ? », a-t-elle "
    "demandé. Les députés ont préféré ne pas répondre, mais l’idée reste débattue à Genève."
)
NOISE = bytes((i * 73 + i * i * 7) % 251 + 1 for i in range(400))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One input that is bad or odd: its file, and what must become of it."""

    file: str
    content: bytes | None
    outcome: str
    words: str = ""  # of the ledger's message
    records: int = 0  # Noori's, and the author's unless the text says so much of others that it is a report
    place: str = ""  # what is added to the path where the ledger names a line


CASES = {
    "missing file": Case(
        file="gone.txt", content=None, outcome="failed", words="no such file or folder; must be"
    ),
    "empty folder": Case(
        file="empty/", content=None, outcome="failed", words="no file here can be read; known: .txt"
    ),
    "unknown ending": Case(
        file="news.docx", content=b"x", outcome="failed", words="no reader for '.docx'; known: .txt"
    ),
    "broken JSON line": Case(
        file="broken.jsonl", content=b'{"id": "j", "text"\n', outcome="failed", words="not JSON (", place=":1"
    ),
    "CSV without a text column": Case(
        file="table.csv",
        content=b"id,title\n1,Vote\n",
        outcome="failed",
        words="no text; has ['id', 'title']; name the column with --column text=NAME",
    ),
    "empty text": Case(
        file="blank.txt",
        content=b" \n\n ",
        outcome="failed",
        words="text is empty; must hold at least a word",
    ),
    "5 MB text": Case(
        file="huge.txt", content=f"{STANCE}\n{'x' * 5_000_000}".encode(), outcome="done", records=1
    ),
    "text without sentences": Case(
        file="words.txt", content=b"federalism federal federalism", outcome="done"
    ),
    "HTML without an article": Case(
        file="menu.html",
        content=PAGE.encode(),
        outcome="failed",
        words="no article found on the page; must be",
    ),
    "binary file named .txt": Case(
        file="image.txt",
        content=b"\x89PNG\r\n\x1a\n\x00",
        outcome="failed",
        words="looks like a PNG image; must be text",
    ),
    "invalid UTF-8": Case(
        file="noise.txt",
        content=NOISE,
        outcome="failed",
        words="no other encoding fits clearly; save it as UTF-8",
    ),
    "Latin-1": Case(
        file="french.txt",
        content=FRENCH.replace("’", "'").encode("latin-1"),
        outcome="skipped",
        words="language is French (fr); known: en",
    ),
    "right-to-left text": Case(
        file="persian.txt",
        content=f"لیلا نوری با رسانه‌ها گفت‌وگو کرد.\n{STANCE} او رفت.".encode(),
        outcome="done",
        records=2,
    ),
    "emoji and combining characters": Case(
        file="emoji.txt",
        content=f"👩‍🚀 A cafe\u0301 in Herat 🏳️‍🌈.\n🙂 {STANCE} 🙂".encode(),
        outcome="done",
        records=2,
    ),
    "two articles with one id": Case(
        file="twins.jsonl",
        content=b'{"id": "t", "text": "It rained."}\n{"id": "t", "text": "It stopped."}\n',
        outcome="failed",
        words="id 't' is that of another text",
        place=":2",
    ),
}


def neighbour(name: str) -> str:
    """Return the text of the good article that is read after a case."""
    return f"{STANCE} The paper wrote so on the day of the {name}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """What one run over all cases left."""

    folder: Path
    code: int
    out: str
    err: str

    def ledger(self, source: str) -> list[dict[str, Any]]:
        path = str(self.folder / source)
        rows = map(json.loads, (self.folder / "out" / "ledger.jsonl").read_text("utf-8").splitlines())
        return [row for row in rows if row["source"] == path]

    def records(self, article_id: str) -> list[dict[str, Any]]:
        rows = map(json.loads, (self.folder / "out" / "records.jsonl").read_text("utf-8").splitlines())
        return [row for row in rows if row["article_id"] == article_id]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Archive:
    """Run the command once over every case, each followed by a good article."""
    folder = tmp_path_factory.mktemp("archive")
    (folder / "book.toml").write_text(BOOK, encoding="utf-8")
    inputs = []
    for number, (name, case) in enumerate(CASES.items()):
        place = folder / case.file
        if case.file.endswith("/"):
            place.mkdir()
        elif case.content is not None:
            place.write_bytes(case.content)
        good = folder / f"good{number}.jsonl"
        good.write_text(
            json.dumps({"id": name, "text": neighbour(name), "genre": "report"}), encoding="utf-8"
        )
        inputs += [str(place), str(good)]
    words = ["run", *inputs, "--topics", str(folder / "book.toml"), "--out", str(folder / "out")]
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "stancewire.cli.main",
            *words,
            "--model",
            "lexicon",
            "--log",
            str(folder / "log"),
        ],
        env={**os.environ, "PYTHONPATH": str(root / "pipeline"), "PYTHONUTF8": "1", "COLUMNS": "200"},
        capture_output=True,
        encoding="utf-8",
        timeout=200,
        check=False,
    )
    return Archive(folder=folder, code=ran.returncode, out=ran.stdout, err=ran.stderr)


def test_run_over_bad_input_ends_with_exit_code_1_and_no_traceback(archive: Archive) -> None:
    assert "Traceback" not in archive.err
    assert archive.code == 1, archive.err


def test_what_is_left_out_is_in_the_log_and_not_on_the_terminal(archive: Archive) -> None:
    lines = map(json.loads, (archive.folder / "log").read_text("utf-8").splitlines())
    logged = {line["source"] for line in lines if line.get("event") in ("article-failed", "article-skipped")}
    rows = map(json.loads, (archive.folder / "out" / "ledger.jsonl").read_text("utf-8").splitlines())
    assert logged == {row["source"] for row in rows if row["outcome"] != "done"}
    for words in ("no such file or folder", "no text; has", "left out"):
        assert words not in archive.err


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_named_and_the_article_beside_it_is_still_read(archive: Archive, name: str) -> None:
    case = CASES[name]
    (row,) = archive.ledger(case.file.rstrip("/") + case.place)
    assert (row["outcome"], row["records"]) == (case.outcome, case.records), row["detail"]
    if case.outcome == "failed":
        assert row["detail"].startswith(row["source"])
        assert case.words in row["detail"]
        assert row["reason"]
    (record,) = archive.records(name)
    (evidence,) = record["evidence"]
    assert (record["holder"], record["stance"]) == ("Laila Noori", "against")
    assert neighbour(name)[evidence["start"] : evidence["end"]] == evidence["quote"] == STANCE


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.records])
def test_evidence_in_odd_text_is_what_the_text_has_at_its_offsets(archive: Archive, name: str) -> None:
    case = CASES[name]
    assert case.content is not None
    text = case.content.decode("utf-8")
    (row,) = archive.ledger(case.file)
    records = archive.records(row["article_id"])
    assert "Laila Noori" in {record["holder"] for record in records}
    for record in records:
        for item in record["evidence"]:
            assert text[item["start"] : item["end"]] == item["quote"]
            assert STANCE in item["quote"]


def test_what_failed_is_counted_by_reason_on_the_terminal(archive: Archive) -> None:
    failed, skipped = (sum(case.outcome == what for case in CASES.values()) for what in ("failed", "skipped"))
    read = 2 * len(CASES) + 1  # the twins are two
    assert (
        f"{read} articles read: {read - failed - skipped} done, {skipped} skipped, {failed} failed."
        in archive.out
    )
    for reason in (
        "missing",
        "empty-folder",
        "unknown-ending",
        "bad-json",
        "no-text",
        "binary",
        "duplicate-id",
    ):
        assert f"1 x {reason}" in archive.out


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Return a folder with a codebook, a good article and settings."""
    (tmp_path / "book.toml").write_text(BOOK, encoding="utf-8")
    (tmp_path / "a.txt").write_text(STANCE, encoding="utf-8")
    return tmp_path


def call(command: Run, folder: Path, *words: object, topics: str = "book.toml", stdin: bytes = b"") -> Any:
    usual = ("--topics", folder / topics, "--out", folder / "out", "--model", "lexicon")
    return command("run", *words, *usual, stdin=stdin)


def test_good_article_is_exit_code_0_and_a_table(command: Run, news: Path) -> None:
    ran = call(command, news, news / "a.txt")
    assert ran.code == 0
    assert "1 articles read: 1 done, 0 skipped, 0 failed. 1 records" in ran.out
    assert "Laila Noori" in ran.out
    assert str(news / "out") in ran.out


def test_quiet_run_prints_nothing(command: Run, news: Path) -> None:
    assert call(command, news, news / "a.txt", "--quiet") == (0, "", "")


def test_empty_folder_is_exit_code_1_and_named(command: Run, news: Path) -> None:
    (news / "empty").mkdir()
    ran = call(command, news, news / "empty")
    assert ran.code == 1
    assert "1 x empty-folder" in ran.out


def test_standard_input_and_named_columns_are_read(command: Run, news: Path) -> None:
    line = json.dumps({"key": "k1", "body": STANCE, "genre": "report"}).encode()
    ran = call(command, news, "-", "--column", "text=body", "--column", "id=key", "--no-report", stdin=line)
    assert ran.code == 0
    (record,) = map(json.loads, (news / "out" / "records.jsonl").read_text("utf-8").splitlines())
    assert record["article_id"] == "k1"
    assert not (news / "out" / "report.html").exists()


def test_records_below_the_confidence_asked_for_are_left_out(command: Run, news: Path) -> None:
    assert "0 records" in call(command, news, news / "a.txt", "--confidence", "0.9").out


def test_full_disk_and_one_that_is_closed_are_one_line_and_exit_code_2(
    command: Run, news: Path, disk: Disk
) -> None:
    (news / "out").symlink_to(disk.path)
    disk.resize(20_000)
    full = call(command, news, news / "a.txt")
    assert (full.code, full.out, full.err.count("\n")) == (2, "", 1)
    assert f"{news / 'out' / 'run.sqlite'}: " in full.err
    assert "make room; the same command goes on where this one stopped" in full.err
    disk.close_to_writers()
    closed = call(command, news, news / "a.txt")
    assert (closed.code, closed.out, closed.err.count("\n")) == (2, "", 1)
    assert "out: can't be written: Read-only file system; choose a folder that can be written" in closed.err
    disk.resize(50_000_000)
    assert call(command, news, news / "a.txt").code == 0


BOOK_WITHOUT_CLAIM = BOOK.replace('claim = "Afghanistan should become a federal state."', "")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--topics", "gone.toml"), "gone.toml: no such codebook"),
        (
            ("--topics", "no-claim.toml"),
            "no-claim.toml: [[topic]] 'federalism': no claim; has ['id', 'terms']",
        ),
        (("--model", "smal"), "unknown model 'smal': no shipped model, folder or hub name"),
        (("--config", "bad.toml"), "bad.toml: unknown key 'modle'; known: model, engine"),
        (("--column", "txt=body"), "--column 'txt=body': field must be one of id, text"),
        (("--confidence", "7"), "option: confidence = 7.0 is not between 0 and 1"),
        (("--engine", "spark"), "option: engine = 'spark'; known: local, ray"),
        (("--out", "a.txt"), "--out 'a.txt': can't make this folder: File exists"),
        (("--log", "."), "--log '.': can't be opened: Is a directory"),
        (("--log", "a.txt/run.log"), "--log 'a.txt/run.log': can't be opened: File exists"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2_and_writes_nothing(
    command: Run, news: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, str], named: str
) -> None:
    monkeypatch.chdir(news)
    (news / "no-claim.toml").write_text(BOOK_WITHOUT_CLAIM, encoding="utf-8")
    (news / "bad.toml").write_text('modle = "small"\n', encoding="utf-8")
    usual = {"--topics": "book.toml", "--out": "out", "--model": "lexicon"} | dict([words])
    ran = command("run", "a.txt", *(word for pair in usual.items() for word in pair))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"stancewire: {named}")
    assert ran.err.count("\n") == 1
    assert not (news / "out").exists()


def test_log_tells_what_the_terminal_does_not(command: Run, news: Path) -> None:
    (news / "blank.txt").write_text(" ")
    without = call(command, news, news / "a.txt", news / "blank.txt")
    ran = call(command, news, news / "a.txt", news / "blank.txt", "--log", news / "logs" / "run.log")
    assert (ran.code, ran.out, ran.err) == (1, without.out, without.err)
    said = [json.loads(line) for line in (news / "logs" / "run.log").read_text("utf-8").splitlines()]
    (failed,) = (line for line in said if line["event"] == "article-failed")
    assert (failed["source"], failed["reason"]) == (str(news / "blank.txt"), "empty")
    assert said[-1]["event"] == "run-finished"


@pytest.mark.parametrize("place", ["in", "in/below", "out"])
def test_log_and_output_in_the_input_are_not_read(command: Run, news: Path, place: str) -> None:
    (news / "in").mkdir()
    (news / "a.txt").rename(news / "in" / "a.txt")
    log = news / place / "log.jsonl"
    for _ in range(2):  # the second time the log is there before anything is read
        ran = call(command, news, news / "in", "--log", log)
        assert ran.code == 0, ran.err
        assert "1 done" in ran.out
        rows = map(json.loads, (news / "out" / "ledger.jsonl").read_text("utf-8").splitlines())
        others = [(row["source"], row["reason"]) for row in rows if row["outcome"] != "done"]
        assert others == ([(str(log), "output")] if place != "out" else [])


def test_log_named_as_input_is_not_read(command: Run, news: Path) -> None:
    log = news / "log.jsonl"
    assert "1 x output" in call(command, news, news / "a.txt", log, "--log", log).out


def test_wrong_usage_is_in_the_log_too(command: Run, news: Path) -> None:
    assert call(command, news, news / "a.txt", "--log", news / "run.log", "--column", "txt=body").code == 2
    (line,) = (news / "run.log").read_text("utf-8").splitlines()
    assert json.loads(line)["message"].startswith("run stopped: --column 'txt=body': field must be")
