"""The app's index says what the records and decisions say, counted as stancewire.counting counts."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import msgspec
import pytest
from tests.review.runs import article, finish, record, two_articles

from stancewire.counting import Once, Unit
from stancewire.desk.asked import SORTS, Query, read_query
from stancewire.desk.pictures import networks_of
from stancewire.desk.queries import DeskIndex
from stancewire.desk.served import ServedRun
from stancewire.errors import InputError
from stancewire.review.apply import apply
from stancewire.review.decisions import (
    Accept,
    Add,
    Correct,
    Decision,
    MergeActors,
    OnRecord,
    Reject,
    SplitActor,
    Undo,
    subject_of,
)
from stancewire.review.history import History
from stancewire.review.reviewed import Reviewed, Version
from stancewire.review.store import ReviewStore
from stancewire.run_folder import RunFolder
from stancewire.types import Actor, HolderKind, Stance, StanceRecord

MADE = {"by": "Marta", "at": "2026-01-01T00:00:00+00:00"}
HOLDERS = ("Laila Noori", "Omid Karimi", "The Council", "İlham", "Straße")


def many(folder: Path, *, articles: int = 30, seed: int = 1) -> Path:
    """Return a run of articles that copy each other, in outlets that differ in capitals, some without a date."""
    chance = random.Random(seed)
    found = []
    for number in range(articles):
        text = (
            f"{'x' * chance.randrange(3)} Said number {number // 2}: federalism is good, talks are bad. " * 8
        )
        of = article(
            f"a{number}",
            text,
            outlet=chance.choice(["Post", "POST", "Straße", "STRASSE", None]),
            day=f"202{number % 5}-0{1 + number % 9}-11",
        )
        of = of if number % 7 else replace(of, published=None)
        records = {
            each.record_id: each
            for each in (
                record(
                    of,
                    chance.choice(HOLDERS),
                    "federalism is good",
                    topic=chance.choice(["federalism", "negotiation"]),
                    stance=chance.choice([Stance.FAVOR, Stance.AGAINST, Stance.NEUTRAL]),
                    kind=chance.choice(list(HolderKind)[:2]),
                    confidence=chance.random(),
                    hedged=chance.random() < 0.3,
                )
                for _ in range(4)
            )
        }
        found.append((of, tuple(records.values())))
    return finish(folder, found)


def decided(records: list[StanceRecord], *, seed: int = 2, number: int = 40) -> list[Decision]:
    """Return decisions of every kind, some of them undone."""
    chance = random.Random(seed)
    history, made = History(), []
    for at in range(1, number + 1):
        one = chance.choice(records)
        can = [each for each in made if history.can_undo(each)]
        into = Actor(name=chance.choice([*HOLDERS, "New"]), kind=HolderKind.STATE)
        choices: list[Decision] = [
            Accept(number=at, record=one, machine=one, **MADE),
            Correct(
                number=at, record=replace(one, holder="Fresh", stance=Stance.NEUTRAL), machine=one, **MADE
            ),
            Reject(number=at, record=one, machine=one, **MADE),
            Add(number=at, record=replace(one, record_id=f"new-{at}", holder="Added"), machine=None, **MADE),
            MergeActors(number=at, name=chance.choice(HOLDERS), kind=HolderKind.PERSON, into=into, **MADE),
            SplitActor(
                number=at,
                name="Omid Karimi",
                kind=HolderKind.PERSON,
                into=into,
                mentions=("Omid Karimi",),
                **MADE,
            ),
        ]
        decision = chance.choice(choices)
        if can and chance.random() < 0.35:
            undone = chance.choice(can)
            decision = Undo(number=at, of=undone.number, subject=subject_of(undone), **MADE)
        history.add(decision)
        made.append(decision)
    return made


def matches(each: Reviewed, query: Query) -> bool:
    one = each.record
    words = "\n".join(
        [one.holder, one.holder_mention, one.title or "", *(item.quote for item in one.evidence)]
    ).lower()
    return (
        (not query.topics or one.topic in query.topics)
        and (not query.kinds or one.holder_kind in query.kinds)
        and (not query.outlets or one.outlet in query.outlets)
        and (not query.statuses or each.status in query.statuses)
        and (not query.holder or one.holder == query.holder)
        and (not query.flags or any(getattr(one, flag) for flag in query.flags))
        and (query.from_ is None or (one.published or "") >= query.from_)
        and (query.to is None or (one.published is not None and one.published <= query.to))
        and one.confidence >= (query.min_confidence or 0)
        and (query.text or "").lower() in words
    )


QUERIES = [
    Query(),
    Query(topics=("federalism",), kinds=(HolderKind.PERSON,)),
    Query(outlets=("POST", "Straße"), min_confidence=0.4),
    Query(text="NUMBER 1", flags=("hedged",)),
    Query(holder="Laila Noori", from_="2021-01-01", to="2023-12-31"),
    Query(statuses=("unreviewed",)),  # type: ignore[arg-type]
    Query(text="nowhere"),
]


@pytest.mark.parametrize("version", list(Version))
def test_summary_and_rows_are_what_counting_the_records_one_by_one_gives(
    tmp_path: Path, version: Version
) -> None:
    folder = many(tmp_path)
    machine = list(RunFolder(folder).records())
    decisions = decided(machine)
    at_once = DeskIndex(folder, History(decisions))
    bit_by_bit = DeskIndex(folder, History())
    for decision in decisions:
        bit_by_bit.absorb([decision])
    table = list(apply(machine, History(decisions), version))
    for query in QUERIES:
        wanted = [each for each in table if matches(each, query)]
        for unit in Unit:
            asked = msgspec.structs.replace(query, unit=unit, version=version)
            for index in (at_once, bit_by_bit):
                _assert_counted_alike(index, asked, wanted)
    at_once.close()
    bit_by_bit.close()


def _assert_counted_alike(index: DeskIndex, asked: Query, wanted: list[Reviewed]) -> None:
    once, cells, months = Once(), Counter(), Counter()
    for each in wanted:
        if asked.unit in once.units(each.record):
            one = each.record
            cells[one.holder, one.holder_kind.value, one.topic, one.stance.value] += 1
            months[one.topic, (one.published or "")[:4]] += 1
    summary = index.summary(asked, holders=1000)
    names = ("favor", "against", "neutral")
    found = {
        (row["holder"], row["kind"], topic, name): count
        for row in summary["matrix"]["rows"]
        for topic, counts in row["cells"].items()
        for name, count in zip(names, counts, strict=True)
        if count
    }
    assert found == dict(cells)
    assert summary["total"] == len(wanted)
    assert summary["facts"] == {
        "records": len(wanted),
        "articles": len({each.record.article_id for each in wanted}),
        "holders": len({(each.record.holder, each.record.holder_kind) for each in wanted}),
        "topics": len({each.record.topic for each in wanted}),
    }
    if asked.unit is Unit.STORY:
        assert index.networks(asked) == networks_of([each.record for each in wanted])
    years: Counter[tuple[str, str]] = Counter({("", ""): 0})
    for topic, periods in summary["timeline"]["topics"].items():
        for period, *three in periods:
            years[topic, period[:4]] += sum(three)
    assert {key: n for key, n in years.items() if n} == {key: n for key, n in months.items() if key[1]}
    if asked.unit is not Unit.RECORD:
        return
    page = index.page(asked, sort=None, descending=False, offset=0, limit=1000)
    assert page.total == len(wanted)
    assert list(page.records) == wanted


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("descending", [False, True])
def test_the_first_rows_by_any_column_are_those_of_the_whole_table_sorted(
    tmp_path: Path, sort: str, descending: bool
) -> None:
    folder = many(tmp_path, articles=12)
    index = DeskIndex(folder, History(decided(list(RunFolder(folder).records()))))
    table = index.page(Query(), sort=None, descending=False, offset=0, limit=1000).records
    known = [each for each in table if sort_key(each, sort) != EMPTY]
    wanted = sorted(known, key=lambda each: sort_key(each, sort))
    if descending:  # equal ones stay in the order of the files
        wanted = sorted(known, key=lambda each: sort_key(each, sort), reverse=True)
    wanted += [each for each in table if sort_key(each, sort) == EMPTY]
    for offset, limit in [(0, 3), (5, 7), (0, 1000), (len(table) - 2, 10), (0, 0)]:
        page = index.page(Query(), sort=sort, descending=descending, offset=offset, limit=limit)
        assert list(page.records) == wanted[offset : offset + limit]
    index.close()


EMPTY = ("",)


def sort_key(each: Reviewed, sort: str) -> tuple[object, ...]:
    one = each.record
    values = {"kind": one.holder_kind, "voice": one.attribution, "status": each.status}
    value = values[sort] if sort in values else getattr(one, sort)
    return EMPTY if value is None else (value.lower() if isinstance(value, str) else value,)


def test_rows_sort_and_what_lacks_the_value_goes_last_both_ways(tmp_path: Path) -> None:
    index = DeskIndex(many(tmp_path), History())
    for descending in (False, True):
        page = index.page(Query(), sort="published", descending=descending, offset=0, limit=1000)
        days = [each.record.published for each in page.records]
        known = [day for day in days if day]
        assert known == sorted(known, reverse=descending)
        assert days[len(known) :] == [None] * (len(days) - len(known))
    index.close()


class AskedWhileRedone(History):
    """Calls a function when a new decision is known and the table doesn't show it yet."""

    ask: Callable[[], None] | None = None

    def on_record(self, record_id: str) -> OnRecord | None:
        if self.ask:
            ask, self.ask = self.ask, None
            ask()
        return super().on_record(record_id)


