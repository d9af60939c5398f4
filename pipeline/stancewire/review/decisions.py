"""What a person can decide about a run's records; decisions are only ever added, the machine's values stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from stancewire.types import Actor, HolderKind, StanceRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decided when (UTC, ISO 8601); `number` orders all decisions and is 0 before the store gives one.

    `base` is the number of the last decision on the same subject that the person had seen, 0 for none: with an older
    one the store refuses, since somebody else was faster.
    """

    number: int = 0
    base: int = 0
    by: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRecord(Decision):
    """A decision about one record: `record` is the whole record as the person leaves it.

    `machine` is what the run said of it then; None for a record that a person added. Both are kept whole, so that a
    decision outlives the run that it was made on.
    """

    record: StanceRecord
    machine: StanceRecord | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(OnRecord):
    """The record is right as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct(OnRecord):
    """The record is right with these values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(OnRecord):
    """The article says no such thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Add(OnRecord):
    """The article says this, and the machine missed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnActor(Decision):
    """A decision about all records of the holder `name` of that kind: they are records of `into`."""

    name: str
    kind: HolderKind
    into: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeActors(OnActor):
    """Two names stand for one actor: whoever is called `name` is `into`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitActor(OnActor):
    """One name stands for two actors: where the words used are one of `mentions`, it is `into`."""

    mentions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(Decision):
    """Take back the decision of number `of`, about `subject`; undoing an undo brings the decision back."""

    of: int
    subject: str


KINDS: Mapping[str, type[Decision]] = MappingProxyType(
    {
        "accept": Accept,
        "correct": Correct,
        "reject": Reject,
        "add": Add,
        "merge": MergeActors,
        "split": SplitActor,
        "undo": Undo,
    }
)
"""The decisions by the names that the store and the web app call them."""


def kind_of(decision: Decision) -> str:
    """Return the name of a decision's kind."""
    return next(name for name, kind in KINDS.items() if type(decision) is kind)


def subject_of(decision: Decision) -> str:
    """Return what a decision is about: a record or an actor; only decisions on the same can conflict."""
    if isinstance(decision, OnRecord):
        return record_subject(decision.record.record_id)
    if isinstance(decision, OnActor):
        return actor_subject(decision.name, decision.kind)
    if isinstance(decision, Undo):
        return decision.subject
    raise TypeError(f"{type(decision).__name__} is about nothing")


def record_subject(record_id: str) -> str:
    """Return the subject of decisions about a record."""
    return f"record {record_id}"


def actor_subject(name: str, kind: HolderKind) -> str:
    """Return the subject of decisions about an actor."""
    return f"{kind.value} {name}"
