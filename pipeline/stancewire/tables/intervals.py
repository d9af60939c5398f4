"""How far shares may be off by chance: percentile bootstrap intervals over stories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from stancewire.errors import ConfigError
from stancewire.tables.coded import STANCES, Numbers

LEAST_STORIES = 10
"""Below this many stories a row gets no interval. Chosen by simulation: with 10 stories an interval at 95 % holds the
true share in 96 to 99 of 100 samples, where any is shown, with 5 it tells nothing apart (the widest are 0 to 100 %).
tests/tables/test_intervals.py checks the coverage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """The range that a share lies in, at the level asked for."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """Intervals by resampling stories with replacement and taking the percentiles of what comes out.

    Stories and not records are drawn: copies of a story depend on each other, and so do the records of one article, so
    drawing records would make intervals too narrow (a cluster bootstrap; Davison and Hinkley, Bootstrap Methods and
    their Application, 1997, section 3.8; the percentile method is Efron's, 1979). What else ties stories together, as
    one reporter or one press conference does, is not in it. An interval hangs on the counts of its own row and the
    seed alone, so that it stays the same whatever else is in the table.
    """

    resamples: int = 1000
    seed: int = 1
    level: float = 0.95
    least: int = LEAST_STORIES

    def __post_init__(self) -> None:
        if self.resamples < 0 or 0 < self.resamples < 100:
            raise ConfigError(f"resamples is {self.resamples}; must be 0 (no intervals) or 100 and more")
        if not 0 < self.level < 1:
            raise ConfigError(f"level is {self.level}; must lie between 0 and 1, as 0.95 does")
        if self.seed < 0:
            raise ConfigError(f"seed is {self.seed}; must be a whole number from 0")
        if self.least < 2:
            raise ConfigError(f"interval-n is {self.least}; must be 2 and more, as one story has no spread")

    def intervals(self, patterns: Numbers) -> tuple[Interval | None, ...]:
        """Return the intervals of the shares of favor, against, neutral and of the balance (favor less against).

        `patterns` has a row (favor, against, neutral, stories) for each sort of story, as Cells has. None where there
        are too few stories, and where all stories say the same of a stance: resampling can't show what was never seen.
        """
        if not self.resamples or int(patterns[:, -1].sum()) < self.least:
            return (None,) * (len(STANCES) + 1)
        return _intervals(patterns.shape[0], tuple(patterns.ravel().tolist()), self)


@lru_cache(maxsize=100_000)
def _intervals(rows: int, numbers: Sequence[int], how: Bootstrap) -> tuple[Interval | None, ...]:
    patterns = np.array(numbers).reshape(rows, -1)
    told, stories = patterns[:, :-1], patterns[:, -1]
    # Drawing how often each sort of story comes is the same as drawing stories one by one, and far quicker.
    draw = np.random.default_rng([how.seed, *numbers])
    times = draw.multinomial(stories.sum(), stories / stories.sum(), size=how.resamples)
    found = _shares(times @ told)
    edge = (1 - how.level) / 2
    lows, highs = np.quantile(found, [edge, 1 - edge], axis=0).tolist()
    is_one = np.ptp(_shares(told), axis=0) == 0
    return tuple(
        None if same else Interval(low=low, high=high)
        for low, high, same in zip(lows, highs, is_one.tolist(), strict=True)
    )


def _shares(counts: Numbers) -> Numbers:
    """Return the shares of favor, against and neutral, and favor less against, of each row of counts."""
    shares = counts / counts.sum(axis=1, keepdims=True)
    return np.column_stack([shares, shares[:, 0] - shares[:, 1]])
