"""Records as columns of numbers, so that a million of them are counted in seconds."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stancewire.counting import Unit, place
from stancewire.tables.periods import published_day
from stancewire.types import HolderKind, Stance, StanceRecord, Voice

Numbers = npt.NDArray[Any]

STANCES = (Stance.FAVOR, Stance.AGAINST, Stance.NEUTRAL)
VOICES = (Voice.QUOTED, Voice.REPORTED, Voice.AUTHOR)
NOBODY = -1
"""The speaker of a record whose holder speaks, or where the text names nobody."""
NO_DAY = 2**31 - 1
"""The day of a record without a date: later than all others, so that it stands last."""

_COLUMNS = ("holder", "topic", "outlet", "speaker", "day", "stance", "voice", "story", "changed")
_STANCES = {stance: code for code, stance in enumerate(STANCES)}
_VOICES = {voice: code for code, voice in enumerate(VOICES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds a stance: told apart by name and kind; `id` is the first that a record of theirs has."""

    name: str
    kind: HolderKind
    id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """Records in columns: one number a record in each, an index of the lists of names where it stands for a name.

    `day` is date.toordinal() or NO_DAY; `speaker` is somebody else than the holder, or NOBODY; capitals make no other
    outlet, as in stancewire.counting. About 130 MB for a million records, half of them record ids.
    """

    holders: tuple[Holder, ...]
    topics: tuple[str, ...]
    outlets: tuple[str | None, ...]
    speakers: tuple[str, ...]
    record_ids: tuple[str, ...]
    columns: Mapping[str, Numbers]

    def __getitem__(self, column: str) -> Numbers:
        return self.columns[column]

    def __len__(self) -> int:
        return len(self.record_ids)


class _Codes(dict[Any, int]):
    """Numbers for values, from 0 in the order they come."""

    def __missing__(self, value: Any) -> int:
        code = self[value] = len(self)
        return code


def coded(records: Iterable[StanceRecord]) -> Coded:
    """Return the records as columns, in their order."""
    columns = {name: array("i") for name in _COLUMNS}
    holders, topics, outlets, speakers, stories = _Codes(), _Codes(), _Codes(), _Codes(), _Codes()
    ids: dict[int, str] = {}
    spellings: dict[int, str | None] = {}
    record_ids: list[str] = []
    for record in records:
        holder = holders[record.holder, record.holder_kind]
        outlet = outlets[place(record, Unit.OUTLET)]
        if record.holder_id:
            ids.setdefault(holder, record.holder_id)
        spellings.setdefault(outlet, record.outlet or None)
        columns["holder"].append(holder)
        columns["topic"].append(topics[record.topic])
        columns["outlet"].append(outlet)
        columns["speaker"].append(speakers[record.speaker] if _has_other_speaker(record) else NOBODY)
        columns["day"].append(day.toordinal() if (day := published_day(record.published)) else NO_DAY)
        columns["stance"].append(_STANCES[record.stance])
        columns["voice"].append(_VOICES[record.attribution])
        columns["story"].append(stories[place(record, Unit.STORY)])
        columns["changed"].append(record.changed)
        record_ids.append(record.record_id)
    return Coded(
        holders=tuple(
            Holder(name=name, kind=kind, id=ids.get(code)) for (name, kind), code in holders.items()
        ),
        topics=tuple(topics),
        outlets=tuple(spellings.values()),
        speakers=tuple(speakers),
        record_ids=tuple(record_ids),
        columns={name: np.array(column, dtype=np.int64) for name, column in columns.items()},
    )


def _has_other_speaker(record: StanceRecord) -> bool:
    return bool(record.speaker) and record.speaker != record.holder
