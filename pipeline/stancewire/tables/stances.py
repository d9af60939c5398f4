"""Roll-ups of stances: by holder, outlet or topic, over time where a period is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from stancewire.counting import Unit
from stancewire.errors import ConfigError
from stancewire.tables.cells import Cells, cells_of
from stancewire.tables.coded import NO_DAY, Coded, Numbers
from stancewire.tables.contradictions import Rule, columns_of, headings_of, side, values_of
from stancewire.tables.intervals import Bootstrap
from stancewire.tables.periods import Period, period_of
from stancewire.tables.table import Column, Heading, Kind, Row, Value, plain

NO_OUTLET = "(none named)"
"""How an article's missing outlet is shown; files leave the cell empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """How cells are counted and which of them are shown."""

    period: Period = Period.NONE
    unit: Unit = Unit.STORY
    rule: Rule = Rule.SEPARATE
    min_n: int = 1
    bootstrap: Bootstrap = field(default_factory=Bootstrap)

    def __post_init__(self) -> None:
        if self.min_n < 1:
            raise ConfigError(f"min-n is {self.min_n}; must be a whole number from 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a roll-up found: the rows of a table, and what the notes under it have to tell."""

    columns: tuple[Column, ...]
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    small: int = 0  # rows below min_n
    small_n: int = 0  # what counts in them
    with_intervals: int | None = None  # None where no interval belongs
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Whose rows a roll-up has: a column of the records, and the cells that name one of them."""

    code: str
    columns: tuple[Column, ...]
    headings: tuple[Heading, ...]
    name: Callable[[Coded, int], tuple[Value, ...]]
    is_actor: bool = False  # one voice, of which can be said as a whole what it is for


def _holder(records: Coded, code: int) -> tuple[Value, ...]:
    holder = records.holders[code]
    return holder.name, holder.id, holder.kind.value


def _outlet(records: Coded, code: int) -> tuple[Value, ...]:
    return (records.outlets[code],)


HOLDERS = Who(
    code="holder",
    columns=tuple(Column(name=name) for name in ("holder", "holder_id", "holder_kind")),
    headings=(plain("holder"), plain("holder_kind", "kind", is_whole=True)),
    name=_holder,
    is_actor=True,
)
OUTLETS = Who(
    code="outlet",
    columns=(Column(name="outlet"),),
    headings=(plain("outlet", empty=NO_OUTLET),),
    name=_outlet,
)
TOPICS = Who(code="topic", columns=(), headings=(), name=lambda records, code: ())


def stance_rows(records: Coded, who: Who, how: Counting, topics: Sequence[str]) -> Body:
    """Return a row for each of those who have a stance on a topic, in a period if one is asked for.

    Those with most that counts come first, their topics in the order of `topics`, their periods as time runs.
    """
    names, periods = periods_of(records["day"], how.period)
    cells = cells_of(records, [records[who.code], records["topic"], periods], how.unit)
    n = cells.stances.sum(axis=1)
    kept = [cell for cell in _ordered(records, cells, n, topics, who) if n[cell] >= how.min_n]
    with_intervals = 0
    rows = []
    for cell in kept:
        row, is_spread = _row(records, cells, cell, who, how, names)
        with_intervals += is_spread
        rows.append(row)
    has_side = who.is_actor and how.rule is Rule.SEPARATE
    words = (*(("period",) if how.period is not Period.NONE else ()), *(("stance",) if has_side else ()))
    numbers = tuple(Column(name=name, kind=Kind.COUNT) for name in ("n", "stories"))
    return Body(
        columns=(
            *who.columns,
            *(Column(name=name) for name in ("topic", *words)),
            *numbers,
            *columns_of(how.rule),
        ),
        headings=(
            *who.headings,
            *(plain(name, is_whole=True) for name in ("topic", *words)),
            plain("n", is_number=True),
            *headings_of(how.rule, has_intervals=with_intervals > 0),
        ),
        rows=tuple(rows),
        small=len(cells) - len(kept),
        small_n=int(n.sum()) - int(n[kept].sum()),
        with_intervals=None if how.rule is Rule.IGNORE else with_intervals,
    )


def periods_of(days: Numbers, period: Period) -> tuple[list[str], Numbers]:
    """Return the names of the periods that days fall in, as time runs, and the place in them of each day's."""
    if period is Period.NONE:
        return [""], np.zeros(len(days), dtype=np.int64)
    known, code = np.unique(days, return_inverse=True)
    of_day = [period_of(None if day == NO_DAY else date.fromordinal(day), period) for day in known.tolist()]
    places = {name: place for place, name in enumerate(dict.fromkeys(of_day))}
    return list(places), np.array([places[name] for name in of_day], dtype=np.int64)[code]


def _ordered(records: Coded, cells: Cells, n: Numbers, topics: Sequence[str], who: Who) -> Iterator[int]:
    """Yield the cells in the order of their rows."""
    totals: Counter[int] = Counter()
    for code, number in zip(cells.keys[:, 0].tolist(), n.tolist(), strict=True):
        totals[code] += number
    places = {topic: place for place, topic in enumerate(topics)}
    topic_places = [places.get(topic, len(places)) for topic in records.topics]
    names = {code: tuple(str(each or "") for each in who.name(records, code)) for code in totals}

    def key(cell: int) -> tuple[object, ...]:
        code, topic, period = cells.keys[cell].tolist()
        if not who.columns:
            return topic_places[topic], records.topics[topic], period
        return -totals[code], names[code], topic_places[topic], records.topics[topic], period

    yield from sorted(range(len(cells)), key=key)


def _row(
    records: Coded, cells: Cells, cell: int, who: Who, how: Counting, periods: Sequence[str]
) -> tuple[Row, bool]:
    code, topic, period = cells.keys[cell].tolist()
    counts = cells.stances[cell].tolist()
    spread = () if how.rule is Rule.IGNORE else how.bootstrap.intervals(cells.patterns_of(cell))
    time = () if how.period is Period.NONE else (periods[period],)
    stance = (side(counts),) if who.is_actor and how.rule is Rule.SEPARATE else ()
    row = (
        *who.name(records, code),
        records.topics[topic],
        *time,
        *stance,
        sum(counts),
        int(cells.stories[cell]),
        *values_of(how.rule, counts, spread),
    )
    return row, any(spread)
