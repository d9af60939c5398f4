"""Runs to make tables of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.tables.example import write_run

from stancewire.run_folder import RunFolder
from stancewire.tables import Order, RollUp, Selection, Table, roll_up
from stancewire.tables.stances import Counting
from stancewire.types import StanceRecord

Roll = Callable[..., Table]


@pytest.fixture
def roll(tmp_path: Path) -> Roll:
    """Return a function that rolls records up, with the fields of Counting, Selection and Order as keywords."""

    def rolled(by: RollUp, *records: StanceRecord, **fields: Any) -> Table:
        parts: list[Any] = []
        for part in (Selection, Counting, Order):
            parts.append(part(**{name: fields.pop(name) for name in list(fields) if name in part.__slots__}))
        assert not fields, f"no such field: {fields}"
        selection, counting, order = parts
        run = RunFolder(write_run(tmp_path / "run", records))
        return roll_up(run, by, selection=selection, counting=counting, order=order)

    return rolled


def told(table: Table, *names: str) -> list[tuple[Any, ...]]:
    """Return the rows of a table, of these columns."""
    places = [table.names.index(name) for name in names]
    return [tuple(row[place] for place in places) for row in table.rows]
