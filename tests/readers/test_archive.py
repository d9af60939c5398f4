from __future__ import annotations

import gzip
import io
import json
import os
from pathlib import Path

import pytest

from stancewire.readers.archive import read_articles
from stancewire.types import Article, Outcome, Skip


def write(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def articles(*inputs: str) -> list[Article]:
    return [found for found in read_articles(inputs) if isinstance(found, Article)]


def skips(*inputs: str) -> list[Skip]:
    return [found for found in read_articles(inputs) if isinstance(found, Skip)]


def test_a_folder_is_read_whole_and_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "sub/c.txt", "sub/deep/d.txt"):
        write(tmp_path / name, f"This is {name}.")
    assert [article.text for article in articles(str(tmp_path))] == [
        "This is a.txt.",
        "This is b.txt.",
        "This is sub/c.txt.",
        "This is sub/deep/d.txt.",
    ]


def test_other_and_hidden_files_in_a_folder_are_left_out_and_counted(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "An article.")
    write(tmp_path / "photo.jpeg", "")
    write(tmp_path / "README", "")
    write(tmp_path / ".notes.txt", "")
    write(tmp_path / ".git" / "config.txt", "")
    left_out = skips(str(tmp_path))
    assert [(Path(skip.source).name, skip.reason) for skip in left_out] == [
        (".git", "hidden"),
        (".notes.txt", "hidden"),
        ("README", "unknown-ending"),
        ("photo.jpeg", "unknown-ending"),
    ]
    assert {skip.outcome for skip in left_out} == {Outcome.SKIPPED}
    assert len(articles(str(tmp_path))) == 1


def test_a_named_file_that_no_reader_knows_is_a_failure_naming_the_known_endings(tmp_path: Path) -> None:
    bad = write(tmp_path / "news.docx", "x")
    good = write(tmp_path / "news.txt", "An article.")
    (skip,) = skips(bad, good)
    assert skip.outcome is Outcome.FAILED
    assert skip.reason == "unknown-ending"
    assert skip.detail == (
        f"{bad}: no reader for '.docx'; known: .txt, .html, .htm, .jsonl, .ndjson, .csv, .tsv, .parquet, "
        ".warc, .arc"
    )
    assert len(articles(bad, good)) == 1


def test_a_missing_file_is_a_failure_and_the_rest_is_read(tmp_path: Path) -> None:
    gone = str(tmp_path / "gone.txt")
    here = write(tmp_path / "here.txt", "An article.")
    (skip,) = skips(gone, here)
    assert (skip.reason, skip.outcome) == ("missing", Outcome.FAILED)
    assert skip.detail == f"{gone}: no such file or folder; must be a file, a folder, a glob or -"
    assert len(articles(gone, here)) == 1


def test_an_empty_folder_is_a_failure(tmp_path: Path) -> None:
    (skip,) = skips(str(tmp_path))
    assert (skip.reason, skip.outcome) == ("empty-folder", Outcome.FAILED)
    assert "no file here can be read; known: .txt" in skip.detail


def test_a_folder_with_nothing_to_read_is_a_failure_besides_what_is_left_out(tmp_path: Path) -> None:
    write(tmp_path / "a.docx", "")
    assert [skip.reason for skip in skips(str(tmp_path))] == ["unknown-ending", "empty-folder"]


def test_a_dangling_link_in_a_folder_is_missing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone.txt")
    write(tmp_path / "b.txt", "An article.")
    (skip,) = skips(str(tmp_path))
    assert skip.reason == "missing"


def test_a_link_to_a_folder_is_left_out_and_counted(tmp_path: Path) -> None:
    write(tmp_path / "a" / "a.txt", "An article.")
    (tmp_path / "a" / "again").symlink_to(tmp_path / "a")
    (skip,) = skips(str(tmp_path / "a"))
    assert (skip.reason, skip.outcome) == ("link", Outcome.SKIPPED)
    assert len(articles(str(tmp_path / "a"))) == 1


def test_a_pipe_in_a_folder_is_left_out_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    write(tmp_path / "b.txt", "An article.")
    (skip,) = skips(str(tmp_path))
    assert (skip.reason, skip.outcome) == ("no-file", Outcome.SKIPPED)
    assert len(articles(str(tmp_path))) == 1


@pytest.mark.parametrize("given", ["a" * 300, "a\0b", "a\0/*", "b/" * 3000])
def test_an_input_that_can_be_no_name_is_missing(given: str) -> None:
    (skip,) = skips(given)
    assert (skip.reason, skip.outcome) == ("missing", Outcome.FAILED)


def test_a_line_end_in_a_name_is_written_out(tmp_path: Path) -> None:
    write(tmp_path / "a\nb.txt", "An article.")
    write(tmp_path / "c\u2028d.txt", "")
    (article,) = articles(str(tmp_path))
    (skip,) = skips(str(tmp_path))
    assert article.source == f"{tmp_path}/a\\nb.txt"
    assert skip.detail == f"{tmp_path}/c\\u2028d.txt: text is empty; must hold at least a word"


