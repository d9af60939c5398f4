"""Wires the stages in memory: articles in, stance records out, one result an article.

    Article --entities--> Reading --attribution--> Reading --passages--> Question*
            --stance--> Judgement* --aggregate--> StanceRecord*

Articles go through in chunks: one call of the classifier judges the questions of all articles of a chunk, so that
its batches are full and evenly long.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain, islice
from pathlib import Path

from stancewire.aggregate import AggregationRule, Provenance, aggregate
from stancewire.attribution.models import open_attributor
from stancewire.entities.actors import ActorRegistry
from stancewire.fingerprint import Fingerprint, files_digest, key_of, take_fingerprint
from stancewire.languages import language_of, unknown_language
from stancewire.model_folders import find_model
from stancewire.passages import asks_anything, questions
from stancewire.recall import NoRecall, Recall
from stancewire.registry import load
from stancewire.resources import resource
from stancewire.settings import Settings
from stancewire.stage_clock import StageClock
from stancewire.stages import Attributor, Recognizer
from stancewire.stance.models import QueryClassifier, judge, open_classifier
from stancewire.stance.pairs import StanceQuery
from stancewire.stretches import shorten
from stancewire.types import (
    IN_TEXT,
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
SHIPPED = {"tagger": "attribution"}  # attributors by the folder in models/ that is theirs
_BACKEND = re.compile("^(onnx|torch|nli):")
LEFT_OUT = "characters_left_out"  # count: of a very long article, far from its topics
FOREIGN = "language"  # skipped: the article is in a language that the models don't know


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """The loaded parts of a run; costly to make, cheap to use again."""

    recognizer: Recognizer
    attributor: Attributor
    classifier: QueryClassifier
    codebook: Codebook
    rule: AggregationRule
    languages: tuple[str, ...]  # that the models know, as ISO 639-1 codes
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleResult:
    """What came of one article: its records, or why there are none."""

    entry: LedgerEntry
    article: Article | None = None
    records: tuple[StanceRecord, ...] = ()


def open_pipeline(codebook: Codebook, settings: Settings, *, threads: int | None = None) -> Pipeline:
    """Load the models and registries that `settings` name; `threads` for the models, if not all cores of the run."""
    threads = settings.workers if threads is None else threads
    files = actor_files(settings)
    recognizer: Recognizer = load("recognizers", settings.recognizer)(
        model=settings.spacy_model, registry=ActorRegistry.load(files)
    )
    attributor = open_attributor(settings.attributor, threads=threads)
    classifier = open_classifier(settings.model, batch_size=settings.batch_pairs, threads=threads)
    rule = AggregationRule(confidence=settings.confidence, evidence=settings.evidence)
    return Pipeline(
        recognizer=recognizer,
        attributor=attributor,
        classifier=classifier,
        codebook=codebook,
        rule=rule,
        languages=settings.languages,
        fingerprint=take_fingerprint(
            reading_by={
                "recognizer": [recognizer.name, files_digest(_files_in(settings.spacy_model))],
                "attributor": [attributor.name, files_digest(_descriptions(settings.attributor))],
                "actors": files_digest(files),
            },
            answers_by={"classifier": [classifier.name, files_digest(_descriptions(settings.model))]},
            records_by={
                "codebook": codebook.name,
                "rule": asdict(rule),
                "languages": sorted(settings.languages),
            },
        ),
    )


def _descriptions(models: str) -> list[Path]:
    """Return the files beside the weights of "small+base", say: calibration, wording and tokenizer count, too."""
    names = [models] if Path(models).exists() else models.split("+")
    folders = [find_model(SHIPPED.get(name, _BACKEND.sub("", name))) for name in names]
    return [path for folder in folders if folder for path in sorted(folder.glob("*.json"))]


def _files_in(model: str) -> list[Path]:
    """Return the files of a spaCy pipeline that is a folder, which may change under the same name and version."""
    return sorted(path for path in Path(model).rglob("*") if path.is_file()) if Path(model).is_dir() else []


def actor_files(settings: Settings) -> list[Path]:
    """Return the actor files that the settings name; none named means all that ship."""
    if not settings.actors:
        return sorted(resource("configs/actors").glob("*.toml"))
    return [
        Path(name) if name.endswith(".toml") else resource(f"configs/actors/{name}.toml")
        for name in settings.actors
    ]


def extract(
    articles: Iterable[Article | Skip],
    pipeline: Pipeline,
    *,
    run_id: str | None = None,
    chunk: int = 64,
    clock: StageClock | None = None,
) -> Iterator[ArticleResult]:
    """Yield the result of each article, in order; `chunk` articles are judged together.

    `run_id` is what records carry; None: a hash of all that the pipeline is made of.
    """
    clock = clock or StageClock()
    waiting = iter(articles)
    while True:
        with clock.time("read"):
            batch = list(islice(waiting, chunk))
        if not batch:
            return
        yield from extract_chunk(batch, pipeline, run_id=run_id, clock=clock)


def extract_chunk(
    batch: Sequence[Article | Skip],
    pipeline: Pipeline,
    *,
    run_id: str | None = None,
    clock: StageClock | None = None,
    recall: Recall | None = None,
) -> list[ArticleResult]:
    """Return the result of each article, in order, judged together; what `recall` knows is not worked out again."""
    clock, recall = clock or StageClock(), recall or NoRecall()
    with clock.time("topics"):
        places = [place for place, item in enumerate(batch) if _names_topic(item, pipeline.codebook)]
    with clock.time("language"):
        items = list(batch)
        for place in places:
            items[place] = _in_known_language(batch[place], pipeline.languages)
    asked = {place: item for place in places if isinstance(item := items[place], Article)}
    shortened = {place: shorten(article, pipeline.codebook.topics) for place, article in asked.items()}
    read = _read([article for article, _ in shortened.values()], pipeline, clock, recall)
    readings = [
        replace(reading, article=article) for reading, article in zip(read, asked.values(), strict=True)
    ]
    with clock.time("passages"):
        found = [list(questions(reading, pipeline.codebook)) for reading in readings]
    with clock.time("stance"):
        judgements = dict(zip(asked, _judged(found, pipeline, recall), strict=True))
    clock.count("questions", sum(map(len, found)))
    provenance = Provenance(
        model=pipeline.classifier.name,
        codebook=pipeline.codebook.name,
        run_id=run_id or pipeline.fingerprint.run_id,
    )
    with clock.time("records"):
        return [
            _skipped(item)
            if isinstance(item, Skip)
            else _done(
                item,
                judgements.get(place),
                provenance,
                pipeline.rule,
                left_out=shortened[place][1] if place in shortened else 0,
            )
            for place, item in enumerate(items)
        ]


def _names_topic(item: Article | Skip, codebook: Codebook) -> bool:
    return isinstance(item, Article) and asks_anything(item, codebook.topics)


def _in_known_language(item: Article | Skip, languages: Collection[str]) -> Article | Skip:
    """Return an article with the language that its records carry, or a Skip if none of the models can read it."""
    if isinstance(item, Skip):
        return item
    language = language_of(item)
    said = unknown_language(language, languages) if languages else None
    origins = item.origins
    if language.stated is None and language.detected is not None:
        origins = replace(origins, language=IN_TEXT)
    if said is None:
        return replace(item, language=language.recorded, origins=origins)
    return Skip(
        source=item.source,
        reason=FOREIGN,
        detail=f"{item.source}: left out: {said}",
        outcome=Outcome.SKIPPED,
        article_id=item.id,
        origins=origins,
    )


def _read(
    articles: Sequence[Article], pipeline: Pipeline, clock: StageClock, recall: Recall
) -> list[Reading]:
    """Return each article's reading, those that `recall` doesn't know made now."""
    readings = [recall.reading(article) for article in articles]
    new = [article for article, reading in zip(articles, readings, strict=True) if reading is None]
    with clock.time("entities"):
        made = list(pipeline.recognizer.read(new))
    with clock.time("attribution"):
        made = list(_attributed(made, pipeline.attributor))
    for reading in made:
        recall.keep_reading(reading)
    rest = iter(made)
    return [reading or next(rest) for reading in readings]


def _attributed(readings: Sequence[Reading], attributor: Attributor) -> Iterator[Reading]:
    texts = [reading.article.text for reading in readings]
    for reading, attributions in zip(readings, attributor.attribute(texts), strict=True):
        yield replace(reading, attributions=attributions)


def _judged(found: Sequence[Sequence[Question]], pipeline: Pipeline, recall: Recall) -> list[list[Judgement]]:
    """Return the answer to each question; the same question, in a copy of a story say, is judged once."""
    queries = [[as_query(question) for question in some] for some in found]
    keys = [[key_of(query, made_by=pipeline.fingerprint.answers) for query in some] for some in queries]
    asked = dict(zip(chain.from_iterable(keys), chain.from_iterable(queries), strict=True))
    answers = recall.answers(list(asked))
    new = {key: query for key, query in asked.items() if key not in answers}
    made = dict(zip(new, judge(new.values(), pipeline.classifier), strict=True))
    recall.keep_answers(made)
    answers |= made
    return [
        [
            Judgement(question=question, weights=answers[key])
            for question, key in zip(some, place, strict=True)
        ]
        for some, place in zip(found, keys, strict=True)
    ]


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
    article: Article,
    judgements: Sequence[Judgement] | None,
    provenance: Provenance,
    rule: AggregationRule,
    *,
    left_out: int,
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
        counts={"questions": len(judgements or ())} | ({LEFT_OUT: left_out} if left_out else {}),
        origins=article.origins,
    )
    return ArticleResult(entry=entry, article=article, records=records)


def _skipped(skip: Skip) -> ArticleResult:
    entry = LedgerEntry(
        source=skip.source,
        outcome=skip.outcome,
        article_id=skip.article_id,
        reason=skip.reason,
        detail=skip.detail,
        origins=skip.origins,
    )
    return ArticleResult(entry=entry)
