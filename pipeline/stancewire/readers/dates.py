"""The day that a date as written in an archive stands for."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

_ISO = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?!\d)")
_NUMBERS = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}\b")
_SECONDS = re.compile(r"\d{9,10}(\.\d+)?")
_MILLISECONDS = re.compile(r"\d{12,13}")


def parse_date(value: str | int | float) -> date | None:
    """Return the day of a written date or a Unix time, in its own zone; None if it names no one day.

    `03/04/2024`, which is March to some and April to others, names no one day; `25/04/2024` does.
    """
    written = str(value).strip()
    iso = _ISO.match(written)
    if iso:
        return _day(*map(int, iso.groups()))
    if _MILLISECONDS.fullmatch(written):
        return _unix_day(float(written) / 1000)
    if _SECONDS.fullmatch(written):
        return _unix_day(float(written))
    numbers = _NUMBERS.match(written)
    if numbers and int(numbers[1]) <= 12 and int(numbers[2]) <= 12 and numbers[1] != numbers[2]:
        return None
    return _spelled_day(written)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _unix_day(seconds: float) -> date:
    return datetime.fromtimestamp(seconds, UTC).date()


def _spelled_day(written: str) -> date | None:
    from dateutil.parser import ParserError, parse

    try:
        # dateutil fills in what is missing from a default: what differs between two defaults wasn't said.
        defaults = (datetime(2000, 1, 1), datetime(2001, 2, 2))
        found = {parse(written, default=default, ignoretz=True).date() for default in defaults}
    except (ParserError, OverflowError):
        return None
    return found.pop() if len(found) == 1 else None
