"""How the coded units were drawn, as estimates need it: strata, weights, and what is certain."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

EVERYTHING = "all"
"""The stratum of a sample without strata."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """The drawn and coded units, in one order: for how many each stands, and the strata that they were drawn within.

    `rest` is the share of each unit's stratum that was not drawn, 0 where it was taken whole: then nothing of it is
    left to chance. Strata with one coded unit, whose spread nobody can know, are taken together, and with them the
    smallest other one where they are alone; `rest` is 1 there, which can only widen intervals (collapsed strata,
    Cochran 1977, Sampling Techniques, section 5A.12).
    """

    weights: Floats
    strata: Ints
    rest: Floats
    collapsed: int = 0

    def __len__(self) -> int:
        return len(self.weights)

    @property
    def is_whole(self) -> bool:
        """Say whether everything is coded, so that nothing is left to chance."""
        return not np.any(self.rest)

    def covariance(self, one: Floats, other: Floats) -> float:
        """Return the design covariance of the weighted sums of two values; columns are added up (a trace)."""
        if not len(self):
            return 0.0
        a, b = self._centred(one), self._centred(other)
        counts = np.bincount(self.strata, minlength=1)
        several = np.maximum(counts - 1, 1)
        per_unit = self.rest * (counts / several)[self.strata]
        products = (a * b).reshape(len(self), -1).sum(axis=1)
        return float((per_unit * products).sum())

    def variances(self, values: Floats) -> Floats:
        """Return the design variance of the weighted sum of each column."""
        return np.array([self.covariance(column, column) for column in values.T])

    def _centred(self, values: Floats) -> Floats:
        """Return weighted values less the mean of their stratum."""
        weighted = (values.T * self.weights).T.reshape(len(self), -1)
        counts = np.bincount(self.strata)
        means = np.column_stack([np.bincount(self.strata, weights=column) for column in weighted.T])
        centred = weighted - (means / np.maximum(counts, 1)[:, None])[self.strata]
        return centred


def design_of(strata: Sequence[str], weights: Sequence[float], *, certain: Sequence[bool]) -> Design:
    """Return the design of units given by stratum and weight; `certain` says whose stratum was taken whole."""
    sizes = Counter(strata)
    lonely = {name for name, given in zip(strata, certain, strict=True) if sizes[name] == 1 and not given}
    if len(lonely) == 1 and (others := sorted(sizes.keys() - lonely, key=lambda name: (sizes[name], name))):
        certains = {name for name, given in zip(strata, certain, strict=True) if given}
        lonely |= {next((name for name in others if name not in certains), others[0])}
    names: dict[str, int] = defaultdict(lambda: len(names))
    codes = [names["" if name in lonely else name] for name in strata]
    rest = [
        0.0 if is_certain and name not in lonely else 1.0 if name in lonely else 1.0 - 1.0 / weight
        for name, weight, is_certain in zip(strata, weights, certain, strict=True)
    ]
    return Design(
        weights=np.array(weights, dtype=np.float64),
        strata=np.array(codes, dtype=np.int64),
        rest=np.array(rest, dtype=np.float64),
        collapsed=len(lonely),
    )
