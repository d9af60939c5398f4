"""Fitting the calibration."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from stancewire.stance.calibration import Calibration, Scores

pytest.importorskip("scipy", reason="calibration is fitted with SciPy, from stancewire[train]")
calibrate = pytest.importorskip("stancewire.training.calibrate")

ROWS = 4000


@pytest.fixture(scope="module")
def truth() -> NDArray[np.float64]:
    """Return the true probabilities of 4,000 questions, most of them far from certain."""
    drawn = np.random.default_rng(3).normal(scale=1.2, size=(ROWS, 4))
    return np.exp(drawn) / np.exp(drawn).sum(axis=1, keepdims=True)


@pytest.fixture(scope="module")
def targets(truth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return one right answer a question, drawn by its true probabilities."""
    rng = np.random.default_rng(4)
    return np.eye(4)[[rng.choice(4, p=row) for row in truth]]


def log_loss(calibration: Calibration, scores: Scores, targets: NDArray[np.float64]) -> float:
    return float(-(targets * np.log(calibration.apply(scores))).sum(axis=1).mean())


def fit(
    scores: NDArray[np.float64], targets: NDArray[np.float64], importance: NDArray[np.float64] | None = None
) -> Calibration:
    weights = np.ones(len(scores)) if importance is None else importance
    found: Calibration = calibrate.fit_calibration(scores.astype(np.float32), targets, weights)
    return found


def test_overconfident_scores_are_cooled_to_about_the_best_possible_loss(
    truth: NDArray[np.float64], targets: NDArray[np.float64]
) -> None:
    scores = 4 * np.log(truth)
    found = fit(scores, targets)
    best = float(-(targets * np.log(truth)).sum(axis=1).mean())
    raw = log_loss(Calibration(), scores.astype(np.float32), targets)
    fitted = log_loss(found, scores.astype(np.float32), targets)
    assert found.temperature == pytest.approx(4, rel=0.1)
    assert raw > best + 0.5
    assert fitted == pytest.approx(best, abs=0.01)


def test_timid_scores_are_sharpened(truth: NDArray[np.float64], targets: NDArray[np.float64]) -> None:
    assert fit(np.log(truth) / 3, targets).temperature == pytest.approx(1 / 3, rel=0.1)


def test_answer_given_too_rarely_is_raised(truth: NDArray[np.float64], targets: NDArray[np.float64]) -> None:
    scores = np.log(truth) - np.array([0.0, 0.0, 1.5, 0.0])
    found = fit(scores, targets)
    raised = found.offsets[2] - np.mean([found.offsets[0], found.offsets[1], found.offsets[3]])
    assert raised == pytest.approx(1.5, abs=0.2)


def test_scores_that_are_right_already_stay_about_as_they_are(
    truth: NDArray[np.float64], targets: NDArray[np.float64]
) -> None:
    found = fit(np.log(truth), targets)
    assert found.temperature == pytest.approx(1, abs=0.07)
    assert max(map(abs, found.offsets)) < 0.15


def test_rows_count_by_their_importance(truth: NDArray[np.float64], targets: NDArray[np.float64]) -> None:
    half = ROWS // 2
    scores = np.log(truth)
    scores[:half] *= 4  # the first half overconfident, the second right
    importance = np.concatenate([np.zeros(half), np.ones(ROWS - half)])
    assert fit(scores, targets, importance).temperature == pytest.approx(1, abs=0.1)
    assert fit(scores, targets, importance[::-1]).temperature == pytest.approx(4, rel=0.1)


def test_same_rows_give_the_same_numbers(truth: NDArray[np.float64], targets: NDArray[np.float64]) -> None:
    assert fit(2 * np.log(truth), targets) == fit(2 * np.log(truth), targets)
