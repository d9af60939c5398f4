from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from stancewire.readers.columns import DEFAULT_COLUMNS, Columns
from stancewire.readers.jsonl import JsonLinesReader
from stancewire.types import NO_ORIGINS, Article, Outcome, Skip

GOOD = b'{"id": "good", "text": "A good article."}'


def read(path: Path, *lines: bytes, columns: Columns = DEFAULT_COLUMNS) -> list[Article | Skip]:
    file = path / "news.jsonl"
    file.write_bytes(b"\n".join(lines) + b"\n")
    return list(JsonLinesReader(columns=columns).read(file))


def read_one(path: Path, row: object) -> Article:
    (article,) = read(path, json.dumps(row).encode())
    assert isinstance(article, Article), article
    return article


def read_bad(path: Path, line: bytes) -> Skip:
    """Read a bad line between two good ones, which must be read all the same."""
    before, skip, after = read(path, GOOD, line, GOOD)
    assert isinstance(before, Article)
    assert isinstance(after, Article)
    assert isinstance(skip, Skip)
    assert skip.outcome is Outcome.FAILED
    assert skip.source == f"{path / 'news.jsonl'}:2"
    assert skip.detail.startswith(f"{skip.source}: ")
    return skip


def test_every_field_is_taken(tmp_path: Path) -> None:
    row = {
        "doc_id": 12,
        "body": "The council met.",
        "headline": "Council  meets\n",
        "publisher": "Valley Courier",
        "authors": ["Mina Rahmani", "Omar Sabir"],
        "url": "https://example.org/1",
        "date": "2024-08-15T22:30:00+04:30",
        "lang": "en-GB",
        "genre": "report",
        "else": {"is": "ignored"},
    }
    article = read_one(tmp_path, row)
    assert replace(article, origins=NO_ORIGINS) == Article(
        id="12",
        text="The council met.",
        source=f"{tmp_path / 'news.jsonl'}:1",
        title="Council meets",
        outlet="Valley Courier",
        author="Mina Rahmani; Omar Sabir",
        url="https://example.org/1",
        published=date(2024, 8, 15),
        language="en",
        genre="report",
    )


def test_what_is_missing_or_null_is_none(tmp_path: Path) -> None:
    article = read_one(tmp_path, {"text": "Words.", "title": None, "outlet": "", "author": []})
    assert (article.title, article.outlet, article.author, article.published) == (None, None, None, None)


def test_the_columns_can_be_named(tmp_path: Path) -> None:
    line = b'{"text": "not this", "Story": "This one."}'
    (article,) = read(tmp_path, line, columns=Columns.parse(["text=story"]))
    assert isinstance(article, Article)
    assert article.text == "This one."


def test_bad_line_is_named_by_file_and_number(tmp_path: Path) -> None:
    skip = read_bad(tmp_path, b'{"id": "a1", "text": ')
    assert skip.reason == "bad-json"
    assert "not JSON (Expecting value at column" in skip.detail
    assert 'must be one object a line, such as {"id": "a1", "text": "..."}' in skip.detail


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'["a", "b"]', "a JSON list; must be one object a line"),
        (b'"text"', "a JSON string"),
        (b"17", "a JSON number"),
        (b"null", "a JSON null"),
        (b"[" * 100_000, "not JSON"),
        (b'{"text": ' + b"9" * 5000 + b"}", "not JSON"),
    ],
)
def test_a_line_that_is_no_object_is_bad_json(tmp_path: Path, line: bytes, words: str) -> None:
    skip = read_bad(tmp_path, line)
    assert skip.reason == "bad-json"
    assert words in skip.detail


def test_a_row_without_text_says_what_it_has(tmp_path: Path) -> None:
    skip = read_bad(tmp_path, b'{"id": "a", "title": "b"}')
    assert skip.reason == "no-text"
    assert skip.detail.endswith(":2: no text; has ['id', 'title']; name the column with --column text=NAME")


@pytest.mark.parametrize(
    ("value", "words"),
    [("17", "text is 17, a int"), ("[1]", "text is [1], a list"), ("true", "text is True, a bool")],
)
def test_text_that_is_no_string_is_bad_text(tmp_path: Path, value: str, words: str) -> None:
    skip = read_bad(tmp_path, f'{{"text": {value}}}'.encode())
    assert skip.reason == "bad-text"
    assert f"{words}; must be a string" in skip.detail


