from __future__ import annotations

import numpy as np
import pytest

from stancewire.sampling.design import draw, estimate_total
from stancewire.sampling.population import Item, Population, Unit
from stancewire.shares.design import design_of


def test_totals_and_errors_are_those_of_the_sample_that_was_drawn() -> None:
    items = tuple(Item(id=f"i{n:03}", article_id=f"i{n:03}", stratum="ab"[n % 3 == 0]) for n in range(90))
    drawn = draw(Population(unit=Unit.RECORD, by=(), items=items, left_out={}), 30, seed=3)
    values = {item.id: float(int(item.id[1:]) % 7) for item in drawn.items}
    strata = [item.stratum for item in drawn.items]
    weights = [drawn.stratum_of(item).weight for item in drawn.items]
    design = design_of(strata, weights, certain=[False] * 30)
    column = np.array([values[item.id] for item in drawn.items])
    wanted = estimate_total(values, drawn)
    assert design.weights @ column == pytest.approx(wanted.value)
    assert np.sqrt(design.covariance(column, column)) == pytest.approx(wanted.standard_error)


def test_a_stratum_taken_whole_leaves_nothing_to_chance() -> None:
    design = design_of(["a", "a", "b", "b"], [1.0, 1.0, 3.0, 3.0], certain=[True, True, False, False])
    assert design.covariance(np.array([1.0, 9.0, 2.0, 2.0]), np.array([1.0, 9.0, 2.0, 2.0])) == 0
    assert design.rest.tolist() == [0, 0, pytest.approx(2 / 3), pytest.approx(2 / 3)]


def test_strata_with_one_coded_item_count_as_one() -> None:
    design = design_of(["a", "b", "c", "c"], [2.0, 2.0, 4.0, 4.0], certain=[False] * 4)
    assert design.strata[0] == design.strata[1] != design.strata[2]
    assert design.collapsed == 2
    assert design.rest.tolist()[:2] == [1, 1]


def test_a_lonely_stratum_is_put_to_the_smallest_other() -> None:
    design = design_of(["a", "b", "b", "c", "c", "c"], [2.0] * 6, certain=[False] * 6)
    assert design.strata[0] == design.strata[1] == design.strata[2] != design.strata[3]


def test_columns_of_a_covariance_are_added_up() -> None:
    design = design_of(["a"] * 4, [5.0] * 4, certain=[False] * 4)
    two = np.array([[1.0, 0.0], [0.0, 2.0], [3.0, 0.0], [0.0, 0.0]])
    assert design.covariance(two, two) == pytest.approx(design.variances(two).sum())
