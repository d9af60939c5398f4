"""Who codes what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancewire.errors import ConfigError
from stancewire.sampling.coders import assign, coders_of

IDS = [f"a{number:03}" for number in range(100)]


def test_a_share_goes_to_everybody_and_the_rest_to_one_each() -> None:
    given = assign(IDS, ["anna", "ben", "carla"], overlap=0.2, seed=1)
    coders = coders_of(given)
    assert sorted(coders) == IDS
    assert sum(len(own) == 3 for own in coders.values()) == 20
    assert sum(len(own) == 1 for own in coders.values()) == 80
    assert sorted(map(len, given.values())) == [46, 47, 47]


def test_each_coder_has_an_order_of_their_own_and_the_same_every_time() -> None:
    given = assign(IDS, ["anna", "ben"], overlap=1.0, seed=1)
    assert set(given["anna"]) == set(given["ben"])
    assert given["anna"] != given["ben"]
    assert given == assign(IDS[::-1], ["anna", "ben"], overlap=1.0, seed=1)
    assert given != assign(IDS, ["anna", "ben"], overlap=1.0, seed=2)


def test_one_coder_codes_everything() -> None:
    assert sorted(assign(IDS, ["anna"], overlap=0.0, seed=1)["anna"]) == IDS


@given(st.integers(1, 30), st.integers(2, 4), st.floats(0, 1))
def test_nothing_is_lost_and_nobody_codes_anything_twice(number: int, coders: int, overlap: float) -> None:
    given = assign(IDS[:number], [f"c{index}" for index in range(coders)], overlap=overlap, seed=0)
    assert set().union(*map(set, given.values())) == set(IDS[:number])
    assert all(len(set(own)) == len(own) for own in given.values())


@pytest.mark.parametrize(
    ("coders", "overlap", "message"),
    [
        (["anna", "anna"], 0.2, "must be different names"),
        (["../anna"], 0.0, "to name a file"),
        ([".hidden"], 0.0, "to name a file"),
        (["anna", "ben"], 20, "overlap 20; must be a share from 0 to 1"),
        (["anna", "ben"], float("nan"), "must be a share from 0 to 1"),
    ],
)
def test_coders_and_overlaps_that_cannot_be_are_named(
    coders: list[str], overlap: float, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        assign(IDS, coders, overlap=overlap, seed=0)
