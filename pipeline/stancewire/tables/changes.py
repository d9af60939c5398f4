"""Changes of stance: where a holder's records turn from one stance to another, or an article says that they did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from stancewire.counting import Unit
from stancewire.errors import InputError
from stancewire.tables.cells import counted_places, grouped
from stancewire.tables.coded import NO_DAY, STANCES, Coded, Numbers
from stancewire.tables.periods import UNDATED
from stancewire.tables.stances import Body
from stancewire.tables.table import Column, Heading, Kind, Row, Value, plain
from stancewire.types import CueKind, StanceRecord
from stancewire.writers.rows import best_evidence


class Change(StrEnum):
    """What kind of change a row shows.

    TURNED: a record of a later day has another stance. SAME_DAY: records of one day contradict each other, so that
    none is the earlier. COPIES: the contradiction is between copies of one story. SAID: the record is flagged
    `changed`, its article says that the holder moved, and no record before it has another stance.
    """

    TURNED = "turned"
    SAME_DAY = "same day"
    COPIES = "copies differ"
    SAID = "says so"


@dataclass(slots=True)
class _Stretch:
    """Records in a row with one stance, as positions."""

    stance: int
    positions: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """A change between two positions, and how many records back it on each side, in the unit."""

    change: Change
    earlier: int | None
    later: int
    earlier_n: int | None
    later_n: int


_SIDE = ("date", "stance", "n", "record", "article", "outlet", "confidence", "quote")
_KINDS = {"n": Kind.COUNT, "confidence": Kind.NUMBER}
_WHO = ("holder", "holder_id", "holder_kind", "topic", "change")
COLUMNS = (
    *(Column(name=name) for name in _WHO),
    Column(name="flagged", kind=Kind.FLAG),
    Column(name="flagged_by"),
    *(
        Column(name=f"{side}_{name}", kind=_KINDS.get(name, Kind.TEXT))
        for side in ("earlier", "later")
        for name in _SIDE
    ),
)


def change_rows(
    records: Coded, again: Iterable[StanceRecord], *, unit: Unit, min_n: int, topics: Sequence[str]
) -> Body:
    """Return a row for each change of a holder's stance on a topic: topics in their order, then as time runs.

    The records of each holder and topic stand in the order of their days; those without a date can't, and only those
    flagged `changed` have a row. A stance's `n` counts the records in a row that have it, in the unit; both sides must
    reach `min_n`. `again` are the same records once more, where the words of those that changed are looked up.
    """
    places = counted_places(records, unit)
    found = [turn for group in _candidates(records) for turn in _turns(records, group, places)]
    kept = [turn for turn in found if min(turn.later_n, turn.earlier_n or turn.later_n) >= min_n]
    order = {topic: place for place, topic in enumerate(topics)}

    def key(turn: _Turn) -> tuple[object, ...]:
        topic, day = (int(records[name][turn.later]) for name in ("topic", "day"))
        name = records.topics[topic]
        return order.get(name, len(order)), name, day, _holder(records, turn)[0], turn.later

    words = _looked_up(records, kept, again)
    return Body(
        columns=COLUMNS,
        headings=HEADINGS,
        rows=tuple(_row(records, turn, words) for turn in sorted(kept, key=key)),
        small=len(found) - len(kept),
        notes=(_comparable(records),),
    )


def _comparable(records: Coded) -> str:
    """Return how many could be seen to move at all."""
    dated = records["day"] != NO_DAY
    group, first = grouped([records["holder"][dated], records["topic"][dated]])
    number = int((np.bincount(group, minlength=len(first)) > 1).sum())
    return (
        f"{number:,} of {len(first):,} pairs of holder and topic have two dated records or more to compare."
    )


def _candidates(records: Coded) -> Iterator[list[int]]:
    """Yield the positions of each holder's records on a topic, by day, if the stances differ or one is flagged."""
    group, first = grouped([records["holder"], records["topic"]])
    lowest, highest, flagged = (np.zeros(len(first), dtype=np.int64) for _ in range(3))
    lowest[:] = len(STANCES)
    np.minimum.at(lowest, group, records["stance"])
    np.maximum.at(highest, group, records["stance"])
    np.maximum.at(flagged, group, records["changed"])
    wanted = (lowest < highest) | (flagged > 0)
    order = np.lexsort((records["day"], group))
    order = order[wanted[group[order]]]
    borders = np.flatnonzero(np.diff(group[order])) + 1
    yield from (part.tolist() for part in np.split(order, borders) if len(part))


