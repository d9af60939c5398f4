"""A difference between models, its interval and its p."""

from __future__ import annotations

import numpy as np
import pytest
from tests.evaluation.test_records import gold, predicted

from stancewire.errors import ConfigError, InputError
from stancewire.evaluation.answers import Answer, ClassifiedRow, score_classified
from stancewire.evaluation.calibration import Floats
from stancewire.evaluation.compare import Comparison, check_samples, compare_classified, compare_records
from stancewire.evaluation.gold import GoldRecord, PredictedRecord
from stancewire.evaluation.paired import Difference, Resampling, macro_f1, rate
from stancewire.evaluation.records import score_records
from stancewire.types import Stance, Weights

STANCES = (Stance.FAVOR, Stance.AGAINST, Stance.NEUTRAL)


def of(comparison: Comparison, name: str) -> Difference:
    return next(each for each in comparison.differences if each.name == name)


def hits(right: Floats) -> Floats:
    """Return counts of right and of all, one question an article."""
    return np.column_stack([right, np.ones(len(right))])


def accuracy(sums: Floats) -> Floats:
    return rate(sums[:, 0], sums[:, 1])


def test_p_is_that_of_the_exact_sign_test_where_models_differ_in_few_articles() -> None:
    """Of 200 articles, 15 are right with the first only and 5 with the second only: exact McNemar p is .0414."""
    first = np.array([1.0] * 15 + [0.0] * 5 + [1.0] * 180)
    second = np.array([0.0] * 15 + [1.0] * 5 + [1.0] * 180)
    (found,) = Resampling(samples=20_000, seed=1).compare(hits(first), hits(second), [("accuracy", accuracy)])
    assert found.difference == pytest.approx(0.05)
    assert found.p == pytest.approx(0.0414, abs=0.02)
    assert found.low is not None
    assert found.high is not None
    # The normal interval of a paired difference: sqrt(20 - 10^2/200)/200 = .0221 to both sides, 1.96 times.
    assert (found.low, found.high) == (pytest.approx(0.0067, abs=0.006), pytest.approx(0.0933, abs=0.006))


def test_models_that_are_equal_are_not_told_apart_more_often_than_chance_allows() -> None:
    source = np.random.default_rng(2)
    small = 0
    for seed in range(200):
        first, second = (source.random((2, 60)) < 0.7).astype(float)
        (found,) = Resampling(samples=200, seed=seed).compare(hits(first), hits(second), [("a", accuracy)])
        assert found.p is not None
        small += found.p <= 0.05
    assert small / 200 <= 0.10  # 5 % expected; with 200 repeats 8 % is two standard errors above


def test_a_model_against_itself_has_no_difference() -> None:
    counts = hits((np.arange(40) % 3 > 0).astype(float))
    (found,) = Resampling(samples=100).compare(counts, counts, [("accuracy", accuracy)])
    assert (found.difference, found.low, found.high, found.p) == (0, 0, 0, 1)


def test_macro_f1_of_sums_is_that_of_the_confusion() -> None:
    counts = np.array([[[5.0, 1, 0], [2, 3, 0], [0, 0, 0]]])
    rights = {"favor": 2 * 5 / (6 + 7), "against": 2 * 3 / (5 + 4)}
    assert macro_f1(counts)[0] == pytest.approx(sum(rights.values()) / 2)
    assert np.isnan(macro_f1(np.zeros((1, 3, 3)))[0])


def pairs(number: int, wrong_every: int) -> tuple[list[PredictedRecord], list[GoldRecord]]:
    given, wanted = [], []
    for at in range(number):
        stance = STANCES[at % 3]
        said = STANCES[(at + 1) % 3] if at % wrong_every == 0 else stance
        given.append(predicted("Ahmad", article_id=f"a{at:02}", stance=said))
        wanted.append(gold("Ahmad", article_id=f"a{at:02}", stance=stance))
    return given, wanted


