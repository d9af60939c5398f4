"""Answers the page's questions over a run of any size: findings.py finds, counted.py counts, decisions lie on top."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, cast

import numpy as np

from stancewire.desk.asked import Query
from stancewire.desk.counted import Numbers
from stancewire.desk.findings import Findings
from stancewire.desk.lines import Lines
from stancewire.desk.loaded import TABLE
from stancewire.desk.stored import Row, Standing
from stancewire.desk.ties import networks_of_rows
from stancewire.errors import InputError
from stancewire.review.apply import Names, review
from stancewire.review.decisions import Decision, OnRecord, Undo, record_subject
from stancewire.review.history import History
from stancewire.review.reviewed import Reviewed, Status, Version
from stancewire.run_folder import RECORDS
from stancewire.types import HolderKind, StanceRecord

Found = TypeVar("Found")
_KEPT = 256  # answers that are given again until somebody decides something


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
        self._lock, self._drawing = Lock(), Lock()
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
        # The last decision that the table shows; the history is ahead while that is redone.
        self.last = history.last

    def close(self) -> None:
        """Let go of files and memory."""
        self._findings.close()
        self._lines.close()

    def absorb(self, decisions: Iterable[Decision]) -> None:
        """Take in decisions newer than those known, in order."""
        with self._lock:
            new = [each for each in decisions if each.number > self.last]
            for decision in new:
                if decision.number > self.history.last:
                    self.history.add(decision)
            if new:
                ids = {record_id for decision in new if (record_id := _record_of(decision))}
                self._redo(ids, is_renamed=len(ids) == 0 or not all(map(_record_of, new)))
                self.last = self.history.last
                self._known.clear()

    def summary(self, query: Query, *, holders: int) -> dict[str, Any]:
        """Return the matrix of the holders that count most, and the timeline."""

        def make() -> dict[str, Any]:
            positions = self._findings.matching(query)
            once = self._findings.counted.once(positions, query.unit)
            matrix, timeline = self._matrix(once, holders), self._timeline(once)
            numbers = self._findings.different(positions)
            return {"total": len(positions), "facts": numbers, "matrix": matrix, "timeline": timeline}

        return self._remembered(repr((query, holders)), make)

    def networks(self, query: Query) -> list[dict[str, Any]]:
        """Return the discourse networks of the records that a query asks for, counted once a story.

        Half a second for a million records, so that one asks at a time and the others wait for what it finds.
        """
        with self._drawing:
            return self._remembered(
                f"networks {query!r}",
                lambda: networks_of_rows(self._findings, self._findings.matching(query)),
            )

    def page(self, query: Query, *, sort: str | None, descending: bool, offset: int, limit: int) -> Page:
        """Return some of the records that a query asks for."""
        found = self._findings.matching(query)
        first = self._findings.first(found, sort, descending=descending, number=offset + limit)
        return Page(total=len(found), records=self._reviewed(first[offset:], query.version))

    def of_article(self, article_id: str, version: Version) -> tuple[Reviewed, ...]:
        """Return an article's records in a version, and the rejected ones, which can be brought back."""
        return self._reviewed(self._findings.of_article(article_id, version), version)

    def of_machine(self, record_id: str) -> StanceRecord | None:
        """Return what the run says under an id; None where it says nothing."""
        places = self._findings.places([record_id], [])
        return self._lines.record(places[0].position) if places else None

    def record(self, record_id: str) -> Reviewed | None:
        """Return a record as it stands, a rejected one, too; None where there is none."""
        return self._found(record_id, self._names)

    def as_decided(self, record_id: str) -> Reviewed | None:
        """Return a record as people left it, under the holder's name from before merges and splits.

        Those lie on top of what is decided about a record, and can be taken back without it.
        """
        return self._found(record_id, Names())

    def _found(self, record_id: str, names: Names) -> Reviewed | None:
        machine = self.of_machine(record_id)
        is_there = machine is not None or self.history.on_record(record_id) is not None
        return review(machine, record_id, self.history, names) if is_there else None

    def found(self) -> list[str]:
        """Return those ids that somebody decided on and the run still finds."""
        ids = [each.record.record_id for each in self.history.on_records()]
        return [each.record_id for each in self._findings.places(ids, [])]

    def progress(self) -> dict[str, int]:
        """Return how many of the machine's records somebody has reviewed, and how many are people's alone."""
        return self._findings.progress()

    def actors(self, text: str, *, limit: int) -> list[dict[str, Any]]:
        """Return holders whose names hold a text, the most frequent first."""
        return self._findings.actors(text, limit=limit)

    def mentions(self, name: str, kind: HolderKind) -> list[dict[str, Any]]:
        """Return the words that articles use for a holder, the most frequent first."""
        return self._findings.mentions(name, kind)

    def facts(self) -> dict[str, Any]:
        """Return how many records, articles and holders there are, and between which days."""
        return self._remembered("facts", self._findings.facts)

    def values(self, column: str) -> list[str]:
        """Return the different values of a column, in order."""
        return self._remembered(f"values of {column}", lambda: self._findings.values(column))

    def _remembered(self, key: str, make: Callable[[], Found]) -> Found:
        """Return what `make` finds, from memory until somebody decides something."""
        if (known := self._known.get(key)) is not None:
            return cast("Found", known)
        last = self.last
        made = make()
        with self._lock:
            if last == self.last:  # or it is outdated already
                self._known[key] = made
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return made

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
        topics, columns = self._findings.topics.listed, self._findings.counted
        dated = once[columns["day"][once] >= 0]
        day, topic, stance = (columns[name][dated] for name in ("day", "topic", "stance"))
        days = list(self._findings.days.listed)
        length = _length([days[each] for each in np.flatnonzero(np.bincount(day)).tolist()])
        periods, period_of = np.unique([each[:length] for each in days] or [""], return_inverse=True)
        cells = (topic * 3 + stance) * len(periods) + period_of.astype(np.int32)[day]
        table = np.bincount(cells, minlength=len(topics) * 3 * len(periods))
        table = table.reshape(len(topics), 3, len(periods)).transpose(0, 2, 1)
        lines = {
            name: [[str(periods[at]), *table[code, at].tolist()] for at in np.flatnonzero(table[code].any(1))]
            for code, name in enumerate(topics)
            if table[code].any()
        }
        unit = {4: "year", 7: "month", 10: "day"}[length]
        return {"unit": unit, "undated": len(once) - len(dated), "topics": dict(sorted(lines.items()))}

    def _reviewed(self, positions: Numbers, version: Version) -> tuple[Reviewed, ...]:
        with self._lock:
            return tuple(
                self._review(self._findings.row(position), version) for position in positions.tolist()
            )

    def _review(self, row: Row, version: Version) -> Reviewed:
        at = row.over if row.over is not None or row.position >= self.machine_records else row.position
        machine = None if at is None else self._lines.record(at)
        if machine is not None and machine.record_id != row.record_id:
            raise InputError(f"{self._lines.path}: other records than {TABLE}; run again to write them anew")
        found = review(machine, row.record_id, self.history, self._names)
        return replace(found, record=machine) if version is Version.MACHINE and machine else found

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
        reviewed = review(machine, decision.record.record_id, self.history, self._names)
        return Standing(over=over, place=place, reviewed=reviewed)


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
