"""What the page asks for: a query over the records, from JSON, and the SQL condition that it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition in SQL over the table of findings, with the values of its question marks."""

    sql: str
    values: tuple[Any, ...]


FLAGS = ("hedged", "conditional", "changed")
_IN_VERSION = MappingProxyType(
    {Version.MACHINE: "in_machine", Version.HUMAN: "in_human", Version.MERGED: "in_merged"}
)
SORTS = MappingProxyType(
    {
        "stance": "stance",
        "holder": "lower(holder)",
        "kind": "kind",
        "topic": "topic",
        "confidence": "confidence",
        "voice": "voice",
        "outlet": "lower(outlet)",
        "title": "lower(title)",
        "published": "published",
        "status": "status",
    }
)
"""What the table can be sorted by, as SQL over the table of findings."""


def read_query(text: str | None) -> Query:
    """Return the query that a JSON text says; raises InputError naming what is wrong with it."""
    try:
        return msgspec.json.decode(text or "{}", type=Query)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise InputError(f"query: {error}", reason="bad query") from error


def condition(query: Query) -> Condition:
    """Return the condition for a query; raises InputError where it asks for an unknown flag."""
    parts: list[tuple[str, Sequence[Any]]] = [(_IN_VERSION[query.version], ())]
    lists: dict[str, Sequence[str]] = {
        "kind": query.kinds,
        "topic": query.topics,
        "stance": query.stances,
        "outlet": query.outlets,
        "voice": query.voices,
        "status": query.statuses,
    }
    parts += [
        (f"{name} IN ({', '.join('?' * len(values))})", values) for name, values in lists.items() if values
    ]
    bounds = {
        "published >= ?": query.from_,
        "published <= ?": query.to,
        "confidence >= ?": query.min_confidence,
        "holder = ?": query.holder,
        "contains(words, lower(?))": (query.text or "").strip() or None,
    }
    parts += [(sql, (value,)) for sql, value in bounds.items() if value is not None]
    if query.flags:
        parts.append((_any_flag(query.flags), ()))
    values = [_sendable(value) for _, given in parts for value in given]
    return Condition(sql=" AND ".join(sql for sql, _ in parts), values=tuple(values))


def _sendable(value: Any) -> Any:
    """Return a value as DuckDB takes it: no enum, and "?" for half a surrogate pair, as in records.parquet."""
    return str(value).encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _any_flag(flags: tuple[str, ...]) -> str:
    if unknown := [flag for flag in flags if flag not in FLAGS]:
        raise InputError(f"query: flag {unknown[0]!r}; known: {', '.join(FLAGS)}", reason="bad query")
    return f"({' OR '.join(flags)})"
