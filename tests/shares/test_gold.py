"""Which record a coder's row is about, where an article has several holders of one name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.review.runs import article, finish, record

from stancewire.coding.json_rows import as_coded
from stancewire.errors import InputError
from stancewire.evaluation.gold import GoldRecord
from stancewire.review.decisions import Accept, Reject
from stancewire.review.store import ReviewStore
from stancewire.shares.gold import Gold, judged_records
from stancewire.shares.intervals import Confidence
from stancewire.shares.shares import ShareSettings, corrected_shares
from stancewire.types import HolderKind, Stance

TEXT = "Jordan supports federalism, he told a reporter. Jordan opposes federalism, its ministry said."
ARTICLE = article("a1", TEXT)
PERSON = record(ARTICLE, "Jordan", "Jordan supports federalism")
STATE = replace(
    record(ARTICLE, "Jordan", "Jordan opposes federalism", kind=HolderKind.STATE, stance=Stance.AGAINST),
    record_id="a1-Jordan-state",
)


def said(*rows: GoldRecord) -> Gold:
    return Gold(records=rows, articles=frozenset({"a1"}), is_partial=True, source="gold")


def row(kind: HolderKind, stance: Stance) -> GoldRecord:
    return replace(as_coded(PERSON, where=f"gold:{kind}"), kind=kind, stance=stance)


def test_holders_of_one_name_and_two_kinds_are_two() -> None:
    rows = row(HolderKind.PERSON, Stance.FAVOR), row(HolderKind.STATE, Stance.AGAINST)
    assert judged_records([PERSON, STATE], said(*rows)) == (
        {PERSON.record_id: rows[0], STATE.record_id: rows[1]},
        [],
    )


def test_a_corrected_kind_is_about_the_record_that_nobody_else_speaks_of() -> None:
    person, group = row(HolderKind.PERSON, Stance.FAVOR), row(HolderKind.GROUP, Stance.NONE)
    assert judged_records([PERSON], said(group)) == ({PERSON.record_id: group}, [])
    found, strange = judged_records([PERSON, STATE], said(group, person))
    assert (found, strange) == ({PERSON.record_id: person, STATE.record_id: group}, [])
    assert judged_records([PERSON], said(group, person)) == ({PERSON.record_id: person}, [group])


def test_a_kind_that_could_be_either_is_named() -> None:
    with pytest.raises(
        InputError,
        match="gold:group: 'Jordan' on 'federalism' in 'a1' is group; must be one of person, state, as the run has 2",
    ):
        judged_records([PERSON, STATE], said(row(HolderKind.GROUP, Stance.NONE)))


def test_shares_count_both_holders_of_one_name(tmp_path: Path) -> None:
    run = finish(tmp_path / "run", [(ARTICLE, (PERSON, STATE))])
    store = ReviewStore(run)
    at = "2026-01-01T00:00:00+00:00"
    store.append(Accept(by="anna", at=at, record=PERSON, machine=PERSON))
    store.append(Reject(by="anna", at=at, record=STATE, machine=STATE))
    store.close()
    settings = ShareSettings(equal_chances=True, confidence=Confidence(least=2))
    shares = corrected_shares(run, [f"{run}@human"], settings)
    (group,) = shares.groups
    assert (shares.coded, group.labels) == (2, 2)
    assert (group.right.value, group.nothing.value) == (0.5, 0.5)
