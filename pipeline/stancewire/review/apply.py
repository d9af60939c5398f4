"""The table that follows from the machine's records and what people decided: pure functions, nothing is changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from stancewire.review.decisions import OnActor, OnRecord, Reject, SplitActor
from stancewire.review.history import History
from stancewire.review.reviewed import Reviewed, Status, Version
from stancewire.types import Actor, HolderKind, StanceRecord

# What a run knows of a record's article and itself; the rest of a reviewed record is the person's.
_OF_THE_RUN = ("outlet", "url", "title", "published", "language", "cluster_id", "model", "codebook", "run_id")


class Names:
    """What holders are called after merges and splits, each applied in the order in which it was decided."""

    def __init__(self, decisions: Iterable[OnActor] = ()) -> None:
        self._decisions = tuple(decisions)
        self._known: dict[tuple[str, HolderKind, str], Actor | None] = {}

    def holder(self, name: str, kind: HolderKind, mention: str) -> Actor | None:
        """Return the actor that a holder with this name is, in these words; None where nobody renamed it."""
        key = (name, kind, mention)
        if key not in self._known:
            self._known[key] = self._find(name, kind, mention)
        return self._known[key]

    def of(self, record: StanceRecord) -> StanceRecord:
        """Return the record under its holder's and its speaker's names."""
        if not self._decisions:
            return record
        actor = self.holder(record.holder, record.holder_kind, record.holder_mention)
        speaker = self._speaker(record, actor)
        if actor is None:
            return record if speaker == record.speaker else replace(record, speaker=speaker)
        return replace(record, holder=actor.name, holder_id=actor.id, holder_kind=actor.kind, speaker=speaker)

    def _find(self, name: str, kind: HolderKind, mention: str) -> Actor | None:
        found: Actor | None = None
        for decision in self._decisions:
            is_it = (name, kind) == (decision.name, decision.kind)
            if is_it and (not isinstance(decision, SplitActor) or mention in decision.mentions):
                found = decision.into
                name, kind = found.name, found.kind
        return found

    def _speaker(self, record: StanceRecord, holder: Actor | None) -> str | None:
        if record.speaker is None:
            return None
        if record.speaker == record.holder:
            return holder.name if holder else record.speaker
        kinds = {decision.kind for decision in self._decisions if decision.name == record.speaker}
        if (
            len(kinds) != 1
        ):  # a speaker has a name only: where two kinds share it, it can't be told which is meant
            return record.speaker
        actor = self.holder(record.speaker, kinds.pop(), "")
        return actor.name if actor else record.speaker


def apply(
    records: Iterable[StanceRecord], history: History, version: Version = Version.MERGED
) -> Iterator[Reviewed]:
    """Yield one version of the table: records in their order, then those that only people's decisions have.

    The latter are what people added, and what they accepted or corrected and the machine doesn't find any more.
    """
    names = Names(history.on_actors())
    seen: set[str] = set()
    for record in records:
        if history.on_record(record.record_id):
            seen.add(record.record_id)
        if found := in_version(record, record.record_id, history, names, version=version):
            yield found
    for decision in history.on_records():
        record_id = decision.record.record_id
        if record_id not in seen and (found := in_version(None, record_id, history, names, version=version)):
            yield found


def in_version(
    machine: StanceRecord | None, record_id: str, history: History, names: Names, *, version: Version
) -> Reviewed | None:
    """Return one record as a version has it, or None where it hasn't; `machine` is None where the run lacks it."""
    reviewed = review(machine, record_id, history, names)
    if version is Version.MACHINE:
        return None if machine is None else replace(reviewed, record=machine)
    if reviewed.status is Status.REJECTED:
        return None
    return None if version is Version.HUMAN and reviewed.status is Status.UNREVIEWED else reviewed


def review(machine: StanceRecord | None, record_id: str, history: History, names: Names) -> Reviewed:
    """Return a record with its standing decision and its holder's name; one of the two must be there."""
    decision = history.on_record(record_id)
    if decision is None or (machine is not None and is_outdated(decision, machine)):
        if machine is None:
            raise ValueError("neither a record nor a decision on one")
        return Reviewed(record=names.of(machine), machine=machine)
    record = decision.record
    if machine is not None:
        record = replace(record, **{name: getattr(machine, name) for name in _OF_THE_RUN})
    maker = history.maker(record_id)
    said = maker or decision
    return Reviewed(
        record=names.of(record),
        machine=machine,
        status=_status(decision),
        by=said.by,
        at=said.at,
        accepted_by=decision.by if maker else None,
        accepted_at=decision.at if maker else None,
    )


def is_outdated(decision: OnRecord, machine: StanceRecord) -> bool:
    """Say whether a rejection was of something else than what the run now says, and so says nothing of it."""
    return isinstance(decision, Reject) and (
        decision.machine is None or _finding(decision.machine) != _finding(machine)
    )


def lost(records: Iterable[str], history: History) -> list[OnRecord]:
    """Return what people accepted or corrected and a run with these record ids doesn't find; as theirs it stays."""
    decided = {
        each.record.record_id: each
        for each in history.on_records()
        if each.machine is not None and not isinstance(each, Reject)
    }
    for record_id in records:
        decided.pop(record_id, None)
    return list(decided.values())


def _status(decision: OnRecord) -> Status:
    if isinstance(decision, Reject):
        return Status.REJECTED
    if decision.machine is None:
        return Status.ADDED
    return Status.ACCEPTED if decision.record == decision.machine else Status.CORRECTED


def _finding(record: StanceRecord) -> tuple[str, ...]:
    return (record.holder, record.holder_kind, record.topic, record.stance)
