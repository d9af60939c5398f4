"""Codings made up for tests."""

from __future__ import annotations

from collections.abc import Collection

from stancewire.coding.coded import Coding
from stancewire.evaluation.gold import GoldRecord
from stancewire.types import Evidence, HolderKind, Stance, Voice

TEXT = "The council favours talks. The ministry rejects talks. Nobody else spoke of it on Monday morning."


def coded(
    article: str,
    holder: str,
    stance: str = "favor",
    *,
    topic: str = "talks",
    at: tuple[int, int] | None = (0, 26),
    kind: HolderKind = HolderKind.ORGANISATION,
    aliases: tuple[str, ...] = (),
    voice: Voice | None = Voice.REPORTED,
    hedged: bool | None = False,
    required: bool = True,
) -> GoldRecord:
    """Return one coder's record."""
    return GoldRecord(
        article_id=article,
        holder=holder,
        kind=kind,
        aliases=aliases,
        topic=topic,
        stance=Stance(stance),
        attribution=voice,
        hedged=hedged,
        conditional=False,
        changed=False,
        required=required,
        evidence=(Evidence(start=at[0], end=at[1], quote=TEXT[slice(*at)], p=1.0),) if at else (),
    )


def coding(
    name: str,
    *records: GoldRecord,
    articles: Collection[str] = (),
    is_model: bool = False,
    is_partial: bool = False,
) -> Coding:
    """Return a coder with these records; `articles` are those coded besides."""
    named = {record.article_id for record in records if record.article_id}
    return Coding(
        coder=name,
        source=f"{name}.jsonl",
        records=records,
        articles=frozenset(named | set(articles)),
        is_model=is_model,
        is_partial=is_partial,
    )
