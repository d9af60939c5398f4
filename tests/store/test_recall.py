"""Readings and answers from the store are what was put there, for the same text and the same models only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from stancewire.fingerprint import Fingerprint
from stancewire.store.recall import StoreRecall, StoreRows
from stancewire.store.run_store import RunStore
from stancewire.types import (
    Actor,
    Article,
    Attribution,
    HolderKind,
    Mention,
    Reading,
    Role,
    Sentence,
    Span,
    Weights,
)

MADE_BY = Fingerprint(run_id="run-1", readings=b"readings", answers=b"answers")
ARTICLE = Article(
    id="a1", text="Noori said: no.", source="s:1", title="No", published=date(2024, 5, 1), language="en"
)
NOORI = Span(start=0, end=5)
READING = Reading(
    article=ARTICLE,
    sentences=(Sentence(span=Span(start=0, end=15), index=0, paragraph=0),),
    mentions=(
        Mention(
            span=NOORI,
            text="Noori",
            actor=Actor(name="Laila Noori", kind=HolderKind.PERSON),
            role=Role.SUBJECT,
        ),
    ),
    attributions=(
        Attribution(
            source=(NOORI,),
            cue=(Span(start=6, end=10),),
            content=(Span(start=12, end=14),),
            is_direct=False,
            prompt=None,
        ),
    ),
)
SURE = Weights(favor=0.1, against=0.7, neutral=1 / 3, none=0.2 / 3)
WINDOWED = replace(SURE, window=Span(start=3, end=2**40))


def kept(folder: Path) -> None:
    """Write what a recall gathered into the store, as a run does."""
    recall = StoreRecall(None, MADE_BY)
    recall.keep_reading(READING)
    recall.keep_answers({b"one": SURE, b"two": WINDOWED})
    store = RunStore(folder)
    with store.transaction():
        store.save([], made_by=MADE_BY, readings=recall.new_readings, answers=recall.new_answers)
    store.close()


def test_reading_comes_back_whole(tmp_path: Path) -> None:
    kept(tmp_path)
    assert StoreRecall(StoreRows(tmp_path), MADE_BY).reading(ARTICLE) == READING


def test_reading_serves_a_copy_under_another_id(tmp_path: Path) -> None:
    kept(tmp_path)
    copy = replace(ARTICLE, id="a2", source="s:2", url="https://example.org/a2")
    assert StoreRecall(StoreRows(tmp_path), MADE_BY).reading(copy) == replace(READING, article=copy)


def test_reading_of_another_text_or_by_another_model_is_not_known(tmp_path: Path) -> None:
    kept(tmp_path)
    assert (
        StoreRecall(StoreRows(tmp_path), MADE_BY).reading(replace(ARTICLE, text="Noori said: yes.")) is None
    )
    assert StoreRecall(StoreRows(tmp_path), replace(MADE_BY, readings=b"others")).reading(ARTICLE) is None


def test_answers_come_back_to_the_last_bit(tmp_path: Path) -> None:
    kept(tmp_path)
    assert StoreRecall(StoreRows(tmp_path), MADE_BY).answers([b"one", b"two", b"three"]) == {
        b"one": SURE,
        b"two": WINDOWED,
    }


def test_more_answers_than_a_statement_takes_come_back(tmp_path: Path) -> None:
    keys = [str(number).encode() for number in range(2000)]
    recall = StoreRecall(None, MADE_BY)
    recall.keep_answers(dict.fromkeys(keys, SURE))
    store = RunStore(tmp_path)
    with store.transaction():
        store.save([], made_by=MADE_BY, readings={}, answers=recall.new_answers)
    store.close()
    assert len(StoreRecall(StoreRows(tmp_path), MADE_BY).answers(keys)) == 2000


def test_without_a_store_nothing_is_known() -> None:
    recall = StoreRecall(None, MADE_BY)
    assert recall.reading(ARTICLE) is None
    assert recall.answers([b"one"]) == {}
