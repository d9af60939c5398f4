"""The table that the app asks: the machine's records, and beside them what people made of some, as columns in memory.

A filter looks at one column whole, a millisecond or two for a million records, so that any can be combined without an
index for each; DuckDB's scans took ten times as long. What a page shows is read from the run's file (lines.py), and
found by this table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from stancewire.desk.asked import FLAGS, Query
from stancewire.desk.counted import Numbers
from stancewire.desk.stored import (
    BETWEEN,
    IN,
    REJECTED,
    STANCES,
    STATUSES,
    TEXTS,
    UNREVIEWED,
    VOICES,
    Now,
    Stored,
    encodable,
)
from stancewire.review.reviewed import Version
from stancewire.types import HolderKind

Found = npt.NDArray[np.bool_]


class Findings(Stored):
    """The table, and what can be asked of it."""

    def matching(self, query: Query) -> Numbers:
        """Return the positions of the records that a query asks for."""
        now = self._now
        kept = (now.versions & IN[query.version]) > 0
        for column, wanted in self._restrictions(query):
            kept &= _among(self._values(column, now), wanted)
        if query.flags:
            kept &= (
                self._values("flags", now) & sum(1 << FLAGS.index(each) for each in set(query.flags))
            ) > 0
        if query.min_confidence is not None:
            kept &= self._values("confidence", now) >= query.min_confidence
        if text := (query.text or "").strip():
            return self._holding(np.flatnonzero(kept), encodable(text), now)
        return np.flatnonzero(kept)

    def first(self, positions: Numbers, sort: str | None, *, descending: bool, number: int) -> Numbers:
        """Return the first positions by a column; equal ones as in the run's files, those without a value last."""
        ordered = self.counted.in_order(positions)
        if sort is None:
            return ordered[:number]
        column, ranks = self._ranks(sort)
        keys = self._values(column, self._now)[ordered]
        if ranks is None:
            keys = -keys if descending else keys
        else:
            keys = np.where(np.isinf(ranks) | (not descending), ranks, -ranks)[keys]
        if number >= len(keys):
            return ordered[np.argsort(keys, kind="stable")]
        edge = np.partition(keys, number)[number] if number else -np.inf
        better = np.flatnonzero(keys < edge)
        better = better[np.argsort(keys[better], kind="stable")]
        found: Numbers = np.concatenate([better, np.flatnonzero(keys == edge)[: number - len(better)]])
        return ordered[found]

    def of_article(self, article_id: str, version: Version) -> Numbers:
        """Return the positions of an article's records in a version, and of the rejected ones."""
        code = self._articles.find(encodable(article_id))
        if code is None:
            return np.zeros(0, dtype=np.int64)
        now, number = self._now, self.machine_records
        start, end = np.searchsorted(self._in_articles, [code, code + 1], sorter=self._by_article)
        added = np.flatnonzero(self._values("article", now)[number:] == code) + number
        positions = np.concatenate([self._by_article[start:end].astype(np.int64), added])
        versions, status = now.versions[positions], now.status[positions]
        is_rejected = ((versions & IN[Version.MACHINE]) > 0) & (status == REJECTED)
        is_in = (versions & IN[version]) > 0
        return self.counted.in_order(positions[is_in if version is Version.MACHINE else is_in | is_rejected])

    def progress(self) -> dict[str, int]:
        """Return how many of the machine's records somebody has reviewed, and how many are people's alone."""
        now, number = self._now, self.machine_records
        over = self._values("over", now)[number:]
        return {
            "reviewed": int(np.count_nonzero(now.status[:number] != UNREVIEWED)),
            "records": number,
            "added": int(np.count_nonzero((now.versions[number:] & IN[Version.HUMAN] > 0) & (over < 0))),
        }

    def actors(self, text: str, *, limit: int) -> list[dict[str, Any]]:
        """Return holders whose names hold a text, the most frequent first."""
        records = self._numbers("holder").tolist()
        part = text.lower()
        found = [
            (-number, name.rpartition(BETWEEN))
            for name, number in zip(self.holders.listed, records, strict=False)
            if number and part in name.rpartition(BETWEEN)[0].lower()
        ]
        return [
            {"name": name, "kind": kind, "records": -number}
            for number, (name, _, kind) in sorted(found)[:limit]
        ]

    def mentions(self, name: str, kind: HolderKind, *, limit: int = 100) -> list[dict[str, Any]]:
        """Return the words that articles use for a holder, the most frequent first."""
        now, code = self._now, self.holders.find(f"{encodable(name)}{BETWEEN}{kind.value}")
        if code is None:
            return []
        is_of = (self._values("holder", now) == code) & (now.versions & IN[Version.MERGED] > 0)
        records = np.bincount(self._values("mention", now)[is_of])
        codes = np.flatnonzero(records).tolist()
        found = sorted((-int(records[each]), self._mentions[each]) for each in codes)
        return [{"mention": mention, "records": -number} for number, mention in found[:limit]]

    def facts(self) -> dict[str, Any]:
        """Return how many records, articles and holders there are, and between which days."""
        is_in = self._now.versions & IN[Version.MERGED] > 0
        days = sorted(self.days.listed[each] for each in np.flatnonzero(self._numbers("day")).tolist())
        numbers = {f"{name}s": self._numbers(name) for name in ("article", "holder", "topic")}
        return {
            "records": int(np.count_nonzero(is_in)),
            **{name: int(np.count_nonzero(each)) for name, each in numbers.items()},
            "first": days[0] if days else None,
            "last": days[-1] if days else None,
        }

    def different(self, positions: Numbers) -> dict[str, int]:
        """Return how many records these are, of how many articles, holders and topics."""
        codes = {name: self._values(name, self._now)[positions] for name in ("article", "holder", "topic")}
        numbers = {f"{name}s": int(np.count_nonzero(np.bincount(each))) for name, each in codes.items()}
        return {"records": len(positions), **numbers}

    def values(self, column: str) -> list[str]:
        """Return the different values of a column, in order."""
        names: dict[str, Sequence[str]] = {
            "topic": self.topics.listed,
            "outlet": self._outlets.listed,
            "voice": [each.value for each in VOICES],
            "kind": self._kinds,
        }
        by = "holder" if column == "kind" else column
        used = np.flatnonzero(self._numbers(by, bits=255)).tolist()
        return sorted({names[column][each] for each in used})

    def _numbers(self, column: str, bits: int = IN[Version.MERGED]) -> Numbers:
        """Return how many records have each code of a column."""
        now = self._now
        codes = self._values(column, now)[now.versions & bits > 0]
        return np.bincount(codes[codes >= 0])

    def _holding(self, positions: Numbers, text: str, now: Now) -> Numbers:
        """Return those of the positions whose record holds a text."""
        holding = self._words.holding(text)
        said = np.zeros(len(positions), dtype=np.bool_)
        is_every = len(positions) == len(now.versions)
        for name in TEXTS:
            start, end = self._spans[name]
            if holding[start:end].any() or holding[self._added_texts :].any():
                texts = self._values(f"text {name}", now)
                said |= holding.take(texts if is_every else texts.take(positions))
        return positions[said]

    def _restrictions(self, query: Query) -> Iterator[tuple[str, Found]]:
        """Yield columns with which of their codes are asked for; the last one is of rows without a value."""
        if query.holder is not None or query.kinds:
            holder = None if query.holder is None else encodable(query.holder)
            yield "holder", self._of_holders(holder, [each.value for each in query.kinds])
        lists: dict[str, tuple[Sequence[str], Sequence[str]]] = {
            "topic": (query.topics, self.topics.listed),
            "stance": (query.stances, STANCES),
            "outlet": (query.outlets, self._outlets.listed),
            "voice": (query.voices, VOICES),
            "status": (query.statuses, STATUSES),
        }
        for column, (asked, known) in lists.items():
            if asked:
                wanted = {encodable(str(each)) for each in asked}
                yield column, np.array([*(each in wanted for each in known), False])
        if query.from_ is not None or query.to is not None:
            days = self.days.listed
            yield (
                "day",
                np.array([*((query.from_ or "") <= each <= (query.to or each) for each in days), False]),
            )

    def _of_holders(self, name: str | None, kinds: Sequence[str]) -> Found:
        wanted = np.zeros(len(self.holders.listed) + 1, dtype=np.bool_)
        if name is None:
            wanted[:-1] = [each in kinds for each in self._kinds[: len(wanted) - 1]]
        for kind in () if name is None else kinds or [each.value for each in HolderKind]:
            if (code := self.holders.find(f"{name}{BETWEEN}{kind}")) is not None and code < len(wanted):
                wanted[code] = True
        return wanted

    def _ranks(self, sort: str) -> tuple[str, Numbers | None]:
        """Return a column, and where each of its codes comes in order; rows without a value come last."""
        if sort == "confidence":
            return sort, None
        listed: dict[str, tuple[str, Sequence[str]]] = {
            "stance": ("stance", STANCES),
            "holder": ("holder", self.holders.listed),
            "kind": ("holder", self._kinds),
            "topic": ("topic", self.topics.listed),
            "voice": ("voice", VOICES),
            "outlet": ("outlet", self._outlets.listed),
            "published": ("day", self.days.listed),
            "status": ("status", STATUSES),
        }
        column, names = listed[sort]
        size, known = self._known_ranks.get(sort, (-1, np.zeros(0)))
        if size == len(names):
            return column, known
        lower = [each.rpartition(BETWEEN)[0].lower() if sort == "holder" else each.lower() for each in names]
        rank = {name: at for at, name in enumerate(sorted(set(lower)))}
        ranks = np.array([*(rank[each] for each in lower), np.inf])
        self._known_ranks[sort] = len(lower), ranks
        return column, ranks


def _among(codes: Numbers, wanted: Found) -> Found:
    """Say of each row whether its code is wanted; comparing with one is quicker than looking up any."""
    chosen = np.flatnonzero(wanted)
    return np.asarray(codes == chosen[0] if len(chosen) == 1 else wanted[codes])
