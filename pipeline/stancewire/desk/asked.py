"""What the page asks for: a query over the records, from JSON, and what they are sorted by."""

from __future__ import annotations

import msgspec

from stancewire.counting import Unit
from stancewire.errors import InputError
from stancewire.review.reviewed import Status, Version
from stancewire.types import HolderKind, Stance, Voice


class Query(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A restriction of the table: any value within a list, all of the keys; an absent key restricts nothing."""

    text: str | None = None
    holder: str | None = None
    kinds: tuple[HolderKind, ...] = ()
    topics: tuple[str, ...] = ()
    stances: tuple[Stance, ...] = ()
    outlets: tuple[str, ...] = ()
    from_: str | None = msgspec.field(default=None, name="from")
    to: str | None = None
    voices: tuple[Voice, ...] = ()
    flags: tuple[str, ...] = ()
    min_confidence: float | None = None
    unit: Unit = Unit.RECORD
    statuses: tuple[Status, ...] = ()
    version: Version = Version.MERGED


FLAGS = ("hedged", "conditional", "changed")
SORTS = ("stance", "holder", "kind", "topic", "confidence", "voice", "outlet", "published", "status")
"""What the table can be sorted by."""


def read_query(text: str | None) -> Query:
    """Return the query that a JSON text says; raises InputError naming what is wrong with it."""
    try:
        query = msgspec.json.decode(text or "{}", type=Query)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise InputError(f"query: {error}", reason="bad query") from error
    if unknown := [flag for flag in query.flags if flag not in FLAGS]:
        raise InputError(f"query: flag {unknown[0]!r}; known: {', '.join(FLAGS)}", reason="bad query")
    return query


def read_sort(text: str | None) -> str | None:
    """Return the name of a column to sort by; raises InputError where there is no such column."""
    if text and text not in SORTS:
        raise InputError(f"sort: {text!r}; known: {', '.join(SORTS)}", reason="bad query")
    return text or None
