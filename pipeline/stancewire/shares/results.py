"""What corrected shares come to: rows of a table, with the machine's errors beside them."""

from __future__ import annotations

from dataclasses import dataclass

from stancewire.counting import Unit as Once
from stancewire.sampling.population import Unit
from stancewire.shares.estimate import About, Method
from stancewire.shares.groups import By
from stancewire.shares.intervals import Confidence, Figure
from stancewire.types import Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceShare:
    """One stance's share in a group: as the machine counts, and corrected."""

    stance: Stance
    machine: float | None
    corrected: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The shares of one group, and how far the machine errs there.

    `records` are the machine's, `labels` the coded units that have anything of the group, `worth` as how many of equal
    weight they count. `real` estimates how many records there really are. Of the machine's records `right` have the
    coders' stance, `other` another one, and `nothing` none; `missed` of the coders' records the machine hasn't: None
    where records and not articles were drawn. `reason` says why nothing is corrected.
    """

    topic: str
    group: str
    records: int
    labels: int
    worth: float
    shares: tuple[StanceShare, ...]
    power: float | None
    real: float | None
    right: Figure
    other: Figure
    nothing: Figure
    missed: Figure | None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Corrected shares of a run: the groups by topic, how they came about, and what a reader must know."""

    run: str
    unit: Unit
    population: int
    coded: int
    by: By
    method: Method
    about: About
    once: Once
    confidence: Confidence
    groups: tuple[Group, ...]
    notes: tuple[str, ...]
