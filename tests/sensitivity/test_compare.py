"""What becomes of records, how often, and which topics are fragile for it."""

from __future__ import annotations

import pytest
from tests.sensitivity.questions import AGAINST, DAM, FAVOR, NEUTRAL, NONE, asked, mention

from stancewire.agreement.bootstrap import Bootstrap, Figure
from stancewire.sensitivity.compare import Answered, distance
from stancewire.sensitivity.intervals import Part, share, wilson
from stancewire.sensitivity.perturbations import (
    MEANINGS,
    Change,
    Expected,
    Perturbation,
    change_of,
    expected_of,
)
from stancewire.sensitivity.results import Sturdiness, Tally
from stancewire.sensitivity.variants import Variant
from stancewire.sensitivity.verdict import CHANGED, FLIPPED, judge_topics
from stancewire.types import Stance

F, A, N, O = Stance.FAVOR, Stance.AGAINST, Stance.NEUTRAL, Stance.NONE  # noqa: E741


@pytest.mark.parametrize(
    ("before", "after", "expected", "change"),
    [
        (F, F, Expected.SAME, Change.AS_EXPECTED),
        (F, A, Expected.SAME, Change.FLIPPED),
        (F, N, Expected.SAME, Change.BLURRED),
        (N, F, Expected.SAME, Change.BLURRED),
        (F, O, Expected.SAME, Change.LOST),
        (O, A, Expected.SAME, Change.GAINED),
        (O, O, Expected.SAME, None),
        (F, A, Expected.REVERSED, Change.AS_EXPECTED),
        (F, F, Expected.REVERSED, Change.FLIPPED),
        (N, N, Expected.REVERSED, Change.AS_EXPECTED),
        (F, O, Expected.REVERSED, Change.LOST),
        (F, O, Expected.GONE, Change.AS_EXPECTED),
        (F, A, Expected.GONE, Change.STAYED),
        (O, F, Expected.GONE, None),
    ],
)
def test_what_became_of_a_record_is_told(
    before: Stance, after: Stance, expected: Expected, change: Change | None
) -> None:
    assert change_of(before, after, expected) is change


def test_every_perturbation_says_what_it_means() -> None:
    assert list(MEANINGS) == list(Perturbation)
    assert {expected_of(each) for each in Perturbation} == set(Expected)


def test_the_distance_of_answers_is_nought_for_the_same_and_for_the_reverse_of_the_opposite() -> None:
    assert distance(FAVOR, FAVOR) == 0
    assert distance(FAVOR, AGAINST) == pytest.approx(0.7)
    assert distance(FAVOR, AGAINST, is_reversed=True) == 0
    text = "Noori backs the dam."
    one = asked(text, mention(text, "Noori"))
    variant = Variant(perturbation=Perturbation.OPPOSITE, number=0, asked=one, query=one.query)
    assert Answered(variant=variant, weights=AGAINST).moved == 0
    assert NEUTRAL.stance is N
    assert NONE.stance is O


def test_wilsons_interval_is_that_of_the_published_formula() -> None:
    # 0 of 10: z^2 / (n + z^2); 5 of 10 from Wilson's formula by hand
    assert wilson(0, 10) == pytest.approx((0, 0.27753), abs=1e-5)
    assert wilson(5, 10) == pytest.approx((0.23659, 0.76341), abs=1e-5)


def test_where_all_records_do_the_same_the_interval_is_wilsons_over_articles() -> None:
    figure = share([Part(hits=0, whole=5)] * 10, Bootstrap())
    assert (figure.value, figure.low) == (0, 0)
    assert figure.high == pytest.approx(0.27753, abs=1e-5)
    assert figure.reason


def test_records_of_one_article_hang_together() -> None:
    spread = share([Part(hits=1, whole=2)] * 20, Bootstrap())
    lumped = share([Part(hits=2, whole=2)] * 10 + [Part(hits=0, whole=2)] * 10, Bootstrap())
    assert spread.value == lumped.value == 0.5
    assert (spread.low, spread.high) == (0.5, 0.5)
    assert lumped.low is not None
    assert lumped.high is not None
    assert lumped.low < 0.35 < 0.65 < lumped.high


def test_no_records_make_no_share() -> None:
    assert share([Part(hits=0, whole=0)], Bootstrap()).reason == "no records to compare"


def tally(changed: Figure, flipped: Figure, perturbation: Perturbation = Perturbation.PARAPHRASE) -> Tally:
    return Tally(
        topic="dam",
        perturbation=perturbation,
        expected=expected_of(perturbation),
        questions=9,
        variants=1,
        records=9,
        articles=9,
        counts={},
        changed=changed,
        flipped=flipped,
        answers=9,
        answers_changed=0,
        left_out={},
    )


def around(value: float, width: float) -> Figure:
    return Figure(value=value, low=max(0, value - width), high=value + width)


@pytest.mark.parametrize(
    ("changed", "flipped", "sturdiness"),
    [
        (around(CHANGED + 0.1, 0.05), around(0, 0.01), Sturdiness.FRAGILE),
        (around(0.02, 0.02), around(FLIPPED + 0.05, 0.02), Sturdiness.FRAGILE),
        (around(CHANGED + 0.1, 0.2), around(0, 0.01), Sturdiness.UNSURE),
        (around(0.02, 0.02), around(0, 0.2), Sturdiness.UNSURE),
        (around(0.02, 0.02), around(0, 0.02), Sturdiness.STURDY),
        (Figure(value=0.02), around(0, 0.02), Sturdiness.UNSURE),
    ],
)
def test_a_verdict_needs_the_whole_interval_on_one_side(
    changed: Figure, flipped: Figure, sturdiness: Sturdiness
) -> None:
    (verdict,) = judge_topics([DAM.id], [tally(changed, flipped)])
    assert verdict.sturdiness is sturdiness
    assert verdict.reasons


def test_a_doubtful_topic_says_what_leans_over_or_that_articles_are_few() -> None:
    (leaning,) = judge_topics([DAM.id], [tally(around(0.3, 0.2), around(0, 0.02))])
    (few,) = judge_topics([DAM.id], [tally(around(0.02, 0.02), around(0, 0.2))])
    assert leaning.reasons == ("paraphrase 30 % [10, 50] change, 0 % [0, 2] flip",)
    assert few.reasons == ("no share is over its threshold, but 9 articles are too few to be sure",)


def test_a_shortcut_and_a_reversed_claim_make_no_topic_fragile() -> None:
    bad = around(0.9, 0.05)
    tallies = [tally(bad, bad, each) for each in (Perturbation.OPPOSITE, Perturbation.MASKED_TOPIC)]
    (verdict,) = judge_topics([DAM.id], tallies)
    assert verdict.sturdiness is Sturdiness.UNSURE
    assert verdict.reasons == ("nothing was tried under which a record should stay as it is",)
