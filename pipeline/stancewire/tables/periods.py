"""Stretches of time: the period that a day falls in, and days that a person writes."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from enum import StrEnum

from stancewire.errors import ConfigError

UNDATED = "undated"
"""The period of a record whose article has no date."""

_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


class Period(StrEnum):
    """How long the stretches are that a table has rows for; weeks are those of ISO 8601, which begin on Monday."""

    NONE = "none"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


def period_of(day: date | None, period: Period) -> str:
    """Return the period's name, which sorts as time runs: "2024-05-31", "2024-W22", "2024-05", "2024-Q2", "2024"."""
    if day is None:
        return UNDATED
    if period is Period.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}"
    if period is Period.QUARTER:
        return f"{day.year:04}-Q{(day.month + 2) // 3}"
    return day.isoformat()[: {Period.YEAR: 4, Period.MONTH: 7}.get(period, 10)]


def first_day(text: str, option: str) -> date:
    """Return the first day of a year, month or day as a person writes it; ConfigError names the option."""
    year, month, day = _parts(text, option)
    return _day(text, option, year, month or 1, day or 1)


def last_day(text: str, option: str) -> date:
    """Return the last day of a year, month or day as a person writes it; ConfigError names the option."""
    year, month, day = _parts(text, option)
    first = _day(text, option, year, month or 12, day or 1)
    return first if day else first.replace(day=monthrange(first.year, first.month)[1])


def published_day(published: str | None) -> date | None:
    """Return the day that a record was published; None where it has none, or what it has is no date."""
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        return None


def _parts(text: str, option: str) -> tuple[int, int | None, int | None]:
    if not (found := _DAY.fullmatch(text.strip())):
        raise _no_date(text, option)
    year, month, day = (int(part) if part else None for part in found.groups())
    return year or 0, month, day


def _day(text: str, option: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise _no_date(text, option) from error


def _no_date(text: str, option: str) -> ConfigError:
    return ConfigError(f"{option}: {text!r} is no date; must be like 2024, 2024-05 or 2024-05-31")
