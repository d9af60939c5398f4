"""The records of a page as columns that point into lists of values, and the articles' texts in packed blocks."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from stancewire.counting import Unit, place
from stancewire.desk.rows import FLAGS, cues_of, evidence_of, row_of
from stancewire.review.reviewed import Reviewed, Status
from stancewire.types import Article, Stance, StanceRecord, Voice

STANCES = (Stance.FAVOR, Stance.AGAINST, Stance.NEUTRAL)
VOICES = tuple(Voice)
STATUSES = tuple(Status)

_BLOCK = 200_000
"""Characters of text in one packed block: unpacked in some ms at a click, and large enough to pack well."""

_ROW = (
    *(
        "id",
        "article",
        "holder",
        "holderId",
        "mention",
        "topic",
        "stance",
        "confidence",
        "p",
        "voice",
        "speaker",
    ),
    *(
        "flags",
        "evidence",
        "cues",
        "cluster",
        "story",
        "once",
        "status",
        "by",
        "at",
        "acceptedBy",
        "acceptedAt",
    ),
)
_ARTICLE = ("id", "title", "outlet", "author", "published", "url", "language", "origins", "text")


def packed(value: object) -> str:
    """Return a value as Base64 of gzipped JSON, the same for the same value."""
    said = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # A lone surrogate, which a damaged text may have, becomes the escape that JSON has for it.
    return base64.b64encode(gzip.compress(said.encode("utf-8", "backslashreplace"), 9, mtime=0)).decode(
        "ascii"
    )


@dataclass(slots=True)
class Listed:
    """Different values in the order they came, each with its number."""

    numbers: dict[Any, int] = field(default_factory=dict)

    def number(self, value: Any) -> int:
        """Return the number of a value; -1 for None."""
        return -1 if value is None else self.numbers.setdefault(value, len(self.numbers))

    @property
    def values(self) -> list[Any]:
        """Return the values by their numbers."""
        return list(self.numbers)


@dataclass(slots=True, kw_only=True)
class Columns:
    """The records up to `limit`; those that come later are only counted."""

    limit: int
    count: int = 0
    records: list[StanceRecord] = field(default_factory=list)
    article_ids: set[str] = field(default_factory=set)
    people: set[tuple[str, str]] = field(default_factory=set)
    holders: Listed = field(default_factory=Listed)
    names: Listed = field(default_factory=Listed)
    outlets: Listed = field(default_factory=Listed)
    topics: Listed = field(default_factory=Listed)
    origins: Listed = field(default_factory=Listed)
    stories: Listed = field(default_factory=Listed)
    once: Listed = field(default_factory=Listed)
    places: Listed = field(default_factory=Listed)
    described: set[int] = field(default_factory=set)
    statuses: set[Status] = field(default_factory=set)
    models: dict[str, None] = field(default_factory=dict)
    codebooks: dict[str, None] = field(default_factory=dict)
    machine: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in _ROW})
    articles: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in _ARTICLE})

    def add(self, reviewed: Reviewed) -> None:
        """Take a record in, or count it where the page is full."""
        record = reviewed.record
        self.count += 1
        self.article_ids.add(record.article_id)
        self.people.add((record.holder, record.holder_kind.value))
        self.models[record.model] = self.codebooks[record.codebook] = None
        if len(self.records) >= self.limit:
            return
        self.records.append(record)
        self.statuses.add(reviewed.status)
        if machine := row_of(reviewed)["machine"] if reviewed.status is Status.CORRECTED else None:
            self.machine[record.record_id] = machine
        for name, value in self._row(reviewed).items():
            self.rows[name].append(value)

    @property
    def all_described(self) -> bool:
        """Say whether every article with a record on the page has come."""
        return len(self.described) == len(self.places.numbers)

    def describe(self, article: Article) -> int | None:
        """Take in what an article says of itself; return its number, or None where no record is of it."""
        number = self.places.numbers.get(article.id)
        if number is not None:
            self.described.add(number)
            known = tuple(sorted(article.origins.known().items()))
            self.articles["author"][number] = article.author
            self.articles["url"][number] = article.url
            self.articles["origins"][number] = self.origins.number(known)
        return number

    def table(self) -> dict[str, Any]:
        """Return the columns and the lists they point into, as memory.js reads them."""
        return {
            "holders": self.holders.values,
            "names": self.names.values,
            "outlets": self.outlets.values,
            "topics": self.topics.values,
            "voices": [voice.value for voice in VOICES],
            "statuses": [status.value for status in STATUSES],
            "machine": self.machine,
            "rows": self.rows,
        }

    def about_articles(self) -> dict[str, list[Any]]:
        """Return what is known of the articles, as columns, with the places of their texts."""
        origins = [dict(each) for each in self.origins.values]
        shown = [None if each < 0 else origins[each] for each in self.articles["origins"]]
        return self.articles | {"origins": shown}

    def _row(self, reviewed: Reviewed) -> dict[str, Any]:
        record = reviewed.record
        holder = (record.holder, record.holder_kind.value)
        same = (holder, record.topic, record.stance)
        return {
            "id": record.record_id,
            "article": self._article(record),
            "holder": self.holders.number(holder),
            "holderId": record.holder_id,
            "mention": self.names.number(record.holder_mention),
            "topic": self.topics.number(record.topic),
            "stance": STANCES.index(record.stance),
            "confidence": record.confidence,
            "p": [record.p_favor, record.p_against, record.p_neutral],
            "voice": VOICES.index(record.attribution),
            "speaker": self.names.number(record.speaker),
            "flags": sum(getattr(record, name) << bit for bit, name in enumerate(FLAGS)),
            "evidence": evidence_of(record),
            "cues": cues_of(record),
            "cluster": record.cluster_id,
            "story": self.stories.number((place(record, Unit.STORY), *same)),
            "once": self.once.number((place(record, Unit.OUTLET), *same)),
            "status": STATUSES.index(reviewed.status),
            "by": reviewed.by,
            "at": reviewed.at,
            "acceptedBy": reviewed.accepted_by,
            "acceptedAt": reviewed.accepted_at,
        }

    def _article(self, record: StanceRecord) -> int:
        """Return the number of a record's article, known from the record until the article itself comes."""
        number = self.places.number(record.article_id)
        if number == len(self.articles["id"]):
            about = {
                "id": record.article_id,
                "title": record.title,
                "outlet": self.outlets.number(record.outlet),
                "published": record.published,
                "url": record.url,
                "language": record.language,
                "origins": -1,
            }
            for name in _ARTICLE:
                self.articles[name].append(about.get(name))
        return number


