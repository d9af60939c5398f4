"""Cuts an article into blocks that are parsed one by one: a line each, very long lines in parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stancewire.types import Article

# The parser takes about 1 GB for 100 000 characters in one piece; a line that long is a damaged page anyway.
MAX_BLOCK = 50_000
_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_SENTENCE_END = re.compile(r"[.!?؟۔][\"”’')]?\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A stretch of an article that starts at `start`; `paragraph` counts lines with words from 0."""

    start: int
    text: str
    paragraph: int


def split_blocks(article: Article, *, longest: int = MAX_BLOCK) -> list[Block]:
    """Return the lines of the article from `body_start` on, each cut into parts of at most `longest`."""
    blocks: list[Block] = []
    paragraph = -1
    for line in _LINE.finditer(article.text, article.body_start):
        if not line.group().strip():
            continue
        paragraph += 1
        for start, end in _cut(article.text, line.start(), line.end(), longest):
            blocks.append(Block(start=start, text=article.text[start:end], paragraph=paragraph))
    return blocks


def _cut(text: str, start: int, end: int, longest: int) -> Iterator[tuple[int, int]]:
    while end - start > longest:
        cut = _last_break(text, start, start + longest)
        yield start, cut
        start = cut
    yield start, end


def _last_break(text: str, start: int, limit: int) -> int:
    """Return where to cut: after a sentence in the second half, else after a space, else at `limit`."""
    half = start + (limit - start) // 2
    ends = [match.end() for match in _SENTENCE_END.finditer(text, half, limit)]
    if ends:
        return ends[-1]
    space = text.rfind(" ", half, limit)
    return space + 1 if space > 0 else limit
