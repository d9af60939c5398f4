"""Which records of several coders are put side by side."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.agreement.coders import coded, coding

from stancewire.agreement.units import Unit, holder_units, likeness, passage_units, topic_units
from stancewire.coding.json_rows import as_coded
from stancewire.evaluation.gold import predicted_record, read_gold
from stancewire.evaluation.matching import match_records
from stancewire.evaluation.rows import Row
from stancewire.types import HolderKind


def holders(unit: Unit) -> tuple[str | None, ...]:
    return tuple(record.holder if record else None for record in unit.records)


def test_one_holder_under_two_names_is_one_unit() -> None:
    anna = coding("anna", coded("a", "Council of Elders", aliases=("the elders",)))
    ben = coding("ben", coded("a", "the elders"))
    assert [holders(unit) for unit in holder_units([anna, ben])] == [("Council of Elders", "the elders")]


def test_names_match_whichever_coder_comes_first() -> None:
    one = coded("a", "Council of Elders", aliases=("the elders",))
    other = coded("a", "the elders")
    assert likeness(one, other) == likeness(other, one) > 0


def test_stances_play_no_part() -> None:
    units = holder_units(
        [coding("anna", coded("a", "Council")), coding("ben", coded("a", "Council", "against"))]
    )
    assert [holders(unit) for unit in units] == [("Council", "Council")]


def test_another_topic_or_article_is_another_unit() -> None:
    anna = coding("anna", coded("a", "Council"), coded("b", "Council"), articles=["b"])
    ben = coding("ben", coded("a", "Council", topic="taxes"), coded("b", "Council"))
    found = [(unit.article_id, unit.topic, holders(unit)) for unit in holder_units([anna, ben])]
    assert found == [
        ("a", "talks", ("Council", None)),
        ("a", "taxes", (None, "Council")),
        ("b", "talks", ("Council", "Council")),
    ]


def test_a_unit_has_one_record_of_each_coder_at_most() -> None:
    anna = coding("anna", coded("a", "Council of Elders"), coded("a", "Council", at=(30, 50)))
    ben = coding("ben", coded("a", "Council"))
    carla = coding("carla", coded("a", "Council of Elders", at=(0, 10)), coded("a", "Council", at=(30, 40)))
    units = holder_units([anna, ben, carla])
    assert set(map(holders, units)) == {
        ("Council", "Council", "Council"),
        ("Council of Elders", None, "Council of Elders"),
    }


def test_articles_that_only_one_coded_are_left_out() -> None:
    assert not holder_units([coding("anna", coded("a", "Council")), coding("ben", coded("b", "Council"))])


def test_a_coder_of_three_who_did_not_code_the_article_is_not_missing_anything() -> None:
    three = [coding(name, coded("a", "Council")) for name in ("anna", "ben")]
    three.append(coding("carla", coded("b", "Council")))
    assert holder_units(three)[0].coded == (True, True, False)


def test_passages_go_together_by_the_words_and_first_with_the_same_holder() -> None:
    anna = coding("anna", coded("a", "Council"), coded("a", "Ministry"))
    ben = coding("ben", coded("a", "Ministry"), coded("a", "Parliament"))
    assert sorted(map(holders, passage_units([anna, ben]))) == [
        ("Council", "Parliament"),
        ("Ministry", "Ministry"),
    ]


def test_passages_apart_are_no_unit() -> None:
    anna, ben = (
        coding("anna", coded("a", "Council", at=(0, 5))),
        coding("ben", coded("a", "Council", at=(5, 9))),
    )
    assert not passage_units([anna, ben])


def test_topics_are_asked_of_every_shared_article_also_without_a_record() -> None:
    anna = coding("anna", coded("a", "Council"), articles=["b"])
    ben = coding("ben", articles=["a", "b", "c"])
    units = topic_units([anna, ben], ["talks", "taxes"])
    assert [(unit.article_id, unit.topic) for unit in units] == [
        ("a", "talks"),
        ("a", "taxes"),
        ("b", "talks"),
        ("b", "taxes"),
    ]


def test_a_record_of_no_stance_is_coded_and_not_there() -> None:
    run = coding("run", coded("a", "Council"))
    judge = coding("judge", coded("a", "Council", "none"), is_partial=True)
    (unit,) = holder_units([run, judge])
    assert holders(unit) == ("Council", None)
    assert unit.coded == (True, True)


def test_who_judged_given_records_has_no_say_on_others() -> None:
    run = coding("run", coded("a", "Council"), coded("a", "Ministry", at=(27, 54)))
    judge = coding("judge", coded("a", "Council"), is_partial=True)
    said = {unit.given[0].holder: unit.coded for unit in holder_units([run, judge])}
    assert said == {"Council": (True, True), "Ministry": (True, False)}
    assert not any(unit.coded[1] for unit in topic_units([run, judge], ["talks"]))


@pytest.mark.parametrize("part", ["dev", "test"])
def test_a_coder_without_aliases_is_put_beside_gold_as_in_evaluation(part: str, root: Path) -> None:
    gold = read_gold(root / "corpora" / "sample" / f"{part}.gold.jsonl")
    rows = [
        {
            "article_id": record.article_id,
            "holder": record.aliases[0] if record.aliases else record.holder,
            "holder_kind": record.kind.value,
            "topic": record.topic,
            "stance": record.stance.value,
            "attribution": "reported",
            **dict.fromkeys(("hedged", "conditional", "changed"), False),
            "evidence": [{"start": each.start, "end": each.end} for each in record.evidence],
        }
        for record in gold.records
        if record.kind is not HolderKind.AUTHOR
    ]
    predicted = [predicted_record(Row(where="row", values=row)) for row in rows]
    pairs = match_records(predicted, gold.records).pairs
    machine = coding("machine", *map(as_coded, predicted))
    person = coding("person", *gold.records, articles=gold.articles)
    units = [unit for unit in holder_units([machine, person]) if all(unit.records)]
    assert len(pairs) > 50
    assert len(units) == len(pairs)
