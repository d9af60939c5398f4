"""Whether one model is better than another or was lucky: a paired bootstrap over articles.

Both models are scored on the same articles, drawn with replacement as many as there are; the articles, and not the
records in them, because what stands in one article hangs together. The interval has the 2.5th and 97.5th percentile of
the difference. p is how often a difference as large, on either side, comes about where there is none: the bootstrap
samples moved to a mean difference of zero (Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 16;
Koehn 2004, EMNLP, for scores of whole corpora).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from stancewire.evaluation.calibration import Floats

Figure: TypeAlias = Callable[[Floats], Floats]
"""Sums of counts (samples x counts) in, one figure a sample out; NaN where it isn't defined."""

FEWEST = 10
"""Articles below which percentiles of a bootstrap are known to be too narrow: shown, with a word on it."""
MOST_UNDEFINED = 0.05
_AT_ONCE = 100  # samples in one product, so that memory stays small


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One figure of both models, first less second, its interval and p; `reason` says why there are none.

    `first_low` and what is like it are the models' own intervals from the same samples.
    """

    name: str
    first: float | None
    second: float | None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    first_low: float | None = None
    first_high: float | None = None
    second_low: float | None = None
    second_high: float | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resampling:
    """How many bootstrap samples are drawn, from which seed."""

    samples: int = 1000
    seed: int = 0

    def compare(
        self, first: Floats, second: Floats, figures: Sequence[tuple[str, Figure]]
    ) -> tuple[Difference, ...]:
        """Return the figures of two models from their counts (units x counts), a row of both being one article."""
        units = len(first)
        drawn = [np.concatenate(parts) for parts in zip(*self._sums(first, second), strict=True)]
        whole = [counts.sum(axis=0, keepdims=True) for counts in (first, second)]
        return tuple(
            _difference(name, [figure(one) for one in whole], [figure(one) for one in drawn], units)
            for name, figure in figures
        )

    def _sums(self, first: Floats, second: Floats) -> Iterator[tuple[Floats, Floats]]:
        source = np.random.default_rng(self.seed)
        units = len(first)
        for done in range(0, self.samples, _AT_ONCE):
            size = min(_AT_ONCE, self.samples - done)
            times = source.multinomial(units, np.full(units, 1 / units), size=size).astype(np.float64)
            yield times @ first, times @ second


def f1(right: Floats, spurious: Floats, missing: Floats) -> Floats:
    """Return F1 of sums; NaN where nothing is wanted and nothing given."""
    return _divided(2 * right, 2 * right + spurious + missing)


def rate(hits: Floats, of: Floats) -> Floats:
    """Return a share of sums; NaN of nothing."""
    return _divided(hits, of)


def macro_f1(counts: Floats) -> Floats:
    """Return the mean F1 of the labels in gold from confusions (samples x gold x answers); NaN without any."""
    right = np.einsum("sii->si", counts)
    gold, given = counts.sum(axis=2), counts.sum(axis=1)
    scores = np.nan_to_num(_divided(2 * right, gold + given))
    is_wanted = gold > 0
    return _divided((scores * is_wanted).sum(axis=1), is_wanted.sum(axis=1).astype(np.float64))


def _divided(one: Floats, other: Floats) -> Floats:
    out = np.full(np.shape(one), np.nan)
    found: Floats = np.divide(one, other, out=out, where=np.asarray(other) > 0)
    return found


def _difference(name: str, whole: Sequence[Floats], drawn: Sequence[Floats], units: int) -> Difference:
    first, second = (_number(values[0]) for values in whole)
    if first is None or second is None:
        return Difference(name=name, first=first, second=second, reason="undefined for a model")
    if units < 2:
        return Difference(
            name=name,
            first=first,
            second=second,
            difference=first - second,
            reason="no interval: one article",
        )
    is_defined = ~(np.isnan(drawn[0]) | np.isnan(drawn[1]))
    if (share := 1 - float(is_defined.mean())) > MOST_UNDEFINED:
        reason = f"no interval: undefined in {share:.0%} of the samples"
        return Difference(name=name, first=first, second=second, difference=first - second, reason=reason)
    one, other = drawn[0][is_defined], drawn[1][is_defined]
    found, apart = first - second, one - other
    low, high = np.percentile(apart, [2.5, 97.5])
    as_large = np.count_nonzero(np.abs(apart - found) >= abs(found) - 1e-12)
    bounds = [float(edge) for values in (one, other) for edge in np.percentile(values, [2.5, 97.5])]
    return Difference(
        name=name,
        first=first,
        second=second,
        difference=found,
        low=float(low),
        high=float(high),
        p=(1 + int(as_large)) / (1 + len(apart)),  # never 0: the samples are finite
        first_low=bounds[0],
        first_high=bounds[1],
        second_low=bounds[2],
        second_high=bounds[3],
    )


def _number(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)
