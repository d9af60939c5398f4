"""The questions that a run would ask about articles, with its answers, and who is named in each question's text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stancewire.extract import ArticleResult, Pipeline, as_query, extract_chunk
from stancewire.fingerprint import key_of
from stancewire.passages import questions
from stancewire.recall import NoRecall
from stancewire.stance.pairs import StanceQuery, find_words
from stancewire.types import Article, Mention, Question, Reading, Skip, Span, Weights

Slot = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Words of a question's text that name somebody or point back to them; `span` counts in that text."""

    span: Span
    mention: Mention


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question as it is put to the classifier, with its answer and who is named in its text."""

    question: Question
    query: StanceQuery
    weights: Weights
    named: tuple[Named, ...]

    @property
    def article(self) -> Article:
        """Return the article that the question is about."""
        return self.question.passage.article

    @property
    def slot(self) -> Slot:
        """Return what tells the record that the answer goes into: article, topic, holder."""
        holder = self.question.holder
        actor = holder.actor if holder else None
        who = (actor.id or f"{actor.kind}:{actor.name.casefold()}") if actor else "author"
        return self.article.id, self.question.passage.topic.id, who


def ask(batch: Sequence[Article | Skip], pipeline: Pipeline) -> tuple[list[Asked], list[ArticleResult]]:
    """Return every question about the articles, and what a run makes of each article.

    The articles go through the pipeline itself; its readings and answers are caught on their way.
    """
    kept = _Kept()
    results = extract_chunk(batch, pipeline, recall=kept)
    return [one for reading in kept.readings for one in _asked(reading, pipeline, kept)], results


class _Kept(NoRecall):
    """Keeps what a run reads and answers on its way to records."""

    def __init__(self) -> None:
        self.readings: list[Reading] = []
        self.weights: dict[bytes, Weights] = {}

    def keep_reading(self, reading: Reading) -> None:
        """Keep a reading."""
        self.readings.append(reading)

    def keep_answers(self, answers: dict[bytes, Weights]) -> None:
        """Keep answers."""
        self.weights |= answers


def _asked(reading: Reading, pipeline: Pipeline, kept: _Kept) -> Iterator[Asked]:
    for question in questions(reading, pipeline.codebook):
        query = as_query(question)
        weights = kept.weights[key_of(query, made_by=pipeline.fingerprint.answers)]
        named = tuple(_named(question, reading))
        yield Asked(question=question, query=query, weights=weights, named=named)


def _named(question: Question, reading: Reading) -> Iterator[Named]:
    """Yield who is named in a question's text: in what raised its topic, then in its context."""
    passage = question.passage
    raised = f"{passage.raised} " if passage.raised else ""
    parts = [(passage.context, len(raised))]
    if raised and passage.raised_at:
        parts.insert(0, (passage.raised_at, 0))
    for part, place in parts:
        for mention in reading.mentions:
            if part.covers(mention.span):
                shift = place - part.start
                span = Span(start=mention.span.start + shift, end=mention.span.end + shift)
                yield Named(span=span, mention=mention)
    if raised and passage.raised_at is None:
        yield from _in_title(passage.raised or "", reading)


def _in_title(title: str, reading: Reading) -> Iterator[Named]:
    """Yield the names in a headline, which no stage reads: where the article's text has the same words."""
    seen: set[str] = set()
    for mention in reading.mentions:
        if mention.is_reference or mention.text in seen:
            continue
        seen.add(mention.text)
        if (span := find_words(mention.text, title)) is not None:
            yield Named(span=span, mention=replace(mention, span=span))
