"""Who tells whose stance, in which voice."""

from __future__ import annotations

from tests.tables.conftest import Roll, told
from tests.tables.example import example, record

from stancewire.counting import Unit
from stancewire.tables import Period, RollUp
from stancewire.types import Voice

VOICES = ("quoted", "reported", "author")


def test_another_speaker_tells_and_otherwise_the_outlet_does(roll: Roll) -> None:
    table = roll(
        RollUp.SPEAKERS,
        record("a1"),
        record("a2", speaker="Karim Safi", attribution=Voice.REPORTED),
        record("a3", speaker=None, attribution=Voice.REPORTED),
        record("a4", attribution=Voice.AUTHOR, speaker=None, outlet=None),
    )
    assert told(table, "teller", "teller_is", "holder", *VOICES) == [
        ("The Courier", "outlet", "Laila Noori", 1, 1, 0),
        ("Karim Safi", "speaker", "Laila Noori", 0, 1, 0),
        (None, "outlet", "Laila Noori", 0, 0, 1),
    ]


def test_speaker_named_like_an_outlet_is_no_outlet(roll: Roll) -> None:
    table = roll(RollUp.SPEAKERS, record("a1"), record("a2", speaker="The Courier"))
    assert told(table, "teller", "teller_is") == [("The Courier", "speaker"), ("The Courier", "outlet")]


def test_the_example_counted_by_hand_in_each_unit(roll: Roll) -> None:
    for unit, number in ((Unit.RECORD, 2), (Unit.STORY, 1), (Unit.OUTLET, 2)):
        table = roll(RollUp.SPEAKERS, *example(), unit=unit)
        found = {row[:2]: row[2] for row in told(table, "teller", "holder", "n")}
        assert found["Laila Noori", "River Council"] == number  # a2 and a3: one story, two outlets
        assert sum(row[0] for row in told(table, "n")) == sum(sum(row) for row in told(table, *VOICES))


def test_periods_split_the_rows(roll: Roll) -> None:
    table = roll(RollUp.SPEAKERS, *example(), period=Period.YEAR, holders=("noori",), outlets=("courier",))
    assert told(table, "teller", "period", "n") == [("The Courier", "2023", 2), ("The Courier", "2024", 1)]


def test_rows_below_min_n_are_left_out_with_a_note(roll: Roll) -> None:
    table = roll(RollUp.SPEAKERS, *example(), min_n=3)
    assert {row[0] for row in told(table, "n")} == {3}
    assert "--min-n 3 left out 4 rows, in which 5 count." in table.notes
