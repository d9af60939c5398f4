"""Intervals by resampling articles, and figures that say why they are missing.

Articles are drawn, not records or units: what coders do within one article hangs together (one text, one reading), so
that units drawn one by one would give intervals that are too narrow (cluster bootstrap; Field and Welsh 2007,
"Bootstrapping clustered data", JRSS B 69(3): 369-390).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from stancewire.agreement.ratings import Floats

Measure: TypeAlias = Callable[[Floats], Floats]
"""A measure of some ratings: article weights (samples x articles) in, one figure a sample out, NaN for undefined."""

FEWEST_ARTICLES = (
    10  # below, percentiles of a bootstrap are known to be too narrow; still shown, with a word on it
)
MOST_UNDEFINED = (
    0.05  # an interval over the other samples would tell of those only where the measure has a value
)
_AT_ONCE = 100  # samples in one product, so that memory stays small


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measure's value with its 95 % interval; `reason` says why the value or the interval is missing."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """How intervals are made: so many samples (0: none) from this seed."""

    samples: int = 1000
    seed: int = 0

    def figure(self, measure: Measure, articles: int, *, undefined: str) -> Figure:
        """Return a measure's value and the 2.5th and 97.5th percentile of its bootstrap samples.

        `undefined` is the reason to give where the measure has no value.
        """
        value = float(measure(np.ones((1, articles)))[0]) if articles else np.nan
        if np.isnan(value):
            return Figure(reason=undefined)
        if not self.samples:
            return Figure(value=value)
        if articles < 2:
            return Figure(value=value, reason="no interval: one article")
        drawn = np.concatenate([measure(weights) for weights in self._draws(articles)])
        defined = drawn[~np.isnan(drawn)]
        share = 1 - len(defined) / len(drawn)
        if share > MOST_UNDEFINED:
            return Figure(value=value, reason=f"no interval: undefined in {share:.0%} of the samples")
        low, high = np.percentile(defined, [2.5, 97.5])
        return Figure(value=value, low=float(low), high=float(high))

    def _draws(self, articles: int) -> Iterator[Floats]:
        """Yield how often each article was drawn, in samples of as many articles as there are; the same every time."""
        source = np.random.default_rng(self.seed)
        sizes = [min(_AT_ONCE, self.samples - done) for done in range(0, self.samples, _AT_ONCE)]
        even = np.full(articles, 1 / articles)
        return (source.multinomial(articles, even, size=size).astype(np.float64) for size in sizes)
