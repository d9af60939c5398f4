"""Per record, per story and per outlet: what counts once, whatever the order."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from pathlib import Path

import pytest

from stancewire.counting import Once, Unit
from stancewire.extract import open_pipeline
from stancewire.run import records_of
from stancewire.topics import load_codebook
from stancewire.types import HolderKind, Stance, StanceRecord, Voice
from tests.test_resume import FEDERALISM, SETTINGS, book, ran, write
from tests.test_run import manifest


def made(
    article: str,
    *,
    story: str | None = "c-1",
    outlet: str | None = "The Courier",
    holder: str = "Laila Noori",
    kind: HolderKind = HolderKind.PERSON,
    topic: str = "federalism",
    stance: Stance = Stance.FAVOR,
) -> StanceRecord:
    return StanceRecord(
        record_id=f"{article}-{holder}-{topic}",
        article_id=article,
        outlet=outlet,
        url=None,
        title=None,
        published=None,
        language=None,
        holder=holder,
        holder_id=None,
        holder_kind=kind,
        holder_mention=holder,
        topic=topic,
        stance=stance,
        confidence=0.9,
        p_favor=0.9,
        p_against=0.05,
        p_neutral=0.05,
        attribution=Voice.QUOTED,
        speaker=holder,
        hedged=False,
        conditional=False,
        changed=False,
        evidence=(),
        cues=(),
        cluster_id=story,
        model="m",
        codebook="c",
        run_id="r",
        schema_version="2",
    )


def counts(*records: StanceRecord) -> tuple[int, int, int]:
    """Return how many count per record, per story and per outlet: the same in every order."""
    found = set()
    for order in permutations(records):
        once = Once()
        units = Counter(unit for record in order for unit in once.units(record))
        found.add((units[Unit.RECORD], units[Unit.STORY], units[Unit.OUTLET]))
    (only,) = found
    return only


def test_copies_of_a_story_count_once_a_story_and_once_an_outlet() -> None:
    copies = made("a1"), made("a2"), made("a3", outlet="Bamyan Post")
    assert counts(*copies) == (3, 1, 2)


def test_copy_that_differs_in_stance_counts_for_itself() -> None:
    copies = made("a1"), made("a2", outlet="Bamyan Post"), made("a3", stance=Stance.AGAINST)
    assert counts(*copies) == (3, 2, 3)


@pytest.mark.parametrize(
    "other", [{"holder": "Karim Safi"}, {"kind": HolderKind.GROUP}, {"topic": "schools"}]
)
def test_another_holder_or_topic_in_the_same_story_counts_for_itself(other: dict[str, str]) -> None:
    assert counts(made("a1"), made("a1", **other)) == (2, 2, 2)  # type: ignore[arg-type]


def test_two_stories_of_an_outlet_count_once_an_outlet() -> None:
    assert counts(made("a1"), made("a2", story="c-2"), made("a3", story="c-3", outlet="THE courier")) == (
        3,
        3,
        1,
    )


def test_articles_without_a_cluster_are_stories_and_those_without_an_outlet_one_outlet() -> None:
    assert counts(made("a1", story=None, outlet=None), made("a2", story=None, outlet=None)) == (2, 2, 1)


def test_manifest_counts_records_by_topic_in_each_unit(tmp_path: Path) -> None:
    text = "Laila Noori rejects federalism. The council of the valley met on Monday to speak of the new river law."
    rows = [
        {"id": "a1", "text": text, "outlet": "The Courier"},
        {"id": "a2", "text": f"{text} Nobody else spoke.", "outlet": "Bamyan Post"},
        {"id": "a3", "text": text.replace("rejects", "supports"), "outlet": "Bamyan Post"},
        {
            "id": "a4",
            "text": "It rained in Herat all day. Laila Noori rejects federalism.",
            "outlet": "Bamyan Post",
        },
    ]
    pipeline = open_pipeline(load_codebook(book(tmp_path / "book.toml", FEDERALISM)), SETTINGS)
    ran(
        write(tmp_path / "news.jsonl", [{**row, "genre": "report"} for row in rows]),
        pipeline,
        tmp_path / "out",
    )
    told = [(each.article_id, each.holder, str(each.stance)) for each in records_of(tmp_path / "out")]
    assert told == [
        ("a1", "Laila Noori", "against"),
        ("a2", "Laila Noori", "against"),
        ("a3", "Laila Noori", "favor"),
        ("a4", "Laila Noori", "against"),
    ]
    assert len({each.cluster_id for each in records_of(tmp_path / "out")}) == 2
    found = manifest(tmp_path / "out")
    assert found["records_by_topic"] == {"federalism": 4}
    assert found["records_by_topic_per_story"] == {"federalism": 3}  # a1 with a2, its copy that disagrees, a4
    assert found["records_by_topic_per_outlet"] == {"federalism": 3}  # a1, a2 with a4, a3
