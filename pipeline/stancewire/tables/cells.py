"""What is counted: records fall into the cells of a table, and within each cell a stance counts once in its unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stancewire.counting import Unit
from stancewire.tables.coded import STANCES, VOICES, Coded, Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The cells that have records: what they are of and what counts in them, one cell a row of each array.

    `keys` has the cell's code in each column that makes cells. `stances` counts favor, against and neutral, `voices`
    quoted, reported and author; both sum to what counts in the cell. `stories` is how many stories that is from.
    `patterns` says for a cell which counts (favor, against, neutral) its stories have, and how many stories have them:
    its rows from `starts[cell]` to `starts[cell + 1]`, columns favor, against, neutral, stories.
    """

    keys: Numbers
    stances: Numbers
    voices: Numbers
    stories: Numbers
    patterns: Numbers
    starts: Numbers

    def __len__(self) -> int:
        return len(self.keys)

    def patterns_of(self, cell: int) -> Numbers:
        """Return the rows of `patterns` that are a cell's."""
        return self.patterns[self.starts[cell] : self.starts[cell + 1]]


def cells_of(records: Coded, by: Sequence[Numbers], unit: Unit) -> Cells:
    """Return the cells that the columns `by` make, counted once a record, story or outlet within each cell.

    What counts the same is as in stancewire.counting: holder, kind, topic, stance and, by unit, the story or outlet. Of
    several records that count once the earliest stands for all, of one day the first in the run's order.
    """
    cell, first_of_cell = grouped(by)
    kept = _first_of_each(records, cell, unit)
    of_cell, stance = cell[kept], records["stance"][kept]
    number = len(first_of_cell)
    story, first_of_story = grouped([of_cell, records["story"][kept]])
    told = _crossed(story, stance, len(first_of_story), len(STANCES))
    cell_of_story = of_cell[first_of_story]
    patterns, starts = _patterns(cell_of_story, told, number)
    return Cells(
        keys=np.stack([column[first_of_cell] for column in by], axis=1),
        stances=_crossed(of_cell, stance, number, len(STANCES)),
        voices=_crossed(of_cell, records["voice"][kept], number, len(VOICES)),
        stories=np.bincount(cell_of_story, minlength=number),
        patterns=patterns,
        starts=starts,
    )


def grouped(columns: Sequence[Numbers]) -> tuple[Numbers, Numbers]:
    """Return for each row which distinct combination of the columns it has, and a row that has each of them."""
    group = np.zeros(len(columns[0]), dtype=np.int64)
    first = np.zeros(min(1, len(group)), dtype=np.int64)
    for column in columns:
        values, code = np.unique(column, return_inverse=True)
        _, first, group = np.unique(
            group * max(1, len(values)) + code, return_index=True, return_inverse=True
        )
    return group, first


def counted_places(records: Coded, unit: Unit) -> Numbers:
    """Return where each record is, as the unit sees it: its story, its outlet, or a place of its own."""
    if unit is Unit.RECORD:
        return np.arange(len(records))
    return records["story" if unit is Unit.STORY else "outlet"]


def _first_of_each(records: Coded, cell: Numbers, unit: Unit) -> Numbers:
    """Return the positions of the records that count in their cell."""
    early = np.argsort(records["day"], kind="stable")
    places = counted_places(records, unit)
    same, _ = grouped([cell, places, records["holder"], records["topic"], records["stance"]])
    _, first = np.unique(same[early], return_index=True)
    return np.sort(early[first])


def _crossed(rows: Numbers, columns: Numbers, height: int, width: int) -> Numbers:
    """Return how often each row number meets each column number."""
    return np.bincount(rows * width + columns, minlength=height * width).reshape(height, width)


def _patterns(cell: Numbers, told: Numbers, number: int) -> tuple[Numbers, Numbers]:
    """Return the distinct rows of `told` in each cell with how many stories have them, and where each cell begins."""
    group, first = grouped([cell, *told.T])
    order = np.argsort(cell[first], kind="stable")
    patterns = np.column_stack([told[first], np.bincount(group, minlength=len(first))])[order]
    starts = np.searchsorted(cell[first][order], np.arange(number + 1))
    return patterns, starts
