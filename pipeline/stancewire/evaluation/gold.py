"""What is scored and against what: gold records, predicted records, and the files that hold them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from stancewire.errors import InputError
from stancewire.evaluation.rows import Row, read_rows
from stancewire.types import Evidence, HolderKind, Stance, StanceRecord, Voice

STANCES = (Stance.FAVOR, Stance.AGAINST, Stance.NEUTRAL)
FLAGS = ("hedged", "conditional", "changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictedRecord:
    """The fields of a stance record that are scored, as read from a records.jsonl."""

    article_id: str
    holder: str
    holder_kind: HolderKind
    holder_mention: str
    topic: str
    stance: Stance
    attribution: Voice
    hedged: bool
    conditional: bool
    changed: bool
    evidence: tuple[Evidence, ...]
    confidence: float | None = None


Predicted: TypeAlias = StanceRecord | PredictedRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldRecord:
    """One stance that a coder found.

    `article_id` None belongs to the one article that was predicted. A row that is not `required` may be found
    or left out: neither counts. An attribution or flag that is None was not coded and is not scored. `where` names
    its row for messages.
    """

    article_id: str | None
    holder: str
    kind: HolderKind
    topic: str
    stance: Stance
    aliases: tuple[str, ...] = ()
    attribution: Voice | None = None
    hedged: bool | None = None
    conditional: bool | None = None
    changed: bool | None = None
    required: bool = True
    evidence: tuple[Evidence, ...] = ()
    where: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldSet:
    """A gold file: its records, the articles it covers (also those without a stance), and their genres."""

    records: tuple[GoldRecord, ...]
    articles: frozenset[str] = frozenset()
    genres: Mapping[str, str] = field(default_factory=dict)


def read_gold(path: Path) -> GoldSet:
    """Read a gold file of JSON lines.

    A line with `"holder": null` says that its article was coded and holds no stance; any may carry `"genre"`.
    Raises InputError naming line and key, also for a holder and topic that an article has twice.
    """
    records: list[GoldRecord] = []
    lines: dict[tuple[str | None, str, str], str] = {}
    articles: set[str] = set()
    genres: dict[str, str] = {}
    for row in read_rows(path):
        article_id, genre = row.optional_text("article_id"), row.optional_text("genre")
        if article_id is not None:
            articles.add(article_id)
            if genre is not None:
                genres[article_id] = genre
        if article_id is not None and row.values.get("holder", "") is None:
            continue
        record = gold_record(row)
        first = lines.setdefault((article_id, record.holder, record.topic), row.where)
        if first != row.where:
            raise InputError(
                f"{row.where}: holder {record.holder!r} and topic {record.topic!r} again, as in {first}"
            )
        records.append(record)
    if not records and not articles:
        raise InputError(f"{path}: no gold rows")
    return GoldSet(records=tuple(records), articles=frozenset(articles), genres=genres)


def gold_record(row: Row) -> GoldRecord:
    """Check one line of a gold file; holder, kind, topic and stance must be there."""
    has_voice = row.values.get("attribution") is not None
    return GoldRecord(
        article_id=row.optional_text("article_id"),
        holder=row.text("holder"),
        kind=row.choice("kind", *HolderKind),
        topic=row.text("topic"),
        stance=row.choice("stance", *STANCES),
        aliases=row.texts("aliases"),
        attribution=row.choice("attribution", *Voice) if has_voice else None,
        hedged=row.flag("hedged"),
        conditional=row.flag("conditional"),
        changed=row.flag("changed"),
        required=row.flag("required") is not False,
        evidence=row.evidence("evidence"),
        where=row.where,
    )


def predicted_record(row: Row) -> PredictedRecord:
    """Check one line of a records.jsonl."""
    return PredictedRecord(
        article_id=row.text("article_id"),
        holder=row.text("holder"),
        holder_kind=row.choice("holder_kind", *HolderKind),
        holder_mention=row.optional_text("holder_mention") or row.text("holder"),
        topic=row.text("topic"),
        stance=row.choice("stance", *STANCES),
        attribution=row.choice("attribution", *Voice),
        hedged=_decided(row, "hedged"),
        conditional=_decided(row, "conditional"),
        changed=_decided(row, "changed"),
        evidence=row.evidence("evidence"),
        confidence=row.share("confidence"),
    )


def place_gold(gold: Sequence[GoldRecord], articles: Collection[str]) -> list[GoldRecord]:
    """Give gold rows without an article the only one of `articles`; InputError where it isn't alone."""
    placeless = [record for record in gold if record.article_id is None]
    if not placeless:
        return list(gold)
    if len(placeless) < len(gold):
        raise InputError("gold: some rows have an 'article_id' and some don't; give it to all or to none")
    if len(articles) > 1:
        raise InputError(f"gold: rows without 'article_id', but several articles: {sorted(articles)[:3]}")
    return [replace(record, article_id=next(iter(articles), None)) for record in gold]


def _decided(row: Row, key: str) -> bool:
    flag = row.flag(key)
    if flag is None:
        raise row.complaint(key, "true or false")
    return flag
