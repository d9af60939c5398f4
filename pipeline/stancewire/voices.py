"""Whose words the author's text is: where the author speaks, and where others do."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from stancewire.types import Article, Attribution, Reading, Span

# The share of sentences with words of others from which an article without a genre is a report. With the shipped
# tagger it is .19 to .43 in 5 op-eds, 2 editorials and the Hasht-e-Subh piece, .33 to .83 in 7 reports (2 of them up to
# .45) and .47 to .96 in the coded real articles. Rules find fewer words of others, so with them more reports pass.
REPORT_SHARE = 0.45
IMPERSONAL = ("report", "wire", "news", "interview")
FIRST_PERSON = frozenset({"i", "we"})
MARKS = re.compile('[“”„«»"]')
CLOSED_BY = {"“": "”", "„": "“", "«": "»", '"': '"'}


def has_own_voice(reading: Reading) -> bool:
    """Say whether the author may speak for themselves: not in a report, wire piece or interview.

    Where the genre isn't stated, an article in which others speak most of the time is taken for a report.
    """
    genre = reading.article.genre
    if genre is not None:
        return genre.lower() not in IMPERSONAL
    starts = [sentence.span.start for sentence in reading.sentences]
    reported: set[int] = set()
    for content in _of_others(reading.attributions, reading.article):
        first = max(0, bisect_right(starts, content.start) - 1)
        reported.update(range(first, bisect_right(starts, content.end - 1)))
    return len(reported) <= REPORT_SHARE * len(reading.sentences)


def is_mostly_authors(sentence: Span, said: Sequence[Attribution], article: Article) -> bool:
    """Say whether at least half of a sentence is the author's: "I have a word for those who believe that ..."."""
    others = sum(
        min(span.end, sentence.end) - max(span.start, sentence.start)
        for span in _of_others(said, article)
        if span.overlaps(sentence)
    )
    return 2 * others <= sentence.end - sentence.start


def is_authors(attribution: Attribution, article: Article) -> bool:
    """Say whether the author says it of themselves: "I believe that", outside of a quotation."""
    sources = {source.of(article.text).lower() for source in attribution.source}
    if not sources or not sources <= FIRST_PERSON or attribution.is_direct:
        return False
    return not any(_is_quoted(source, article.text) for source in attribution.source)


def _of_others(said: Sequence[Attribution], article: Article) -> list[Span]:
    return [span for each in said if not is_authors(each, article) for span in each.content]


def _is_quoted(span: Span, text: str) -> bool:
    """Say whether a quotation that began in the span's paragraph is still open there."""
    closing: str | None = None
    for mark in MARKS.findall(text, text.rfind("\n", 0, span.start) + 1, span.start):
        if closing is None:
            closing = CLOSED_BY.get(mark)
        elif mark == closing:
            closing = None
    return closing is not None
