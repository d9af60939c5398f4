"""By what shares are told apart besides the topic, and how often a record counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from enum import StrEnum

from stancewire.counting import Unit as Once
from stancewire.counting import place
from stancewire.tables.periods import Period, period_of, published_day
from stancewire.types import StanceRecord

NO_OUTLET = "(none named)"


class By(StrEnum):
    """What the groups within a topic are."""

    TOPIC = "topic"
    HOLDER = "holder"
    OUTLET = "outlet"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def is_time(self) -> bool:
        """Say whether the groups are stretches of time."""
        return self in _PERIODS


_PERIODS = {By.MONTH: Period.MONTH, By.QUARTER: Period.QUARTER, By.YEAR: Period.YEAR}


def group_of(record: StanceRecord, by: By) -> str:
    """Return the group that a record is in; the empty text where topics are all that is told apart."""
    if by is By.HOLDER:
        return record.holder
    return article_group(record.outlet, record.published, by)


def article_group(outlet: str | None, published: str | None, by: By) -> str:
    """Return the group that an article's records are in."""
    if by is By.OUTLET:
        return outlet or NO_OUTLET
    return period_of(published_day(published), _PERIODS[by]) if by in _PERIODS else ""


def record_counts(records: Sequence[StanceRecord], once: Once) -> list[float]:
    """Return what each record counts for: its part of one stance of a holder on a topic in a story or outlet.

    Which of several records is right isn't known of the others, so that they share what counts once.
    """
    if once is Once.RECORD:
        return [1.0] * len(records)
    keys = [(place(record, once), record.holder, record.holder_kind, record.topic) for record in records]
    return _parts(keys)


def article_counts(clusters: Sequence[str]) -> list[float]:
    """Return what each article counts for: its part of its story, given the stories' names."""
    return _parts(clusters)


def _parts(keys: Sequence[Hashable]) -> list[float]:
    times = Counter(keys)
    return [1 / times[key] for key in keys]
