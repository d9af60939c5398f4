"""A record with what a person has said of it, and the three versions of the stance table that follow."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stancewire.types import StanceRecord


class Version(StrEnum):
    """Whose values a table has.

    MACHINE: what the run found, whatever people say of it. HUMAN: only what somebody accepted, corrected or added.
    MERGED: the person's value where there is one, else the machine's; rejected records are gone.
    """

    MACHINE = "machine"
    HUMAN = "human"
    MERGED = "human-over-machine"


class Status(StrEnum):
    """What became of a record in review; a rejected one is in no version but the machine's."""

    UNREVIEWED = "unreviewed"
    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    ADDED = "added"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A record as a version of the table has it, and who last said what of it.

    `machine` is the run's own record; None for one that a person added. `by` and `at` (UTC, ISO 8601) say who gave it
    its values, and are None where nobody has reviewed it; `accepted_by` and `accepted_at` who accepted those later.
    """

    record: StanceRecord
    machine: StanceRecord | None
    status: Status = Status.UNREVIEWED
    by: str | None = None
    at: str | None = None
    accepted_by: str | None = None
    accepted_at: str | None = None
