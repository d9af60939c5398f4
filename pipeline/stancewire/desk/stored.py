"""The table of the app as columns in memory: the machine's records, and beside them what people made of some."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stancewire.counting import Unit, place
from stancewire.desk.asked import FLAGS
from stancewire.desk.counted import Column, Counted, Numbers
from stancewire.desk.loaded import BETWEEN_QUOTES, numbered, read_columns
from stancewire.desk.names import ManyNames, Names
from stancewire.desk.words import Words
from stancewire.review.reviewed import Reviewed, Status, Version
from stancewire.types import Actor, HolderKind, Stance, StanceRecord, Voice

STANCES = (Stance.FAVOR, Stance.AGAINST, Stance.NEUTRAL)
VOICES, STATUSES = tuple(Voice), tuple(Status)
BETWEEN = "\x1f"  # stands between a holder's name and kind
IN = {Version.MACHINE: 1, Version.HUMAN: 2, Version.MERGED: 4}
UNREVIEWED, REJECTED = STATUSES.index(Status.UNREVIEWED), STATUSES.index(Status.REJECTED)
TEXTS = ("holder", "holder_mention", "title", "quotes")
"""What a search looks through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A machine's record in the table: its position, and whom it is about in which words."""

    position: int
    record_id: str
    holder: str
    kind: HolderKind
    mention: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A record that somebody decided on: it stands in for the machine's at `over`, where there is one.

    `place` orders the table: that of the machine's record, or behind all of them.
    """

    over: int | None
    place: int
    reviewed: Reviewed


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the table: a machine's record, or one that stands in for it, `over`, or for itself."""

    position: int
    record_id: str
    over: int | None


@dataclass(frozen=True, slots=True)
class Now:
    """In which versions each row is, as bits, and what became of it; replaced whole, so that all see one state."""

    versions: Numbers
    status: Numbers


