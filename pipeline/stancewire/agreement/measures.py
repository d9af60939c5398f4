"""Measures of agreement between coders: percent, Krippendorff's alpha, Cohen's and Fleiss' kappa, specific agreement.

Every function takes ratings and article weights (samples x articles) and returns one figure a sample, NaN where the
measure is undefined; `figures` turns that into a number with an interval or a reason. Our own formulas over sums,
since the `krippendorff` package is under the GPL, `irrCAC` asks for one old SciPy, `statsmodels` is 12 MB for two
functions, and none of them takes weights, which make a bootstrap of articles one product of matrices. Tests hold
them to `krippendorff`, scikit-learn and published worked examples.
"""

from __future__ import annotations

import numpy as np

from stancewire.agreement.metric import Metric
from stancewire.agreement.ratings import (
    Floats,
    Ratings,
    agreeing,
    coincidences,
    unit_sums,
    value_counts,
)


def percent_agreement(ratings: Ratings, weights: Floats) -> Floats:
    """Return the share of pairs of values that are equal, weighted as in alpha; for two coders: of units."""
    pairable = ratings.pairable
    return _ratio(
        unit_sums(agreeing(pairable), pairable, weights), value_counts(pairable, weights).sum(axis=1)
    )


def krippendorff_alpha(ratings: Ratings, weights: Floats, *, metric: Metric = Metric.NOMINAL) -> Floats:
    """Return Krippendorff's alpha (2011, "Computing Krippendorff's Alpha-Reliability"); units may lack values.

    Undefined where all values are the same: nothing can be said of telling apart what wasn't told apart.
    """
    pairable = ratings.pairable
    counts = value_counts(pairable, weights)
    total = counts.sum(axis=1)
    if metric is Metric.NOMINAL:
        observed = total - unit_sums(agreeing(pairable), pairable, weights)
        expected = total**2 - (counts**2).sum(axis=1)
    else:
        distance = _distances(counts, metric)
        observed = (coincidences(pairable, weights) * distance).sum(axis=(1, 2))
        expected = (counts[:, :, None] * counts[:, None, :] * distance).sum(axis=(1, 2))
    return 1 - _ratio(observed * (total - 1), expected)


def cohen_kappa(ratings: Ratings, weights: Floats) -> Floats:
    """Return Cohen's kappa (1960) of two coders over the units that both gave a value to."""
    both = ratings.complete
    total = unit_sums(np.ones(len(both.codes)), both, weights)
    observed = _ratio(unit_sums(agreeing(both) / 2, both, weights), total)
    left, right = (value_counts(both, weights, coder=coder) for coder in (0, 1))
    by_chance = _ratio((left * right).sum(axis=1), total**2)
    return _beyond_chance(observed, by_chance)


def fleiss_kappa(ratings: Ratings, weights: Floats) -> Floats:
    """Return Fleiss' kappa (1971) over the units that every coder gave a value to."""
    complete = ratings.complete
    coders = complete.codes.shape[1]
    total = unit_sums(np.ones(len(complete.codes)), complete, weights)
    observed = _ratio(unit_sums(agreeing(complete) / coders, complete, weights), total)
    shares = _ratio(value_counts(complete, weights), (total * coders)[:, None])
    return _beyond_chance(observed, (shares**2).sum(axis=1))


def specific_agreement(found: Ratings, weights: Floats) -> Floats:
    """Return how often the others found what one found: for two coders the F1 of one against the other.

    `found` says "yes" or "no" of each unit and coder. It needs no count of what nobody found, which for "every stance
    in an article" doesn't exist; with many such it equals kappa (Hripcsak and Rothschild 2005, JAMIA 12(3): 296-298).
    """
    pairable = found.pairable
    yes = found.values.index("yes")
    finders = (pairable.codes == yes).sum(axis=1).astype(float)
    coders = (pairable.codes >= 0).sum(axis=1)
    both = unit_sums(finders * (finders - 1), pairable, weights)
    return _ratio(both, unit_sums(finders * (coders - 1), pairable, weights))


def _distances(counts: Floats, metric: Metric) -> Floats:
    """Return squared distances of values, samples x values x values; ordinal ones hang on how often values occur."""
    size = counts.shape[1]
    places = np.arange(size)
    if metric is Metric.INTERVAL:
        apart = np.abs(places[:, None] - places[None, :]).astype(float)
        return np.broadcast_to(apart**2, (len(counts), size, size))
    ranks = counts.cumsum(axis=1) - counts / 2
    return np.asarray((ranks[:, :, None] - ranks[:, None, :]) ** 2, dtype=np.float64)


def _beyond_chance(observed: Floats, by_chance: Floats) -> Floats:
    return _ratio(observed - by_chance, 1 - by_chance)


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Divide, with NaN where there is nothing to divide by."""
    blank = np.full(np.broadcast_shapes(part.shape, whole.shape), np.nan)
    # One value only gives exactly zero: counts are whole numbers, and x * x / (x * x) is 1.
    return np.asarray(np.divide(part, whole, out=blank, where=np.asarray(whole > 0)), dtype=np.float64)
