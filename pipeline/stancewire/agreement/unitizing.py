"""Krippendorff's alpha for unitizing (u-alpha): do coders mark the same stretches of a text?

From Krippendorff, Mathet, Bouvry and Widlöcher (2016), "On the reliability of unitizing textual continua: Further
developments", Quality & Quantity 50(6): 2347-2364, and Krippendorff (2019), Content Analysis, 4th ed., section 12.6.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from stancewire.agreement.ratings import Floats

GAP = 0
"""The value of what a coder didn't mark."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Segment:
    """A stretch of a text with a value from 1; characters from `start` up to `end`."""

    start: int
    end: int
    value: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuum:
    """One text as several coders marked it: for each coder segments that don't overlap, inside its length."""

    article: str
    length: int
    marked: tuple[tuple[Segment, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Unitized:
    """What the measures need of many continua, by article.

    `shared` is articles x values x values: characters that one coder gave one value and another one the other.
    `alone` is articles x values: what a segment would share with itself, which chance can't give.
    """

    shared: Floats
    alone: Floats

    @classmethod
    def of(cls, continua: Sequence[Continuum], *, values: int = 2) -> Unitized:
        """Sum up continua; with several of one article, as for several holders, they lie end to end."""
        places = {name: index for index, name in enumerate(sorted({each.article for each in continua}))}
        shared = np.zeros((len(places), values, values))
        alone = np.zeros((len(places), values))
        for continuum in continua:
            place = places[continuum.article]
            shared[place] += _shared(continuum, values)
            alone[place] += _alone(continuum, values)
        return cls(shared=shared, alone=alone)


def unitizing_alpha(unitized: Unitized, weights: Floats) -> Floats:
    """Return u-alpha for each row of weights (samples x articles); NaN where nobody marked anything, or all did."""
    shared = np.einsum("sa,avw->svw", weights, unitized.shared)
    alone = weights @ unitized.alone
    marginals = shared.sum(axis=2)
    total = marginals.sum(axis=1)
    observed = total - np.einsum("svv->s", shared)
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = total - alone.sum(axis=1) / total
        by_chance = (total**2 - (marginals**2).sum(axis=1)) / scale
        return np.where(by_chance > 0, 1 - observed / by_chance, np.nan)


def shared_characters(unitized: Unitized, weights: Floats) -> Floats:
    """Return the share of marked characters that the others marked too (Dice's coefficient for two coders)."""
    shared = np.einsum("sa,avw->svw", weights, unitized.shared)
    marked = shared[:, 1:, :].sum(axis=(1, 2))
    with np.errstate(invalid="ignore"):
        return np.where(marked > 0, shared[:, 1:, 1:].sum(axis=(1, 2)) / marked, np.nan)


def merged(spans: Iterable[tuple[int, int]]) -> tuple[Segment, ...]:
    """Return segments that cover the same characters and neither overlap nor touch."""
    found: list[Segment] = []
    for start, end in sorted(spans):
        if found and start <= found[-1].end:
            last = found.pop()
            start, end = last.start, max(last.end, end)
        found.append(Segment(start=start, end=end))
    return tuple(found)


def _with_gaps(segments: Iterable[Segment], length: int) -> list[Segment]:
    """Return the segments with those between, before and behind them, which nobody marked."""
    covered, reached = [], 0
    for segment in sorted(segments):
        if segment.start > reached:
            covered.append(Segment(start=reached, end=segment.start, value=GAP))
        covered.append(segment)
        reached = segment.end
    if reached < length:
        covered.append(Segment(start=reached, end=length, value=GAP))
    return covered


def _shared(continuum: Continuum, values: int) -> Floats:
    """Count characters by the values of each ordered pair of coders, over the number of coders less one."""
    counts = np.zeros((values, values))
    covered = [_with_gaps(segments, continuum.length) for segments in continuum.marked]
    for one in covered:
        for other in covered:
            if one is not other:
                _add_pairs(counts, one, other)
    return counts / (len(covered) - 1)


def _add_pairs(counts: Floats, one: Sequence[Segment], other: Sequence[Segment]) -> None:
    """Walk along two coders' segments side by side."""
    left, right = 0, 0
    while left < len(one) and right < len(other):
        a, b = one[left], other[right]
        counts[a.value, b.value] += max(0, min(a.end, b.end) - max(a.start, b.start))
        left, right = left + (a.end <= b.end), right + (b.end <= a.end)


def _alone(continuum: Continuum, values: int) -> Floats:
    """Sum up the squares of segments' lengths; a gap is no unit, so that its characters stand one by one."""
    sums = np.zeros(values)
    for segments in continuum.marked:
        for segment in _with_gaps(segments, continuum.length):
            length = segment.end - segment.start
            sums[segment.value] += length if segment.value == GAP else length**2
    return sums
