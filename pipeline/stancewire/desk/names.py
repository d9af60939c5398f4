"""Names by numbers and numbers by names: a dictionary for few, an Arrow array for as many as there are records."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import Any


class Names:
    """Different names, each with a number; names can be added."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.listed = list(names)
        self._numbers = {name: number for number, name in enumerate(self.listed)}

    def find(self, name: str) -> int | None:
        """Return the number of a name; None where it isn't there."""
        return self._numbers.get(name)

    def number(self, name: str) -> int:
        """Return the number of a name, a new one for a new name."""
        if name not in self._numbers:
            self._numbers[name] = len(self.listed)
            self.listed.append(name)
        return self._numbers[name]


class ManyNames:
    """The same for a million names, in a tenth of the memory: those of an Arrow array, and behind them later ones."""

    def __init__(self, names: Any) -> None:
        """Take an Arrow array of different texts."""
        import pyarrow.compute as pc

        self._names = names
        self._order = pc.sort_indices(names).to_numpy().astype("int32")
        self._more = Names()

    def __len__(self) -> int:
        return len(self._names) + len(self._more.listed)

    def __getitem__(self, number: int) -> str:
        first = len(self._names)
        return self._first(number) if number < first else self._more.listed[number - first]

    def find(self, name: str) -> int | None:
        """Return the number of a name; None where it isn't there."""
        place = bisect_left(self._order, name, key=self._first)
        if place < len(self._order) and self._first(self._order[place]) == name:
            return int(self._order[place])
        more = self._more.find(name)
        return None if more is None else len(self._names) + more

    def number(self, name: str) -> int:
        """Return the number of a name, a new one for a new name."""
        found = self.find(name)
        return len(self._names) + self._more.number(name) if found is None else found

    def _first(self, number: int) -> str:
        return str(self._names[int(number)].as_py())
