"""Puts other words into a question's text, and keeps the place of the holder's mention right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from stancewire.stance.pairs import StanceQuery
from stancewire.types import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """Words to put in the place of a span of a question's text."""

    span: Span
    words: str


def rewrite(
    query: StanceQuery, replacements: Sequence[Replacement], *, holder: str | None = None
) -> StanceQuery:
    """Return the question with spans of its text replaced; of two that overlap the longer one counts.

    `holder` is what the holder is called from now on where the text doesn't have the mention; where the mention is
    replaced, its new words are the holder. A replacement that cuts into the mention is left out.
    """
    chosen = _apart([each for each in replacements if not _cuts(each.span, query.mention)])
    text = query.text
    for each in reversed(chosen):
        text = text[: each.span.start] + each.words + text[each.span.end :]
    if query.mention is None:
        return replace(query, text=text, holder=holder or query.holder)
    mention = _moved(query.mention, chosen)
    is_renamed = any(query.mention.covers(each.span) for each in chosen)
    return replace(query, text=text, mention=mention, holder=mention.of(text) if is_renamed else query.holder)


def _cuts(span: Span, mention: Span | None) -> bool:
    return mention is not None and span.overlaps(mention) and not mention.covers(span)


def _apart(replacements: Sequence[Replacement]) -> list[Replacement]:
    """Return replacements that don't overlap, in text order."""
    kept: list[Replacement] = []
    for each in sorted(replacements, key=lambda one: (one.span.start - one.span.end, one.span.start)):
        if not any(each.span.overlaps(other.span) for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda one: one.span.start)


def _moved(mention: Span, chosen: Sequence[Replacement]) -> Span:
    start, end = mention.start, mention.end
    for each in chosen:
        grown = len(each.words) - (each.span.end - each.span.start)
        if each.span.end <= mention.start:
            start, end = start + grown, end + grown
        elif mention.covers(each.span):
            end += grown
    return Span(start=start, end=end)
