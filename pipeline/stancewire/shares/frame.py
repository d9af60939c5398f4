"""What is estimated from: a population as the machine sees it, and the coded part of it as coders do.

RECORD   the units are the run's records. Coders say of each drawn one which stance it is, or that there is none. So
         records that shouldn't be there are taken out; what the machine missed is not in such a sample.
ARTICLE  the units are the articles that the run finished, with records or without. Coders wrote down every stance of
         each drawn one, so that what the machine missed is put in, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

import numpy as np

from stancewire.evaluation.gold import STANCES
from stancewire.sampling.population import Unit
from stancewire.shares.design import Design, Floats, Ints
from stancewire.shares.estimate import Cell
from stancewire.types import Stance

Part = TypeVar("Part", "Entry", "Judged")
PLACES = {stance: place for place, stance in enumerate(STANCES)}


class Outcome(StrEnum):
    """What became of a record of the machine, or of one that coders have and the machine hasn't."""

    RIGHT = "right"
    OTHER = "other stance"
    NOTHING = "no record"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One record on one side: its topic and group, what it says, how much it counts for, and its coded unit (-1: none).

    `story` is the place of its story among the frame's.
    """

    topic: str
    group: str
    stance: Stance
    count: float
    unit: int
    story: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What became of one record within the coded units."""

    topic: str
    group: str
    outcome: Outcome
    count: float
    unit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Population and sample: `told` is all that the machine says, `truth` and `judged` are of the coded units."""

    unit: Unit
    population: int
    design: Design
    coded_stories: Ints
    told: tuple[Entry, ...]
    truth: tuple[Entry, ...]
    judged: tuple[Judged, ...]
    notes: tuple[str, ...] = field(default=())

    def groups(self) -> dict[tuple[str, str], int]:
        """Return how many records the machine has in each topic and group; 0 where only coders have any."""
        found = Counter((entry.topic, entry.group) for entry in self.told)
        return {**{(entry.topic, entry.group): 0 for entry in self.truth}, **found}


class Cells:
    """The cells of a frame, each looked up once."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._told = _sorted(frame.told)
        self._truth = _sorted(frame.truth)
        self._judged = _sorted(frame.judged)

    def of(self, topic: str, group: str) -> Cell:
        """Return the counts of one topic and group."""
        frame, told = self._frame, self._told.get((topic, group), [])
        everything = np.zeros((len(told), len(STANCES)))
        for row, entry in enumerate(told):
            everything[row, PLACES[entry.stance]] = entry.count
        return Cell(
            truth=self._counts(self._truth.get((topic, group), [])),
            told=self._counts(entry for entry in told if entry.unit >= 0),
            everything=everything,
            stories=np.array([entry.story for entry in told], dtype=np.int64),
            coded_stories=frame.coded_stories,
            is_sized=frame.unit is Unit.RECORD,
        )

    def outcomes(self, topic: str, group: str) -> dict[Outcome, Floats]:
        """Return for each coded unit how much of a topic and group came out how."""
        counts = {outcome: np.zeros(len(self._frame.design)) for outcome in Outcome}
        for each in self._judged.get((topic, group), []):
            counts[each.outcome][each.unit] += each.count
        return counts

    def _counts(self, entries: Iterable[Entry]) -> Floats:
        counts = np.zeros((len(self._frame.design), len(STANCES)))
        for entry in entries:
            counts[entry.unit, PLACES[entry.stance]] += entry.count
        return counts


def _sorted(parts: Iterable[Part]) -> dict[tuple[str, str], list[Part]]:
    found: dict[tuple[str, str], list[Part]] = {}
    for part in parts:
        found.setdefault((part.topic, part.group), []).append(part)
    return found
