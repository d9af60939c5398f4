"""What stands after any decisions and undos, and the table that follows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.review.runs import article, record, two_articles

from stancewire.errors import InputError
from stancewire.review.apply import apply, lost
from stancewire.review.decisions import (
    Accept,
    Add,
    Correct,
    Decision,
    MergeActors,
    Reject,
    SplitActor,
    Undo,
    actor_subject,
    record_subject,
    subject_of,
)
from stancewire.review.history import History
from stancewire.review.reviewed import Status, Version
from stancewire.types import Actor, HolderKind, Stance, StanceRecord

MACHINE = [each for _, records in two_articles() for each in records]
NOORI, KARIMI = MACHINE[0], MACHINE[1]
MADE = {"by": "Marta", "at": "2026-01-01T00:00:00+00:00"}
PERSON = HolderKind.PERSON


def accept(what: StanceRecord = NOORI, number: int = 1) -> Accept:
    return Accept(number=number, record=what, machine=what, **MADE)


def correct(what: StanceRecord = NOORI, number: int = 1, **changes: object) -> Correct:
    return Correct(number=number, record=replace(what, **changes), machine=what, **MADE)  # type: ignore[arg-type]


def merged(
    *decisions: Decision, version: Version = Version.MERGED, machine: list[StanceRecord] | None = None
) -> dict[str, tuple[str, Stance, Status]]:
    """Return holder, stance and status by record id."""
    history = History(decisions)
    records = MACHINE if machine is None else machine
    return {
        each.record.record_id: (each.record.holder, each.record.stance, each.status)
        for each in apply(records, history, version)
    }


def test_without_decisions_all_versions_but_the_human_one_are_the_machines() -> None:
    unreviewed = {each.record_id: (each.holder, each.stance, Status.UNREVIEWED) for each in MACHINE}
    assert merged() == merged(version=Version.MACHINE) == unreviewed
    assert merged(version=Version.HUMAN) == {}


def test_a_correction_takes_the_machines_place_and_leaves_its_values() -> None:
    found = list(apply(MACHINE, History([correct(stance=Stance.AGAINST)])))
    assert (found[0].record.stance, found[0].status, found[0].by) == (
        Stance.AGAINST,
        Status.CORRECTED,
        "Marta",
    )
    assert found[0].machine == NOORI
    assert [
        each.record for each in apply(MACHINE, History([correct(stance=Stance.AGAINST)]), Version.MACHINE)
    ] == MACHINE


def test_an_accepted_correction_keeps_who_made_it_and_says_who_accepted() -> None:
    made = correct(stance=Stance.AGAINST)
    accepted = Accept(number=2, record=made.record, machine=NOORI, by="Omar", at="2026-02-02T00:00:00+00:00")
    found = next(apply(MACHINE, History([made, accepted])))
    assert (found.status, found.by, found.at) == (Status.CORRECTED, "Marta", MADE["at"])
    assert (found.accepted_by, found.accepted_at) == ("Omar", "2026-02-02T00:00:00+00:00")
    undone = Undo(number=3, of=2, subject=record_subject(NOORI.record_id), **MADE)
    assert next(apply(MACHINE, History([made, accepted, undone]))).accepted_by is None


def test_who_accepts_the_machines_values_after_a_correction_was_taken_back_is_the_one_who_said_so() -> None:
    back = Undo(number=2, of=1, subject=record_subject(NOORI.record_id), **MADE)
    accepted = Accept(number=3, record=NOORI, machine=NOORI, by="Omar", at="2026-02-02T00:00:00+00:00")
    found = next(apply(MACHINE, History([correct(stance=Stance.AGAINST), back, accepted])))
    assert (found.status, found.by, found.accepted_by) == (Status.ACCEPTED, "Omar", None)


def test_a_rejected_record_is_only_in_the_machines_version() -> None:
    no = Reject(number=1, record=NOORI, machine=NOORI, **MADE)
    assert NOORI.record_id not in merged(no)
    assert NOORI.record_id not in merged(no, version=Version.HUMAN)
    assert merged(no, version=Version.MACHINE)[NOORI.record_id][2] is Status.REJECTED


def test_the_human_version_has_what_was_accepted_corrected_and_added() -> None:
    added = replace(KARIMI, record_id="new", holder="Somebody")
    found = merged(
        accept(),
        correct(KARIMI, 2, holder="X"),
        Add(number=3, record=added, machine=None, **MADE),
        version=Version.HUMAN,
    )
    assert [status for *_, status in found.values()] == [Status.ACCEPTED, Status.CORRECTED, Status.ADDED]
    assert list(found)[-1] == "new"


def test_undo_of_an_undo_brings_the_decision_back() -> None:
    undo = Undo(number=2, of=1, subject=record_subject(NOORI.record_id), **MADE)
    redo = Undo(number=3, of=2, subject=record_subject(NOORI.record_id), **MADE)
    assert merged(accept(), undo) == merged()
    assert merged(accept(), undo, redo) == merged(accept())


def test_only_what_stands_on_top_can_be_undone() -> None:
    history = History([accept(), correct(number=2, holder="X")])
    with pytest.raises(InputError, match=r"decision 1 on record a1-.* can't be undone; must be 2"):
        history.add(Undo(number=3, of=1, subject=record_subject(NOORI.record_id), **MADE))


def test_a_merge_renames_everywhere_but_in_the_machines_version() -> None:
    merge = MergeActors(
        number=1, name="Laila Noori", kind=PERSON, into=Actor(name="L. Noori", kind=PERSON, id="Q1"), **MADE
    )
    found = next(apply(MACHINE, History([merge])))
    assert (found.record.holder, found.record.holder_id, found.record.speaker) == (
        "L. Noori",
        "Q1",
        "L. Noori",
    )
    assert found.status is Status.UNREVIEWED
    assert merged(merge, version=Version.MACHINE) == merged(version=Version.MACHINE)


def test_merges_apply_in_order_and_a_circle_ends() -> None:
    a, b = Actor(name="Laila Noori", kind=PERSON), Actor(name="B", kind=PERSON)
    forth = MergeActors(number=1, name=a.name, kind=PERSON, into=b, **MADE)
    back = MergeActors(number=2, name=b.name, kind=PERSON, into=a, **MADE)
    assert merged(forth)[NOORI.record_id][0] == "B"
    assert merged(forth, back)[NOORI.record_id][0] == "Laila Noori"


def test_a_split_renames_only_where_the_words_are_these() -> None:
    of = article()
    one = record(of, "Noori", "federalism", mention="Laila Noori")
    two = record(of, "Noori", "talks", mention="the minister", topic="negotiation")
    split = SplitActor(
        number=1,
        name="Noori",
        kind=PERSON,
        into=Actor(name="The Minister", kind=PERSON),
        mentions=("the minister",),
        **MADE,
    )
    assert [holder for holder, *_ in merged(split, machine=[one, two]).values()] == ["Noori", "The Minister"]


def test_what_a_new_run_does_not_find_stays_as_the_persons() -> None:
    decisions = [accept(), correct(KARIMI, 2, stance=Stance.FAVOR)]
    found = list(apply([], History(decisions)))
    assert [(each.machine, each.status) for each in found] == [
        (None, Status.ACCEPTED),
        (None, Status.CORRECTED),
    ]
    assert len(lost([], History(decisions))) == 2
    assert len(lost([NOORI.record_id], History(decisions))) == 1


def test_a_new_run_renews_what_is_the_runs_and_keeps_what_is_the_persons() -> None:
    again = replace(NOORI, cluster_id="c-9", run_id="run-2", stance=Stance.NEUTRAL)
    found = next(apply([again], History([accept()])))
    assert (found.record.cluster_id, found.record.run_id, found.record.stance) == (
        "c-9",
        "run-2",
        Stance.FAVOR,
    )
    assert found.machine == again


def test_a_rejection_does_not_hide_what_a_new_run_says_differently() -> None:
    no = Reject(number=1, record=NOORI, machine=NOORI, **MADE)
    again = replace(NOORI, stance=Stance.AGAINST)
    assert merged(no, machine=[again])[NOORI.record_id][2] is Status.UNREVIEWED


@some.composite
def decisions(draw: some.DrawFn) -> list[Decision]:
    """Return decisions and undos as a store takes them, each on what stands at its time."""
    made: list[Decision] = []
    history = History()
    for number in range(1, draw(some.integers(1, 14)) + 1):
        can = [each for each in made if history.can_undo(each)]
        if can and draw(some.booleans()):
            undone = draw(some.sampled_from(can))
            decision: Decision = Undo(number=number, of=undone.number, subject=subject_of(undone), **MADE)
        else:
            decision = draw(some.sampled_from(_choices(number)))
        history.add(decision)
        made.append(decision)
    return made


def _choices(number: int) -> list[Decision]:
    names = [each.holder for each in MACHINE]
    on_records: list[Decision] = [
        make
        for each in MACHINE
        for make in (
            accept(each, number),
            Reject(number=number, record=each, machine=each, **MADE),
            correct(each, number, stance=Stance.NEUTRAL, holder=names[number % 3]),
        )
    ]
    return [
        *on_records,
        Add(number=number, record=replace(NOORI, record_id=f"new-{number % 2}"), machine=None, **MADE),
        MergeActors(
            number=number, name=names[0], kind=PERSON, into=Actor(name=names[number % 3], kind=PERSON), **MADE
        ),
        SplitActor(
            number=number,
            name=names[1],
            kind=PERSON,
            into=Actor(name="Z", kind=PERSON),
            mentions=(names[1],),
            **MADE,
        ),
    ]


@given(decisions())
@settings(max_examples=80, deadline=None)
def test_an_undo_restores_exactly_and_the_machines_values_never_change(made: list[Decision]) -> None:
    assert [each.record for each in apply(MACHINE, History(made), Version.MACHINE)] == MACHINE
    history = History(made)
    for decision in [each for each in made if history.can_undo(each)]:
        number = len(made) + 1
        undo = Undo(number=number, of=decision.number, subject=subject_of(decision), **MADE)
        redo = Undo(number=number + 1, of=number, subject=undo.subject, **MADE)
        assert list(apply(MACHINE, History([*made, undo, redo]))) == list(apply(MACHINE, History(made)))
    if made and not isinstance(made[-1], Undo):
        undo = Undo(number=len(made) + 1, of=made[-1].number, subject=subject_of(made[-1]), **MADE)
        assert list(apply(MACHINE, History([*made, undo]))) == list(apply(MACHINE, History(made[:-1])))


def test_subjects_of_actors_and_records_differ() -> None:
    assert actor_subject("record x", PERSON) != record_subject("x")
