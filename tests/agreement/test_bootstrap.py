"""Intervals: from articles, the same every time, and missing with a reason where there can be none."""

from __future__ import annotations

import numpy as np
import pytest

from stancewire.agreement.bootstrap import Bootstrap
from stancewire.agreement.measures import krippendorff_alpha, percent_agreement
from stancewire.agreement.ratings import Floats, Ratings


def ratings_of(rows: list[tuple[str, tuple[str, str]]]) -> Ratings:
    return Ratings.of(rows)


def test_same_seed_gives_the_same_interval_and_another_seed_another() -> None:
    source = np.random.default_rng(3)
    rows = [
        (f"a{index}", tuple("ab"[number] for number in pair))
        for index, pair in enumerate(source.integers(0, 2, (40, 2)))
    ]
    ratings = Ratings.of(rows)

    def figure(seed: int) -> object:
        return Bootstrap(samples=200, seed=seed).figure(
            lambda weights: krippendorff_alpha(ratings, weights), 40, undefined="-"
        )

    assert figure(1) == figure(1)
    assert figure(1) != figure(2)


def test_units_of_one_article_are_drawn_together() -> None:
    # Twenty articles, ten equal units in each: drawn one by one, two hundred units would give a third of the width.
    agreed = [index % 2 == 0 for index in range(20)]
    few = ratings_of([(f"a{index:02}", ("x", "x" if same else "y")) for index, same in enumerate(agreed)])
    many = ratings_of(
        [
            (f"a{index:02}", ("x", "x" if same else "y"))
            for index, same in enumerate(agreed)
            for _ in range(10)
        ]
    )
    figures = [
        Bootstrap(samples=500).figure(
            lambda weights, each=each: percent_agreement(each, weights), 20, undefined="-"
        )
        for each in (few, many)
    ]
    assert figures[0] == figures[1]


def test_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    """Nineteen in twenty; percentiles of 40 articles fall a little short of it."""
    source = np.random.default_rng(11)
    covered = 0
    for _ in range(200):
        shares = source.beta(4, 2, size=40)  # each article has a rate of its own, 2/3 in the mean
        agreed = source.random((40, 5)) < shares[:, None]
        rows = [
            (f"a{index:02}", ("x", "x" if same else "y")) for index, row in enumerate(agreed) for same in row
        ]
        ratings = Ratings.of(rows)
        figure = Bootstrap(samples=200, seed=5).figure(
            lambda weights, each=ratings: percent_agreement(each, weights), 40, undefined="-"
        )
        assert figure.low is not None
        assert figure.high is not None
        covered += figure.low <= 2 / 3 <= figure.high
    assert 0.88 <= covered / 200 <= 0.99


def test_one_article_gives_no_interval() -> None:
    ratings = ratings_of([("a", ("x", "x")), ("a", ("x", "y"))])
    figure = Bootstrap().figure(lambda weights: percent_agreement(ratings, weights), 1, undefined="-")
    assert (figure.value, figure.low, figure.reason) == (0.5, None, "no interval: one article")


def test_a_measure_that_most_samples_leave_undefined_gets_no_interval() -> None:
    # The one "y" is in one of five articles; a third of the samples don't have it.
    ratings = ratings_of([(f"a{index}", ("x", "y" if index == 0 else "x")) for index in range(5)])
    figure = Bootstrap(samples=400).figure(
        lambda weights: krippendorff_alpha(ratings, weights), 5, undefined="-"
    )
    assert figure.value is not None
    assert figure.low is None
    assert figure.reason is not None
    assert figure.reason.startswith("no interval: undefined in ")


def test_an_undefined_measure_says_why() -> None:
    def undefined(weights: Floats) -> Floats:
        return np.full(len(weights), np.nan)

    assert Bootstrap().figure(undefined, 3, undefined="all are 'no'").reason == "all are 'no'"


@pytest.mark.parametrize("articles", [0, 3])
def test_no_samples_give_a_value_without_interval(articles: int) -> None:
    figure = Bootstrap(samples=0).figure(lambda weights: weights.sum(axis=1), articles, undefined="nothing")
    assert (figure.value, figure.low) == (articles or None, None)
