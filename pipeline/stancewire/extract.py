"""Wires the stages in memory: articles in, stance records out, one result an article.

    Article --entities--> Reading --attribution--> Reading --passages--> Question*
            --stance--> Judgement* --aggregate--> StanceRecord*

Articles go through in chunks: one call of the classifier judges the questions of all articles of a chunk, so that
its batches are full and evenly long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from stancewire.aggregate import AggregationRule, Provenance, aggregate
from stancewire.attribution.models import open_attributor
from stancewire.entities.actors import ActorRegistry
from stancewire.passages import asks_anything, questions
from stancewire.registry import load
from stancewire.resources import resource
from stancewire.settings import Settings
from stancewire.stage_clock import StageClock
from stancewire.stages import Attributor, Recognizer
from stancewire.stance.models import QueryClassifier, judge, open_classifier
from stancewire.stance.pairs import StanceQuery
from stancewire.types import (
    Article,
    Codebook,
    Judgement,
    LedgerEntry,
    Outcome,
    Question,
    Reading,
    Skip,
    Span,
    StanceRecord,
)
from stancewire.writers.rows import check_evidence

NO_TOPIC = "no-topic"  # done without records: no topic of the codebook is named in the article


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """The loaded parts of a run; costly to make, cheap to use again."""

    recognizer: Recognizer
    attributor: Attributor
    classifier: QueryClassifier
    codebook: Codebook
    rule: AggregationRule


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleResult:
    """What came of one article: its records, or why there are none."""

    entry: LedgerEntry
    article: Article | None = None
    records: tuple[StanceRecord, ...] = ()


def open_pipeline(codebook: Codebook, settings: Settings) -> Pipeline:
    """Load the models and registries that `settings` name."""
    return Pipeline(
        recognizer=load("recognizers", settings.recognizer)(
            model=settings.spacy_model, registry=_registry(settings)
        ),
        attributor=open_attributor(settings.attributor, threads=settings.threads),
        classifier=open_classifier(settings.model, batch_size=settings.batch_pairs, threads=settings.threads),
        codebook=codebook,
        rule=AggregationRule(confidence=settings.confidence, evidence=settings.evidence),
    )


def _registry(settings: Settings) -> ActorRegistry:
    """Load the actor files that the settings name; none named means all that ship."""
    if not settings.actors:
        return ActorRegistry.load(sorted(resource("configs/actors").glob("*.toml")))
    return ActorRegistry.load([_actor_file(name) for name in settings.actors])


def _actor_file(name: str) -> Path:
    return Path(name) if name.endswith(".toml") else resource(f"configs/actors/{name}.toml")


def extract(
    articles: Iterable[Article | Skip],
    pipeline: Pipeline,
    *,
    run_id: str,
    chunk: int = 64,
    clock: StageClock | None = None,
) -> Iterator[ArticleResult]:
    """Yield the result of each article, in order; `chunk` articles are judged together."""
    clock = clock or StageClock()
    waiting = iter(articles)
    while True:
        with clock.time("read"):
            batch = list(islice(waiting, chunk))
        if not batch:
            return
        yield from _extract_chunk(batch, pipeline, run_id, clock)


def _extract_chunk(
    batch: Sequence[Article | Skip], pipeline: Pipeline, run_id: str, clock: StageClock
) -> Iterator[ArticleResult]:
    topics = pipeline.codebook.topics
    with clock.time("topics"):
        asked = [item for item in batch if isinstance(item, Article) and asks_anything(item, topics)]
    with clock.time("entities"):
        readings = list(pipeline.recognizer.read(asked))
    with clock.time("attribution"):
        readings = list(_attributed(readings, pipeline.attributor))
    with clock.time("passages"):
        found = [list(questions(reading, pipeline.codebook)) for reading in readings]
    with clock.time("stance"):
        judgements = _judged(found, pipeline.classifier)
    clock.count("questions", sum(map(len, found)))
    by_id = dict(zip((article.id for article in asked), judgements, strict=True))
    provenance = Provenance(model=pipeline.classifier.name, codebook=pipeline.codebook.name, run_id=run_id)
    for item in batch:
        if isinstance(item, Skip):
            yield _skipped(item)
        else:
            yield _done(item, by_id.get(item.id), provenance, pipeline.rule)


def _attributed(readings: Sequence[Reading], attributor: Attributor) -> Iterator[Reading]:
    texts = [reading.article.text for reading in readings]
    for reading, attributions in zip(readings, attributor.attribute(texts), strict=True):
        yield replace(reading, attributions=attributions)


def _judged(found: Sequence[Sequence[Question]], classifier: QueryClassifier) -> list[list[Judgement]]:
    weights = judge((as_query(question) for batch in found for question in batch), classifier)
    return [[Judgement(question=question, weights=next(weights)) for question in batch] for batch in found]


def as_query(question: Question) -> StanceQuery:
    """Return the question as the classifier takes it: the context's text, offsets counted from its start."""
    passage, holder = question.passage, question.holder
    mention = None
    raised = f"{passage.raised} " if passage.raised else ""
    if holder and passage.context.covers(holder.span):
        start = passage.context.start - len(raised)
        mention = Span(start=holder.span.start - start, end=holder.span.end - start)
    return StanceQuery(
        text=raised + passage.context.of(passage.article.text),
        topic=passage.topic.claim,
        holder=holder.text if holder else None,
        mention=mention,
        is_carried=passage.is_carried,
    )


def _done(
    article: Article, judgements: Sequence[Judgement] | None, provenance: Provenance, rule: AggregationRule
) -> ArticleResult:
    records = tuple(aggregate(judgements or (), provenance=provenance, rule=rule))
    for record in records:
        check_evidence(record, article.text)
    entry = LedgerEntry(
        source=article.source,
        outcome=Outcome.DONE,
        article_id=article.id,
        records=len(records),
        reason=NO_TOPIC if judgements is None else None,
        counts={"questions": len(judgements or ())},
    )
    return ArticleResult(entry=entry, article=article, records=records)


def _skipped(skip: Skip) -> ArticleResult:
    entry = LedgerEntry(
        source=skip.source,
        outcome=skip.outcome,
        article_id=skip.article_id,
        reason=skip.reason,
        detail=skip.detail,
    )
    return ArticleResult(entry=entry)