def test_records_of_two_models_are_compared_by_article() -> None:
    better, wanted = pairs(40, 10)
    worse, _ = pairs(40, 2)
    articles = frozenset(row.article_id or "" for row in wanted)
    found = compare_records(
        better, worse, wanted, articles=articles, names=("a", "b"), resampling=Resampling(samples=500)
    )
    stance = of(found, "F1, + stance")
    assert stance.first == score_records(better, wanted).total.stances.f1
    assert stance.second == score_records(worse, wanted).total.stances.f1
    assert stance.low is not None
    assert stance.low > 0
    assert stance.p is not None
    assert stance.p < 0.01
    assert of(found, "F1, + holder").difference == 0
    assert (found.units, found.unit) == (40, "articles")


def test_articles_without_a_stance_count_as_articles() -> None:
    given, wanted = pairs(12, 3)
    articles = frozenset(row.article_id or "" for row in wanted) | {"quiet"}
    found = compare_records(
        given, given[:5], wanted, articles=articles, names=("a", "a"), resampling=Resampling(samples=100)
    )
    assert found.units == 13
    assert (found.first, found.second) == ("a (1)", "a (2)")


def test_few_articles_and_one_are_told() -> None:
    given, wanted = pairs(3, 2)
    names = ("a", "b")
    few = compare_records(
        given, given, wanted, articles=frozenset(), names=names, resampling=Resampling(samples=100)
    )
    assert few.notes == ("3 articles are few: intervals of fewer than 10 are too narrow",)
    one = compare_records(
        given[1:2],
        given[1:2],
        wanted[1:2],
        articles=frozenset(),
        names=names,
        resampling=Resampling(samples=100),
    )
    assert of(one, "F1, + stance").reason == "no interval: one article"
    with pytest.raises(InputError, match="nothing to compare"):
        compare_records([], [], [], articles=frozenset(), names=names, resampling=Resampling(samples=100))


def test_a_figure_that_a_model_has_not_is_told() -> None:
    given, wanted = pairs(12, 3)
    found = compare_records(
        given, [], wanted, articles=frozenset(), names=("a", "b"), resampling=Resampling(samples=100)
    )
    assert of(found, "precision, holder x topic").reason == "undefined for a model"
    assert of(found, "recall, holder x topic").second == 0


def row(gold_stance: Stance, said: Stance, p: float) -> ClassifiedRow:
    rest = (1 - p) / 3
    weights = {stance.value: rest for stance in Stance} | {said.value: p}
    return ClassifiedRow(gold=gold_stance, answer=Answer(stance=said, weights=Weights(**weights)))


def test_classified_rows_are_compared_with_the_figures_of_their_scores() -> None:
    labels = [STANCES[at % 3] for at in range(30)]
    first = [row(label, label, 0.9) for label in labels]
    second = [row(label, Stance.NONE if at % 3 == 0 else label, 0.6) for at, label in enumerate(labels)]
    found = compare_classified(
        first, second, articles=None, names=("a", "b"), resampling=Resampling(samples=200)
    )
    scores = score_classified(second)
    assert (found.unit, found.units) == ("rows", 30)
    assert of(found, "accuracy, 4 classes").second == scores.four.confusion.accuracy
    assert of(found, "macro-F1, 4 classes").second == pytest.approx(scores.four.confusion.macro_f1)
    assert of(found, "macro-F1, 3 classes").second == pytest.approx(scores.three.confusion.macro_f1)
    assert of(found, "Brier score (less is better)").second == pytest.approx(scores.four.calibration.brier)
    likelihood = of(found, "negative log likelihood (less is better)")
    assert likelihood.second == pytest.approx(scores.four.calibration.log_loss)


def test_rows_of_one_article_are_drawn_together() -> None:
    labels = [STANCES[at % 3] for at in range(40)]
    first = [row(label, label, 0.9) for label in labels]
    second = [row(label, Stance.NONE if at // 10 % 2 else label, 0.9) for at, label in enumerate(labels)]
    widths = []
    for articles in (None, [str(at // 10) for at in range(40)]):
        found = compare_classified(
            first, second, articles=articles, names=("a", "b"), resampling=Resampling(samples=500)
        )
        each = of(found, "accuracy, 4 classes")
        assert each.low is not None
        assert each.high is not None
        widths.append(each.high - each.low)
    assert widths[1] > 1.5 * widths[0]


def test_fewer_samples_than_percentiles_need_are_refused() -> None:
    with pytest.raises(ConfigError, match="samples is 10; must be 100 and more"):
        check_samples(10)
