"""Where a holder's stance turns: what is a change, what a contradiction, and by which records."""

from __future__ import annotations

import pytest
from tests.tables.conftest import Roll, told
from tests.tables.example import AGAINST, FAVOR, NEUTRAL, example, record

from stancewire.counting import Unit
from stancewire.tables import RollUp
from stancewire.types import Cue, CueKind, StanceRecord

SIDES = ("earlier_date", "earlier_stance", "later_date", "later_stance")


def on(*days_and_stances: tuple[str | None, object]) -> list[StanceRecord]:
    """Return records of one holder, each of an article of its own."""
    return [
        record(f"a{number}", published=day, stance=stance, quote=f"Words {number}.")
        for number, (day, stance) in enumerate(days_and_stances)
    ]


def test_a_turn_has_the_dates_stances_records_and_words_of_both_sides(roll: Roll) -> None:
    table = roll(RollUp.CHANGES, *on(("2023-01-01", FAVOR), ("2023-02-01", FAVOR), ("2024-03-01", AGAINST)))
    assert told(table, "holder", "topic", "change", *SIDES) == [
        ("Laila Noori", "dam", "turned", "2023-02-01", "favor", "2024-03-01", "against")
    ]
    assert told(table, "earlier_quote", "later_quote", "earlier_article", "later_article") == [
        ("Words 1.", "Words 2.", "a1", "a2")
    ]
    assert told(table, "earlier_record", "later_record", "earlier_n", "later_n") == [
        ("a1-Laila Noori-person-dam", "a2-Laila Noori-person-dam", 2, 1)
    ]


def test_records_are_ordered_by_date_and_not_as_the_run_has_them(roll: Roll) -> None:
    table = roll(RollUp.CHANGES, *on(("2024-01-01", AGAINST), ("2023-01-01", FAVOR), ("2025-01-01", NEUTRAL)))
    assert told(table, "earlier_stance", "later_stance") == [("favor", "against"), ("against", "neutral")]


def test_who_never_changes_has_no_row_and_a_note_says_who_could(roll: Roll) -> None:
    once = record("a9", holder="Karim Safi", stance=AGAINST)
    table = roll(RollUp.CHANGES, *on(("2023-01-01", FAVOR), ("2024-01-01", FAVOR)), once)
    assert not table.rows
    assert table.notes[-1] == "1 of 2 pairs of holder and topic have two dated records or more to compare."


def test_two_topics_and_two_holders_are_no_change(roll: Roll) -> None:
    table = roll(
        RollUp.CHANGES,
        record("a1", published="2023-01-01"),
        record("a2", published="2024-01-01", stance=AGAINST, topic="schools"),
        record("a3", published="2024-01-01", stance=AGAINST, holder="Karim Safi"),
    )
    assert not table.rows


def test_contradiction_within_a_day_is_no_turn(roll: Roll) -> None:
    table = roll(RollUp.CHANGES, *on(("2023-01-01", AGAINST), ("2023-01-01", FAVOR)))
    assert told(table, "change", "earlier_stance", "later_stance") == [("same day", "favor", "against")]


def test_on_a_day_with_both_the_stance_held_before_comes_first(roll: Roll) -> None:
    days = ("2023-01-01", AGAINST), ("2023-06-01", FAVOR), ("2023-06-01", AGAINST), ("2024-01-01", FAVOR)
    table = roll(RollUp.CHANGES, *on(*days))
    assert told(table, "change", *SIDES) == [
        ("same day", "2023-06-01", "against", "2023-06-01", "favor"),
    ]
    assert told(table, "later_n") == [(2,)]


def test_copies_of_a_story_that_differ_are_told_apart_from_turns(roll: Roll) -> None:
    table = roll(
        RollUp.CHANGES,
        record("a1", published="2023-01-01", cluster_id="c1"),
        record("a2", published="2023-01-02", cluster_id="c1", stance=AGAINST),
    )
    assert told(table, "change") == [("copies differ",)]


def test_flagged_record_has_a_row_with_the_words_of_the_flag_though_nothing_is_earlier(roll: Roll) -> None:
    cue = Cue(kind=CueKind.CHANGED, start=0, end=9, quote="no longer")
    table = roll(RollUp.CHANGES, record("a1", changed=True, cues=(cue,)))
    assert told(table, "change", "flagged", "flagged_by", *SIDES) == [
        ("says so", True, "no longer", None, None, "2024-01-10", "favor")
    ]


def test_a_turn_that_the_article_speaks_of_is_one_row(roll: Roll) -> None:
    table = roll(RollUp.CHANGES, *example(), holders=("council",))
    assert told(table, "change", "flagged", "flagged_by", *SIDES) == [
        ("turned", True, "no longer", "2023-09-21", "against", "2024-06-30", "favor")
    ]


def test_copy_of_a_story_that_speaks_of_a_turn_is_no_second_row(roll: Roll) -> None:
    again = [
        record("a2", published="2024-01-01", stance=AGAINST, changed=True, cluster_id="c1"),
        record("a3", published="2024-01-02", stance=AGAINST, changed=True, cluster_id="c1"),
    ]
    table = roll(RollUp.CHANGES, record("a1", published="2023-01-01"), *again)
    assert told(table, "change", "later_date") == [("turned", "2024-01-01")]
    assert told(roll(RollUp.CHANGES, *again), "change", "later_date") == [("says so", "2024-01-01")]


def test_undated_records_are_told_of_and_shown_if_flagged(roll: Roll) -> None:
    table = roll(
        RollUp.CHANGES,
        record("a1", published=None, changed=True),
        record("a2", published=None, stance=AGAINST),
        record("a3", published="2023-01-01"),
        record("a4", published="2024-01-01", stance=AGAINST),
    )
    assert told(table, "change", "later_date") == [("turned", "2024-01-01"), ("says so", "undated")]
    assert "Without a date: 2 records, in no order; those flagged as a change stand last." in table.notes


@pytest.mark.parametrize(("unit", "n"), [(Unit.RECORD, 3), (Unit.STORY, 2), (Unit.OUTLET, 1)])
def test_a_stance_is_backed_by_records_stories_or_outlets(roll: Roll, unit: Unit, n: int) -> None:
    records = [
        record("a1", published="2023-01-01", cluster_id="c1"),
        record("a2", published="2023-01-02", cluster_id="c1"),
        record("a3", published="2023-01-03"),
        record("a4", published="2024-01-01", stance=AGAINST),
    ]
    assert told(roll(RollUp.CHANGES, *records, unit=unit), "earlier_n", "later_n") == [(n, 1)]
    fewer = roll(RollUp.CHANGES, *records, unit=unit, min_n=2)
    assert not fewer.rows
    assert "--min-n 2 left out 1 row." in fewer.notes