def test_what_is_found_while_a_decision_is_taken_in_is_not_remembered(tmp_path: Path) -> None:
    folder = finish(tmp_path, two_articles())
    machine = next(iter(RunFolder(folder).records()))
    history = AskedWhileRedone()
    index = DeskIndex(folder, history)
    is_found, asking, seen = Event(), [], []

    def find() -> dict[str, int]:
        found = index.progress()
        is_found.set()
        return found

    def ask() -> None:
        seen.append(index.last)
        asking.append(Thread(target=index._remembered, args=("progress", find)))
        asking[0].start()
        assert is_found.wait(30)

    history.ask = ask
    index.absorb([Reject(number=1, record=machine, machine=machine, **MADE)])
    asking[0].join(30)
    assert index._remembered("progress", index.progress) == {"reviewed": 1, "records": 3, "added": 0}
    assert (*seen, index.last) == (0, 1)  # nobody takes the table for new before it is
    index.close()


def test_who_asks_while_a_decision_is_taken_in_is_told_it_with_the_numbers_that_follow(
    tmp_path: Path,
) -> None:
    folder = finish(tmp_path, two_articles())
    machine = next(iter(RunFolder(folder).records()))
    served, elsewhere = ServedRun(folder), ReviewStore(folder)
    history = served.index.history = AskedWhileRedone()
    told: list[dict[str, int]] = []
    asking = Thread(target=lambda: told.append(served.progress()))

    def ask() -> None:
        asking.start()
        asking.join(0.5)  # it waits for the table

    history.ask = ask
    elsewhere.append(Reject(record=machine, machine=machine, **MADE))
    told.append(served.progress())
    asking.join(30)
    assert told == [{"reviewed": 1, "records": 3, "added": 0, "last": 1}] * 2
    served.close()
    elsewhere.close()


