"""From scores to probabilities."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest

from stancewire.stance.calibration import ANSWERS, Calibration, Scores
from stancewire.types import Stance

CALIBRATIONS = [
    Calibration(),
    Calibration(temperature=0.3, offsets=(1.0, -2.0, 0.5, 0.0)),
    Calibration(temperature=5.0, offsets=(0.0, 0.0, -3.0, 3.0)),
]


def scores(*rows: tuple[float, float, float, float]) -> Scores:
    return np.asarray(rows, dtype=np.float32)


@pytest.mark.parametrize("calibration", CALIBRATIONS)
def test_probabilities_of_a_row_sum_to_one(calibration: Calibration) -> None:
    drawn = np.random.default_rng(1).normal(scale=6, size=(500, 4)).astype(np.float32)
    p = calibration.apply(drawn)
    assert p.shape == (500, 4)
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=1), 1, atol=1e-12)


def test_enormous_scores_overflow_nothing() -> None:
    p = Calibration(temperature=0.1).apply(scores((1e4, -1e4, 0, 0), (-3e38, 3e38, 0, 0)))
    assert np.isfinite(p).all()
    np.testing.assert_allclose(p.sum(axis=1), 1)


def test_columns_are_favor_against_neutral_none() -> None:
    assert list(ANSWERS) == ["favor", "against", "neutral", "none"]
    found = Calibration().weights(9 * np.eye(4, dtype=np.float32))
    assert [weights.stance for weights in found] == [
        Stance.FAVOR,
        Stance.AGAINST,
        Stance.NEUTRAL,
        Stance.NONE,
    ]
    assert found[1].against == max(found[1].of(Stance(answer)) for answer in ANSWERS)


def test_higher_temperature_is_less_sure_of_the_same_answers() -> None:
    drawn = np.random.default_rng(2).normal(size=(100, 4)).astype(np.float32)
    sharp, soft = Calibration().apply(drawn), Calibration(temperature=3.0).apply(drawn)
    assert (soft.max(axis=1) < sharp.max(axis=1)).all()
    assert (soft.argsort(axis=1) == sharp.argsort(axis=1)).all()


def test_offset_raises_its_own_answer_only() -> None:
    even = scores((0, 0, 0, 0))
    (p,) = Calibration(offsets=(0.0, 0.0, 1.0, 0.0)).apply(even)
    assert p[2] == pytest.approx(np.e / (np.e + 3))
    assert p[0] == p[1] == p[3]


def test_known_numbers_come_out() -> None:
    (p,) = Calibration(temperature=2.0, offsets=(0.0, 0.0, 0.0, 1.0)).apply(scores((2, 0, 0, 0)))
    whole = np.e + 1 + 1 + np.e
    np.testing.assert_allclose(p, [np.e / whole, 1 / whole, 1 / whole, np.e / whole])


def test_no_rows_give_no_answers() -> None:
    assert Calibration().weights(np.zeros((0, 4), dtype=np.float32)) == []


@pytest.mark.parametrize("calibration", CALIBRATIONS)
def test_calibration_comes_back_from_the_card_as_it_was(calibration: Calibration) -> None:
    assert Calibration.from_dict(json.loads(json.dumps(asdict(calibration)))) == calibration


def test_card_without_numbers_changes_nothing() -> None:
    assert Calibration.from_dict({}) == Calibration()


@pytest.mark.parametrize("offsets", [[0.0, 1.0], "none", 3])
def test_wrong_number_of_offsets_is_refused(offsets: object) -> None:
    with pytest.raises(ValueError, match="offsets: 4 numbers are needed, got"):
        Calibration.from_dict({"offsets": offsets})
