"""Which records are left out, and that each is told of."""

from __future__ import annotations

import pytest
from tests.tables.conftest import Roll, told
from tests.tables.example import example, record

from stancewire.errors import ConfigError, InputError
from stancewire.tables import RollUp, Selection, topic_ids
from stancewire.tables.periods import first_day, last_day
from stancewire.types import HolderKind, Stance, Topic, Voice

TOPICS = (Topic(id="dam", name="The dam", claim="c"), Topic(id="schools", name="Girls' schools", claim="c"))


def test_topics_are_known_by_id_and_name_whatever_the_capitals() -> None:
    assert topic_ids(["DAM", "girls' schools"], TOPICS) == ("dam", "schools")


def test_unknown_topic_is_named_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="--topic 'dams'; known: dam, schools"):
        topic_ids(["dams"], TOPICS)


@pytest.mark.parametrize(
    ("fields", "kept", "notes"),
    [
        ({"topics": ("schools",)}, 2, ["--topic left out 10 records."]),
        ({"holders": ("NOORI",)}, 5, ["--holder left out 7 records."]),
        ({"outlets": ("valley",)}, 4, ["--outlet left out 8 records."]),
        ({"kinds": (HolderKind.ORGANISATION,)}, 3, ["--kind left out 9 records."]),
        ({"stances": (Stance.AGAINST, Stance.NEUTRAL)}, 7, ["--stance left out 5 records."]),
        ({"voices": (Voice.QUOTED,)}, 7, ["--attribution left out 5 records."]),
        ({"min_confidence": 0.6}, 11, ["--min-confidence left out 1 record."]),
        (
            {"first": first_day("2024", "--from")},
            5,
            ["--from and --to left out 6 records.", "--from and --to (no date) left out 1 record."],
        ),
        (
            {"topics": ("schools",), "holders": ("noori",)},
            0,
            ["--topic left out 10 records.", "--holder left out 2 records."],
        ),
    ],
)
def test_each_option_says_how_many_records_it_left_out(
    roll: Roll, fields: dict[str, object], kept: int, notes: list[str]
) -> None:
    table = roll(RollUp.HOLDER, *example(), **fields)
    assert table.notes[0] == f"{kept} of 12 records (human-over-machine) of run-example."
    assert [note for note in table.notes if "left out" in note] == notes


def test_holder_is_found_by_its_id_too(roll: Roll) -> None:
    table = roll(RollUp.HOLDER, record(holder_id="person-7"), record("a1", holder="X"), holders=("Person-7",))
    assert told(table, "holder", "holder_id") == [("Laila Noori", "person-7")]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"holders": ("Leila Nuri",)}, "--holder 'Leila Nuri' is in no record; there are 'Laila Noori'"),
        ({"outlets": ("Curier",)}, "--outlet 'Curier' is in no record; there are 'The Courier'"),
    ],
)
def test_a_name_that_no_record_has_is_told_with_names_like_it(
    roll: Roll, fields: dict[str, object], said: str
) -> None:
    with pytest.raises(InputError) as raised:
        roll(RollUp.HOLDER, *example(), **fields)
    assert said in str(raised.value)


@pytest.mark.parametrize("confidence", [2, -0.1, float("nan")])
def test_confidence_must_be_a_probability(confidence: float) -> None:
    with pytest.raises(ConfigError, match=r"min-confidence is .*; must be a number from 0 to 1"):
        Selection(min_confidence=confidence)


def test_last_day_before_the_first_is_refused() -> None:
    with pytest.raises(ConfigError, match="from 2024-01-01 to 2023-12-31 are no days"):
        Selection(first=first_day("2024", "--from"), last=last_day("2023", "--to"))
