"""By what scores are told apart, and which group an article or a row is in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from stancewire.errors import ConfigError, InputError
from stancewire.evaluation.rows import Row
from stancewire.types import Article

UNKNOWN = "unknown"
_YEAR, _MONTH = 4, 7  # characters of "2024-05-01"


class By(StrEnum):
    """What the groups are; of records, those by topic, genre and holder kind are always shown."""

    TOPIC = "topic"
    OUTLET = "outlet"
    GENRE = "genre"
    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What is known of an article besides its text."""

    outlet: str | None = None
    genre: str | None = None
    published: str | None = None

    def group(self, by: By) -> str:
        """Return the article's group; "unknown" where nobody says."""
        if by is By.OUTLET:
            return self.outlet or UNKNOWN
        if by is By.GENRE:
            return self.genre or UNKNOWN
        if by is By.TOPIC:
            raise ValueError("an article has many topics")
        return period(self.published, by)


def period(published: str | None, by: By) -> str:
    """Return the year, quarter or month of a date like 2024-05-01; "unknown" without one."""
    if not published or not published[:_YEAR].isdigit():
        return UNKNOWN
    if by is By.YEAR:
        return published[:_YEAR]
    month = published[_YEAR + 1 : _MONTH]
    if not month.isdigit():
        return UNKNOWN
    return published[:_MONTH] if by is By.MONTH else f"{published[:_YEAR]}-Q{(int(month) + 2) // 3}"


def origins_of(rows: Iterable[Row], articles: Iterable[Article] = ()) -> dict[str, Origin]:
    """Return what rows of records or gold, and the articles themselves, say of each article; articles say it last."""
    known: dict[str, Origin] = {}
    for row in rows:
        if name := row.optional_text("article_id"):
            has = known.get(name, Origin())
            told = {
                field: row.optional_text(field)
                for field in ("outlet", "genre", "published")
                if getattr(has, field) is None
            }
            known[name] = replace(has, **told)
    for article in articles:
        has = known.get(article.id, Origin())
        known[article.id] = Origin(
            outlet=article.outlet or has.outlet,
            genre=article.genre or has.genre,
            published=article.published.isoformat() if article.published else has.published,
        )
    return known


def row_groups(rows: Iterable[Row], by: By) -> list[str]:
    """Return the group of each classified row; raises InputError where no row says anything of it."""
    key = "published" if by in (By.YEAR, By.QUARTER, By.MONTH) else by.value
    found = []
    has_any = False
    for row in rows:
        value = row.optional_text(key)
        has_any = has_any or value is not None
        found.append(period(value, by) if key == "published" else value or UNKNOWN)
    if not has_any:
        raise InputError(f"by {by}: no gold row has {key!r}; add it to the rows, or leave the option out")
    return found


def article_groups(origins: Mapping[str, Origin], by: By) -> dict[str, str]:
    """Return the group of each article; raises ConfigError where nothing is known of any."""
    groups = {name: origin.group(by) for name, origin in origins.items()}
    if groups and set(groups.values()) == {UNKNOWN}:
        raise ConfigError(
            f"by {by}: neither records nor gold rows say it of any article; name what went into the run (--texts)"
        )
    return groups
