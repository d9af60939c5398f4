"""Decisions as JSON and back, with whole records in the form of records.jsonl."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from stancewire.errors import InputError
from stancewire.review.decisions import KINDS, Decision, OnActor, OnRecord, SplitActor, Undo
from stancewire.types import Actor, HolderKind, StanceRecord
from stancewire.writers.rows import as_row, from_row


def encode(decision: Decision) -> str:
    """Return what was decided as JSON; who, when and about what the store keeps in columns."""
    return json.dumps(body_of(decision))  # ASCII: half a surrogate pair from a page stays as it is


def body_of(decision: Decision) -> dict[str, Any]:
    """Return what was decided as plain values."""
    if isinstance(decision, OnRecord):
        machine = decision.machine
        return {"record": as_row(decision.record), "machine": None if machine is None else as_row(machine)}
    if isinstance(decision, OnActor):
        into = decision.into
        body: dict[str, Any] = {"name": decision.name, "kind": decision.kind.value}
        body["into"] = {"name": into.name, "kind": into.kind.value, "id": into.id}
        return {**body, "mentions": list(decision.mentions)} if isinstance(decision, SplitActor) else body
    if isinstance(decision, Undo):
        return {"of": decision.of}
    raise TypeError(f"{type(decision).__name__} has no form")


def decode(
    text: str, kind: str, subject: str, *, number: int, base: int, by: str, at: str, place: str
) -> Decision:
    """Return the decision that `encode` wrote; raises InputError naming `place` where it can't be one."""
    if kind not in KINDS:
        raise InputError(f"{place}: kind {kind!r}; known: {', '.join(KINDS)}")
    try:
        values = _values(json.loads(text), subject, place)
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{place}: {kind} is damaged: {error}; put a backup in the file's place") from error
    return KINDS[kind](number=number, base=base, by=by, at=at, **values)


def _values(body: Mapping[str, Any], subject: str, place: str) -> dict[str, Any]:
    if "record" in body:
        return {"record": from_row(body["record"], place=place), "machine": _record(body["machine"], place)}
    if "into" in body:
        into = body["into"]
        actor = Actor(name=into["name"], kind=HolderKind(into["kind"]), id=into["id"])
        values = {"name": body["name"], "kind": HolderKind(body["kind"]), "into": actor}
        return {**values, "mentions": tuple(body["mentions"])} if "mentions" in body else values
    return {"of": int(body["of"]), "subject": subject}


def _record(row: Mapping[str, Any] | None, place: str) -> StanceRecord | None:
    return None if row is None else from_row(row, place=place)
