"""Random samples: spread as asked, drawn the same every time, and unbiased once weighted, which a simulation shows."""

from __future__ import annotations

import random
import statistics
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancewire.errors import InputError
from stancewire.sampling.design import (
    Allocation,
    Drawn,
    Stratum,
    allocate,
    draw,
    estimate_mean,
    estimate_total,
)
from stancewire.sampling.population import By, Item, Population, Unit

SIZES = {"federalism": 600, "negotiation": 250, "exile": 40, "taxes": 6}


def population(sizes: dict[str, int] = SIZES) -> Population:
    items = [
        Item(id=f"{name}-{number:04}", article_id=f"{name}-{number:04}", stratum=name)
        for name, count in sizes.items()
        for number in range(count)
    ]
    return Population(
        unit=Unit.ARTICLE, by=(By.TOPIC,), items=tuple(sorted(items, key=lambda item: item.id)), left_out={}
    )


def test_a_proportional_sample_has_the_shares_of_the_population() -> None:
    assert allocate(SIZES, 90) == {"federalism": 59, "negotiation": 25, "exile": 5, "taxes": 1}


def test_an_equal_sample_looks_as_well_at_small_strata() -> None:
    shares = allocate(SIZES, 90, allocation=Allocation.EQUAL)
    assert shares == {"federalism": 28, "negotiation": 28, "exile": 28, "taxes": 6}


def test_strata_can_be_taken_whole_and_given_a_floor() -> None:
    shares = allocate(SIZES, 90, at_least=10, whole=["exile"])
    assert shares["exile"] == 40
    assert shares["taxes"] == 6  # all there are
    assert sum(shares.values()) == 90


@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(1, 40), min_size=1, max_size=8),
    st.integers(1, 60),
    st.sampled_from(Allocation),
    st.integers(1, 4),
)
def test_any_allocation_fits_or_says_why_not(
    sizes: dict[str, int], size: int, allocation: Allocation, at_least: int
) -> None:
    try:
        shares = allocate(sizes, size, allocation=allocation, at_least=at_least)
    except InputError:
        assert size > sum(sizes.values()) or size < sum(min(number, at_least) for number in sizes.values())
        return
    assert sum(shares.values()) == size
    assert all(min(at_least, sizes[name]) <= share <= sizes[name] for name, share in shares.items())


@pytest.mark.parametrize(
    ("size", "options", "message"),
    [
        (897, {}, "a sample of 897 from 896; must be 896 at most"),
        (3, {}, "a sample of 3 for 4 strata, which need 4"),
        (30, {"whole": ["exile"]}, "which need 43"),
        (90, {"whole": ["wars"]}, "no stratum 'wars' to take whole; there are: exile, federalism"),
    ],
)
def test_a_sample_that_cannot_be_says_what_could(
    size: int, options: dict[str, list[str]], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        allocate(SIZES, size, **options)


def test_the_same_seed_draws_the_same_whatever_the_order() -> None:
    first = population()
    shuffled = list(first.items)
    random.Random(1).shuffle(shuffled)
    mixed = Population(unit=Unit.ARTICLE, by=(), items=tuple(shuffled), left_out={})
    drawn = [draw(each, 90, seed=5) for each in (first, mixed)]
    assert drawn[0] == drawn[1]
    assert drawn[0].items != draw(first, 90, seed=6).items


def test_weights_add_up_to_the_population() -> None:
    for allocation in Allocation:
        drawn = draw(population(), 90, seed=3, allocation=allocation, whole=["exile"])
        assert sum(drawn.stratum_of(item).weight for item in drawn.items) == pytest.approx(896)
        assert next(each for each in drawn.strata if each.name == "exile").is_certain


def test_every_item_is_drawn_as_often_as_its_chance_says() -> None:
    times: Counter[str] = Counter()
    small = population({"a": 8, "b": 4, "c": 1})
    for seed in range(2000):
        drawn = draw(small, 6, seed=seed, allocation=Allocation.EQUAL)
        times.update(item.id for item in drawn.items)
    chance = {item.id: drawn.strata["abc".index(item.stratum)].probability for item in small.items}
    for name, probability in chance.items():
        # Four standard errors of a share of 2000.
        assert times[name] / 2000 == pytest.approx(probability, abs=4 * (0.25 / 2000) ** 0.5)


def test_weighted_estimates_are_unbiased_where_the_plain_mean_is_not_and_their_errors_are_right() -> None:
    """Stances against are rare in the large stratum and common in the small ones, which are drawn more often."""
    source = random.Random(7)
    shares = {"federalism": 0.1, "negotiation": 0.4, "exile": 0.8, "taxes": 1.0}
    people = population()
    truth = {item.id: float(source.random() < shares[item.stratum]) for item in people.items}
    total = sum(truth.values())
    estimates, plain, covered = [], [], 0
    for seed in range(600):
        drawn = draw(people, 90, seed=seed, allocation=Allocation.EQUAL)
        found = estimate_total(truth, drawn)
        assert found.standard_error is not None
        estimates.append(found.value)
        plain.append(len(truth) * statistics.fmean(truth[item.id] for item in drawn.items))
        covered += abs(found.value - total) <= 1.96 * found.standard_error
    error = statistics.stdev(estimates) / 600**0.5
    assert abs(statistics.fmean(estimates) - total) < 3 * error
    assert abs(statistics.fmean(plain) - total) > 30 * error
    assert 0.90 <= covered / 600 <= 0.98


def test_an_estimate_is_the_one_worked_out_by_hand() -> None:
    items = tuple(Item(id=name, article_id=name, stratum=name[0]) for name in ("a1", "a2", "b1"))
    strata = (Stratum(name="a", population=10, drawn=2), Stratum(name="b", population=1, drawn=1))
    drawn = Drawn(items=items, strata=strata, allocation=Allocation.EQUAL, seed=0)
    found = estimate_total({"a1": 1.0, "a2": 3.0, "b1": 7.0}, drawn)
    assert found.value == 5 * (1 + 3) + 7
    # 10 ** 2 * (1 - 2 / 10) * s ** 2 / 2 with s ** 2 = 2; the stratum taken whole adds nothing.
    assert found.standard_error == pytest.approx(80**0.5)
    assert estimate_mean({"a1": 1.0, "a2": 3.0, "b1": 7.0}, drawn).value == pytest.approx(27 / 11)


def test_one_item_of_a_stratum_gives_no_standard_error() -> None:
    drawn = draw(population({"a": 5, "b": 5}), 3, seed=0)
    assert estimate_total(dict.fromkeys((item.id for item in drawn.items), 1.0), drawn).standard_error is None
