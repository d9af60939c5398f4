"""Rows of holders, outlets and topics: their order, what is too small, what is on top."""

from __future__ import annotations

import pytest
from tests.tables.conftest import Roll, told
from tests.tables.example import AGAINST, example, record

from stancewire.errors import ConfigError
from stancewire.tables import Period, RollUp


def test_holders_with_most_come_first_and_topics_stand_as_in_the_codebook(roll: Roll) -> None:
    assert told(roll(RollUp.HOLDER, *example()), "holder", "topic", "n") == [
        ("Karim Safi", "dam", 2),
        ("Karim Safi", "schools", 2),
        ("Laila Noori", "dam", 4),
        ("River Council", "dam", 2),
    ]


def test_topics_over_time_are_rows_in_the_order_of_time(roll: Roll) -> None:
    table = roll(RollUp.TOPIC, *example(), period=Period.QUARTER, topics=("dam",))
    assert told(table, "period", "favor", "against") == [
        ("2023-Q2", 1, 1),
        ("2023-Q3", 1, 1),
        ("2024-Q1", 0, 2),
        ("2024-Q2", 1, 1),
    ]


def test_rows_below_min_n_are_left_out_with_a_note(roll: Roll) -> None:
    table = roll(RollUp.HOLDER, *example(), min_n=3)
    assert told(table, "holder", "n") == [("Laila Noori", 4)]
    assert "--min-n 3 left out 3 rows, in which 6 count." in table.notes


def test_rows_are_sorted_by_a_column_and_cut_with_a_note(roll: Roll) -> None:
    table = roll(RollUp.OUTLET, *example(), sort="against", top=2)
    assert told(table, "outlet", "topic", "against") == [("The Courier", "dam", 4), ("Valley Post", "dam", 2)]
    assert "--top 2 left out 2 of 4 rows." in table.notes


def test_text_is_sorted_as_in_the_alphabet_and_what_is_empty_stands_last(roll: Roll) -> None:
    table = roll(RollUp.OUTLET, *example(), sort="outlet", topics=("schools",))
    assert told(table, "outlet") == [("The Courier",), (None,)]


def test_unknown_column_is_named_with_the_known_ones(roll: Roll) -> None:
    with pytest.raises(
        ConfigError, match="--sort 'opposition'; columns of this table: outlet, topic, n, stories"
    ):
        roll(RollUp.OUTLET, *example(), sort="opposition")


@pytest.mark.parametrize("by", list(RollUp))
def test_no_records_make_a_table_without_rows(roll: Roll, by: RollUp) -> None:
    table = roll(by)
    assert not table.rows
    assert table.notes[0] == "0 of 0 records (human-over-machine) of run-example."


@pytest.mark.parametrize("by", list(RollUp))
def test_the_order_of_the_records_changes_nothing_that_is_counted(roll: Roll, by: RollUp) -> None:
    assert roll(by, *example()).rows == roll(by, *reversed(example())).rows


def test_a_topic_that_the_codebook_has_no_more_comes_after_the_others(roll: Roll) -> None:
    table = roll(RollUp.TOPIC, record(topic="bridge"), record("a1", stance=AGAINST))
    assert told(table, "topic") == [("dam",), ("bridge",)]


@pytest.mark.parametrize(("field", "said"), [("min_n", "min-n is 0"), ("top", "top is 0")])
def test_nothing_as_a_least_number_is_refused(roll: Roll, field: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        roll(RollUp.HOLDER, **{field: 0})
