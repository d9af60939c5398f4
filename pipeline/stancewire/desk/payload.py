"""What the page is given: what it says of the run, its records, and the articles' texts, up to the page's limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from stancewire.desk.columns import STATUSES, VOICES, Columns, Texts, packed
from stancewire.desk.pictures import networks_of
from stancewire.desk.rows import FLAGS
from stancewire.review.reviewed import Reviewed, Version
from stancewire.types import Article, Codebook, HolderKind, StanceRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one page holds: browsers open this much in a second or two on an office machine, and mail takes it."""

    records: int = 50_000
    packed_bytes: int = (
        23_000_000  # of records and texts as they stand in the file; style and scripts take 0.6 MB
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """The data of a page: `meta` as it is; records, articles and their texts as Base64 of gzipped JSON."""

    meta: Mapping[str, Any]
    table: str
    articles: str
    texts: Sequence[str]


def make_payload(
    records: Iterable[Reviewed],
    articles: Iterable[Article],
    *,
    manifest: Mapping[str, Any],
    name: str,
    codebook: Codebook | None = None,
    version: Version = Version.MERGED,
    limits: Limits | None = None,
) -> Payload:
    """Return what the page shows of these records and of the articles they are from; each is read once.

    What the limits leave out is counted in the notes of `meta`.
    """
    limits = limits or Limits()
    columns = Columns(limit=limits.records)
    for each in records:
        columns.add(each)
    table = packed(columns.table() | {"networks": networks_of(columns.records)})
    texts = Texts(columns=columns, limit=limits.packed_bytes - len(table))
    texts.fill(articles)
    meta = {
        "name": name,
        "topics": topics_of(columns.topics.values, codebook),
        "facts": _facts(columns, manifest),
        "details": [[key, value] for key, value in flat(manifest)],
        "notes": [*_left_out(columns, texts, limits)],
        "choices": _choices(columns),
        "periods": _periods(columns.records),
        "version": version.value,
        "versions": [version.value],
    }
    return Payload(meta=meta, table=table, articles=packed(columns.about_articles()), texts=texts.blocks)


def topics_of(found: Sequence[str], codebook: Codebook | None) -> list[dict[str, str | None]]:
    """Return the topics that have records, in the codebook's order, then those it doesn't know."""
    known = {topic.id: topic for topic in codebook.topics} if codebook else {}
    order = [each for each in known if each in found] + [each for each in found if each not in known]
    return [
        {
            "id": each,
            "name": known[each].name if each in known else each,
            "claim": known[each].claim if each in known else None,
            "opposite": known[each].opposite if each in known else None,
        }
        for each in order
    ]


def flat(values: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield a manifest's values as text under dotted names."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", said(value)


def said(value: object) -> str:
    """Return a value of a manifest as text."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ", ".join(said(each) for each in value)
    return "none" if value is None else str(value)


def _facts(columns: Columns, manifest: Mapping[str, object]) -> dict[str, Any]:
    finished = manifest.get("finished")
    return {
        "records": columns.count,
        "articles": len(columns.article_ids),
        "holders": len(columns.people),
        "topics": len(columns.topics.values),
        "models": list(columns.models),
        "codebooks": list(columns.codebooks),
        "finished": said(finished) if finished else None,
    }


def _choices(columns: Columns) -> dict[str, list[str]]:
    """Return what the filters offer: of each list the values that the page's records have."""
    kinds = {kind for _, kind in columns.holders.values}
    voices, statuses, flags = (set(columns.rows[name]) for name in ("voice", "status", "flags"))
    return {
        "kinds": [kind.value for kind in HolderKind if kind.value in kinds],
        "outlets": sorted(columns.outlets.values, key=str.casefold),
        "voices": [voice.value for index, voice in enumerate(VOICES) if index in voices],
        "flags": [name for bit, name in enumerate(FLAGS) if any(each >> bit & 1 for each in flags)],
        "statuses": [status.value for index, status in enumerate(STATUSES) if index in statuses],
    }


def _periods(records: Iterable[StanceRecord]) -> dict[str, str | None]:
    days = [record.published[:10] for record in records if record.published]
    return {"first": min(days, default=None), "last": max(days, default=None)}


def _left_out(columns: Columns, texts: Texts, limits: Limits) -> Iterator[str]:
    shown = len(columns.records)
    if left := columns.count - shown:
        yield (
            f"This page has the first {shown:,} records and counts only these; {left:,} more are in records.csv, "
            "records.parquet and records.jsonl, and `stancewire serve` shows all of them."
        )
    if texts.left_out:
        yield (
            f"The texts of {texts.left_out:,} articles are left out to keep this page under "
            f"{limits.packed_bytes / 1e6:g} MB; their records show the evidence only. "
            "`stancewire serve` shows the articles whole."
        )
