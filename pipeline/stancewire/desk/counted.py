"""The numbers that counting needs, an array a column: a row is a position in them, which rows is asked elsewhere.

DuckDB took four times as long for COUNT(DISTINCT) over a million records, and whoever asked meanwhile waited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from stancewire.counting import Unit

Numbers = npt.NDArray[Any]
# Bits of a key that says what counts the same: holder, topic, stance, place; 62 together.
_TOPIC, _STANCE, _PLACE = 1 << 10, 1 << 2, 1 << 26
NUMBERS = ("holder", "topic", "stance", "day", "story", "paper", "place")
"""The columns: codes of holder (name and kind), topic, stance, day (-1: none), story and outlet, and the row's place in
the order of the run's files, where a person's record stands at its machine record's place."""
_PLACES = {Unit.STORY: "story", Unit.OUTLET: "paper"}


class Counted:
    """The columns of all rows, and which rows count the same in which unit; rows can be added."""

    def __init__(self, numbers: Mapping[str, Numbers]) -> None:
        self._columns = {name: Column(np.asarray(numbers[name], dtype=np.int32)) for name in NUMBERS}
        self._machine = len(numbers["place"])
        self._known: dict[Unit, Numbers] = {}
        self._more: dict[Unit, dict[int, int]] = {}
        for unit in _PLACES:
            known, same = np.unique(_keys(numbers, unit), return_inverse=True)
            self._known[unit], self._more[unit] = known, {}
            self._columns[f"same {unit}"] = Column(same.astype(np.int32))

    def __getitem__(self, name: str) -> Numbers:
        return self._columns[name].values

    def __len__(self) -> int:
        return len(self["place"])

    def extend(self, numbers: Mapping[str, Numbers]) -> None:
        """Add rows behind the others."""
        for unit in _PLACES:
            same = [self._same(unit, key) for key in _keys(numbers, unit).tolist()]
            self._columns[f"same {unit}"].extend(same)
        for name in NUMBERS:
            self._columns[name].extend(numbers[name])

    def in_order(self, positions: Numbers) -> Numbers:
        """Return positions, the smallest first, in the order of the run's files: the first rows' place is their own."""
        split = int(np.searchsorted(positions, self._machine))
        machine, added = positions[:split], positions[split:]
        if not len(added):
            return machine
        at = self["place"][added]
        order = np.argsort(at, kind="stable")
        return np.insert(machine, np.searchsorted(machine, at[order]), added[order])

    def once(self, positions: Numbers, unit: Unit) -> Numbers:
        """Return those of `positions` that count once in a unit: of equal ones the first in the order of the files.

        The same as stancewire.counting.Once over these records in that order.
        """
        ordered = self.in_order(positions)
        if unit is Unit.RECORD:
            return ordered
        same = self[f"same {unit}"][ordered]
        first = np.empty(len(self._known[unit]) + len(self._more[unit]), dtype=np.int32)
        turns = np.arange(len(ordered), dtype=np.int32)
        first[same[::-1]] = turns[::-1]  # of several values for one index NumPy keeps the last
        kept: Numbers = ordered[first[same] == turns]
        return kept

    def _same(self, unit: Unit, key: int) -> int:
        known, more = self._known[unit], self._more[unit]
        at = int(np.searchsorted(known, key))
        if at < len(known) and known[at] == key:
            return at
        return more.setdefault(key, len(known) + len(more))


class Column:
    """Numbers that can be added to; who holds `values` keeps what was there."""

    def __init__(self, values: Numbers) -> None:
        self._room, self._size = values, len(values)

    @property
    def values(self) -> Numbers:
        """Return the numbers."""
        return self._room[: self._size]

    def extend(self, values: Sequence[float] | Numbers) -> None:
        """Add numbers behind the others."""
        if not len(values):
            return
        size = self._size + len(values)
        if size > len(self._room):
            room = np.empty(size + size // 8 + 1024, dtype=self._room.dtype)
            room[: self._size] = self.values
            self._room = room
        self._room[self._size : size] = values
        self._size = size


def _keys(numbers: Mapping[str, Numbers], unit: Unit) -> Numbers:
    columns = (numbers[name] for name in ("holder", "topic", "stance", _PLACES[unit]))
    holder, topic, stance, place = (np.asarray(each, dtype=np.int64) for each in columns)
    keys: Numbers = ((holder * _TOPIC + topic) * _STANCE + stance) * _PLACE + place
    return keys
