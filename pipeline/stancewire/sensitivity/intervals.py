"""Intervals for shares of records, by resampling articles; Wilson's where resampling can't show any spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from stancewire.agreement.bootstrap import Bootstrap, Figure
from stancewire.agreement.ratings import Floats

_Z = 1.959963984540054  # 95 %, two-sided


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one article adds to a share: `hits` of `whole`."""

    hits: int
    whole: int


def share(parts: Sequence[Part], bootstrap: Bootstrap) -> Figure:
    """Return the share of hits with its 95 % interval over articles.

    Records of one article hang together, so articles are drawn (percentile bootstrap). Where no record, or each one,
    is a hit, every sample says the same: then it is Wilson's interval (1927, JASA 22: 209-212) with as many trials
    as there are articles, which is on the cautious side.
    """
    parts = [part for part in parts if part.whole]
    hits = np.array([part.hits for part in parts], dtype=np.float64)
    whole = np.array([part.whole for part in parts], dtype=np.float64)
    if parts and hits.sum() in (0, whole.sum()):
        value = float(hits.sum() / whole.sum())
        low, high = wilson(value * len(parts), len(parts))
        return Figure(value=value, low=low, high=high, reason="Wilson: all records did the same")

    def measure(weights: Floats) -> Floats:
        return np.asarray((weights @ hits) / (weights @ whole), dtype=np.float64)

    return bootstrap.figure(measure, len(parts), undefined="no records to compare")


def wilson(hits: float, trials: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval for `hits` of `trials`."""
    p, spread = hits / trials, _Z**2 / trials
    middle = (p + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * sqrt(p * (1 - p) / trials + spread / (4 * trials))
    return max(0.0, middle - half), min(1.0, middle + half)
