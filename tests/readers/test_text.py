from __future__ import annotations

import gzip
import logging
from pathlib import Path

import pytest

from stancewire.readers.archive import read_articles
from stancewire.readers.text import TextReader
from stancewire.types import Article, Skip

FRENCH = (
    "Le président a déclaré que la réforme n’était pas négociable. Les élèves ont manifesté à Genève. " * 3
)
ENGLISH = "The minister met the mayor of São Paulo on Tuesday and said that the talks would go on. " * 3
ARABIC = "قال الرئيس إن المحادثات ستستمر في كابول يوم الثلاثاء. "


def read(tmp_path: Path, data: bytes, name: str = "a.txt") -> Article | Skip:
    (tmp_path / name).write_bytes(data)
    (found,) = TextReader().read(tmp_path / name)
    return found


def read_article(tmp_path: Path, data: bytes, name: str = "a.txt") -> Article:
    found = read(tmp_path, data, name)
    assert isinstance(found, Article), found
    return found


def read_skip(tmp_path: Path, data: bytes, name: str = "a.txt") -> Skip:
    """Read a bad file and a good one after it, which must be read all the same."""
    (tmp_path / name).write_bytes(data)
    (tmp_path / "z.txt").write_text("A good article.")
    skip, article = read_articles([str(tmp_path / name), str(tmp_path / "z.txt")])
    assert isinstance(skip, Skip)
    assert isinstance(article, Article)
    assert skip.detail.startswith(f"{tmp_path / name}: ")
    return skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_in_unicode_is_read_without_its_mark(tmp_path: Path, encoding: str) -> None:
    assert read_article(tmp_path, FRENCH.encode(encoding)).text == FRENCH


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(FRENCH, "cp1252"), (ENGLISH, "latin-1"), (ARABIC, "cp1256")],
)
def test_an_older_encoding_is_recognised_and_named_in_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str, encoding: str
) -> None:
    with caplog.at_level(logging.WARNING):
        assert read_article(tmp_path, text.encode(encoding)).text == text
    expected = encoding.replace("latin-1", "cp1252")
    assert f"{tmp_path / 'a.txt'}: not UTF-8, read as {expected}" in caplog.messages


def test_bytes_in_no_clear_encoding_are_a_named_failure(tmp_path: Path) -> None:
    noise = bytes((i * 73 + i * i * 7) % 251 + 1 for i in range(400))
    skip = read_skip(tmp_path, noise)
    assert skip.reason == "encoding"
    assert "no other encoding fits clearly; save it as UTF-8" in skip.detail


def test_an_odd_utf_16_file_is_a_named_failure(tmp_path: Path) -> None:
    skip = read_skip(tmp_path, "Words".encode("utf-16")[:-1])
    assert skip.reason == "encoding"
    assert "its byte order mark says UTF-16, its bytes don't" in skip.detail


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7 ...", "looks like a PDF; must be text"),
        (b"PK\x03\x04 ...", "looks like a ZIP or Office file"),
        (b"\x89PNG\r\n", "looks like a PNG image"),
        (gzip.compress(b"text"), "looks like gzip (its name must then end in .gz)"),
        (b"Some words\x00and more", "looks like binary (a NUL byte at 10)"),
    ],
)
def test_a_binary_file_is_named_for_what_it_is(tmp_path: Path, data: bytes, words: str) -> None:
    skip = read_skip(tmp_path, data)
    assert skip.reason == "binary"
    assert words in skip.detail


@pytest.mark.parametrize("text", ["", " \n\t \n", "\ufeff", "\u00a0\n"])
def test_a_file_without_words_is_empty(tmp_path: Path, text: str) -> None:
    skip = read_skip(tmp_path, text.encode())
    assert skip.reason == "empty"
    assert "text is empty; must hold at least a word" in skip.detail


def test_only_windows_line_ends_are_changed(tmp_path: Path) -> None:
    text = "  One\r\n\r\nTwo\rThree \u2028 Four\t\n\n\nFive  "
    assert read_article(tmp_path, text.encode()).text == text.replace("\r\n", "\n")


def test_offsets_hold_with_emoji_combining_and_right_to_left_characters(tmp_path: Path) -> None:
    text = "Cafe\u0301 👩‍🌾 said: «آب حق ماست» — e\u0301 ﬁn. \u200fשלום\u200f 🇦🇫."
    article = read_article(tmp_path, text.encode())
    assert article.text == text
    start = text.index("آب")
    assert article.text[start : start + len("آب حق ماست")] == "آب حق ماست"


def test_a_right_to_left_text_is_all_prose(tmp_path: Path) -> None:
    article = read_article(tmp_path, (ARABIC * 5).encode())
    assert (article.body_start, article.title, article.outlet) == (0, None, None)


def test_five_megabytes_are_read_whole(tmp_path: Path) -> None:
    text = "The council met again and agreed on nothing. " * 115_000
    assert len(text) > 5_000_000
    article = read_article(tmp_path, text.encode())
    assert article.text == text
    assert article.body_start == 0


def test_text_without_sentences_is_an_article(tmp_path: Path) -> None:
    article = read_article(tmp_path, b"water treaty council herat")
    assert (article.title, article.body_start) == (None, 0)


def test_a_packed_text_is_unpacked(tmp_path: Path) -> None:
    assert read_article(tmp_path, gzip.compress(b"An article."), "a.txt.gz").text == "An article."


def test_a_short_first_line_before_a_blank_one_is_the_title(tmp_path: Path) -> None:
    article = read_article(tmp_path, b"Council weighs treaty\r\n\r\nThe council met on Monday.")
    assert article.title == "Council weighs treaty"
    assert article.text == "Council weighs treaty\n\nThe council met on Monday."
    assert article.text[article.body_start :] == "The council met on Monday."


def test_the_seed_article_has_its_title_outlet_and_prose_found(shared: Path, seed_text: str) -> None:
    (article,) = read_articles([str(shared / "seed" / "hasht-e-subh.txt")])
    assert isinstance(article, Article)
    assert article.text == seed_text
    assert article.title == seed_text.split("\n")[0]
    assert article.outlet == "Hasht-e-Subh"
    assert article.text[article.body_start :].startswith("The anti-Taliban sphere")


def test_a_title_is_one_line_whatever_divides_it(tmp_path: Path) -> None:
    article = read_article(tmp_path, b"Council\x0b meets\n\nThe council met.")
    assert article.title == "Council meets"
    assert article.text[article.body_start :] == "The council met."


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_a_file_of_more_than_an_article_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    from stancewire.readers import decoding

    monkeypatch.setattr(decoding, "LARGEST_FILE", 2**20)
    pack = gzip.compress if name.endswith(".gz") else bytes
    assert read_article(tmp_path, pack(b"a " * 2**19), name)
    skip = read_skip(tmp_path, pack(b"a " * 2**19 + b"!"), name)
    assert skip.reason == "too-large"
    assert "more than 1 MB, unpacked; such a file holds one article: put many into a .jsonl" in skip.detail
