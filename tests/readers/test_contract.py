"""What every reader in the table must do; a new reader is tested by adding how its format is written."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stancewire.readers.archive import READERS, read_articles, reader_for
from stancewire.types import Article, Outcome, Skip

TEXT = (
    "The council met for a third day. Its members “agreed” on nothing 🙂, and said so.\n"
    "Farmers want the water shares written down. The governor does not.\n"
    "A vote is expected next week, and both sides say that they have the numbers for it."
)


def plain(text: str) -> bytes:
    return text.encode()


def page(text: str) -> bytes:
    paragraphs = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    return f"<html><head><title>x</title></head><body><article>{paragraphs}</article></body></html>".encode()


def json_lines(text: str) -> bytes:
    return (json.dumps({"text": text}) + "\n").encode()


def table(text: str) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows([["text", "title"], [text, "A vote"]])
    return file.getvalue().encode()


def tabs(text: str) -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter="\t").writerows([["text", "title"], [text, "A vote"]])
    return file.getvalue().encode()


def parquet(text: str) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"text": [text]}), file)
    return file.getvalue()


def warc(text: str) -> bytes:
    sent = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page(text)
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://news.example/a\r\n"
    return f"{head}Content-Length: {len(sent)}\r\n\r\n".encode() + sent + b"\r\n\r\n"


def arc(text: str) -> bytes:
    sent = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page(text)
    return f"http://news.example/a 192.0.2.1 20140216050221 text/html {len(sent)}\n".encode() + sent + b"\n"


WRITTEN: dict[str, Callable[[str], bytes]] = {
    ".txt": plain,
    ".html": page,
    ".htm": page,
    ".jsonl": json_lines,
    ".ndjson": json_lines,
    ".csv": table,
    ".tsv": tabs,
    ".parquet": parquet,
    ".warc": warc,
    ".arc": arc,
}

every_ending = pytest.mark.parametrize("ending", READERS)


def write(path: Path, text: str) -> Path:
    ending = next(known for known in WRITTEN if path.name.removesuffix(".gz").endswith(known))
    data = WRITTEN[ending](text)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@every_ending
def test_the_text_comes_out_as_it_went_in(tmp_path: Path, ending: str) -> None:
    path = write(tmp_path / f"news{ending}", TEXT)
    (article,) = read_articles([str(path)])
    assert isinstance(article, Article)
    assert article.text == TEXT
    assert article.text[article.body_start :].startswith("The council")
    assert article.source.startswith(str(path))


@every_ending
def test_the_same_text_has_the_same_id_in_every_format(tmp_path: Path, ending: str) -> None:
    (article,) = read_articles([str(write(tmp_path / f"a{ending}", TEXT))])
    (as_text,) = read_articles([str(write(tmp_path / "b.txt", TEXT))])
    assert isinstance(article, Article)
    assert isinstance(as_text, Article)
    assert article.id == as_text.id


@every_ending
def test_a_dateline_is_no_prose_in_any_format(tmp_path: Path, ending: str) -> None:
    (article,) = read_articles([str(write(tmp_path / f"a{ending}", f"HERAT, Aug. 15 (VC) — {TEXT}"))])
    assert isinstance(article, Article)
    assert article.text[article.body_start :] == TEXT


@every_ending
def test_what_is_no_such_file_is_a_named_failure_and_the_next_file_is_read(
    tmp_path: Path, ending: str
) -> None:
    bad = tmp_path / f"bad{ending}"
    bad.write_bytes(b"\x00\x01\x02 nothing of the kind \xff\xfe")
    good = write(tmp_path / "good.txt", TEXT)
    skip, article = read_articles([str(bad), str(good)])
    assert isinstance(skip, Skip)
    assert skip.outcome is Outcome.FAILED
    assert skip.reason in {"binary", "damaged"}
    assert skip.detail.startswith(str(bad))
    assert isinstance(article, Article)


@every_ending
def test_an_empty_file_is_a_named_failure(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"empty{ending}"
    path.write_bytes(gzip.compress(b"") if ending.endswith(".gz") else b"")
    (skip,) = read_articles([str(path)])
    assert isinstance(skip, Skip)
    assert skip.outcome is Outcome.FAILED
    assert skip.reason == ("damaged" if ending == ".parquet" else "empty")


@pytest.mark.parametrize("ending", [ending for ending in READERS if ending.endswith(".gz")])
def test_a_cut_off_gzip_file_is_damaged(tmp_path: Path, ending: str) -> None:
    path = write(tmp_path / f"cut{ending}", TEXT)
    path.write_bytes(path.read_bytes()[:-12])
    *_, skip = read_articles([str(path)])
    assert isinstance(skip, Skip)
    assert skip.reason == "damaged"
    assert "fetch or pack it again" in skip.detail


@every_ending
def test_a_file_that_is_gone_by_now_is_a_named_failure(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"gone{ending}"
    reader = reader_for(path)
    assert reader is not None
    (skip,) = reader.read(path)
    assert isinstance(skip, Skip)
    assert skip.reason in {"unreadable", "damaged"}


def test_capital_endings_are_the_same(tmp_path: Path) -> None:
    path = tmp_path / "NEWS.JSONL.GZ"
    path.write_bytes(gzip.compress(json_lines(TEXT)))
    (article,) = read_articles([str(path)])
    assert isinstance(article, Article)
