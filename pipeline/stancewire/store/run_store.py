"""The ledger and the records of a run while it goes on: an article and its records are committed together."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from stancewire.fingerprint import Fingerprint, key_of
from stancewire.store.database import FILE, connect, named
from stancewire.store.packing import unpack
from stancewire.types import IN_TEXT, Article, LedgerEntry, Origins, Outcome, Skip, StanceRecord

_NUMBER = re.compile(r"\d+")
_DIGITS = 12
# Given back to the disk in one transaction, some 4 MB: the log beside the file stays as small.
_PAGES_AT_ONCE = 1000

# Of entries with the same id, the one whose source comes first counts; the others are copies of it, or have its id
# wrongly. (Beside MIN, SQLite takes the other columns from the row that has the minimum.)
_FIRSTS = """
WITH firsts AS (
    SELECT article_id, MIN(place) AS place, source, digest FROM entries
    WHERE article_id IS NOT NULL AND result IS NOT NULL GROUP BY article_id HAVING COUNT(*) > 1
)
"""
_JOINED = """
FROM entries
LEFT JOIN firsts ON firsts.article_id = entries.article_id AND firsts.place < entries.place
    AND entries.result IS NOT NULL
LEFT JOIN results ON results.key = entries.result
"""
_FATES = f"""{_FIRSTS}
SELECT entries.source, entries.article_id, entries.outcome, entries.reason, entries.detail,
       (SELECT said FROM origins WHERE number = entries.origins), results.is_language_detected,
       firsts.source, entries.digest = firsts.digest,
       results.outcome, results.reason, results.detail, results.counts, results.record_count,
       {{records}}, {{article}}, results.sketch
{_JOINED} ORDER BY entries.place
"""
_COUNTS = f"""{_FIRSTS}
SELECT COALESCE(entries.outcome,
                CASE entries.digest = firsts.digest WHEN 1 THEN 'skipped' WHEN 0 THEN 'failed' END,
                results.outcome) AS fate,
       COALESCE(entries.reason,
                CASE entries.digest = firsts.digest WHEN 1 THEN 'duplicate' WHEN 0 THEN 'duplicate-id' END,
                results.reason) AS why,
       COUNT(*), SUM(CASE WHEN firsts.source IS NULL THEN COALESCE(results.record_count, 0) ELSE 0 END)
{_JOINED} GROUP BY fate, why
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResult:
    """What came of one article, packed for the store."""

    key: bytes
    entry: LedgerEntry
    records: bytes | None = None
    article: bytes | None = None
    sketch: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """One line of the ledger, with what the store holds beside it."""

    entry: LedgerEntry
    packed_records: bytes | None = None
    packed_article: bytes | None = None
    sketch: bytes | None = None

    @property
    def records(self) -> tuple[StanceRecord, ...]:
        """Return the records, read from their bytes."""
        return unpack(self.packed_records, tuple[StanceRecord, ...]) if self.packed_records else ()

    @property
    def article(self) -> Article | None:
        """Return the article; None where there are no records."""
        if self.packed_article is None:
            return None
        return replace(unpack(self.packed_article, Article), origins=self.entry.origins)