@dataclass(slots=True, kw_only=True)
class Texts:
    """The articles' texts in packed blocks, up to `limit` bytes of them as they stand in the file.

    `left_out` counts those that found no room.
    """

    columns: Columns
    limit: int
    size: int = 0
    blocks: list[str] = field(default_factory=list)
    left_out: int = 0
    _waiting: list[tuple[int, str]] = field(default_factory=list)

    def fill(self, articles: Iterable[Article]) -> None:
        """Take the articles in until all that have records have come."""
        for article in articles:
            self.add(article)
            if self.columns.all_described:
                break
        self.close()

    def add(self, article: Article) -> None:
        """Take a text in where a record is of its article."""
        number = self.columns.describe(article)
        if number is None:
            return
        self._waiting.append((number, article.text))
        if sum(len(text) for _, text in self._waiting) >= _BLOCK:
            self.close()

    def close(self) -> None:
        """Pack what waits; a block that doesn't fit is left out, and so is all that comes later."""
        if not self._waiting:
            return
        block = packed([text for _, text in self._waiting])
        if self.left_out or self.size + len(block) > self.limit:
            self.left_out += len(self._waiting)
        else:
            self.size += len(block)
            for index, (number, _) in enumerate(self._waiting):
                self.columns.articles["text"][number] = [len(self.blocks), index]
            self.blocks.append(block)
        self._waiting.clear()
