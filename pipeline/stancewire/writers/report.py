"""The report: one HTML page, readable offline, in which every record opens its article at the evidence."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from stancewire.counting import Once, Unit
from stancewire.types import Article, Codebook, Stance, StanceRecord
from stancewire.writers.partial import PartialFile

MAX_TEXT_BYTES = 20_000_000
"""Article text in one page: browsers open pages of this size in a second or two on an office machine."""

MAX_ROWS = 20_000
"""Records in one page, for the same reason; the summary still counts all of them."""

MATRIX_HOLDERS = 25
"""Holders in the summary, the ones with most records: about what fits on a screen."""

_POLES = (Stance.FAVOR, Stance.AGAINST, Stance.NEUTRAL)
# What could end the <script> element, open a comment in it or break a line; JSON reads the escapes back.
_ESCAPES = str.maketrans({each: f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"})


def write_report(
    path: Path,
    *,
    records: Iterable[StanceRecord],
    articles: Iterable[Article],
    manifest: Mapping[str, object],
    codebook: Codebook | None = None,
    text_limit: int = MAX_TEXT_BYTES,
    row_limit: int = MAX_ROWS,
) -> None:
    """Write the page; `records` and `articles` are read once, and only articles with records are kept.

    `manifest` is shown whole under "Run details"; its `finished`, where present, also in the heading.
    `codebook` gives topics their names and claims. What the limits leave out is counted on the page.
    """
    summary = _Summary(row_limit=row_limit)
    for record in records:
        summary.add(record)
    texts = _Texts(limit=text_limit)
    for article in articles:
        if article.id in summary.articles:
            texts.add(article)
    data = {
        "facts": _facts(summary, manifest),
        "details": [[name, value] for name, value in _flat(manifest)],
        "topics": _topics(summary, codebook),
        "matrix": _matrix(summary),
        "records": summary.rows,
        "articles": summary.articles | texts.articles,
        "notes": _notes(summary, texts),
    }
    with PartialFile(path) as file:
        file.append(page(data).encode("utf-8", "backslashreplace"))


def page(data: Mapping[str, Any]) -> str:
    """Return the page with `data` in it, as JSON that no content can break out of."""
    folder = resources.files("stancewire.writers")
    html, style, script = (
        folder.joinpath(name).read_text(encoding="utf-8")
        for name in ("report.html", "report.css", "report.js")
    )
    # The browser runs this very script and nothing else, whatever an article's title says.
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    shown = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_ESCAPES)
    # One pass over the template's own placeholders: data that looks like a placeholder stays data.
    parts = {"digest": digest, "style": style, "script": script, "data": shown}
    pieces = html.split("%%")
    return "".join(parts[piece] if index % 2 else piece for index, piece in enumerate(pieces))


@dataclass(kw_only=True)
class _Summary:
    """What the page says of the records, gathered in one pass."""

    row_limit: int
    count: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    articles: dict[str, dict[str, Any]] = field(default_factory=dict)
    article_ids: set[str] = field(default_factory=set)
    stances: Counter[tuple[Unit, tuple[str, str], str, Stance]] = field(default_factory=Counter)
    once: Once = field(default_factory=Once)
    models: dict[str, None] = field(default_factory=dict)
    codebooks: dict[str, None] = field(default_factory=dict)

    def add(self, record: StanceRecord) -> None:
        self.count += 1
        self.article_ids.add(record.article_id)
        holder = (record.holder, record.holder_kind.value)
        for unit in self.once.units(record):
            self.stances[unit, holder, record.topic, record.stance] += 1
        self.models[record.model] = self.codebooks[record.codebook] = None
        if len(self.rows) < self.row_limit:
            self.rows.append(_shown(record))
            self.articles.setdefault(record.article_id, _about(record))

    @property
    def topics(self) -> list[str]:
        return list(dict.fromkeys(topic for _, _, topic, _ in self.stances))

    def holders(self, unit: Unit = Unit.RECORD) -> Counter[tuple[str, str]]:
        counts: Counter[tuple[str, str]] = Counter()
        for (each, holder, _, _), count in self.stances.items():
            counts[holder] += count if each is unit else 0
        return counts


@dataclass(kw_only=True)
class _Texts:
    """The articles' texts, up to `limit` bytes of them."""

    limit: int
    size: int = 0
    articles: dict[str, dict[str, Any]] = field(default_factory=dict)
    left_out: int = 0

    def add(self, article: Article) -> None:
        size = len(article.text.encode("utf-8", "surrogatepass"))
        fits = self.size + size <= self.limit
        self.size += size if fits else 0
        self.left_out += not fits
        self.articles[article.id] = {
            "title": article.title,
            "outlet": article.outlet,
            "author": article.author,
            "published": article.published.isoformat() if article.published else None,
            "url": article.url,
            "language": article.language,
            "origins": article.origins.known(),
            "text": article.text if fits else None,
        }


