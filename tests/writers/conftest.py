"""Articles and records to write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from stancewire.types import Article, Cue, CueKind, Evidence, HolderKind, Stance, StanceRecord, Voice

Maker = Callable[..., StanceRecord]


@pytest.fixture
def article() -> Article:
    return Article(
        id="a1",
        text="The council met on Monday. “We want a federal state,” said Zahra Amini. Others kept silent.",
        source="news.jsonl:1",
        title="Council meets",
        outlet="The Courier",
        url="https://courier.example/a1",
    )


@pytest.fixture
def make_record(article: Article) -> Maker:
    """Return a function that makes a record of `article`, or of the one given, from the words it quotes."""

    def make(*quotes: str, of: Article = article, **changes: Any) -> StanceRecord:
        return replace(_record(of, quotes or (of.text[27:53],)), **changes)

    return make


def _record(article: Article, quotes: tuple[str, ...]) -> StanceRecord:
    return StanceRecord(
        record_id=f"{article.id}-record",
        article_id=article.id,
        outlet=article.outlet,
        url=article.url,
        title=article.title,
        published="2026-03-02",
        language=None,
        holder="Zahra Amini",
        holder_id=None,
        holder_kind=HolderKind.PERSON,
        holder_mention="Zahra Amini",
        topic="federalism",
        stance=Stance.FAVOR,
        confidence=0.91,
        p_favor=0.91,
        p_against=0.05,
        p_neutral=0.02,
        attribution=Voice.QUOTED,
        speaker="Zahra Amini",
        hedged=False,
        conditional=True,
        changed=False,
        evidence=tuple(
            _evidence(article.text, quote, p=0.9 - index / 10) for index, quote in enumerate(quotes)
        ),
        cues=_said(article.text),
        cluster_id=None,
        model="tiny@1#abc",
        codebook="test@1#def",
        run_id="run-1",
        schema_version="2",
    )


def _evidence(text: str, quote: str, *, p: float) -> Evidence:
    start = text.index(quote)
    return Evidence(start=start, end=start + len(quote), quote=quote, p=p)


def _said(text: str) -> tuple[Cue, ...]:
    start = text.find("said")
    return (Cue(kind=CueKind.SPEECH, start=start, end=start + 4, quote="said"),) if start >= 0 else ()
