from __future__ import annotations

import numpy as np
import pytest

from stancewire.errors import ConfigError
from stancewire.shares.design import design_of
from stancewire.shares.intervals import Confidence, labels_of, quantile


@pytest.mark.parametrize(
    ("level", "freedom", "wanted"),
    # Two-sided critical values of Student's t, as tables have them.
    [
        (0.95, 1, 12.706),
        (0.95, 2, 4.303),
        (0.95, 3, 3.182),
        (0.95, 4, 2.776),
        (0.99, 1, 63.657),
        (0.99, 2, 9.925),
        (0.95, 5, 2.571),
        (0.95, 10, 2.228),
        (0.95, 29, 2.045),
        (0.99, 30, 2.750),
        (0.90, 8, 1.860),
        (0.95, 1e9, 1.960),
    ],
)
def test_quantiles_are_those_of_the_tables(level: float, freedom: float, wanted: float) -> None:
    assert quantile(level, freedom) == pytest.approx(wanted, abs=0.001)


def test_quantiles_between_whole_degrees_lie_between_theirs_without_a_step() -> None:
    found = [quantile(0.95, 1 + number / 20) for number in range(582)]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(found)
    assert found[579] - found[580] < 0.0003  # where the series begins


def test_equal_weights_are_worth_as_many_labels_as_there_are() -> None:
    design = design_of(["a"] * 6, [4.0] * 6, certain=[False] * 6)
    assert labels_of(design, np.array([1.0, 1, 1, 1, 0, 0])) == pytest.approx(4)


def test_unequal_weights_are_worth_fewer() -> None:
    design = design_of(["a"] * 4, [1.0, 1.0, 1.0, 9.0], certain=[False] * 4)
    assert labels_of(design, np.ones(4)) == pytest.approx(144 / 84)  # (1 + 1 + 1 + 9)^2 / (1 + 1 + 1 + 81)


@pytest.mark.parametrize("value", [0.001, 0.03, 0.5, 0.97, 0.999])
def test_intervals_stay_within_0_and_1_around_the_share(value: float) -> None:
    figure = Confidence().figure(value, 0.2, 40, unseen="")
    assert figure.low is not None
    assert figure.high is not None
    assert 0 <= figure.low < value < figure.high <= 1


@pytest.mark.parametrize(("value", "shown"), [(-0.02, 0.0), (1.01, 1.0)])
def test_a_share_beyond_0_and_1_is_shown_as_the_nearest_there_is(value: float, shown: float) -> None:
    figure = Confidence().figure(value, 0.05, 40, unseen="")
    assert figure.value == shown
    assert figure.low is not None
    assert figure.high is not None
    assert 0 <= figure.low <= shown <= figure.high <= 1
    assert figure.high - figure.low > 0.05


def test_an_unknown_error_makes_no_interval_of_no_width() -> None:
    figure = Confidence().figure(0.4, None, 40, unseen="all say the same")
    assert (figure.value, figure.low, figure.high, figure.reason) == (0.4, None, None, "all say the same")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"level": 1.0}, "level is 1.0; must lie between 0 and 1"),
        ({"least": 1}, "least is 1; must be 2 and more"),
    ],
)
def test_a_level_or_least_that_cannot_be_is_refused(values: dict[str, float], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Confidence(**values)  # type: ignore[arg-type]