@pytest.mark.parametrize("value", ['""', '" \\n "', "null"])
def test_empty_text_is_named(tmp_path: Path, value: str) -> None:
    skip = read_bad(tmp_path, f'{{"text": {value}}}'.encode())
    assert skip.reason == "empty"
    assert "text is empty; must hold at least a word" in skip.detail


def test_an_id_that_is_no_name_is_bad(tmp_path: Path) -> None:
    skip = read_bad(tmp_path, b'{"id": {"a": 1}, "text": "Words."}')
    assert skip.reason == "bad-id"
    assert "id is {'a': 1}; must be a string or a number" in skip.detail


@pytest.mark.parametrize("value", ["null", '""', '"  "'])
def test_an_empty_id_is_replaced_by_the_texts_hash(tmp_path: Path, value: str) -> None:
    (article,) = read(tmp_path, f'{{"id": {value}, "text": "Words."}}'.encode())
    assert isinstance(article, Article)
    assert article.id.startswith("sha256-")


@pytest.mark.parametrize("value", ["soon", "03/04/2024", "2024-13-45", "Tuesday", {"year": 2024}, True])
def test_a_bad_date_is_none_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, value: object
) -> None:
    with caplog.at_level(logging.WARNING):
        article = read_one(tmp_path, {"text": "Words.", "date": value})
    assert article.published is None
    assert f"{article.source}: date {value!r} isn't one; left out, must be like 2024-08-15" in caplog.messages


def test_an_odd_title_is_left_out_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    article = read_one(tmp_path, {"text": "Words.", "title": {"en": "T"}})
    assert article.title is None
    assert f"{article.source}: title is {{'en': 'T'}}; left out, must be a string" in caplog.messages


def test_lists_in_lists_are_one_line_however_deep_they_are(tmp_path: Path) -> None:
    deep = "[" * 900 + '"Ada Holt", ["Karim Safi"]' + "]" * 900
    (article,) = read(tmp_path, f'{{"text": "Words.", "author": {deep}}}'.encode())
    assert isinstance(article, Article)
    assert article.author == "Ada Holt; Karim Safi"


def test_one_line_in_latin_1_among_utf_8_lines_is_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = "Le président a déclaré que la réforme n'était pas négociable, dit l'élève. " * 2
    lines = [GOOD, '{"text": "Für uns alle."}'.encode(), f'{{"text": "{text}"}}'.encode("latin-1"), GOOD]
    found = read(tmp_path, *lines)
    assert isinstance(found[2], Article)
    assert found[2].text == text
    assert f"{tmp_path / 'news.jsonl'}:3: not UTF-8, read as cp1252" in caplog.messages


def test_a_damaged_utf_8_line_is_not_guessed_at(tmp_path: Path) -> None:
    skip = read_bad(tmp_path, '{"text": "Für ü'.encode() + b'\xff\xc3 uns"}')
    assert skip.reason == "encoding"
    assert "save it as UTF-8" in skip.detail


def test_half_a_character_is_replaced_at_its_place_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (article,) = read(tmp_path, b'{"text": "One \\ud83d two \\ud83d\\ude42 three."}')
    assert isinstance(article, Article)
    assert article.text == "One \ufffd two 🙂 three."
    assert "1 halves of characters in the text replaced by U+FFFD" in caplog.text


def test_blank_lines_are_no_articles_but_are_counted(tmp_path: Path) -> None:
    (article,) = read(tmp_path, b"", b"  ", GOOD, b"")
    assert article.source.endswith(":3")


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (article,) = read(tmp_path, b"\xef\xbb\xbf" + GOOD)
    assert isinstance(article, Article)


def test_utf_16_lines_are_read(tmp_path: Path) -> None:
    (tmp_path / "news.jsonl").write_text('{"text": "Für uns."}\n{"text": "آب"}\n', encoding="utf-16")
    found = list(JsonLinesReader().read(tmp_path / "news.jsonl"))
    assert [article.text for article in found if isinstance(article, Article)] == ["Für uns.", "آب"]
