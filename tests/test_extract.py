"""Articles to records in memory, with spaCy and the word-counting classifier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from stancewire.errors import ConfigError, ModelError
from stancewire.extract import ArticleResult, Pipeline, as_query, extract, open_pipeline
from stancewire.settings import Settings
from stancewire.stage_clock import StageClock
from stancewire.types import (
    Actor,
    Article,
    Codebook,
    HolderKind,
    Mention,
    Outcome,
    Passage,
    Question,
    Skip,
    Span,
    Stance,
    Topic,
    Voice,
)

FEDERALISM = Topic(
    id="federalism",
    name="Federalism",
    claim="Afghanistan should become a federal state.",
    terms=("federal*",),
)
BOOK = Codebook(id="test", version="1", topics=(FEDERALISM,), digest="0" * 64)
SETTINGS = Settings(model="lexicon")


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return open_pipeline(BOOK, SETTINGS)


def article(text: str, id_: str = "a") -> Article:
    return Article(id=id_, text=text, source=f"test:{id_}", genre="report")


def results(items: Iterable[Article | Skip], pipeline: Pipeline, *, chunk: int = 64) -> list[ArticleResult]:
    return list(extract(items, pipeline, run_id="r", chunk=chunk))


def question(text: str, context: str, holder: str | None) -> Question:
    start = text.index(context)
    span = Span(start=start, end=start + len(context))
    mention = None
    if holder:
        at = text.index(holder)
        mention = Mention(
            span=Span(start=at, end=at + len(holder)),
            text=holder,
            actor=Actor(name="Laila Noori", kind=HolderKind.PERSON),
        )
    passage = Passage(article=article(text), topic=FEDERALISM, focus=span, context=span, hits=())
    return Question(passage=passage, holder=mention, voice=Voice.REPORTED)


def test_query_counts_the_mention_from_the_start_of_the_context() -> None:
    text = "🙂 It rained. Then Noori rejected federalism. It stopped."
    query = as_query(question(text, "Then Noori rejected federalism.", "Noori"))
    assert query.text == "Then Noori rejected federalism."
    assert query.mention is not None
    assert query.mention.of(query.text) == query.holder == "Noori"
    assert query.topic == FEDERALISM.claim


def test_query_begins_with_the_words_that_raised_the_topic() -> None:
    asked = question("Federalism is debated. It rained. Noori walked out.", "Noori walked out.", "Noori")
    asked = replace(asked, passage=replace(asked.passage, raised="Federalism is debated."))
    query = as_query(asked)
    assert query.text == "Federalism is debated. Noori walked out."
    assert query.mention is not None
    assert query.mention.of(query.text) == "Noori"


def test_query_about_one_named_outside_the_context_has_no_place() -> None:
    query = as_query(question("Noori spoke. “Federalism divides us.”", "“Federalism divides us.”", "Noori"))
    assert (query.holder, query.mention) == ("Noori", None)


def test_query_about_the_author_names_nobody() -> None:
    query = as_query(question("Federalism divides us.", "Federalism divides us.", None))
    assert (query.holder, query.mention) == (None, None)


def test_stance_of_a_named_person_becomes_a_record(pipeline: Pipeline) -> None:
    text = "It rained in the valley. Laila Noori rejects federalism. The meeting went on."
    (result,) = results([article(text)], pipeline)
    assert [(record.holder, record.stance) for record in result.records] == [("Laila Noori", Stance.AGAINST)]
    (evidence,) = result.records[0].evidence
    assert text[evidence.start : evidence.end] == evidence.quote == "Laila Noori rejects federalism."
    assert (result.entry.outcome, result.entry.records, result.entry.reason) == (Outcome.DONE, 1, None)
    assert result.entry.counts["questions"] >= 1
    assert (result.records[0].model, result.records[0].codebook) == ("lexicon#1", BOOK.name)


def test_article_without_a_topic_is_done_and_says_so(pipeline: Pipeline) -> None:
    (result,) = results([article("Laila Noori rejects the dam.")], pipeline)
    assert (result.records, result.entry.outcome, result.entry.reason) == ((), Outcome.DONE, "no-topic")


def test_article_with_a_topic_and_nobodys_stance_is_done_without_a_reason(pipeline: Pipeline) -> None:
    (result,) = results([article("Federalism was discussed at length.")], pipeline)
    assert (result.records, result.entry.outcome, result.entry.reason) == ((), Outcome.DONE, None)


MIXED: list[Article | Skip] = [
    article("Laila Noori rejects federalism.", "a"),
    Skip(source="x:1", reason="bad-json", detail="x:1: not JSON"),
    article("It rained all day in the valley.", "b"),
    article("Karim Safi supports federalism. Laila Noori opposes a federal state.", "c"),
    Skip(source="x:2", reason="duplicate", detail="x:2: twice", outcome=Outcome.SKIPPED, article_id="a"),
    article("Karim Safi is undecided on federalism.", "d"),
]


@pytest.mark.parametrize("chunk", [1, 2, 5])
def test_results_are_the_same_and_in_order_for_every_chunk_size(pipeline: Pipeline, chunk: int) -> None:
    expected = results(MIXED, pipeline)
    assert results(MIXED, pipeline, chunk=chunk) == expected
    assert [result.entry.source for result in expected] == [item.source for item in MIXED]
    assert [len(result.records) for result in expected] == [1, 0, 0, 2, 0, 1]


def test_what_was_skipped_stands_in_its_place_with_its_reason(pipeline: Pipeline) -> None:
    failed, left_out = (result for result in results(MIXED, pipeline) if result.article is None)
    assert (failed.entry.outcome, failed.entry.reason, failed.entry.detail) == (
        Outcome.FAILED,
        "bad-json",
        "x:1: not JSON",
    )
    assert (left_out.entry.outcome, left_out.entry.article_id) == (Outcome.SKIPPED, "a")


def test_articles_are_taken_as_they_are_needed(pipeline: Pipeline) -> None:
    taken: list[str] = []

    def endless() -> Iterable[Article]:
        for number in range(10_000):
            taken.append(str(number))
            yield article("It rained.", str(number))

    found = extract(endless(), pipeline, run_id="r", chunk=3)
    next(iter(found))
    assert len(taken) == 3


def test_seconds_and_questions_are_counted(pipeline: Pipeline) -> None:
    clock = StageClock()
    found = list(extract(MIXED, pipeline, run_id="r", clock=clock))
    assert clock.counts["questions"] == sum(result.entry.counts.get("questions", 0) for result in found)
    assert {"read", "topics", "entities", "attribution", "passages", "stance"} <= clock.seconds.keys()


def test_nothing_in_gives_nothing_out(pipeline: Pipeline) -> None:
    assert results([], pipeline) == []


def test_unknown_parts_are_named() -> None:
    with pytest.raises(ConfigError, match="recognizers: nothing called 'stanza'; known: spacy"):
        open_pipeline(BOOK, replace(SETTINGS, recognizer="stanza"))
    with pytest.raises(ModelError, match="spaCy model 'no_such_model' can't be loaded"):
        open_pipeline(BOOK, replace(SETTINGS, spacy_model="no_such_model"))
    with pytest.raises(ConfigError, match=r"configs/actors/nowhere\.toml"):
        open_pipeline(BOOK, replace(SETTINGS, actors=("nowhere",)))
