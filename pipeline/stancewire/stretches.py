"""Which parts of a very long article are worth reading: its opening, and what stands around its topics, once.

A debate, a book chapter or a year's list of events may name a topic once in a hundred pages, and some archives hold
articles whose text was pasted in ten times over; to parse and attribute all of it takes as long as fifty articles. The
rest is blanked, not cut, so that every offset stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from stancewire.topics import compile_terms
from stancewire.types import Article, Span, Topic

LONG = (
    20_000  # characters: ten times the usual article; none of the coded and sample articles is half as long
)
OPENING = 4000  # characters: who is who, and what a title's topic carries on over
BEFORE = 1500
AFTER = 4000  # as far as a topic stays under discussion (passages.REACH): 12 sentences, of up to twice the usual length
TELLING = 25  # characters; shorter sentences ("Applause.") may be said again
_EDGE = re.compile(r"(?<=[.!?])\s|\n")
_EDGE_REACH = 500  # characters in which a stretch looks for the end of a sentence to begin or end at


def shorten(article: Article, topics: Sequence[Topic]) -> tuple[Article, int]:
    """Return the article with blanks for what is not worth reading if it is long, and how many characters that is."""
    if len(article.text) <= LONG:
        return article, 0
    parts: list[str] = []
    place = kept = 0
    for stretch in _stretches(article, topics):
        parts += [_blanks(stretch.start - place), stretch.of(article.text)]
        place = stretch.end
        kept += stretch.end - stretch.start
    text = "".join([*parts, _blanks(len(article.text) - place)])
    return replace(article, text=text), len(text) - kept


def _stretches(article: Article, topics: Sequence[Topic]) -> Iterator[Span]:
    """Yield the stretches worth reading, in order and apart from each other."""
    text = article.text
    new = _joined(_new_sentences(text))
    wide = [Span(start=0, end=_edge(text, article.body_start + OPENING))]
    for topic in topics:
        for hit in compile_terms(topic).finditer(text):
            if any(span.start <= hit.start() < span.end for span in new):
                wide.append(Span(start=_edge(text, hit.start() - BEFORE), end=_edge(text, hit.end() + AFTER)))
    for stretch in _joined(wide):
        for span in new:
            if span.overlaps(stretch):
                yield Span(start=max(span.start, stretch.start), end=min(span.end, stretch.end))


def _new_sentences(text: str) -> Iterator[Span]:
    """Yield the sentences that say what none before says word for word, and all short ones."""
    seen: set[str] = set()
    place = 0
    for end in [*(match.end() for match in _EDGE.finditer(text)), len(text)]:
        said = " ".join(text[place:end].split())
        if len(said) < TELLING or said not in seen:
            yield Span(start=place, end=end)
        seen.add(said)
        place = end


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(start=joined[-1].start, end=max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _edge(text: str, place: int) -> int:
    """Return where a sentence or line begins at or after `place`, or `place` where none does for long."""
    place = min(max(0, place), len(text))
    found = _EDGE.search(text, place, place + _EDGE_REACH) if 0 < place < len(text) else None
    return found.end() if found else place


def _blanks(length: int) -> str:
    """Return blanks that keep what stands before and after them apart."""
    return "\n\n".ljust(length)[:length] if length else ""
