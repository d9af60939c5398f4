"""Shares of stances from the machine's labels of everything and coders' labels of a sample.

The share of a stance is a ratio of two sums over a population: of records with that stance, and of records at all.
Each sum is the machine's, times a power, corrected by what the sample shows the machine to be off by:

    sum(y) = power * sum of f over everything + weighted sum over the sample of (y - power * f)

power 1     design-based supervised learning (DSL; Egami, Hinck, Stewart and Wei 2023, NeurIPS 36): the mean of
            f + R/pi * (y - f), where R says what was drawn and pi is its chance; right whatever the machine does
power tuned prediction-powered inference (PPI; Angelopoulos, Bates, Fannjiang, Jordan and Zrnic 2023, Science 382:
            669-674) with the power that makes the variance least (PPI++; Angelopoulos, Duchi and Zrnic 2023,
            arXiv:2311.01453), one for all three shares, kept from 0 to 1
power 0     the coded units alone, weighted (Horvitz and Thompson 1952, JASA 47: 663-685)

In survey sampling this is the difference estimator, and with the tuned power the regression estimator (Cochran 1977,
Sampling Techniques, chapter 7). The variance is that of the ratio's linear approximation.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from stancewire.shares.design import Design, Floats, Ints


class Method(StrEnum):
    """How the machine's labels and the coders' are put together."""

    PPI = "ppi"
    DSL = "dsl"
    GOLD = "gold"


class About(StrEnum):
    """What the shares are of: the articles that went in, or what such outlets write, of which they are a sample."""

    ARCHIVE = "archive"
    PROCESS = "process"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Counts of each stance in one group, a column a stance.

    `truth` and `told`: what coders and the machine say of the coded units, rows of zeros for those of other groups.
    `everything`: what the machine says of the population in this group. `stories` and `coded_stories` are the
    numbers of the stories that the rows of `everything` and of the coded units belong to. `is_sized`: a unit counts
    for as much as the machine has there, so that what the group counts for in all is known beforehand.
    """

    truth: Floats
    told: Floats
    everything: Floats
    stories: Ints
    coded_stories: Ints
    is_sized: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """Shares that add up to 1, their standard errors (None where chance can't be told), and the power used.

    `total` is the estimated number of records that are really there.
    """

    shares: tuple[float, ...]
    errors: tuple[float, ...] | None
    power: float
    total: float


def correct(
    cell: Cell, design: Design, *, method: Method = Method.PPI, about: About = About.ARCHIVE
) -> Corrected | None:
    """Return the corrected shares of one group; None where the sample has nothing of it, or nothing to divide by."""
    scale = scale_of(cell, design)
    if scale is None:
        return None
    weights = design.weights * scale
    power = _power(cell, design, weights, method)
    if (found := _ratio(cell, weights, power)) is None:
        return None
    shares, total = found
    rests, lean = _residuals(cell, weights, shares, power)
    if about is About.ARCHIVE:
        variances = design.variances(rests * scale)
    else:
        variances = _by_story(cell, (rests.T * weights).T, shares, power, lean)
    return Corrected(
        shares=tuple(shares.tolist()),
        errors=tuple((np.sqrt(np.maximum(variances, 0)) / total).tolist())
        if np.any(rests) or design.is_whole
        else None,
        power=power,
        total=total,
    )


def scale_of(cell: Cell, design: Design) -> float | None:
    """Return by what to multiply weights so that coded units stand for what the group has; None where there are none.

    Without this the number of coded units that fall into a group by chance would be part of the error.
    """
    if not cell.is_sized:
        return 1.0 if np.any(cell.truth) or np.any(cell.told) else None
    stood = float(design.weights @ cell.told.sum(axis=1))
    return float(cell.everything.sum()) / stood if stood else None


def _power(cell: Cell, design: Design, weights: Floats, method: Method) -> float:
    """Return how far the machine is listened to: all the way, not at all, or as far as makes the variance least."""
    if method is not Method.PPI:
        return 1.0 if method is Method.DSL else 0.0
    if (start := _ratio(cell, weights, 0.0)) is None:
        return 1.0
    shares, _ = start
    truth, _ = _residuals(cell, weights, shares, 0.0)
    told = truth - _residuals(cell, weights, shares, 1.0)[0]
    spread = design.covariance(told, told)
    return min(max(design.covariance(truth, told) / spread, 0.0), 1.0) if spread > 0 else 1.0


def _ratio(cell: Cell, weights: Floats, power: float) -> tuple[Floats, float] | None:
    sums = power * cell.everything.sum(axis=0) + weights @ (cell.truth - power * cell.told)
    total = float(sums.sum())
    return (sums / total, total) if total > 0 else None


def _residuals(cell: Cell, weights: Floats, shares: Floats, power: float) -> tuple[Floats, Floats]:
    """Return what each coded unit adds to the ratio's error, less the mean where the group's size is known."""
    rests = _against(cell.truth, shares) - power * _against(cell.told, shares)
    if not cell.is_sized:
        return rests, np.zeros(rests.shape[1])
    sizes = cell.told.sum(axis=1)
    lean = (weights @ rests) / float(weights @ sizes)
    return rests - np.outer(sizes, lean), lean


def _against(counts: Floats, shares: Floats) -> Floats:
    """Return counts of each stance less what they would be at these shares."""
    return counts - np.outer(counts.sum(axis=1), shares)


def _by_story(cell: Cell, weighted: Floats, shares: Floats, power: float, lean: Floats) -> Floats:
    """Return the variances that take the archive itself for a sample of stories (DSL's, clustered by story)."""
    values = power * _against(cell.everything, shares) + np.outer(cell.everything.sum(axis=1), lean)
    both = np.concatenate([values, weighted])
    _, stories = np.unique(np.concatenate([cell.stories, cell.coded_stories]), return_inverse=True)
    sums = np.column_stack([np.bincount(stories, weights=column) for column in both.T])
    number = int(np.any(sums, axis=1).sum())
    return np.asarray((sums**2).sum(axis=0) * number / max(number - 1, 1), dtype=np.float64)
