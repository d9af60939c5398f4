"""Corrected shares against ppi-python, against least squares, and against what they must hold for any machine."""

from __future__ import annotations

import numpy as np
import pytest
from tests.shares.worlds import cell_of, random_sample, stratified_sample, world

from stancewire.shares.design import Design, Floats, design_of
from stancewire.shares.estimate import About, Cell, Method, correct

# ppi_mean_pointestimate and ppi_mean_ci (95 %) of ppi-python 0.2.3 with these labels, predictions and unlabelled
# predictions; made from whole numbers, so that no random generator can change them.
PLACES = np.arange(120)
LABELS = ((PLACES * 37) % 10 < 4).astype(float)
PREDICTED = np.where((PLACES * 53) % 7 == 0, 1 - LABELS, LABELS)
UNLABELLED = ((np.arange(3000) * 29) % 100 < 55).astype(float)
PPI_POINTS = {Method.DSL: 0.5, Method.GOLD: 0.4}  # lam=1 and lam=0
PPI_TUNED = 0.46592539
PPI_INTERVALS = {Method.DSL: (0.4290161, 0.5709839), Method.GOLD: (0.31234775, 0.48765225)}
Z = 1.959963984540054


def two_columns(values: Floats) -> Floats:
    """Return shares of favor and against, as every record has one of them here."""
    return np.column_stack([values, 1 - values, np.zeros(len(values))])


def ppi_cell() -> tuple[Cell, Design]:
    number = len(LABELS)
    cell = Cell(
        truth=two_columns(LABELS),
        told=two_columns(PREDICTED),
        everything=two_columns(UNLABELLED),
        stories=np.arange(len(UNLABELLED)),
        coded_stories=np.arange(number),
        is_sized=True,
    )
    weight = len(UNLABELLED) / number
    design = Design(
        weights=np.full(number, weight), strata=np.zeros(number, dtype=np.int64), rest=np.ones(number)
    )
    return cell, design


@pytest.mark.parametrize("method", [Method.DSL, Method.GOLD])
def test_shares_and_errors_are_those_of_ppi_python(method: Method) -> None:
    cell, design = ppi_cell()
    found = correct(cell, design, method=method)
    assert found is not None
    assert found.errors is not None
    assert found.shares[0] == pytest.approx(PPI_POINTS[method], abs=1e-9)
    low, high = PPI_INTERVALS[method]
    # ppi-python adds the spread of what is unlabelled, an archive being a sample to it, and divides by n, not n - 1.
    number = len(LABELS)
    unlabelled = found.power**2 * UNLABELLED.var() / len(UNLABELLED)
    error = np.sqrt(found.errors[0] ** 2 * (number - 1) / number + unlabelled)
    assert 2 * Z * error == pytest.approx(high - low, abs=1e-6)


def test_the_tuned_share_is_near_that_of_ppi_python() -> None:
    cell, design = ppi_cell()
    found = correct(cell, design)
    assert found is not None
    # Its power is divided by 1 + n/N, as its labelled records are not among the others, and its spread is pooled.
    assert found.shares[0] == pytest.approx(PPI_TUNED, abs=0.01)
    assert 0 < found.power < 1


def test_the_tuned_power_is_the_slope_of_least_squares() -> None:
    cell, design = ppi_cell()
    found = correct(cell, design)
    slope = np.polyfit(PREDICTED, LABELS, 1)[0]
    assert found is not None
    assert found.power == pytest.approx(slope)
    assert found.shares[0] == pytest.approx(LABELS.mean() + slope * (UNLABELLED.mean() - PREDICTED.mean()))


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("about", list(About))
def test_shares_add_up_to_one_and_have_errors(method: Method, about: About) -> None:
    source = np.random.default_rng(1)
    of = world(source, 2000)
    places, design = stratified_sample(source, of, 150)
    found = correct(cell_of(of, places), design, method=method, about=about)
    assert found is not None
    assert found.errors is not None
    assert sum(found.shares) == pytest.approx(1)
    assert all(0 < error < 0.2 for error in found.errors)


@pytest.mark.parametrize("method", list(Method))
def test_an_archive_coded_whole_has_its_true_shares_and_no_error(method: Method) -> None:
    of = world(np.random.default_rng(2), 400)
    places = np.arange(400)
    design = design_of(["all"] * 400, [1.0] * 400, certain=[True] * 400)
    found = correct(cell_of(of, places), design, method=method)
    assert found is not None
    assert found.shares == pytest.approx(tuple(of.shares))
    assert found.errors == (0, 0, 0)
    assert found.total == pytest.approx(np.count_nonzero(of.truth < 3))


def test_a_machine_that_is_always_right_leaves_nothing_to_correct() -> None:
    source = np.random.default_rng(3)
    of = world(source, 1000)
    right = type(of)(truth=of.told, told=of.told, groups=of.groups)
    places, design = random_sample(source, right, 60)
    found = correct(cell_of(right, places), design)
    assert found is not None
    assert found.power == 1
    assert found.shares == pytest.approx(tuple(right.shares))
    assert found.errors is None


def test_a_machine_that_knows_nothing_is_not_listened_to() -> None:
    source = np.random.default_rng(4)
    of = world(source, 3000)
    guessing = type(of)(truth=of.truth, told=source.permutation(of.told), groups=of.groups)
    places, design = random_sample(source, guessing, 400)
    found, alone = (
        correct(cell_of(guessing, places), design, method=method) for method in (Method.PPI, Method.GOLD)
    )
    assert found is not None
    assert alone is not None
    assert found.power < 0.2
    assert found.shares == pytest.approx(alone.shares, abs=0.02)


def test_a_good_machine_makes_errors_smaller_than_labels_alone() -> None:
    source = np.random.default_rng(5)
    of = world(source, 4000)
    places, design = random_sample(source, of, 200)
    errors = {}
    for method in Method:
        found = correct(cell_of(of, places), design, method=method)
        assert found is not None
        assert found.errors is not None
        errors[method] = sum(found.errors)
    assert errors[Method.PPI] < errors[Method.GOLD]


def test_what_such_outlets_write_is_less_sure_than_what_the_archive_has() -> None:
    source = np.random.default_rng(6)
    of = world(source, 300)
    places, design = random_sample(source, of, 200)
    errors = []
    for about in About:
        found = correct(cell_of(of, places), design, about=about)
        assert found is not None
        assert found.errors is not None
        errors.append(found.errors[0])
    assert errors[1] > 1.2 * errors[0]


def test_a_group_that_nothing_was_coded_of_has_no_share() -> None:
    source = np.random.default_rng(7)
    of = world(source, 500, groups=2)
    places = np.flatnonzero(of.groups == 0)[:50]
    design = design_of(["all"] * 50, [10.0] * 50, certain=[False] * 50)
    assert correct(cell_of(of, places, group=1), design) is None
    assert correct(cell_of(of, places, group=0), design) is not None
