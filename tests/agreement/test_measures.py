"""Measures held to published worked examples, to other implementations, and to small cases worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import krippendorff
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from stancewire.agreement import ratings as ratings_module
from stancewire.agreement.measures import (
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    percent_agreement,
    specific_agreement,
)
from stancewire.agreement.metric import Metric
from stancewire.agreement.ratings import MISSING, Ratings, once

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", example C: four observers, twelve units, a dot
# where a value is missing.
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)
# Fleiss (1971), table 1: how many of six psychiatrists gave each of thirty patients each of five diagnoses.
FLEISS = """
00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""


def rated(*coders: Sequence[object], values: Sequence[str] | None = None) -> Ratings:
    """Return ratings of units, each in an article of its own, from what each coder gave."""
    units = list(zip(*coders, strict=True))
    rows = [
        (f"a{index:03}", [None if value is None else str(value) for value in unit])
        for index, unit in enumerate(units)
    ]
    return Ratings.of(rows, values=values)


def value_of(measure: Callable[..., np.ndarray], ratings: Ratings, **options: object) -> float:
    return float(measure(ratings, once(ratings), **options)[0])


@pytest.mark.parametrize(
    ("metric", "published"), [(Metric.NOMINAL, 0.743), (Metric.ORDINAL, 0.815), (Metric.INTERVAL, 0.849)]
)
def test_alpha_is_that_of_krippendorffs_example_with_missing_values(metric: Metric, published: float) -> None:
    alpha = value_of(krippendorff_alpha, rated(*OBSERVERS), metric=metric)
    assert round(alpha, 3) == published


def test_alpha_is_that_of_krippendorffs_binary_and_nominal_examples_of_two_observers() -> None:
    binary = rated("0100000010", "1110010000")
    nominal = rated("aabbdcccedda", "babbbcccedddd"[:12])
    assert round(value_of(krippendorff_alpha, binary), 3) == 0.095
    assert round(value_of(krippendorff_alpha, nominal), 3) == 0.692


@pytest.mark.parametrize("metric", list(Metric))
@pytest.mark.parametrize("seed", range(5))
def test_alpha_equals_the_krippendorff_package(metric: Metric, seed: int) -> None:
    source = np.random.default_rng(seed)
    given = source.integers(0, 4, size=(3, 40)).astype(float)
    given[source.random(given.shape) < 0.3] = np.nan
    coders = [[None if math.isnan(value) else int(value) for value in row] for row in given]
    theirs = krippendorff.alpha(given, level_of_measurement=metric.value)
    assert value_of(krippendorff_alpha, rated(*coders), metric=metric) == pytest.approx(theirs, abs=1e-12)


def test_cohens_kappa_is_that_of_his_example() -> None:
    # Cohen (1960): two judges, 200 patients, three diagnoses; kappa .492.
    table = ((88, 14, 18), (10, 40, 10), (2, 6, 12))
    pairs = [(row, column) for row in range(3) for column in range(3) for _ in range(table[row][column])]
    left, right = zip(*pairs, strict=True)
    assert round(value_of(cohen_kappa, rated(left, right)), 3) == 0.492


def test_fleiss_kappa_is_that_of_his_example() -> None:
    patients = [
        [diagnosis for diagnosis, number in enumerate(map(int, counts)) for _ in range(number)]
        for counts in FLEISS.split()
    ]
    assert round(value_of(fleiss_kappa, rated(*zip(*patients, strict=True))), 3) == 0.430


@pytest.mark.parametrize("seed", range(5))
def test_cohens_kappa_equals_scikit_learn(seed: int) -> None:
    left, right = np.random.default_rng(seed).integers(0, 3, size=(2, 50))
    assert value_of(cohen_kappa, rated(left, right)) == pytest.approx(cohen_kappa_score(left, right))


def test_kappa_leaves_out_units_that_a_coder_gave_no_value() -> None:
    assert value_of(cohen_kappa, rated("aabb", ("a", "b", "b", None))) == pytest.approx(
        cohen_kappa_score(list("aab"), list("abb"))
    )


def test_percent_agreement_of_two_coders_is_the_share_of_equal_values() -> None:
    assert value_of(percent_agreement, rated("aabb", "aabc")) == 0.75


@pytest.mark.parametrize("measure", [krippendorff_alpha, cohen_kappa, fleiss_kappa])
def test_a_measure_beyond_chance_is_undefined_where_there_is_one_value_only(
    measure: Callable[..., np.ndarray],
) -> None:
    assert math.isnan(value_of(measure, rated("aaaaaaa", "aaaaaaa")))
    assert value_of(percent_agreement, rated("aaaaaaa", "aaaaaaa")) == 1


@pytest.mark.parametrize("measure", [krippendorff_alpha, cohen_kappa, fleiss_kappa, percent_agreement])
def test_a_measure_without_units_is_undefined(measure: Callable[..., np.ndarray]) -> None:
    assert math.isnan(value_of(measure, rated((None, "a"), ("a", None))))


def test_specific_agreement_of_two_coders_is_the_f1_of_one_against_the_other() -> None:
    # Both found 2, one 3 more, the other 1 more: 2 * 2 / (2 * 2 + 3 + 1).
    one = ("yes", "yes", "yes", "yes", "yes", "no")
    other = ("yes", "yes", "no", "no", "no", "yes")
    assert value_of(specific_agreement, rated(one, other, values=("no", "yes"))) == 0.5


def test_an_article_drawn_twice_counts_twice() -> None:
    once_each = rated("aabb", "abbb")
    doubled = rated("aaabb", "abbbb")  # the second article twice
    weights = np.array([[1.0, 2.0, 1.0, 1.0]])
    for measure in (krippendorff_alpha, cohen_kappa, fleiss_kappa, percent_agreement):
        assert measure(once_each, weights)[0] == pytest.approx(value_of(measure, doubled))


def test_many_values_are_counted_another_way_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    source = np.random.default_rng(1)
    ratings = rated(*source.integers(0, 9, size=(2, 60)))
    weights = source.multinomial(60, [1 / 60] * 60, size=7).astype(float)
    kept = krippendorff_alpha(ratings, weights)
    monkeypatch.setattr(ratings_module, "_LARGEST_TABLE", 0)
    assert krippendorff_alpha(ratings, weights) == pytest.approx(kept)


def test_a_value_outside_the_order_is_refused() -> None:
    with pytest.raises(ValueError, match="'x'"):
        rated("ax", "aa", values=("a", "b"))


def test_a_missing_value_has_a_code_of_its_own() -> None:
    assert rated(("a", None), ("a", "b")).codes.tolist() == [[0, 0], [MISSING, 1]]
