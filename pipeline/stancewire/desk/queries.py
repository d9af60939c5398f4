"""Answers the page's questions over a run of any size: findings.py finds, counted.py counts, decisions lie on top."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, cast

import numpy as np

from stancewire.desk.asked import SORTS, Query, condition
from stancewire.desk.counted import Numbers
from stancewire.desk.findings import TABLE, Findings, Standing
from stancewire.desk.lines import Lines
from stancewire.errors import InputError
from stancewire.review.apply import Names, review
from stancewire.review.decisions import Decision, OnRecord, Undo, record_subject
from stancewire.review.history import History
from stancewire.review.reviewed import Reviewed, Status, Version
from stancewire.run_folder import RECORDS
from stancewire.types import HolderKind, StanceRecord

Found = TypeVar("Found")
_KEPT = 256  # answers that are given again until somebody decides something
_SELECT = "SELECT position, record_id, over FROM findings WHERE"
_ORDER = "place"
_REJECTED = f"(in_machine AND status = '{Status.REJECTED}')"
_OF_ARTICLE = {
    Version.MACHINE: "in_machine",
    Version.HUMAN: f"(in_human OR {_REJECTED})",
    Version.MERGED: f"(in_merged OR {_REJECTED})",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of the records that a query asks for, and how many there are in all."""

    total: int
    records: tuple[Reviewed, ...]


