"""Each rule for favor and against in one row, by hand."""

from __future__ import annotations

import pytest
from tests.tables.conftest import Roll, told
from tests.tables.example import AGAINST, FAVOR, NEUTRAL, record

from stancewire.tables import RollUp, Rule
from stancewire.tables.contradictions import side

# Five stories of one holder: three for, one against, one neutral.
STORIES = tuple(
    record(f"a{number}", stance=stance)
    for number, stance in enumerate((FAVOR, FAVOR, FAVOR, AGAINST, NEUTRAL))
)


def test_separate_keeps_both_sides_and_calls_the_holder_mixed(roll: Roll) -> None:
    table = roll(RollUp.HOLDER, *STORIES, rule=Rule.SEPARATE)
    assert told(table, "n", "favor", "against", "neutral", "stance") == [(5, 3, 1, 1, "mixed")]
    assert told(table, "favor_share", "against_share", "neutral_share") == [(0.6, 0.2, 0.2)]


def test_subtract_takes_against_from_favor_and_neutral_moves_nothing(roll: Roll) -> None:
    table = roll(RollUp.HOLDER, *STORIES, rule=Rule.SUBTRACT)
    assert told(table, "n", "net", "balance") == [(5, 2, 0.4)]
    assert "favor" not in table.names


def test_ignore_counts_every_stance_and_tells_none(roll: Roll) -> None:
    table = roll(RollUp.HOLDER, *STORIES, rule=Rule.IGNORE)
    assert table.names == ("holder", "holder_id", "holder_kind", "topic", "n", "stories")
    assert told(table, "n") == [(5,)]
    assert not [note for note in table.notes if "ntervals" in note]


@pytest.mark.parametrize(
    ("counts", "stance"),
    [((2, 0, 1), "favor"), ((0, 1, 0), "against"), ((1, 1, 0), "mixed"), ((0, 0, 3), "neutral")],
)
def test_the_side_of_a_holder(counts: tuple[int, int, int], stance: str) -> None:
    assert side(counts) == stance


def test_outlets_and_topics_have_no_side_of_their_own(roll: Roll) -> None:
    assert "stance" not in roll(RollUp.OUTLET, *STORIES).names
    assert "stance" not in roll(RollUp.TOPIC, *STORIES).names
