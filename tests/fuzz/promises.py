"""What holds for whatever a reader is given: it raises nothing, and all that it yields is whole."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from pathlib import Path

from stancewire.readers.archive import read_articles
from stancewire.types import Article, Skip


def read(data: bytes, *, path: Path) -> list[Article | Skip]:
    """Return what a file of these bytes is read as, checked."""
    path.write_bytes(data)
    return checked(read_articles([str(path)]), place=shown(path))


def checked(found: Iterable[Article | Skip], *, place: str) -> list[Article | Skip]:
    """Return what was found, where each piece is whole and names its place; AssertionError says what isn't."""
    everything = list(found)
    assert everything, "what was given has left no trace"
    for each in everything:
        assert each.source.startswith(place), f"{each.source!r} is not in {place!r}"
        if isinstance(each, Article):
            check_article(each)
        else:
            check_skip(each)
    return everything


def check_article(article: Article) -> None:
    """Raise AssertionError for an article that a later stage could stumble over."""
    for field in fields(article):
        value = getattr(article, field.name)
        if isinstance(value, str):
            value.encode()  # half a character has no UTF-8
    assert article.text.strip()
    assert "\r\n" not in article.text
    assert article.id.strip()
    assert 0 <= article.body_start < len(article.text)
    assert article.published is None or type(article.published) is date
    for words in (article.source, article.title, article.outlet, article.author, article.url, article.genre):
        assert words is None or is_line(words), repr(words)


def check_skip(skip: Skip) -> None:
    """Raise AssertionError for a skip that doesn't say where and why in one line."""
    assert skip.reason.strip()
    assert " " not in skip.reason
    assert skip.detail.startswith(skip.source), f"{skip.detail!r} doesn't name {skip.source!r}"
    assert is_line(skip.source), repr(skip.source)
    assert is_line(skip.detail), repr(skip.detail)
    (skip.detail + (skip.article_id or "")).encode()


def is_line(words: str) -> bool:
    """Say whether words stand on one line, whatever ends lines: a terminal's, a table's or Python's."""
    return bool(words.strip()) and words.splitlines() == [words]


def shown(path: Path) -> str:
    """Return a path as messages write it: what can't be written, and what would end the line, as an escape."""
    named = os.fspath(path).encode("utf-8", "backslashreplace").decode()
    return "".join(each if is_line(f"x{each}x") else repr(each)[1:-1] for each in named)
