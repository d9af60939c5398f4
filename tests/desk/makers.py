"""Articles and records for pages."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from stancewire.desk.report import write_report
from stancewire.review.reviewed import Reviewed
from stancewire.types import (
    Article,
    Codebook,
    Cue,
    CueKind,
    Evidence,
    HolderKind,
    Stance,
    StanceRecord,
    Topic,
    Voice,
)

HOSTILE = "</script><script>alert(1)</script> \"double\" 'single' <!-- <script> \u2028 &amp; %%data%%\n=cmd()"
TEXT = "The council met on Monday. “We may want a federal state,” said Zahra Amini. Others kept silent."
BOOK = Codebook(
    id="test",
    version="1",
    digest="0",
    topics=(
        Topic(
            id="federalism",
            name="Federalism",
            claim="It should be federal.",
            opposite="It should be central.",
        ),
        Topic(id="schools", name="Schools", claim="Schools should open."),
    ),
)


def article_of(id_: str = "a1", text: str = TEXT, **changes: Any) -> Article:
    """Return an article that says what it is from."""
    about = {"title": "Council meets", "outlet": "The Courier", "url": f"https://courier.example/{id_}"}
    return Article(**({"id": id_, "text": text, "source": f"news.jsonl:{id_}"} | about | changes))


def record_of(
    article: Article, *quotes: str, cues: Iterable[tuple[str, str]] = (), **changes: Any
) -> StanceRecord:
    """Return a record with these words of its article as evidence, and others, named with their kind, as cues."""
    found = [
        _place(article.text, quote)
        for quote in quotes or ("“We may want a federal state,” said Zahra Amini.",)
    ]
    marked = [(CueKind(kind), *_place(article.text, quote), quote) for kind, quote in cues]
    values: dict[str, Any] = {
        "record_id": f"{article.id}-record",
        "article_id": article.id,
        "outlet": article.outlet,
        "url": article.url,
        "title": article.title,
        "published": "2026-03-02",
        "language": article.language,
        "holder": "Zahra Amini",
        "holder_id": None,
        "holder_kind": HolderKind.PERSON,
        "holder_mention": "Zahra Amini",
        "topic": "federalism",
        "stance": Stance.FAVOR,
        "confidence": 0.91,
        "p_favor": 0.91,
        "p_against": 0.05,
        "p_neutral": 0.02,
        "attribution": Voice.QUOTED,
        "speaker": "Zahra Amini",
        "hedged": any(kind is CueKind.HEDGED for kind, *_ in marked),
        "conditional": any(kind is CueKind.CONDITIONAL for kind, *_ in marked),
        "changed": any(kind is CueKind.CHANGED for kind, *_ in marked),
        "evidence": tuple(
            Evidence(start=start, end=end, quote=article.text[start:end], p=0.9 - index / 10)
            for index, (start, end) in enumerate(found)
        ),
        "cues": tuple(
            Cue(kind=kind, start=start, end=end, quote=quote) for kind, start, end, quote in marked
        ),
        "cluster_id": None,
        "model": "tiny@1#abc",
        "codebook": "test@1#def",
        "run_id": "run-1",
        "schema_version": "2",
    }
    return StanceRecord(**(values | changes))


def write_page(path: Path, records: Iterable[StanceRecord], articles: Iterable[Article], **more: Any) -> Path:
    """Write the report of records that nobody reviewed."""
    reviewed = [Reviewed(record=record, machine=record) for record in records]
    write_report(
        path,
        records=reviewed,
        articles=articles,
        **({"manifest": {}, "name": "test", "codebook": BOOK} | more),
    )
    return path


def _place(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)
