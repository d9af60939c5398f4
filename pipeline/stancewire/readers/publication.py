"""The day on which a page was published, by the signs that it gives, and a report where these disagree."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from lxml.html import HtmlElement

from stancewire.readers.dates import parse_date
from stancewire.readers.marks import Marks, Stated

log = logging.getLogger(__name__)

# Names by which pages state when they were published, the clearest first; "date" and "created" come last, as some mean
# by them when the file was made.
_METAS = (
    "article:published_time",
    "article:published",
    "article:published:time",
    "article:published_date",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date_published",
    "date.published",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_at",
    "publisheddate",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "prism.publicationdate",
    "citation_publication_date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.date",
    "date",
    "date.created",
    "dc.date.created",
    "dcterms.created",
)
_MARKED = (
    '//*[@itemprop="datePublished"]',
    "//time[@pubdate]",
    '//time[contains(@class, "publish") or contains(@class, "entry-date")]',
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_IN_URL = re.compile(
    rf"(?<!\d)((?:19|20)\d\d)([/_-])(\d\d?|{'|'.join(_MONTHS)})\2(\d\d?)(?!\d)"
    r"|(?<![^/_-])((?:19|20)\d\d)(\d\d)(\d\d)(?![^/_.-])"
)
# What an empty field becomes: the first day of Unix time (by zone), of .NET, and of spreadsheets.
_EMPTY = (date(1969, 12, 31), date(1970, 1, 1), date(1, 1, 1), date(1899, 12, 30), date(1900, 1, 1))
_LONGEST_DATE = 60  # characters
_ZONED = range(1900, 3000)  # years; others leave no room for a time zone at the ends of the calendar
_FIRST_YEAR = 1990  # of the web: what is older was digitised, or is a mistake


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sign:
    """A day that a page gives, and where: `origin`. `moment` is the exact time, where its zone is stated."""

    day: date
    origin: str
    moment: datetime | None = None

    @property
    def stated(self) -> Stated[date]:
        """Return the day, and where it stands."""
        return Stated(value=self.day, origin=self.origin)

    def agrees(self, other: _Sign) -> bool:
        """Say whether both can be the same day, seen from two time zones."""
        if self.moment and other.moment:
            return self.day == other.day or abs(self.moment - other.moment) < timedelta(hours=1)
        return bool(self._days() & other._days())

    def _days(self) -> set[date]:
        if not self.moment:
            return {self.day}
        return {self.day, *((self.moment + timedelta(hours=zone)).date() for zone in (-12, 14))}

    def __str__(self) -> str:
        return f"{self.day} ({self.origin})"


def published_day(
    tree: HtmlElement, marks: Marks, *, url: str | None, searched: str | None, source: str, today: date
) -> Stated[date] | None:
    """Return the day on which a page says that it was published; None if it gives none that can be believed.

    The first of: JSON-LD's datePublished, a meta tag, a date marked as that of publication in the text, the URL; only
    where none of these can be believed, `searched`, the day that a library found in the text. Modified dates are no
    sign. Not believed are a day in the future, the first of Unix time and its like, and a day before the web that only
    one sign gives. This is logged, as are signs that disagree.
    """
    signs = list(filter(None, _signs(tree, marks, url)))
    believed = [sign for sign in signs if _is_believed(sign, signs, source=source, today=today)]
    if not believed:
        last = _sign([searched], "found in the text")
        return last.stated if last and _is_believed(last, [], source=source, today=today) else None
    taken, *others = believed
    if differing := [sign for sign in others if not sign.agrees(taken)]:
        shown = ", ".join(map(str, differing))
        log.warning(
            "%s: dates of publication differ: %s, but %s; the first is taken",
            source,
            taken,
            shown,
            extra={"source": source},
        )
    return taken.stated


def _signs(tree: HtmlElement, marks: Marks, url: str | None) -> Iterator[_Sign | None]:
    """Yield what each kind of sign says, in the order in which they are believed."""
    yield _sign([thing.get("datePublished") for thing in marks.articles], "JSON-LD datePublished")
    in_metas = (_sign(marks.contents(name), f"meta {name}") for name in _METAS)
    yield next(filter(None, in_metas), None)
    yield _marked_day(tree)
    yield _day_in_url(url)


def _marked_day(tree: HtmlElement) -> _Sign | None:
    """Return the day that is marked as that of publication; several times are those of other articles, too."""
    for path in _MARKED:
        shown = {
            each.get("datetime") or each.get("content") or each.text_content() for each in tree.xpath(path)
        }
        if len(shown) == 1 and (sign := _sign([shown.pop()[:_LONGEST_DATE]], "marked in the text")):
            return sign
    return None


def _sign(values: Iterable[object], origin: str) -> _Sign | None:
    """Return the first of the values that names a day."""
    for value in values:
        day = parse_date(value) if isinstance(value, str | int) and value else None
        if day:
            return _Sign(day=day, origin=origin, moment=_moment(str(value).strip()))
    return None


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo and moment.year in _ZONED else None
    except (ValueError, OverflowError):
        return None


def _day_in_url(url: str | None) -> _Sign | None:
    for match in _IN_URL.finditer((url or "").lower()):
        year, month, day = match.group(1, 3, 4) if match[1] else match.group(5, 6, 7)
        number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month)
        try:
            return _Sign(day=date(int(year), number, int(day)), origin="URL")
        except ValueError:  # eight digits of a number
            continue
    return None


def _is_believed(sign: _Sign, signs: Sequence[_Sign], *, source: str, today: date) -> bool:
    doubt = None
    if sign.day > today + timedelta(days=1):  # it may be tomorrow already where the page is from
        doubt = "it is in the future"
    elif sign.day in _EMPTY:
        doubt = "it is what an empty field becomes"
    elif sign.day.year < _FIRST_YEAR and not any(other is not sign and other.agrees(sign) for other in signs):
        doubt = "it is older than the web, and nothing else says so"
    if doubt:
        log.warning("%s: date %s isn't believed: %s", source, sign, doubt, extra={"source": source})
    return doubt is None
