"""Whether probabilities mean what they say: calibration error, Brier score, likelihood, coverage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BINS = 15  # as in Guo et al. 2017, "On Calibration of Modern Neural Networks"
COVERAGE_STEPS = 20  # the curve has a point every 5 %
SMALLEST_P = float(
    np.finfo(np.float64).eps
)  # keeps one sure wrong answer from making the likelihood infinite

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Answers of similar confidence: how sure they are on average, and how many are right."""

    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveragePoint:
    """The accuracy that is left when only the `coverage` most confident share of rows is answered."""

    coverage: float
    accuracy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Figures on probabilities.

    `expected_error`: expected calibration error of the answers over (at most) 15 bins of equal mass; rows of
    equal confidence share a bin. `brier`: squared distance to the gold label's one-hot vector, summed over
    classes (0 to 2), mean over rows. `log_loss`: mean negative natural logarithm of the gold label's p.
    """

    expected_error: float
    brier: float
    log_loss: float
    bins: tuple[Bin, ...]
    coverage: tuple[CoveragePoint, ...]


def calibrate(p: Floats, *, gold: Sequence[int], answers: Sequence[int]) -> Calibration:
    """Score probabilities (rows x classes, each row summing to 1) against column numbers of gold and answer.

    The answer need not be the likeliest class; its confidence is its own probability.
    """
    rows = np.arange(len(p))
    wanted, given = np.asarray(gold, dtype=np.int64), np.asarray(answers, dtype=np.int64)
    confidence, is_right = p[rows, given], (wanted == given).astype(np.float64)
    one_hot = np.zeros_like(p)
    one_hot[rows, wanted] = 1.0
    bins = equal_mass_bins(confidence, is_right)
    return Calibration(
        expected_error=sum(part.count * abs(part.accuracy - part.confidence) for part in bins) / len(p),
        brier=float(((p - one_hot) ** 2).sum(axis=1).mean()),
        log_loss=float(-np.log(np.clip(p[rows, wanted], SMALLEST_P, 1.0)).mean()),
        bins=bins,
        coverage=coverage_curve(confidence, is_right),
    )


def equal_mass_bins(confidence: Floats, is_right: Floats, *, bins: int = BINS) -> tuple[Bin, ...]:
    """Cut rows, ordered by confidence, into bins of equal size.

    Rows of equal confidence are never parted, so the order of rows doesn't matter and bins may be fewer.
    """
    ordered = np.sort(confidence)
    cuts = np.unique(ordered[[number * len(ordered) // bins for number in range(bins)]])
    places = np.searchsorted(cuts, confidence, side="right")
    made = []
    for place in np.unique(places):
        inside = places == place
        made.append(
            Bin(
                count=int(inside.sum()),
                confidence=float(confidence[inside].mean()),
                accuracy=float(is_right[inside].mean()),
            )
        )
    return tuple(made)


def coverage_curve(confidence: Floats, is_right: Floats) -> tuple[CoveragePoint, ...]:
    """Return the accuracy among the most confident 5 %, 10 %, ... 100 %; equal confidences share theirs."""
    _, place, counts = np.unique(-confidence, return_inverse=True, return_counts=True)
    shared = (np.bincount(place, weights=is_right) / counts)[np.sort(place)]
    running = np.cumsum(shared) / np.arange(1, len(shared) + 1)
    rows = len(shared)
    takes = sorted({-(-step * rows // COVERAGE_STEPS) for step in range(1, COVERAGE_STEPS + 1)})
    return tuple(CoveragePoint(coverage=take / rows, accuracy=float(running[take - 1])) for take in takes)
