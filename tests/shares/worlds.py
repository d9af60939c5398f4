"""Made-up populations of records with a machine that errs, and samples of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stancewire.shares.design import Design, Floats, Ints, design_of
from stancewire.shares.estimate import Cell

STANCES = 3
NONE = 3  # a record that isn't one
ONES = np.eye(4)

# What the machine says (favor, against, neutral) of what is favor, against, neutral and nothing: it leans to favor.
BIASED = np.array([[0.90, 0.03, 0.07], [0.40, 0.50, 0.10], [0.45, 0.15, 0.40], [0.80, 0.10, 0.10]])
TRUE_SHARES = (0.35, 0.25, 0.10, 0.30)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Records as they are and as the machine says; `groups` are months, say."""

    truth: Ints
    told: Ints
    groups: Ints

    @property
    def shares(self) -> Floats:
        """Return the true shares among the records that are there."""
        return shares_of(self.truth)


def shares_of(truth: Ints) -> Floats:
    counts = np.bincount(truth, minlength=4)[:STANCES]
    return np.asarray(counts / counts.sum(), dtype=np.float64)


def world(source: np.random.Generator, size: int, *, groups: int = 1) -> World:
    truth = source.choice(4, size=size, p=TRUE_SHARES)
    draws = source.random(size)
    told = (draws[:, None] > BIASED.cumsum(axis=1)[truth]).sum(axis=1).clip(max=STANCES - 1)
    return World(truth=truth, told=told, groups=source.integers(groups, size=size))


def random_sample(source: np.random.Generator, of: World, size: int) -> tuple[Ints, Design]:
    """Draw records with equal chances."""
    total = len(of.truth)
    places = source.choice(total, size, replace=False)
    return places, design_of(["all"] * size, [total / size] * size, certain=[False] * size)


def stratified_sample(source: np.random.Generator, of: World, size: int) -> tuple[Ints, Design]:
    """Draw as many records of each stance of the machine."""
    places, strata, weights = [], [], []
    for stance in range(STANCES):
        own = np.flatnonzero(of.told == stance)
        drawn = source.choice(own, size // STANCES, replace=False)
        places.append(drawn)
        strata += [str(stance)] * len(drawn)
        weights += [len(own) / len(drawn)] * len(drawn)
    return np.concatenate(places), design_of(strata, weights, certain=[False] * len(strata))


def cell_of(of: World, places: Ints, group: int | None = None) -> Cell:
    """Return what is known of one group from these coded records."""
    inside = np.ones(len(of.truth), dtype=bool) if group is None else of.groups == group
    own = inside[places][:, None]
    return Cell(
        truth=ONES[of.truth[places]][:, :STANCES] * own,
        told=np.eye(STANCES)[of.told[places]] * own,
        everything=np.eye(STANCES)[of.told[inside]],
        stories=np.flatnonzero(inside),
        coded_stories=places,
        is_sized=True,
    )
