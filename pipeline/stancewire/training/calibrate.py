"""Fits the temperature and class offsets that turn a model's scores into probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from stancewire.stance.calibration import Calibration, Scores

PULL = 1e-3  # keeps offsets of classes with few rows near 0


def fit_calibration(
    scores: Scores, targets: NDArray[np.float64], importance: NDArray[np.float64], *, pull: float = PULL
) -> Calibration:
    """Return the calibration with the lowest log loss, plus `pull` times the squares of its offsets.

    `scores` and `targets` have shape (n, 4) in the order of ANSWERS; `importance` weighs the n rows.
    """
    share = importance / importance.sum()

    def loss(values: NDArray[np.float64]) -> float:
        p = _calibration(values).apply(scores)
        return float(-(share[:, None] * targets * np.log(p + 1e-12)).sum() + pull * (values[1:] ** 2).sum())

    found = minimize(loss, np.zeros(5), method="L-BFGS-B", bounds=[(-2, 2)] + [(-3, 3)] * 4)
    fitted = _calibration(found.x)  # rounded only here: rounded steps would leave the optimizer no slope
    favor, against, neutral, none = (round(offset, 4) for offset in fitted.offsets)
    return Calibration(temperature=round(fitted.temperature, 4), offsets=(favor, against, neutral, none))


def _calibration(values: NDArray[np.float64]) -> Calibration:
    favor, against, neutral, none = map(float, values[1:] - values[4])
    return Calibration(temperature=float(np.exp(values[0])), offsets=(favor, against, neutral, none))
