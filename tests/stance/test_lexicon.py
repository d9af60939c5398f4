"""The word-counting classifier that stands in for a model in tests and docs."""

from __future__ import annotations

import pytest

from stancewire.stance.lexicon import LexiconClassifier
from stancewire.stance.models import judge
from stancewire.stance.pairs import StanceQuery
from stancewire.types import Stance, Weights

LEXICON = LexiconClassifier()


def weigh(text: str, holder: str | None = "The council") -> Weights:
    (weights,) = judge([StanceQuery(text=text, topic="We should sign the treaty.", holder=holder)], LEXICON)
    return weights


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("The council supports the treaty.", Stance.FAVOR),
        ("The council has long advocated the treaty.", Stance.FAVOR),
        ("The council rejected the treaty.", Stance.AGAINST),
        ("The council is against the treaty.", Stance.AGAINST),
        ("The council does not support the treaty.", Stance.AGAINST),
        ("The council doesn't support the treaty.", Stance.AGAINST),
        ("The council doesn’t support the treaty.", Stance.AGAINST),
        ("The council cannot support the treaty.", Stance.AGAINST),
        ("The council no longer supports the treaty.", Stance.AGAINST),
        ("The council never opposed the treaty.", Stance.FAVOR),
        ("The council is undecided on the treaty.", Stance.NEUTRAL),
        ("The council has not taken a position on the treaty.", Stance.NEUTRAL),
        ("The council discussed the treaty.", Stance.NONE),
        ("The council backs the roads and opposes the treaty.", Stance.NONE),
        ("", Stance.NONE),
    ],
)
def test_cue_words_after_the_holder_decide(text: str, stance: Stance) -> None:
    assert weigh(text).stance is stance


def test_words_before_the_holder_are_not_the_holders() -> None:
    text = "Laila Noori opposes the treaty that the council signed."
    assert weigh(text).stance is Stance.NONE
    assert weigh(text, holder="Laila Noori").stance is Stance.AGAINST


def test_words_far_behind_the_holder_are_not_heard() -> None:
    assert weigh(f"The council met. {'It rained. ' * 30} Noori rejected it.").stance is Stance.NONE


def test_all_words_count_for_the_author() -> None:
    assert weigh("Nobody should reject this treaty lightly: reject it.", holder=None).stance is Stance.AGAINST


@pytest.mark.parametrize(
    "text", ["The council supports it.", "The council is undecided.", "The council met."]
)
def test_weights_sum_to_one(text: str) -> None:
    weights = weigh(text)
    assert weights.favor + weights.against + weights.neutral + weights.none == pytest.approx(1)


def test_answers_are_as_many_and_in_the_order_of_the_pairs() -> None:
    pairs = [("[H] A [/H] rejects it.", "x"), ("[H] A [/H] met B.", "x"), ("[H] A [/H] supports it.", "x")]
    assert [weights.stance for weights in LEXICON.weigh(pairs)] == [Stance.AGAINST, Stance.NONE, Stance.FAVOR]
    assert LEXICON.weigh([]) == []