class Stored:
    """The columns; one thread at a time may replace rows while others ask."""

    def __init__(self, folder: Path) -> None:
        found = read_columns(folder)
        number = self.machine_records = len(found["record_id"])
        self._ids = ManyNames(found["record_id"])
        self._added: list[Row] = []
        self._standing_in: dict[str | int, list[int]] = defaultdict(list)
        self._columns: dict[str, Column] = {}
        self._spans: dict[str, tuple[int, int]] = {}
        self._known_ranks: dict[str, tuple[int, Numbers]] = {}
        codes = self._read_names(found)
        self._read_words(found)
        self.counted = Counted({**codes, "stance": _stances(found), "place": np.arange(number)})
        flags = sum(np.asarray(found[name], dtype=np.uint8) << bit for bit, name in enumerate(FLAGS))
        self._columns["flags"] = Column(np.asarray(flags, dtype=np.uint8))
        self._columns["confidence"] = Column(np.array(found["confidence"]))
        self._columns["over"] = Column(np.full(number, -1, dtype=np.int32))
        every = np.full(number, IN[Version.MACHINE] | IN[Version.MERGED], dtype=np.uint8)
        self._now = Now(every, np.full(number, UNREVIEWED, dtype=np.uint8))

    def close(self) -> None:
        """Wait until nothing is made any more."""
        self._words.close()

    def row(self, position: int) -> Row:
        """Return what stands at a position."""
        if position >= self.machine_records:
            return self._added[position - self.machine_records]
        return Row(position=position, record_id=self._ids[position], over=None)

    def holder_of(self, code: int) -> dict[str, str]:
        """Return name and kind of a holder by its code in the columns."""
        name, _, kind = self.holders.listed[code].rpartition(BETWEEN)
        return {"holder": name, "kind": kind}

    def places(self, ids: Iterable[str], actors: Iterable[tuple[str, HolderKind]]) -> list[Place]:
        """Return where the machine's records with these ids, or of these holders, are."""
        found = {at for each in ids if (at := self._ids.find(encodable(each))) is not None}
        machine = self.counted["holder"][: self.machine_records]
        for name, kind in actors:
            if (code := self.holders.find(f"{encodable(name)}{BETWEEN}{kind.value}")) is not None:
                found.update(np.flatnonzero(machine == code).tolist())
        return [self._place(position) for position in sorted(found)]

    def replace(
        self,
        *,
        ids: Iterable[str],
        places: Sequence[Place],
        reviewed: Sequence[Standing],
        renamed: Sequence[tuple[int, Actor]],
    ) -> None:
        """Take out what stood in for these records, and put in what people say now.

        `renamed` come with the position of the machine's record.
        """
        put_in = [each for each in reviewed if each.reviewed.status is not Status.REJECTED]
        number, more = len(self._now.versions), len(put_in) + len(renamed)
        versions, status = (
            np.concatenate([each, np.zeros(more, dtype=np.uint8)])
            for each in (self._now.versions, self._now.status)
        )
        at = [each.position for each in places]
        keys: list[str | int] = [*ids, *at]
        gone = [row for key in keys for row in self._standing_in.pop(key, [])]
        versions[gone] = 0
        versions[at], status[at] = IN[Version.MACHINE] | IN[Version.MERGED], UNREVIEWED
        for over, said in [
            *((each.over, each.reviewed.status) for each in reviewed if each.over is not None),
            *((position, Status.UNREVIEWED) for position, _ in renamed),
        ]:
            versions[over], status[over] = IN[Version.MACHINE], STATUSES.index(said)
        split = number + len(put_in)
        versions[number:split] = IN[Version.HUMAN] | IN[Version.MERGED]
        status[number:split] = [STATUSES.index(each.reviewed.status) for each in put_in]
        versions[split:], status[split:] = IN[Version.MERGED], UNREVIEWED
        self._put_in(put_in)
        self._rename(renamed)
        self._now = Now(versions, status)

    def _read_names(self, found: dict[str, Any]) -> dict[str, Numbers]:
        """Take in the columns of names, and return the codes of those that are counted."""
        import pyarrow.compute as pc

        self.holders, holder = _named(
            pc.binary_join_element_wise(found["holder"], found["holder_kind"], BETWEEN)
        )
        self._kinds = [each.rpartition(BETWEEN)[2] for each in self.holders.listed]
        self.topics, topic = _named(found["topic"])
        self.days, day = _named(found["day"])
        self._outlets, outlet = _named(found["outlet"])
        self._papers = Names()
        paper_of = _array(self._papers.number(name.casefold()) for name in (*self._outlets.listed, ""))
        voices, voice = _named(found["attribution"])
        code_of = {each.value: code for code, each in enumerate(VOICES)}
        names, article = numbered(found["article_id"])
        self._articles, self._in_articles = ManyNames(names), article
        self._by_article = np.argsort(article, kind="stable").astype(np.int32)
        names, story = numbered(found["story"])
        self._stories = ManyNames(names)
        names, mention = numbered(found["holder_mention"])
        self._mentions = ManyNames(names)
        for name, values in {
            "outlet": outlet,
            "article": article,
            "mention": mention,
            "voice": _array([*(code_of[each] for each in voices.listed), 0])[voice],
        }.items():
            self._columns[name] = Column(values)
        paper = paper_of[outlet]  # -1, no outlet, is the last: ""
        return {"holder": holder, "topic": topic, "day": day, "story": story, "paper": paper}

    def _read_words(self, found: dict[str, Any]) -> None:
        import pyarrow as pa

        texts, first = [], 0
        for name in TEXTS:
            different, number = numbered(found.pop(name).fill_null(""))
            self._columns[f"text {name}"] = Column(number.astype(np.intp) + first)  # as NumPy looks things up
            texts.append(different)
            self._spans[name] = (first, first + len(different))
            first += len(different)
        self._added_texts = first
        self._words = Words(pa.concat_arrays(texts))

    def _values(self, name: str, now: Now) -> Numbers:
        """Return a column as far as the rows go that `now` knows."""
        if name == "status":
            return now.status
        column = self._columns[name].values if name in self._columns else self.counted[name]
        return column[: len(now.versions)]

    def _place(self, position: int) -> Place:
        found = self.holder_of(int(self.counted["holder"][position]))
        mention = self._mentions[int(self._columns["mention"].values[position])]
        kind = HolderKind(found["kind"])
        return Place(
            position=position,
            record_id=self._ids[position],
            holder=found["holder"],
            kind=kind,
            mention=mention,
        )

    def _holder(self, name: str, kind: HolderKind) -> int:
        """Return the code of a holder, a new one for a new one."""
        code = self.holders.number(f"{encodable(name)}{BETWEEN}{kind.value}")
        if code == len(self._kinds):
            self._kinds.append(kind.value)
        return code

    def _put_in(self, standing: Sequence[Standing]) -> None:
        records = [each.reviewed.record for each in standing]
        self._add_rows([(encodable(each.reviewed.record.record_id), each.over) for each in standing])
        self.counted.extend(
            {
                "holder": _array(self._holder(each.holder, each.holder_kind) for each in records),
                "topic": _array(self.topics.number(encodable(each.topic)) for each in records),
                "stance": _array(STANCES.index(each.stance) for each in records),
                "day": _array(self._day(each) for each in records),
                "story": _array(self._stories.number(encodable(place(each, Unit.STORY))) for each in records),
                "paper": _array(self._papers.number(encodable(place(each, Unit.OUTLET))) for each in records),
                "place": _array(each.place for each in standing),
            }
        )
        outlets = [None if each.outlet is None else encodable(each.outlet) for each in records]
        columns: dict[str, Sequence[float]] = {
            "outlet": [-1 if name is None else self._outlets.number(name) for name in outlets],
            "article": [self._articles.number(encodable(each.article_id)) for each in records],
            "mention": [self._mentions.number(encodable(each.holder_mention)) for each in records],
            "voice": [VOICES.index(each.attribution) for each in records],
            "flags": [sum(getattr(each, name) << bit for bit, name in enumerate(FLAGS)) for each in records],
            "confidence": [each.confidence for each in records],
        }
        texts = {name: [_text(each, name) for each in records] for name in TEXTS}
        columns |= {f"text {name}": self._words.add(each) for name, each in texts.items()}
        for name, values in columns.items():
            self._columns[name].extend(values)

    def _rename(self, renamed: Sequence[tuple[int, Actor]]) -> None:
        if not renamed:
            return
        over = _array(at for at, _ in renamed)
        self._add_rows([(self._ids[at], at) for at, _ in renamed])
        actors = {actor: self._holder(actor.name, actor.kind) for _, actor in renamed}
        texts = dict(zip(actors, self._words.add(encodable(each.name) for each in actors), strict=True))
        same = {
            name: self.counted[name][over] for name in ("topic", "stance", "day", "story", "paper", "place")
        }
        self.counted.extend({**same, "holder": _array(actors[actor] for _, actor in renamed)})
        for name, column in self._columns.items():
            if name == "text holder":
                column.extend([texts[actor] for _, actor in renamed])
            elif name != "over":
                column.extend(column.values[over])

    def _add_rows(self, rows: Iterable[tuple[str, int | None]]) -> None:
        start = self.machine_records + len(self._added)
        added = [Row(position=at, record_id=id_, over=over) for at, (id_, over) in enumerate(rows, start)]
        self._added.extend(added)
        self._columns["over"].extend([-1 if each.over is None else each.over for each in added])
        for each in added:
            self._standing_in[each.record_id].append(each.position)
            if each.over is not None:
                self._standing_in[each.over].append(each.position)

    def _day(self, record: StanceRecord) -> int:
        return self.days.number(encodable(record.published[:10])) if record.published else -1


def _stances(found: dict[str, Any]) -> Numbers:
    stances, stance = _named(found["stance"])
    code_of = {each.value: code for code, each in enumerate(STANCES)}
    return _array([*(code_of[each] for each in stances.listed), 0])[stance]


def _named(column: Any) -> tuple[Names, Numbers]:
    """Return the different values of an Arrow array and each row's number, -1 where there is no value."""
    different, numbers = numbered(column)
    return Names(different.to_pylist()), numbers


def _text(record: StanceRecord, name: str) -> str:
    quotes = BETWEEN_QUOTES.join(evidence.quote for evidence in record.evidence)
    return encodable(quotes if name == "quotes" else getattr(record, name) or "")


def encodable(value: str) -> str:
    """Return a text with "?" for half a surrogate pair, as in records.parquet."""
    return value.encode("utf-8", "replace").decode("utf-8")


def _array(values: Iterable[int]) -> Numbers:
    return np.fromiter(values, dtype=np.int32)