class DeskIndex:
    """A run's records with what people decided, ready to be asked; threads may ask and add at once.

    Raises InputError where the run's files don't belong together.
    """

    def __init__(self, folder: Path, history: History) -> None:
        self._lock = Lock()
        self._known: OrderedDict[str, Any] = OrderedDict()
        with ExitStack() as opened:
            self._lines = opened.enter_context(closing(Lines(folder / RECORDS)))
            self._findings = opened.enter_context(closing(Findings(folder)))
            self.machine_records = self._findings.machine_records
            if self.machine_records != len(self._lines):
                said = f"{TABLE} has {self.machine_records} records, {RECORDS} {len(self._lines)}"
                raise InputError(f"{folder}: {said}; run again to write them anew")
            opened.pop_all()  # open until close()
        self.history = history
        self._names = Names()
        with self._lock:
            self._redo({each.record.record_id for each in history.on_records()}, is_renamed=True)

    def close(self) -> None:
        """Let go of files and memory."""
        self._findings.close()
        self._lines.close()

    def absorb(self, decisions: Iterable[Decision]) -> None:
        """Take in decisions newer than those known, in order."""
        with self._lock:
            new = [each for each in decisions if each.number > self.history.last]
            for decision in new:
                self.history.add(decision)
            if new:
                ids = {record_id for decision in new if (record_id := _record_of(decision))}
                self._redo(ids, is_renamed=len(ids) == 0 or not all(map(_record_of, new)))
                self._known.clear()

    def summary(self, query: Query, *, holders: int) -> dict[str, Any]:
        """Return the matrix of the holders that count most, and the timeline."""

        def make() -> dict[str, Any]:
            positions = self._positions(query)
            once = self._findings.counted.once(positions, query.unit)
            matrix, timeline = self._matrix(once, holders), self._timeline(once)
            return {"total": len(positions), "matrix": matrix, "timeline": timeline}

        return self._remembered(repr((query, holders)), make)

    def page(self, query: Query, *, sort: str | None, descending: bool, offset: int, limit: int) -> Page:
        """Return some of the records that a query asks for; raises InputError where there is no such column."""
        if sort is not None and sort not in SORTS:
            raise InputError(f"sort: {sort!r}; known: {', '.join(SORTS)}", reason="bad query")
        where = condition(query)
        order = f"{SORTS[sort]} {'DESC' if descending else 'ASC'} NULLS LAST, {_ORDER}" if sort else _ORDER
        with self._lock, self._findings.cursor() as cursor:
            counted = cursor.execute(
                f"SELECT count(*) FROM findings WHERE {where.sql}", where.values
            ).fetchone()
            rows = cursor.execute(
                f"{_SELECT} {where.sql} ORDER BY {order} LIMIT ? OFFSET ?", (*where.values, limit, offset)
            ).fetchall()
            records = tuple(self._reviewed(rows, query.version))
        return Page(total=counted[0] if counted else 0, records=records)

    def of_article(self, article_id: str, version: Version) -> tuple[Reviewed, ...]:
        """Return an article's records in a version, and the rejected ones, which can be brought back."""
        with self._lock, self._findings.cursor() as cursor:
            rows = cursor.execute(
                f"{_SELECT} article_id = ? AND {_OF_ARTICLE[version]} ORDER BY {_ORDER}", (article_id,)
            ).fetchall()
            return tuple(self._reviewed(rows, version))

    def of_machine(self, record_id: str) -> StanceRecord | None:
        """Return what the run says under an id; None where it says nothing."""
        places = self._findings.places([record_id], [])
        return self._lines.record(places[0].position) if places else None

    def record(self, record_id: str) -> Reviewed | None:
        """Return a record as it stands, a rejected one, too; None where there is none."""
        machine, decision = self.of_machine(record_id), self.history.on_record(record_id)
        return None if machine is None and decision is None else review(machine, decision, self._names)

    def as_decided(self, record_id: str) -> Reviewed | None:
        """Return a record as people left it, under the holder's name from before merges and splits.

        Those lie on top of what is decided about a record, and can be taken back without it.
        """
        machine, decision = self.of_machine(record_id), self.history.on_record(record_id)
        return None if machine is None and decision is None else review(machine, decision, Names())

    def found(self) -> list[str]:
        """Return those ids that somebody decided on and the run still finds."""
        ids = [each.record.record_id for each in self.history.on_records()]
        return [each.record_id for each in self._findings.places(ids, [])]

    def progress(self) -> dict[str, int]:
        """Return how many of the machine's records somebody has reviewed, and how many are people's alone."""
        with self._findings.cursor() as cursor:
            row = cursor.execute(
                f"SELECT count(*) FILTER (in_machine AND status != '{Status.UNREVIEWED}'),"
                " count(*) FILTER (in_human AND over IS NULL) FROM findings"
            ).fetchone()
        reviewed, added = row or (0, 0)
        return {"reviewed": reviewed, "records": self.machine_records, "added": added}

    def actors(self, text: str, *, limit: int) -> list[dict[str, Any]]:
        """Return holders whose names hold a text, the most frequent first."""
        return self._asked(
            "SELECT holder AS name, kind, count(*) AS records FROM findings"
            " WHERE in_merged AND contains(lower(holder), lower(?))"
            " GROUP BY holder, kind ORDER BY records DESC, name, kind LIMIT ?",
            (text, limit),
        )

    def mentions(self, name: str, kind: HolderKind) -> list[dict[str, Any]]:
        """Return the words that articles use for a holder, the most frequent first."""
        return self._asked(
            "SELECT mention, count(*) AS records FROM findings WHERE in_merged AND holder = ? AND kind = ?"
            " GROUP BY mention ORDER BY records DESC, mention LIMIT 100",
            (name, kind.value),
        )

    def facts(self) -> dict[str, Any]:
        """Return how many records, articles and holders there are, and between which days."""
        asked = self._remembered(
            "facts",
            lambda: self._asked(
                "SELECT count(*) AS records, count(DISTINCT article_id) AS articles,"
                " count(DISTINCT (holder, kind)) AS holders, count(DISTINCT topic) AS topics,"
                " min(published) AS first, max(published) AS last FROM findings WHERE in_merged"
            )[0],
        )
        return dict(asked)

    def values(self, column: str) -> list[str]:
        """Return the different values of a column, in order."""
        found = self._remembered(
            f"values of {column}",
            lambda: self._asked(
                f"SELECT DISTINCT {column} AS value FROM findings WHERE {column} IS NOT NULL ORDER BY 1"
            ),
        )
        return [row["value"] for row in found]

    def _remembered(self, key: str, make: Callable[[], Found]) -> Found:
        """Return what `make` finds, from memory until somebody decides something."""
        if (known := self._known.get(key)) is not None:
            return cast("Found", known)
        last = self.history.last
        made = make()
        with self._lock:
            if last == self.history.last:  # or it is outdated already
                self._known[key] = made
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return made

    def _asked(self, statement: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        with self._findings.cursor() as cursor:
            rows = cursor.execute(statement, tuple(values)).fetchall()
            names = [each[0] for each in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _positions(self, query: Query) -> Numbers:
        where = condition(query)
        with self._findings.cursor() as cursor:
            found = cursor.execute(
                f"SELECT position FROM findings WHERE {where.sql}", where.values
            ).fetchnumpy()
        return np.asarray(found["position"], dtype=np.int64)

    def _matrix(self, once: Numbers, most: int) -> dict[str, Any]:
        """Return the holders that count most, the first found of equals, with their counts by topic and stance."""
        topics, columns = self._findings.topics.listed, self._findings.counted
        holder = columns["holder"][once]
        counts = np.bincount(holder)
        order = _most_frequent(holder, counts, most)
        row_of = np.full(len(counts), -1, dtype=np.int64)
        row_of[order] = np.arange(len(order))
        rows = row_of[holder]
        shown = np.flatnonzero(rows >= 0)
        topic, stance = columns["topic"][once], columns["stance"][once[shown]]
        cells = (rows[shown] * len(topics) + topic[shown]) * 3 + stance
        table = np.bincount(cells, minlength=len(order) * len(topics) * 3).reshape(len(order), len(topics), 3)
        seen = sorted(np.flatnonzero(np.bincount(topic)).tolist(), key=topics.__getitem__)
        found = [
            {
                **self._findings.holder_of(code),
                "cells": {topics[each]: table[row, each].tolist() for each in seen},
            }
            for row, code in enumerate(order.tolist())
        ]
        more = max(int(np.count_nonzero(counts)) - most, 0)
        return {"topics": [topics[each] for each in seen], "rows": found, "more": more}

    def _timeline(self, once: Numbers) -> dict[str, Any]:
        """Return counts by topic and period: a day up to two months, a month up to eight years, else a year."""
        topics, days, columns = (
            self._findings.topics.listed,
            self._findings.days.listed,
            self._findings.counted,
        )
        dated = once[columns["day"][once] >= 0]
        day, topic, stance = (columns[name][dated].astype(np.int64) for name in ("day", "topic", "stance"))
        # Numbers for all days of all topics are fewer than the records that make counting worth a thought.
        numbers = np.bincount((topic * 3 + stance) * max(len(days), 1) + day)
        codes = np.flatnonzero(numbers)
        counts = numbers[codes]
        length = _length([days[each] for each in np.flatnonzero(np.bincount(day)).tolist()])
        found: dict[str, dict[str, list[int]]] = {}
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
            what, at = divmod(code, len(days))
            periods = found.setdefault(topics[what // 3], {})
            periods.setdefault(days[at][:length], [0, 0, 0])[what % 3] += count
        lines = {
            name: [[period, *three] for period, three in sorted(periods.items())]
            for name, periods in found.items()
        }
        unit = {4: "year", 7: "month", 10: "day"}[length]
        return {"unit": unit, "undated": len(once) - len(dated), "topics": dict(sorted(lines.items()))}

    def _reviewed(self, rows: Sequence[tuple[int, str, int | None]], version: Version) -> Iterator[Reviewed]:
        for position, record_id, over in rows:
            at = over if over is not None or position >= self.machine_records else position
            machine = None if at is None else self._lines.record(at)
            if machine is not None and machine.record_id != record_id:
                raise InputError(
                    f"{self._lines.path}: other records than {TABLE}; run again to write them anew"
                )
            found = review(machine, self.history.on_record(record_id), self._names)
            yield replace(found, record=machine) if version is Version.MACHINE and machine else found

    def _redo(self, ids: set[str], *, is_renamed: bool) -> None:
        """Put into the table what follows for these records, and for all of renamed holders, from what was decided."""
        actors: set[tuple[str, HolderKind]] = set()
        if is_renamed:
            self._names = Names(self.history.on_actors())
            actors = self.history.actors_ever()
            decided = [each.record for each in self.history.on_records()]
            ids = ids | {each.record_id for each in decided if (each.holder, each.holder_kind) in actors}
        places = self._findings.places(ids, actors)
        at = {each.record_id: each.position for each in places}
        standing = [found for record_id in {*ids, *at} if (found := self.history.on_record(record_id))]
        reviewed = [
            self._standing(each, at.get(each.record.record_id)) for each in sorted(standing, key=_number)
        ]
        said = [each for each in reviewed if each.reviewed.status is not Status.UNREVIEWED]
        done = {each.reviewed.record.record_id for each in said}
        renamed = [
            (each.position, actor)
            for each in places
            if each.record_id not in done
            and (actor := self._names.holder(each.holder, each.kind, each.mention))
        ]
        self._findings.replace(ids=ids, places=places, reviewed=said, renamed=renamed)

    def _standing(self, decision: OnRecord, over: int | None) -> Standing:
        machine = None if over is None else self._lines.record(over)
        first = self.history.first(record_subject(decision.record.record_id))
        place = self.machine_records + first if over is None else over
        return Standing(over=over, place=place, reviewed=review(machine, decision, self._names))


def _most_frequent(values: Numbers, counts: Numbers, most: int) -> Numbers:
    """Return the numbers that occur most often, the first found of equals first; `counts` says how often each does."""
    codes = np.flatnonzero(counts)
    if len(codes) > most:
        least = np.partition(counts[codes], -most)[-most] if most else len(values) + 1
        codes = codes[counts[codes] >= least]
    is_wanted = np.zeros(len(counts), dtype=bool)
    is_wanted[codes] = True
    places = np.flatnonzero(is_wanted[values])[::-1]
    first = np.zeros(len(counts), dtype=np.int64)
    first[values[places]] = places
    return codes[np.lexsort((first[codes], -counts[codes]))][:most]


def _number(decision: Decision) -> int:
    return decision.number


def _record_of(decision: Decision) -> str | None:
    """Return the id of the record that a decision is about; None where it is about an actor."""
    if isinstance(decision, OnRecord):
        return decision.record.record_id
    is_on_record = isinstance(decision, Undo) and decision.subject.startswith(record_subject(""))
    return (
        decision.subject.removeprefix(record_subject(""))
        if is_on_record and isinstance(decision, Undo)
        else None
    )


def _length(days: Sequence[str]) -> int:
    """Return how many characters of a date a timeline over these days tells apart, as memory.js does."""
    if not days:
        return 4
    first, last = (date.fromisoformat(each) for each in (min(days), max(days)))
    span = (last - first).days
    return 10 if span <= 62 else 7 if span <= 8 * 366 else 4
