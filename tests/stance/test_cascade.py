"""A small model's clear "none" stands, everything else is asked of the large one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from stancewire.errors import ModelError
from stancewire.stance.cascade import SILENT, cascade
from stancewire.stance.models import judge, open_classifier
from stancewire.stance.pairs import PairFormat, StanceQuery
from stancewire.types import Weights

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sayer:
    """Says "none" with the probability that stands in the passage, and remembers what it was asked."""

    name: str
    pair_format: PairFormat = field(default_factory=PairFormat)
    against: bool = False
    asked: list[Pair] = field(default_factory=list)

    def weigh(self, pairs: Sequence[Pair]) -> list[Weights]:
        self.asked.extend(pairs)
        return [self._weights(float(passage)) for passage, _ in pairs]

    def _weights(self, none: float) -> Weights:
        said = (0.0, 1 - none) if self.against else (1 - none, 0.0)
        return Weights(favor=said[0], against=said[1], neutral=0.0, none=none)


PAIRS = [("0.99", "a"), ("0.2", "b"), (str(SILENT), "c"), ("0.92", "d")]


def test_second_is_asked_only_where_the_first_is_not_sure_of_none() -> None:
    second = Sayer(name="large#1", against=True)
    found = cascade(Sayer(name="small#0"), second).weigh(PAIRS)
    assert second.asked == [PAIRS[1], PAIRS[3]]
    assert [weights.against > 0 for weights in found] == [False, True, False, True]


def test_bar_is_lower_where_a_sentence_only_goes_on_about_its_topic() -> None:
    second = Sayer(name="large#1", against=True)
    pairs = [("0.59", "a"), ("0.61", "b"), ("0.61", "c")]
    cascade(Sayer(name="small#0"), second).weigh(pairs, carried={0, 1})
    assert second.asked == [pairs[0], pairs[2]]


def test_queries_say_whether_they_only_go_on_about_their_topic() -> None:
    second = Sayer(name="large#1", pair_format=PairFormat(holder_marks=("", ""), author=""))
    first = Sayer(name="small#0", pair_format=second.pair_format)
    queries = [StanceQuery(text="0.7", topic="a", is_carried=carried) for carried in (True, False)]
    assert len(list(judge(queries, cascade(first, second)))) == 2
    assert [passage for passage, _ in second.asked] == ["0.7"]


def test_answers_are_the_same_one_by_one() -> None:
    both = cascade(Sayer(name="small#0"), Sayer(name="large#1", against=True))
    assert both.weigh(PAIRS) == [both.weigh([pair])[0] for pair in PAIRS]
    assert both.weigh([]) == []


def test_records_name_both_models() -> None:
    assert cascade(Sayer(name="small#0"), Sayer(name="large#1")).name == "small#0+large#1"


def test_models_that_are_asked_in_different_words_are_refused() -> None:
    other = Sayer(name="large#1", pair_format=PairFormat(statement="{holder}: {topic}"))
    with pytest.raises(
        ModelError, match=r"small#0 and large#1 can't follow each other: they word their pairs"
    ):
        cascade(Sayer(name="small#0"), other)


def test_two_names_with_a_plus_are_a_cascade() -> None:
    both = open_classifier("lexicon+small")
    query = StanceQuery(text="Noori rejected the dam.", holder="Noori", topic="The dam should be built.")
    (weights,) = both.weigh([both.pair_format.pair(query)])
    assert both.name.startswith("lexicon")
    assert weights.stance.value == "against"
    with pytest.raises(ModelError, match="unknown model 'larg'"):
        open_classifier("small+larg")
