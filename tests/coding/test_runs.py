"""A run's folder as a coding, in each version of its table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.review.runs import article, finish, two_articles

from stancewire.coding.runs import read_run, texts_of_run
from stancewire.review.decisions import Correct, Reject
from stancewire.review.reviewed import Version
from stancewire.review.store import ReviewStore
from stancewire.types import Stance


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return finish(tmp_path / "run", [*two_articles(), (article("a3", "Nothing of the kind."), ())])


def test_every_finished_article_is_coded_also_without_a_record(run: Path) -> None:
    coding = read_run(run, coder="run", version=Version.MACHINE)
    assert coding.articles == {"a1", "a2", "a3"}
    assert len(coding.records) == 3
    assert coding.topics == {"federalism", "negotiation"}
    assert coding.is_model


def test_the_words_used_in_the_text_are_a_name_of_the_holder(run: Path) -> None:
    assert read_run(run, coder="run", version=Version.MACHINE).records[0].aliases == ("Laila Noori",)


def test_what_people_say_is_partial_and_a_rejected_record_is_one_of_no_stance(run: Path) -> None:
    machine = list(read_run(run, coder="run", version=Version.MACHINE).records)
    _review(run)
    coding = read_run(run, coder="people", version=Version.HUMAN)
    assert coding.is_partial
    assert not coding.is_model
    assert {record.holder: record.stance for record in coding.records} == {
        machine[0].holder: Stance.AGAINST,
        machine[1].holder: Stance.NONE,
    }


def test_people_over_machine_says_that_agreement_with_the_machine_is_too_high(run: Path) -> None:
    _review(run)
    coding = read_run(run, coder="both", version=Version.MERGED)
    assert len(coding.records) == 2
    assert "too high" in coding.notes[0]


def test_texts_are_those_of_wanted_articles_with_records(run: Path) -> None:
    assert set(texts_of_run(run, {"a1", "a3"})) == {"a1"}


def test_a_run_whose_store_is_gone_has_no_texts(run: Path) -> None:
    (run / "run.sqlite").unlink()
    assert texts_of_run(run, {"a1"}) == {}


def _review(run: Path) -> None:
    (_, (first, second)), _ = two_articles()
    at = "2026-01-01T00:00:00+00:00"
    store = ReviewStore(run)
    for decision in (
        Correct(by="anna", at=at, record=replace(first, stance=Stance.AGAINST), machine=first),
        Reject(by="anna", at=at, record=second, machine=second),
    ):
        store.append(decision)
    store.close()