def _turns(records: Coded, positions: Sequence[int], places: Numbers) -> Iterator[_Turn]:
    dated = [position for position in positions if records["day"][position] != NO_DAY]
    stretches = _stretches(records, dated)
    for index, stretch in enumerate(stretches):
        later_n = _number(stretch, places)
        if index:
            before = stretches[index - 1]
            earlier, later = before.positions[-1], stretch.positions[0]
            yield _Turn(
                change=_kind(records, earlier, later),
                earlier=earlier,
                later=later,
                earlier_n=_number(before, places),
                later_n=later_n,
            )
        yield from (
            _Turn(change=Change.SAID, earlier=None, later=position, earlier_n=None, later_n=later_n)
            for position in (() if index else _first_told(records, stretch.positions))
        )
    yield from (
        _Turn(change=Change.SAID, earlier=None, later=position, earlier_n=None, later_n=1)
        for position in _first_told(records, positions[len(dated) :])
    )


def _first_told(records: Coded, positions: Sequence[int]) -> list[int]:
    """Return the records whose words say that the stance changed, the first of each story."""
    first: dict[int, int] = {}
    for position in positions:
        if records["changed"][position]:
            first.setdefault(int(records["story"][position]), position)
    return list(first.values())


def _stretches(records: Coded, dated: Sequence[int]) -> list[_Stretch]:
    """Return the stretches of one stance each; within a day the stance that was held before comes first."""
    stretches: list[_Stretch] = []
    left = list(dated)
    while left:
        day = records["day"][left[0]]
        number = next((at for at, each in enumerate(left) if records["day"][each] != day), len(left))
        today, left = left[:number], left[number:]
        held = stretches[-1].stance if stretches else None
        for position in sorted(today, key=lambda each: _today(records, each, held)):
            stance = int(records["stance"][position])
            if stretches and stretches[-1].stance == stance:
                stretches[-1].positions.append(position)
            else:
                stretches.append(_Stretch(stance, [position]))
    return stretches


def _today(records: Coded, position: int, held: int | None) -> tuple[bool, int, int]:
    stance = int(records["stance"][position])
    return stance != held, stance, position


def _kind(records: Coded, earlier: int, later: int) -> Change:
    if records["story"][earlier] == records["story"][later]:
        return Change.COPIES
    return Change.SAME_DAY if records["day"][earlier] == records["day"][later] else Change.TURNED


def _number(stretch: _Stretch, places: Numbers) -> int:
    return len({int(places[position]) for position in stretch.positions})


def _holder(records: Coded, turn: _Turn) -> tuple[str, str | None, str]:
    holder = records.holders[int(records["holder"][turn.later])]
    return holder.name, holder.id, holder.kind.value


def _looked_up(
    records: Coded, turns: Iterable[_Turn], again: Iterable[StanceRecord]
) -> Mapping[str, StanceRecord]:
    """Return the records that the turns point at; not all were kept, as their texts would not fit into memory."""
    positions = {each for turn in turns for each in (turn.earlier, turn.later) if each is not None}
    if not positions:
        return {}
    wanted = {records.record_ids[position] for position in positions}
    found = {record.record_id: record for record in again if record.record_id in wanted}
    if missing := sorted(wanted - found.keys()):
        raise InputError(f"record {missing[0]!r} went away while the table was made; repeat the command")
    return found


def _row(records: Coded, turn: _Turn, words: Mapping[str, StanceRecord]) -> Row:
    later = words[records.record_ids[turn.later]]
    earlier = None if turn.earlier is None else words[records.record_ids[turn.earlier]]
    return (
        *_holder(records, turn),
        later.topic,
        turn.change.value,
        later.changed,
        _cue(later),
        *_side(earlier, turn.earlier_n),
        *_side(later, turn.later_n),
    )


def _cue(record: StanceRecord) -> str | None:
    """Return the words for which a record is flagged `changed`."""
    return next((cue.quote for cue in record.cues if cue.kind is CueKind.CHANGED and record.changed), None)


def _side(record: StanceRecord | None, n: int | None) -> tuple[Value, ...]:
    if record is None:
        return (None,) * len(_SIDE)
    best = best_evidence(record)
    return (
        record.published or UNDATED,
        record.stance.value,
        n,
        record.record_id,
        record.article_id,
        record.outlet,
        record.confidence,
        best.quote if best else None,
    )


def _told(side: str) -> Heading:
    """Return a heading that shows one side in lines: date, stance and n; the words; where they are."""

    def show(row: Mapping[str, Value]) -> str:
        date, stance, n, record, _, outlet, _, quote = (row[f"{side}_{name}"] for name in _SIDE)
        if record is None:
            return ""
        lines = (f"{date} {stance}, n {n}", str(quote or ""), f"{outlet or ''} {record}".strip())
        return "\n".join(filter(None, lines))

    return Heading(label=side, show=show)


def _change(row: Mapping[str, Value]) -> str:
    return "\n".join([str(row["change"]), *([f"“{row['flagged_by']}”"] if row["flagged_by"] else [])])


HEADINGS = (
    plain("holder"),
    plain("topic", is_whole=True),
    Heading(label="change", show=_change),
    _told("earlier"),
    _told("later"),
)
