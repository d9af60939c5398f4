"""What coders say, as one gold standard: several coders' codings put together, the first named first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stancewire.coding.coded import Coding
from stancewire.errors import InputError
from stancewire.evaluation.gold import GoldRecord
from stancewire.types import StanceRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """The records of whole articles, or what was said of given records (`is_partial`), with notes for a reader."""

    records: tuple[GoldRecord, ...]
    articles: frozenset[str]
    is_partial: bool
    source: str
    notes: tuple[str, ...] = ()


def as_gold(codings: Sequence[Coding]) -> Gold:
    """Put codings together; of what several coders coded, the one named first counts.

    Raises InputError for a machine's records, and for codings of whole articles beside those of given records.
    """
    for coding in codings:
        if coding.is_model or (coding.is_run and not coding.is_partial):
            raise InputError(
                f"{coding.source}: a machine's records are no gold; people's are wanted: {coding.source}@human,"
                " or their"
                " own files"
            )
    if len({coding.is_partial for coding in codings}) > 1:
        whole = next(coding.source for coding in codings if not coding.is_partial)
        given = next(coding.source for coding in codings if coding.is_partial)
        raise InputError(
            f"{whole} codes whole articles, {given} judges given records; a gold sample has one or the other"
        )
    is_partial = codings[0].is_partial
    records, again = _first(codings)
    notes = []
    if again:
        what = "records" if is_partial else "articles"
        first = " before ".join(coding.coder for coding in codings)
        notes.append(f"{again} {what} have several coders: {first} counts. stancewire agree compares them.")
    return Gold(
        records=records,
        articles=frozenset(article for coding in codings for article in coding.articles),
        is_partial=is_partial,
        source=", ".join(coding.source for coding in codings),
        notes=tuple(notes),
    )


def _first(codings: Sequence[Coding]) -> tuple[tuple[GoldRecord, ...], int]:
    """Return the records of whoever comes first, by record or by article, and how many come again."""
    taken: dict[object, int] = {}
    records, again = [], set()
    for number, coding in enumerate(codings):
        for article in () if coding.is_partial else coding.articles:
            if taken.setdefault(article, number) != number:
                again.add(article)
        for record in coding.records:
            key = record_key(record) if coding.is_partial else record.article_id
            if taken.setdefault(key, number) == number:
                records.append(record)
            elif coding.is_partial:
                again.add(str(key))
    return tuple(records), len(again)


def record_key(record: GoldRecord | StanceRecord) -> tuple[str | None, str, str]:
    """Return what tells a record from others: article, holder and topic."""
    return record.article_id, record.holder, record.topic
