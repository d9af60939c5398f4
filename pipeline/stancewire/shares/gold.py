"""What coders say, as one gold standard: several coders' codings put together, the first named first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from stancewire.coding.coded import Coding
from stancewire.errors import InputError
from stancewire.evaluation.gold import GoldRecord
from stancewire.types import HolderKind, StanceRecord

Key: TypeAlias = tuple[str | None, str, str, HolderKind]


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
                f"{coding.source}: a machine's records are no gold; people's are wanted: {coding.source}@human, or"
                " their own files"
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


def judged_records(
    records: Iterable[StanceRecord], gold: Gold
) -> tuple[dict[str, GoldRecord], list[GoldRecord]]:
    """Return what coders say of each record, by its id, and the rows that are about none of the records.

    "Jordan" may be a state and a person in one article. A row whose kind of holder is none of these, as coders correct
    kinds, is about the one record that no other row is about; raises InputError where there are several.
    """
    exact: dict[Key, StanceRecord] = {}
    alike: dict[tuple[str | None, str, str], list[StanceRecord]] = defaultdict(list)
    for record in records:
        exact[record_key(record)] = record
        alike[record_key(record)[:3]].append(record)
    said: dict[str, GoldRecord] = {}
    others: list[GoldRecord] = []
    for row in gold.records:
        if found := exact.get(record_key(row)):
            said[found.record_id] = row
        else:
            others.append(row)
    strange: list[GoldRecord] = []
    for row in others:
        left = [each for each in alike[record_key(row)[:3]] if each.record_id not in said]
        if len(left) > 1:
            kinds = ", ".join(sorted({each.holder_kind for each in left}))
            raise InputError(
                f"{row.where}: {row.holder!r} on {row.topic!r} in {row.article_id!r} is {row.kind}; must be one of"
                f" {kinds}, as the run has {len(left)} holders of that name there"
            )
        if left:
            said[left[0].record_id] = row
        else:
            strange.append(row)
    return said, strange


def record_key(record: GoldRecord | StanceRecord) -> Key:
    """Return what tells a record from others: article, holder, topic and the holder's kind."""
    kind = record.kind if isinstance(record, GoldRecord) else record.holder_kind
    return record.article_id, record.holder, record.topic, kind
