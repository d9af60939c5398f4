"""What counts once, by hand and against stancewire.counting."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from tests.tables.conftest import Roll, told
from tests.tables.example import AGAINST, FAVOR, NEUTRAL, example, record

from stancewire.counting import Once, Unit
from stancewire.tables import RollUp
from stancewire.tables.cells import cells_of
from stancewire.tables.coded import coded
from stancewire.types import HolderKind, Stance, StanceRecord, Voice


@pytest.mark.parametrize(
    ("unit", "counts"),
    [
        # Laila Noori on the dam: favor in a1, in a2 and its copy a3 in another outlet; against in a4 and a5.
        (Unit.RECORD, (5, 3, 2)),
        (Unit.STORY, (4, 2, 2)),  # a2 and a3 are one story
        (Unit.OUTLET, (4, 2, 2)),  # favor: The Courier (a1, a2), Valley Post (a3); against: one each
    ],
)
def test_a_holder_counted_by_hand_in_each_unit(roll: Roll, unit: Unit, counts: tuple[int, ...]) -> None:
    table = roll(RollUp.HOLDER, *example(), unit=unit, holders=("noori",))
    assert told(table, "n", "favor", "against") == [counts]


@pytest.mark.parametrize(
    ("unit", "counts"), [(Unit.RECORD, (4, 6)), (Unit.STORY, (4, 6)), (Unit.OUTLET, (4, 4))]
)
def test_outlets_counted_by_hand_in_each_unit(roll: Roll, unit: Unit, counts: tuple[int, int]) -> None:
    # The Courier on the dam: Noori favor twice and against once, Safi against twice, the council against once.
    table = roll(RollUp.OUTLET, *example(), unit=unit, topics=("dam",))
    assert sorted(told(table, "outlet", "n")) == [("The Courier", counts[1]), ("Valley Post", counts[0])]


def test_a_story_in_three_outlets_counts_once_in_each_outlets_row_and_once_in_the_topics(roll: Roll) -> None:
    copies = [record(f"a{each}", outlet=f"Post {each}", cluster_id="c1") for each in range(3)]
    assert told(roll(RollUp.OUTLET, *copies), "n") == [(1,), (1,), (1,)]
    assert told(roll(RollUp.TOPIC, *copies), "n") == [(1,)]


def test_names_of_one_outlet_may_differ_in_capitals_and_none_is_an_outlet(roll: Roll) -> None:
    outlets = ("Post", "POST", None, "")
    records = [record(f"a{number}", outlet=each) for number, each in enumerate(outlets)]
    assert told(roll(RollUp.OUTLET, *records, unit=Unit.OUTLET), "outlet", "n") == [(None, 1), ("Post", 1)]


def test_a_person_and_an_organisation_of_one_name_are_two_holders(roll: Roll) -> None:
    table = roll(RollUp.HOLDER, record(), record(holder_kind=HolderKind.ORGANISATION))
    assert sorted(told(table, "holder_kind", "n")) == [("organisation", 1), ("person", 1)]


def test_of_copies_the_earliest_tells_the_voice() -> None:
    copies = [
        record("a1", published="2024-02-02", cluster_id="c1", attribution=Voice.REPORTED),
        record("a2", published="2024-02-01", cluster_id="c1", attribution=Voice.QUOTED),
        record("a3", published=None, cluster_id="c1", attribution=Voice.AUTHOR),
    ]
    records = coded(copies)
    cells = cells_of(records, [records["holder"]], Unit.STORY)
    assert cells.voices.tolist() == [[1, 0, 0]]


def test_every_topic_counts_as_stancewire_counting_does_in_each_unit() -> None:
    records = _anything(random.Random(3), 400)
    columns = coded(records)
    for unit in Unit:
        once = Once()
        by_topic = Counter(each.topic for each in records if unit in once.units(each))
        cells = cells_of(columns, [columns["topic"]], unit)
        told = dict(zip(columns.topics, cells.stances.sum(axis=1).tolist(), strict=True))
        assert told == by_topic


def test_patterns_of_a_cell_add_up_to_its_counts_and_stories() -> None:
    columns = coded(_anything(random.Random(4), 400))
    for unit in Unit:
        cells = cells_of(columns, [columns["holder"], columns["topic"]], unit)
        for cell in range(len(cells)):
            patterns = cells.patterns_of(cell)
            assert (patterns[:, :3] * patterns[:, 3:]).sum(axis=0).tolist() == cells.stances[cell].tolist()
            assert patterns[:, 3].sum() == cells.stories[cell]


def test_no_records_make_no_cells() -> None:
    columns = coded([])
    assert len(cells_of(columns, [columns["holder"]], Unit.STORY)) == 0


def _anything(draw: random.Random, number: int) -> list[StanceRecord]:
    stances: tuple[Stance, ...] = (FAVOR, AGAINST, NEUTRAL)
    return [
        record(
            f"a{each // 2}",
            record_id=f"r{each}",
            holder=draw.choice("ABC"),
            holder_kind=draw.choice((HolderKind.PERSON, HolderKind.GROUP)),
            topic=draw.choice(("dam", "schools")),
            outlet=draw.choice(("Post", "post", "Courier", None)),
            stance=draw.choice(stances),
            cluster_id=draw.choice((None, "c1", "c2", "c3")),
            published=draw.choice((None, "2024-01-01", "2023-01-01")),
        )
        for each in range(number)
    ]
