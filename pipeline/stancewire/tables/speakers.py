"""Who quotes whom: who puts a holder's stance into the news, and in which voice."""

from __future__ import annotations

import numpy as np

from stancewire.tables.cells import Cells, cells_of
from stancewire.tables.coded import NOBODY, STANCES, VOICES, Coded
from stancewire.tables.periods import Period
from stancewire.tables.stances import NO_OUTLET, Body, Counting, periods_of
from stancewire.tables.table import Column, Heading, Kind, Row, plain

_COUNTS = ("n", "stories", *(voice.value for voice in VOICES), *(stance.value for stance in STANCES))


def speaker_rows(records: Coded, how: Counting) -> Body:
    """Return a row for each pair of who tells and whose stance is told, the most told first.

    Who tells is the speaker that the text names for the stance, where that is somebody else than the holder; otherwise
    the outlet, which lets the holder speak or says itself what the holder thinks. The voices are those of records:
    quoted and reported are the holder's words and the reporter's, author is a stance of the author's own.
    """
    speakers, outlets = records["speaker"], records["outlet"]
    teller = np.where(speakers == NOBODY, outlets, len(records.outlets) + speakers)
    names, periods = periods_of(records["day"], how.period)
    cells = cells_of(records, [teller, records["holder"], periods], how.unit)
    n = cells.stances.sum(axis=1)
    rows = [_row(records, cells, cell, names) for cell in range(len(cells)) if n[cell] >= how.min_n]
    has_time = how.period is not Period.NONE
    at = _columns(has_time=True).index(Column(name="period"))
    ordered = sorted(rows, key=lambda row: _key(row, at))
    return Body(
        columns=_columns(has_time=has_time),
        headings=_headings(has_time=has_time),
        rows=tuple(ordered if has_time else (row[:at] + row[at + 1 :] for row in ordered)),
        small=len(cells) - len(rows),
        small_n=int(n[n < how.min_n].sum()),
    )


def _columns(*, has_time: bool) -> tuple[Column, ...]:
    time = ("period",) if has_time else ()
    texts = ("teller", "teller_is", "holder", "holder_id", "holder_kind", *time)
    return (
        *(Column(name=name) for name in texts),
        *(Column(name=name, kind=Kind.COUNT) for name in _COUNTS),
    )


def _headings(*, has_time: bool) -> tuple[Heading, ...]:
    return (
        plain("teller", "who tells", empty=NO_OUTLET),
        plain("teller_is", "as", is_whole=True),
        plain("holder", "whose stance"),
        *((plain("period", is_whole=True),) if has_time else ()),
        plain("n", is_number=True),
        *(plain(voice.value, is_number=True) for voice in VOICES),
    )


def _row(records: Coded, cells: Cells, cell: int, periods: list[str]) -> Row:
    teller, holder_code, period = cells.keys[cell].tolist()
    speaker = teller - len(records.outlets)
    told_by = (records.speakers[speaker], "speaker") if speaker >= 0 else (records.outlets[teller], "outlet")
    holder = records.holders[holder_code]
    stances, voices = cells.stances[cell].tolist(), cells.voices[cell].tolist()
    return (
        *told_by,
        holder.name,
        holder.id,
        holder.kind.value,
        periods[period],
        sum(stances),
        int(cells.stories[cell]),
        *voices,
        *stances,
    )


def _key(row: Row, period: int) -> tuple[object, ...]:
    teller, told_as, holder = row[:3]
    return -int(row[period + 1] or 0), told_as == "outlet", teller or "", holder, row[period]