def test_a_run_without_records_answers(tmp_path: Path) -> None:
    index = DeskIndex(finish(tmp_path, [(article(), ())]), History())
    assert index.summary(Query(), holders=5)["matrix"] == {"topics": [], "rows": [], "more": 0}
    assert index.page(Query(), sort="holder", descending=True, offset=0, limit=5).total == 0
    assert index.progress() == {"reviewed": 0, "records": 0, "added": 0}
    index.close()


def test_files_that_do_not_belong_together_are_named(tmp_path: Path) -> None:
    folder = finish(tmp_path, two_articles())
    lines = (folder / "records.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "records.jsonl").write_bytes(b"".join(lines[:-1]))
    with pytest.raises(InputError, match=r"records\.parquet has 3 records, records\.jsonl 2; run again"):
        DeskIndex(folder, History())
    (folder / "records.parquet").write_bytes(b"no")
    with pytest.raises(InputError, match=r"records\.parquet: no Parquet file of records"):
        DeskIndex(folder, History())


@pytest.mark.parametrize(
    "text", ['{"kind": []}', '{"stances": ["maybe"]}', "[", '{"minConfidence": "x"}', '{"unit": 3}']
)
def test_a_query_that_says_something_else_is_named(text: str) -> None:
    with pytest.raises(InputError, match="query: "):
        read_query(text)
