"""Which column or key of a row holds which field of an article."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

from stancewire.errors import ConfigError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The column names looked for, best first, for each field; upper and lower case are the same."""

    id: tuple[str, ...] = ("id", "article_id", "doc_id")
    text: tuple[str, ...] = ("text", "body", "content", "maintext", "article_text")
    title: tuple[str, ...] = ("title", "headline")
    outlet: tuple[str, ...] = ("outlet", "source", "publisher", "site", "sitename")
    author: tuple[str, ...] = ("author", "authors", "byline")
    url: tuple[str, ...] = ("url", "link")
    published: tuple[str, ...] = ("published", "date", "published_at", "pubdate", "publish_date")
    language: tuple[str, ...] = ("language", "lang")
    genre: tuple[str, ...] = ("genre",)

    @classmethod
    def parse(cls, options: Iterable[str]) -> Columns:
        """Return the columns that options like `text=body` name; a field named twice tries both in order.

        Raises ConfigError where an option isn't FIELD=COLUMN or the field isn't one of ours.
        """
        named: dict[str, tuple[str, ...]] = {}
        for option in options:
            field, sign, column = (part.strip() for part in option.partition("="))
            if not sign or not column:
                raise ConfigError(f"--column {option!r}: must be FIELD=COLUMN, such as text=body")
            if field not in cls.fields():
                raise ConfigError(f"--column {option!r}: field must be one of {', '.join(cls.fields())}")
            named[field] = (*named.get(field, ()), column)
        return replace(cls(), **named)

    @classmethod
    def fields(cls) -> tuple[str, ...]:
        """Return the names of the fields that a column can hold."""
        return tuple(field.name for field in fields(cls))

    def warn_of_missing(self, names: Iterable[str], *, source: str) -> None:
        """Log a warning for each field whose columns an option named and a table with these columns hasn't."""
        names = list(names)
        held, usual = self.held_by(names), type(self)()
        for field in self.fields():
            if getattr(self, field) != getattr(usual, field) and not held[field]:
                log.warning(
                    "%s: no column %r for %s; has %s",
                    *(source, " or ".join(getattr(self, field)), field, names),
                    extra={"source": source},
                )

    def held_by(self, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return, for each field, which of the given column names may hold it, best first."""
        there = {name.strip().casefold(): name for name in reversed(list(names))}
        wanted = {field: getattr(self, field) for field in self.fields()}
        return {
            field: tuple(there[name.casefold()] for name in choices if name.casefold() in there)
            for field, choices in wanted.items()
        }

    def taken_from(self, row: Mapping[str, object]) -> dict[str, str | None]:
        """Return, for each field, the column whose value counts: the first that isn't null, or None."""
        return {
            field: next((name for name in names if row[name] is not None), None)
            for field, names in self.held_by(row).items()
        }

    def of(self, row: Mapping[str, object]) -> dict[str, object]:
        """Return a row's value for each field: the first that isn't null, or None."""
        taken = self.taken_from(row)
        return {field: None if name is None else row[name] for field, name in taken.items()}


DEFAULT_COLUMNS = Columns()
