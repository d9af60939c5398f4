"""Intervals around corrected shares, and how many labels they need."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from stancewire.errors import ConfigError
from stancewire.shares.design import Design, Floats

LEAST = 30
"""Below so many labels of equal weight a group gets no corrected share.

Chosen by simulation: with 40 of a simple random sample, 95 % intervals hold the truth in 96 of 100 samples; with fewer
than 30, what is rare is too often not seen at all. tests/bench/coverage.py measures it.
"""
_BY_SERIES = 30  # degrees of freedom from which the series is right to .0001
_HALVINGS = 60
_PLACES, _WEIGHTS = np.polynomial.legendre.leggauss(64)  # Gauss and Legendre's rule, between -1 and 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An estimate with its standard error and interval; `reason` says why the figure or the interval is missing."""

    value: float | None = None
    error: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """The level of intervals, and the labels of equal weight that a group must have."""

    level: float = 0.95
    least: int = LEAST

    def __post_init__(self) -> None:
        if not 0 < self.level < 1:
            raise ConfigError(f"level is {self.level}; must lie between 0 and 1, as 0.95 does")
        if self.least < 2:
            raise ConfigError(f"least is {self.least}; must be 2 and more, as one label has no spread")

    def figure(self, value: float, error: float | None, labels: float, *, unseen: str) -> Figure:
        """Return a share with its interval; `unseen` is the reason for having none where the error isn't known.

        Student's t on the log odds, so that an interval stays within 0 and 1 and is longer towards the middle; at 0
        and 1 themselves, and beyond, which a small sample can lead to, on the share itself.
        """
        inside = min(max(value, 0.0), 1.0)
        if error is None:
            return Figure(value=inside, reason=unseen)
        if error == 0:
            return Figure(value=inside, error=0.0, low=inside, high=inside)
        reach = quantile(self.level, labels - 1)
        if 0 < value < 1:
            spread = value * (1 - value)
            odds, width = math.log(value / (1 - value)), reach * error / spread
            return Figure(value=value, error=error, low=_share(odds - width), high=_share(odds + width))
        low, high = max(value - reach * error, 0.0), min(value + reach * error, 1.0)
        return Figure(value=inside, error=error, low=min(low, inside), high=max(high, inside))


def labels_of(design: Design, counts: Floats) -> float:
    """Return how many labels of equal weight the labels of a group are worth (Kish 1965, Survey Sampling)."""
    weights = design.weights[counts > 0] * counts[counts > 0]
    return float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) else 0.0


@lru_cache(maxsize=4096)
def quantile(level: float, freedom: float) -> float:
    """Return Student's t of a two-sided interval; the degrees of freedom need not be whole, and are 1 at least.

    From 30 degrees on by series (Abramowitz and Stegun 1964, 26.7.5), which is far off below 4; there by halving.
    """
    v = max(freedom, 1.0)
    if v < _BY_SERIES:
        return _halved(level, v)
    z = NormalDist().inv_cdf((1 + level) / 2)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / v + second / v**2 + third / v**3


def _halved(level: float, v: float) -> float:
    """Return t = sqrt(v) tan(angle) for the angle up to which the distribution's density has the level."""
    height = 2 * math.exp(math.lgamma((v + 1) / 2) - math.lgamma(v / 2)) / math.sqrt(math.pi)
    low, high = 0.0, math.pi / 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        cosines = np.cos((_PLACES + 1) / 2 * middle)
        held = height * middle / 2 * float(_WEIGHTS @ cosines ** (v - 1))
        low, high = (middle, high) if held < level else (low, middle)
    return math.sqrt(v) * math.tan((low + high) / 2)


def _share(odds: float) -> float:
    return 1 / (1 + math.exp(-odds)) if odds > -700 else 0.0  # exp overflows beyond
