"""Which decisions stand: the last one on each record and actor that nobody took back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stancewire.errors import InputError
from stancewire.review.decisions import (
    Accept,
    Add,
    Correct,
    Decision,
    OnActor,
    OnRecord,
    Undo,
    record_subject,
    subject_of,
)
from stancewire.types import HolderKind


class History:
    """Decisions in the order of their numbers, folded as they come.

    Of each subject it knows the decisions that stand, oldest first: a new one goes on top, an undo takes the top one
    off, and the undo of an undo puts it back.
    """

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        self._standing: dict[str, tuple[OnRecord | OnActor, ...]] = {}
        self._first: dict[str, int] = {}
        self._latest: dict[str, int] = {}
        self._before: dict[int, tuple[OnRecord | OnActor, ...]] = {}  # what stood before an undo
        self._actors: set[tuple[str, HolderKind]] = set()
        self.last = 0
        for decision in decisions:
            self.add(decision)

    def add(self, decision: Decision) -> None:
        """Fold one more decision in; raises InputError where it is an undo of what can't be undone."""
        subject = subject_of(decision)
        standing = self._standing.get(subject, ())
        after = self._after(decision, subject, standing)
        if isinstance(decision, Undo):
            self._before[decision.number] = standing
        if isinstance(decision, OnActor):
            self._actors.add((decision.name, decision.kind))
        self._standing[subject] = after
        self._latest[subject] = self.last = decision.number
        self._first.setdefault(subject, decision.number)

    def latest(self, subject: str) -> int:
        """Return the number of the last decision on a subject, undos included; 0 where there is none."""
        return self._latest.get(subject, 0)

    def first(self, subject: str) -> int:
        """Return the number of the first decision on a subject; 0 where there is none."""
        return self._first.get(subject, 0)

    def top(self, subject: str) -> OnRecord | OnActor | None:
        """Return the decision that stands on a subject."""
        standing = self._standing.get(subject)
        return standing[-1] if standing else None

    def on_record(self, record_id: str) -> OnRecord | None:
        """Return the decision that stands on a record."""
        top = self.top(record_subject(record_id))
        return top if isinstance(top, OnRecord) else None

    def maker(self, record_id: str) -> OnRecord | None:
        """Return the correction or addition that somebody accepted whose decision stands on a record; else None."""
        standing = [
            each for each in self._standing.get(record_subject(record_id), ()) if isinstance(each, OnRecord)
        ]
        if not standing or not isinstance(standing[-1], Accept):
            return None
        made = (each for each in reversed(standing) if isinstance(each, Correct | Add))
        maker = next(made, None)
        return maker if maker and maker.record == standing[-1].record else None

    def on_records(self) -> Iterator[OnRecord]:
        """Yield the decision that stands on each record that has one, in the order of the first decision on each."""
        for standing in self._standing.values():
            if standing and isinstance(standing[-1], OnRecord):
                yield standing[-1]

    def on_actors(self) -> list[OnActor]:
        """Return all decisions on actors that stand, by number."""
        found = [
            each for standing in self._standing.values() for each in standing if isinstance(each, OnActor)
        ]
        return sorted(found, key=lambda decision: decision.number)

    def can_undo(self, decision: Decision) -> bool:
        """Say whether an undo of a decision would be taken: it stands on top, or is an undo with nothing after it."""
        subject = subject_of(decision)
        if isinstance(decision, Undo):
            return decision.number == self.latest(subject)
        top = self.top(subject)
        return top is not None and top.number == decision.number

    def actors_ever(self) -> set[tuple[str, HolderKind]]:
        """Return all holders that somebody renamed, also where it was taken back."""
        return set(self._actors)

    def _after(
        self, decision: Decision, subject: str, standing: tuple[OnRecord | OnActor, ...]
    ) -> tuple[OnRecord | OnActor, ...]:
        if isinstance(decision, OnRecord | OnActor):
            return (*standing, decision)
        if not isinstance(decision, Undo):
            raise TypeError(f"{type(decision).__name__} is no decision")
        if decision.of in self._before and decision.of == self.latest(subject):
            return self._before[decision.of]
        if standing and standing[-1].number == decision.of:
            return standing[:-1]
        top = f"must be {standing[-1].number}, the last that stands" if standing else "none stands"
        raise InputError(f"decision {decision.of} on {subject} can't be undone; {top}", reason="no undo")