@dataclass(slots=True, kw_only=True)
class Tally:
    """How many of the input's entries have which outcome, for which reasons, and how many records there are."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    records: int = 0


class RunStore:
    """The store of the run in `folder`; one process writes it, others may read."""

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self._path = folder / FILE
        self._is_read_only = read_only
        self._connection = connect(folder, read_only=read_only)

    def close(self) -> None:
        """Let go of the file, which then holds all that was written: SQLite's side files are folded into it.

        Where that can't be done, for want of room, they stay with what was written, and the next to open it reads them.
        """
        try:
            if not self._is_read_only:
                with named(self._path):
                    self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what is written inside together, or nothing of it."""
        with named(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._connection.in_transaction:  # a full disk has ended it already
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def start(self, facts: Mapping[str, str]) -> None:
        """Forget the input of the run before, not its results, and note what this one is set to do."""
        with self.transaction():
            self._connection.execute("DELETE FROM entries")
            self._connection.execute("DELETE FROM origins")
            self._connection.execute("DELETE FROM facts")
            self.note(facts)

    def note(self, facts: Mapping[str, str]) -> None:
        """Write facts about the run, over those of the same name."""
        with named(self._path):
            self._connection.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", facts.items())

    def facts(self) -> dict[str, str]:
        """Return the facts about the run."""
        with named(self._path):
            return dict(self._connection.execute("SELECT name, value FROM facts ORDER BY name"))

    def add_article(self, article: Article, *, digest: bytes) -> bool:
        """Write that the input has this article, whose result says what came of it; return whether its id is new."""
        origins = _said(article.origins)
        row = (place_of(article.source), article.source, article.id, digest, article_key(article), origins)
        with named(self._path):
            known = self._connection.execute(
                "SELECT 1 FROM entries WHERE article_id = ? LIMIT 1", (article.id,)
            ).fetchone()
            self._connection.execute("INSERT OR IGNORE INTO origins (said) VALUES (?)", (origins,))
            self._connection.execute(
                "INSERT INTO entries (place, source, article_id, digest, result, origins)"
                " VALUES (?, ?, ?, ?, ?, (SELECT number FROM origins WHERE said = ?))",
                row,
            )
        return known is None

    def add_skip(self, skip: Skip) -> None:
        """Write that the input has something that yields no article."""
        row = (place_of(skip.source), skip.source, skip.article_id, skip.outcome, skip.reason, skip.detail)
        with named(self._path):
            self._connection.execute(
                "INSERT INTO entries (place, source, article_id, outcome, reason, detail)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )

    def result(self, key: bytes, *, made_by: str) -> LedgerEntry | None:
        """Return what came of an article if it was made by the same code, models, codebook and settings."""
        with named(self._path):
            row = self._connection.execute(
                "SELECT outcome, reason, detail, counts, record_count FROM results"
                " WHERE key = ? AND made_by = ?",
                (key, made_by),
            ).fetchone()
        return _entry("", None, *row) if row else None

    def known(self, keys: Iterable[bytes], *, made_by: str, but_for: Collection[str]) -> frozenset[bytes]:
        """Return those of the articles that there is a result of which stays, not one of the reasons `but_for`."""
        found = ((key, self.result(key, made_by=made_by)) for key in keys)
        return frozenset(key for key, entry in found if entry and entry.reason not in but_for)

    def save(
        self,
        results: Iterable[StoredResult],
        *,
        made_by: Fingerprint,
        readings: Mapping[bytes, bytes],
        answers: Mapping[bytes, bytes],
    ) -> None:
        """Write results, and what was found on the way to them, over what was there."""
        rows = [
            (
                *(one.key, made_by.run_id, one.entry.outcome, one.entry.reason, one.entry.detail),
                *(
                    json.dumps(dict(one.entry.counts)),
                    one.entry.origins.language == IN_TEXT,
                    one.entry.records,
                ),
                *(one.records, one.sketch, one.article),
            )
            for one in results
        ]
        with named(self._path):
            self._connection.executemany(
                f"INSERT OR REPLACE INTO results VALUES ({', '.join('?' * 11)})", rows
            )
            self._connection.executemany(
                "INSERT OR REPLACE INTO readings VALUES (?, ?, ?)",
                ((key, made_by.readings, reading) for key, reading in readings.items()),
            )
            self._connection.executemany(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?)",
                ((key, made_by.answers, weights) for key, weights in answers.items()),
            )

    def drop_outdated(self, made_by: Fingerprint) -> int:
        """Drop what other code, models or settings made, give its room back to the disk, and return how many rows went.

        No run with these can use it, and without this a store would keep it for ever. What a run with these could use
        stays, whether or not the last one did: of articles that left the input, and the readings and answers of every
        codebook. So topics can be changed back and forth for next to nothing, while a model that comes back judges
        again: two models side by side want two folders.
        """
        kept = {"results": made_by.run_id, "readings": made_by.readings, "answers": made_by.answers}
        with self.transaction():
            number = sum(
                self._connection.execute(f"DELETE FROM {table} WHERE made_by != ?", (made,)).rowcount
                for table, made in kept.items()
            )
        if number:
            self._shrink()
        return number

    def _shrink(self) -> None:
        """Give the file's free pages back, in steps."""
        with named(self._path):
            free = before = self._pages("freelist_count")
            while free and free <= before:
                before = free - 1
                self._connection.execute(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})").fetchall()
                free = self._pages("freelist_count")

    def _pages(self, name: str) -> int:
        return int(self._connection.execute(f"PRAGMA {name}").fetchone()[0])

    def fates(self, *, with_records: bool = True) -> Iterator[Fate]:
        """Yield the ledger by source, with each article's records: the same whatever order the input came in."""
        records, article = ("results.records", "results.article") if with_records else ("NULL", "NULL")
        with named(self._path):
            for row in self._connection.execute(_FATES.format(records=records, article=article)):
                yield _fate(row)

    def article(self, article_id: str) -> Article | None:
        """Return the article of this id that counts, with its metadata's origins; None where it has no records."""
        with named(self._path):
            row = self._connection.execute(
                "SELECT results.article, origins.said, results.is_language_detected FROM entries"
                " JOIN results ON results.key = entries.result LEFT JOIN origins ON origins.number = entries.origins"
                " WHERE entries.article_id = ? ORDER BY entries.place LIMIT 1",
                (article_id,),
            ).fetchone()
        if row is None or row[0] is None:
            return None
        origins = _origins(row[1], is_language_detected=bool(row[2]))
        return replace(unpack(row[0], Article), origins=origins)

    def tally(self) -> Tally:
        """Return what became of the input so far."""
        tally = Tally()
        with named(self._path):
            for outcome, reason, number, records in self._connection.execute(_COUNTS):
                if outcome is None:  # the same article is still in work, in a batch that began earlier
                    continue
                tally.outcomes[Outcome(outcome)] += number
                tally.records += records
                if reason:
                    tally.reasons[reason] += number
        return tally