def test_a_glob_reads_what_it_hits_in_order(tmp_path: Path) -> None:
    write(tmp_path / "b" / "2.txt", "Second.")
    write(tmp_path / "a" / "1.txt", "First.")
    write(tmp_path / "a" / "1.csv", "text\nNot asked for.\n")
    assert [article.text for article in articles(str(tmp_path / "**" / "*.txt"))] == ["First.", "Second."]


def test_a_glob_that_hits_nothing_is_a_failure(tmp_path: Path) -> None:
    given = str(tmp_path / "*.txt")
    (skip,) = skips(given)
    assert (skip.reason, skip.outcome) == ("no-match", Outcome.FAILED)
    assert skip.detail == f"{given}: hits nothing; must be a glob that hits files, such as news/**/*.txt"


def test_a_file_whose_name_looks_like_a_glob_is_read(tmp_path: Path) -> None:
    (article,) = articles(write(tmp_path / "news[1].txt", "An article."))
    assert article.text == "An article."


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "An article.")
    (skip,) = skips(path, str(tmp_path))
    assert (skip.reason, skip.outcome) == ("duplicate-input", Outcome.SKIPPED)
    assert len(articles(path, str(tmp_path))) == 1


def test_standard_input_is_json_lines(tmp_path: Path) -> None:
    lines = b'{"id": "a1", "text": "An article."}\nnot json\n{"id": "a2", "text": "Another one."}\n'
    stream = io.BytesIO(lines)
    first, skip, second = read_articles(["-"], stdin=stream)
    assert isinstance(first, Article)
    assert (first.id, first.source) == ("a1", "stdin:1")
    assert isinstance(skip, Skip)
    assert skip.detail.startswith("stdin:2: not JSON (Expecting value at column 1)")
    assert isinstance(second, Article)
    assert not stream.closed


def test_standard_input_can_be_a_pipe() -> None:
    receiving, sending = os.pipe()
    with open(sending, "wb") as file:
        file.write(b'{"text": "An article."}\n')
    with open(receiving, "rb") as stream:
        (article,) = read_articles(["-"], stdin=stream)
        assert not stream.closed
    assert isinstance(article, Article)


def test_standard_input_stays_open_when_the_caller_stops_early() -> None:
    stream = io.BytesIO(b'{"text": "One."}\n{"text": "Two."}\n')
    found = read_articles(["-"], stdin=stream)
    assert isinstance(next(found), Article)
    del found
    assert not stream.closed


def test_the_same_article_twice_is_left_out(tmp_path: Path) -> None:
    first = write(tmp_path / "a.jsonl", json.dumps({"id": 7, "text": "An article."}))
    second = write(tmp_path / "b.jsonl", json.dumps({"id": "7", "text": "An article."}))
    (skip,) = skips(first, second)
    assert (skip.reason, skip.outcome, skip.article_id) == ("duplicate", Outcome.SKIPPED, "7")
    assert skip.detail == f"{second}:1: left out: the same id and text as {first}:1"


def test_two_texts_with_one_id_are_a_failure_naming_the_first(tmp_path: Path) -> None:
    rows = [{"id": "x", "text": "One."}, {"id": "x", "text": "Two."}, {"id": "y", "text": "Three."}]
    path = write(tmp_path / "a.jsonl", "\n".join(map(json.dumps, rows)))
    (skip,) = skips(path)
    assert (skip.reason, skip.outcome, skip.article_id) == ("duplicate-id", Outcome.FAILED, "x")
    assert skip.detail == f"{path}:2: id 'x' is that of another text, {path}:1; ids must be unique"
    assert [article.text for article in articles(path)] == ["One.", "Three."]


def test_a_renamed_text_file_keeps_its_id(tmp_path: Path) -> None:
    (before,) = articles(write(tmp_path / "before.txt", "An article."))
    (after,) = articles(write(tmp_path / "after.txt", "An article."))
    assert before.id == after.id
    assert before.id.startswith("sha256-")
    assert len(before.id) == len("sha256-") + 16


def test_a_damaged_gzip_keeps_the_articles_before_the_damage(tmp_path: Path) -> None:
    noise = [os.urandom(300).hex() for _ in range(500)]
    rows = "".join(json.dumps({"text": f"Article {word}."}) + "\n" for word in noise).encode()
    path = tmp_path / "news.jsonl.gz"
    path.write_bytes(gzip.compress(rows)[: len(rows) // 4])
    found = list(read_articles([str(path), write(tmp_path / "next.txt", "The next file.")]))
    *kept, skip, following = found
    assert len(kept) > 100
    assert all(isinstance(article, Article) for article in kept)
    assert isinstance(skip, Skip)
    assert skip.reason == "damaged"
    assert isinstance(following, Article)


@pytest.mark.parametrize("given", ["", "."])
def test_the_folder_one_is_in_can_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    write(tmp_path / "a.txt", "An article.")
    monkeypatch.chdir(tmp_path)
    assert len(articles(given)) == 1
