"""The file of decisions: whole, in order, never overwritten, whoever writes."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.review.test_history import MADE, NOORI, PERSON, accept, correct

from stancewire.errors import InputError, StancewireError
from stancewire.review.decisions import Add, Decision, MergeActors, SplitActor, Undo, record_subject
from stancewire.review.store import FILE, Conflict, ReviewStore, read_history
from stancewire.types import Actor, HolderKind


def draft(decision: Decision, base: int = 0) -> Decision:
    return replace(decision, number=0, base=base)


def test_every_kind_of_decision_comes_back_as_it_was(tmp_path: Path) -> None:
    into = Actor(name="B", kind=HolderKind.STATE, id="Q1")
    odd = replace(NOORI, record_id="new", holder="<script>\ud800\n'\"", url=None)
    kinds = [
        draft(accept()),
        draft(correct(hedged=True), base=1),
        Add(record=odd, machine=None, **MADE),
        MergeActors(name="A", kind=PERSON, into=into, **MADE),
        SplitActor(name="C", kind=PERSON, into=into, mentions=("x", "y"), **MADE),
        Undo(of=2, subject=record_subject(NOORI.record_id), base=2, **MADE),
    ]
    store = ReviewStore(tmp_path)
    taken = [store.append(each) for each in kinds]
    store.close()
    again = ReviewStore(tmp_path)
    assert (
        again.decisions()
        == taken
        == [replace(each, number=number) for number, each in enumerate(kinds, start=1)]
    )
    assert again.newest(2) == taken[:-3:-1]
    assert again.decision(3) == taken[2]
    assert again.decision(99) is None
    again.close()


def test_a_decision_on_something_outdated_is_refused_and_can_be_repeated_on_top(tmp_path: Path) -> None:
    store = ReviewStore(tmp_path)
    theirs = store.append(draft(correct(holder="Theirs")))
    mine = draft(correct(holder="Mine"))
    assert store.append(mine) == Conflict(since=(theirs,))  # type: ignore[arg-type]
    assert store.decisions() == [theirs]
    again = store.append(replace(mine, base=1))
    assert isinstance(again, Decision)
    assert again.number == 2
    store.close()


@pytest.mark.parametrize("base", [2, 99, 2**63 - 1])
def test_a_base_that_nobody_can_have_seen_is_refused(tmp_path: Path, base: int) -> None:
    store = ReviewStore(tmp_path)
    theirs = store.append(draft(correct(holder="Theirs")))
    with pytest.raises(
        InputError, match=f"^base: {base}; the last decision is 1, nobody has seen a later one"
    ):
        store.append(draft(correct(holder="Mine"), base=base))
    assert store.decisions() == [theirs]
    store.close()


def test_of_many_who_decide_at_once_one_is_taken_and_all_others_are_told(tmp_path: Path) -> None:
    stores = [ReviewStore(tmp_path) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda at: stores[at % 4].append(draft(correct(holder=f"Holder {at}"))), range(24))
        )
    taken = [each for each in answers if isinstance(each, Decision)]
    assert len(taken) == 1
    assert all(each == Conflict(since=(taken[0],)) for each in answers if isinstance(each, Conflict))
    for store in stores:
        store.close()


def test_an_undo_of_what_does_not_stand_is_refused(tmp_path: Path) -> None:
    store = ReviewStore(tmp_path)
    store.append(draft(accept()))
    undo = Undo(of=1, subject=record_subject(NOORI.record_id), base=1, **MADE)
    store.append(undo)
    with pytest.raises(InputError, match="can't be undone; none stands"):
        store.append(replace(undo, base=2))
    assert len(store.decisions()) == 2
    store.close()


def test_nothing_in_the_file_can_be_changed_or_deleted(tmp_path: Path) -> None:
    store = ReviewStore(tmp_path)
    store.append(draft(accept()))
    store.close()
    connection = sqlite3.connect(tmp_path / FILE)
    for statement in ("UPDATE decisions SET person = 'Eve'", "DELETE FROM decisions"):
        with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
            connection.execute(statement)
    connection.close()


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("version", [0, 2, 99])
def test_a_file_of_another_version_is_named_and_left_alone(
    tmp_path: Path, version: int, read_only: bool
) -> None:
    ReviewStore(tmp_path).close()
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(InputError, match=rf"review\.sqlite: decisions of version {version}, must be 1; use"):
        ReviewStore(tmp_path, read_only=read_only)
    assert (tmp_path / FILE).read_bytes() == before


def test_another_programs_file_is_named_and_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("CREATE TABLE mine (x)")
    connection.commit()
    connection.close()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(InputError, match="no file of decisions"):
        ReviewStore(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


@pytest.mark.parametrize("read_only", [True, False])
def test_a_damaged_file_is_named(tmp_path: Path, read_only: bool) -> None:
    (tmp_path / FILE).write_bytes(b"nothing that SQLite wrote" * 100)
    with pytest.raises(StancewireError, match=r"review\.sqlite: .*; damaged: put a backup"):
        ReviewStore(tmp_path, read_only=read_only)


def test_a_damaged_decision_is_named_by_its_number(tmp_path: Path) -> None:
    store = ReviewStore(tmp_path)
    store.append(draft(accept()))
    store.close()
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("DROP TRIGGER decisions_stay")
    connection.execute("UPDATE decisions SET body = '{'")
    connection.commit()
    connection.close()
    with pytest.raises(InputError, match=r"review\.sqlite: decision 1: accept is damaged"):
        read_history(tmp_path)


def test_where_nobody_reviewed_reading_makes_no_file(tmp_path: Path) -> None:
    assert read_history(tmp_path).last == 0
    assert list(tmp_path.iterdir()) == []


def test_where_only_one_of_both_connections_opens_it_is_closed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, opened = sqlite3.connect, []

    def connect_once(*given: Any, **options: Any) -> sqlite3.Connection:
        if opened:
            raise sqlite3.OperationalError("unable to open database file")  # as with no file descriptor left
        opened.append(connect(*given, **options))
        return opened[0]

    monkeypatch.setattr(sqlite3, "connect", connect_once)
    with pytest.raises(StancewireError, match=r"review\.sqlite: unable to open"):
        ReviewStore(tmp_path)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")


def test_an_acknowledged_decision_is_synchronised_to_the_disk(tmp_path: Path) -> None:
    store = ReviewStore(tmp_path)
    assert store._writer.execute("PRAGMA synchronous").fetchone() == (2,)
    assert store._writer.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    store.close()
