"""The discourse networks of many records, counted in columns, in half a second for a million."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np

from stancewire.counting import Unit
from stancewire.desk.counted import Numbers
from stancewire.desk.findings import Findings
from stancewire.desk.pictures import MOST_ACTORS, drawn
from stancewire.desk.stored import STANCES
from stancewire.networks import UNDATED, Method, Period, PeriodNetworks, Statements, networks_of
from stancewire.types import HolderKind


def networks_of_rows(findings: Findings, positions: Numbers) -> list[dict[str, Any]]:
    """Return what `pictures.networks_of` returns of the records at these positions, the smallest first."""
    return drawn(_networks(findings, positions))


def _networks(findings: Findings, positions: Numbers) -> Iterator[PeriodNetworks]:
    method = Method(limit=MOST_ACTORS)
    if not len(positions):
        return
    yield networks_of(Period.WHOLE, _statements(findings, positions), method)
    years = np.array([*(_year(day) for day in list(findings.days.listed)), UNDATED])
    names, year_of = np.unique(years, return_inverse=True)
    year = year_of[findings.counted["day"][positions]]
    for code in np.flatnonzero(np.bincount(year)).tolist():  # digits stand before UNDATED
        yield networks_of(str(names[code]), _statements(findings, positions[year == code]), method)


def _statements(findings: Findings, positions: Numbers) -> Statements:
    """Return the statements of the most active actors, each counted once a story."""
    columns, topics = findings.counted, list(findings.topics.listed)
    once = columns.once(positions, Unit.STORY)
    holder, topic, stance = (columns[name][once] for name in ("holder", "topic", "stance"))
    numbers = np.bincount(holder)
    actors = _most_active(findings, numbers)
    row_of = np.full(len(numbers), -1, dtype=np.int64)
    row_of[[code for code, _ in actors]] = np.arange(len(actors))
    rows = row_of[holder]
    cells = (rows * len(topics) + topic) * len(STANCES) + stance
    table = np.bincount(cells[rows >= 0], minlength=len(actors) * len(topics) * len(STANCES))
    table = table.reshape(len(actors), len(topics), len(STANCES))
    counts = Counter(
        {
            (actors[row][1], topics[at], STANCES[side]): int(table[row, at, side])
            for row, at, side in np.argwhere(table).tolist()
        }
    )
    return Statements(
        counts=counts,
        ids={key: None for _, key in actors},
        days=_days(findings, positions),
        beyond=int(np.count_nonzero(numbers)) - len(actors),
    )


def _most_active(findings: Findings, numbers: Numbers) -> list[tuple[int, tuple[str, HolderKind]]]:
    """Return the codes and names of those with most statements; of equals the first of the alphabet."""
    codes = np.flatnonzero(numbers)
    if len(codes) > MOST_ACTORS:
        codes = codes[numbers[codes] >= np.partition(numbers[codes], -MOST_ACTORS)[-MOST_ACTORS]]
    found = []
    for code in codes.tolist():
        holder = findings.holder_of(code)
        found.append((code, (holder["holder"], HolderKind(holder["kind"]))))
    return sorted(found, key=lambda each: (-int(numbers[each[0]]), each[1]))[:MOST_ACTORS]


def _days(findings: Findings, positions: Numbers) -> tuple[date, date] | None:
    codes = np.flatnonzero(np.bincount(findings.counted["day"][positions] + 1)[1:]).tolist()
    days = [day for code in codes if (day := _day(findings.days.listed[code]))]
    return (min(days), max(days)) if days else None


def _year(day: str) -> str:
    return day[:4] if _day(day) else UNDATED


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