def article_key(article: Article) -> bytes:
    """Return the hash of everything about an article but where it and its metadata were read."""
    return key_of([getattr(article, name) for name in Article.__slots__ if name not in ("source", "origins")])


def place_of(source: str) -> str:
    """Return a string that sorts as the source does, with its numbers by size: "news.jsonl:9" before ":10"."""
    return _NUMBER.sub(lambda match: match[0].zfill(_DIGITS), source) + f"\0{source}"


def _fate(row: tuple[Any, ...]) -> Fate:
    source, article_id, outcome, reason, detail, said, is_language_detected, first, is_copy, *result = row
    if outcome is not None:
        entry = LedgerEntry(
            source=source, outcome=Outcome(outcome), article_id=article_id, reason=reason, detail=detail
        )
        return Fate(entry=entry)
    origins = _origins(said, is_language_detected=bool(is_language_detected))
    if first is not None:
        twin = _twin(source, article_id, first, is_copy=bool(is_copy))
        return Fate(entry=replace(twin, origins=origins))
    *told, records, article, sketch = result
    entry = replace(_entry(source, article_id, *told), origins=origins)
    return Fate(entry=entry, packed_records=records, packed_article=article, sketch=sketch)


@lru_cache(maxsize=1000)
def _said(origins: Origins) -> str:
    return json.dumps(origins.known())


@lru_cache(maxsize=1000)
def _origins(said: str, *, is_language_detected: bool) -> Origins:
    origins = Origins(**json.loads(said))
    return replace(origins, language=IN_TEXT) if is_language_detected else origins


def _twin(source: str, article_id: str, first: str, *, is_copy: bool) -> LedgerEntry:
    outcome, reason = (Outcome.SKIPPED, "duplicate") if is_copy else (Outcome.FAILED, "duplicate-id")
    said = (
        f"left out: the same id and text as {first}"
        if is_copy
        else f"id {article_id!r} is that of another text, {first}; ids must be unique"
    )
    return LedgerEntry(
        source=source, outcome=outcome, article_id=article_id, reason=reason, detail=f"{source}: {said}"
    )


def _entry(
    source: str,
    article_id: str | None,
    outcome: str,
    reason: str | None,
    detail: str | None,
    counts: str,
    records: int,
) -> LedgerEntry:
    return LedgerEntry(
        source=source,
        outcome=Outcome(outcome),
        article_id=article_id,
        records=records,
        reason=reason,
        detail=f"{source}: {detail}" if detail else None,
        counts=json.loads(counts),
    )