def _shown(record: StanceRecord) -> dict[str, Any]:
    """Return what the page needs of a record; what all of its records share is said once, above."""
    best_first = sorted(record.evidence, key=lambda each: -each.p)
    return {
        "id": record.record_id,
        "article": record.article_id,
        "holder": record.holder,
        "kind": record.holder_kind.value,
        "mention": record.holder_mention,
        "topic": record.topic,
        "stance": record.stance.value,
        "confidence": record.confidence,
        "p": [record.p_favor, record.p_against, record.p_neutral],
        "voice": record.attribution.value,
        "speaker": record.speaker,
        "flags": [name for name in ("hedged", "conditional", "changed") if getattr(record, name)],
        "evidence": [[each.start, each.end, each.quote] for each in best_first],
        "cues": [[each.kind.value, each.start, each.end, each.quote] for each in record.cues],
    }


def _about(record: StanceRecord) -> dict[str, Any]:
    """Return what a record says of its article, for when the article itself isn't given."""
    return {
        "title": record.title,
        "outlet": record.outlet,
        "author": None,
        "published": record.published,
        "url": record.url,
        "language": record.language,
        "origins": {},
        "text": None,
    }


def _facts(summary: _Summary, manifest: Mapping[str, object]) -> dict[str, Any]:
    finished = manifest.get("finished")
    return {
        "records": summary.count,
        "articles": len(summary.article_ids),
        "holders": len(summary.holders()),
        "topics": len(summary.topics),
        "models": list(summary.models),
        "codebooks": list(summary.codebooks),
        "finished": _text(finished) if finished else None,
    }


def _topics(summary: _Summary, codebook: Codebook | None) -> list[dict[str, str | None]]:
    """Return the topics that have records, in the codebook's order, then those it doesn't know."""
    known = {topic.id: topic for topic in codebook.topics} if codebook else {}
    found = summary.topics
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


def _matrix(summary: _Summary) -> dict[str, Any]:
    """Return a row for each holder who is among the first by records, by stories or by outlets."""
    counted = {unit: summary.holders(unit) for unit in Unit}
    shown = dict.fromkeys(holder for unit in Unit for holder, _ in counted[unit].most_common(MATRIX_HOLDERS))
    rows = [
        {
            "holder": holder[0],
            "kind": holder[1],
            "cells": {
                unit.value: {
                    topic: [summary.stances[unit, holder, topic, stance] for stance in _POLES]
                    for topic in summary.topics
                }
                for unit in Unit
            },
        }
        for holder in shown
    ]
    return {"rows": rows, "shown": MATRIX_HOLDERS, "more": max(len(counted[Unit.RECORD]) - MATRIX_HOLDERS, 0)}


def _notes(summary: _Summary, texts: _Texts) -> list[str]:
    notes = []
    if left := summary.count - len(summary.rows):
        notes.append(
            f"This page lists the first {len(summary.rows):,} records; {left:,} more are in records.csv, "
            "records.parquet and records.jsonl. The summary counts all of them."
        )
    if texts.left_out:
        notes.append(
            f"The texts of {texts.left_out:,} articles are left out to keep this page under "
            f"{texts.limit / 1e6:g} MB of text; their records show the evidence only."
        )
    return notes


def _flat(values: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the manifest's values as text under dotted names."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", _text(value)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ", ".join(_text(each) for each in value)
    return "none" if value is None else str(value)
