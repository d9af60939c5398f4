"""From two coders' disagreements, through somebody's decisions, to gold."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from tests.agreement.coders import TEXT, coded, coding

from stancewire.agreement.adjudicated import adjudicate, write_gold
from stancewire.agreement.disagreements import disagreement_writer, list_disagreements
from stancewire.coding.coded import Coding
from stancewire.errors import InputError
from stancewire.evaluation.gold import read_gold
from stancewire.types import HolderKind, Stance, Voice

ANNA = coding(
    "anna",
    coded("a", "Council", aliases=("the council",)),
    coded("a", "Ministry", "against", at=(27, 54)),
    coded("alone", "Council"),
    articles=["empty"],
)
BEN = coding(
    "ben",
    coded("a", "Council", "against", at=(0, 20), hedged=True, voice=Voice.QUOTED, aliases=("they",)),
    articles=["empty"],
)
ALL = {"stance": "against", "hedged": "anna", "attribution": "ben", "record found": "no"}


def decide(
    path: Path, decisions: Mapping[str, str], codings: Sequence[Coding] = (ANNA, BEN), delimiter: str = ","
) -> Path:
    """Write the list of disagreements, and a decision into it by field, as a spreadsheet saves it."""
    names = [each.coder for each in codings]
    disagreement_writer(path)(list(list_disagreements(codings)), names)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        table.writeheader()
        table.writerows({**row, "decision": decisions.get(row["field"], "")} for row in rows)
    return path


def test_what_was_decided_and_what_coders_agree_on_is_gold(tmp_path: Path) -> None:
    gold = adjudicate([ANNA, BEN], decide(tmp_path / "d.csv", ALL), texts={})
    assert gold.articles == {"a", "alone", "empty"}
    alone, council = gold.records
    assert alone.article_id == "alone"
    assert (council.holder, council.aliases) == ("Council", ("the council", "they"))
    assert (council.stance, council.hedged, council.attribution) == (Stance.AGAINST, False, Voice.QUOTED)
    assert [words.quote for words in council.evidence] == [TEXT[:26]]  # the longer of two that overlap


def test_a_record_that_one_coder_has_stays_where_so_decided(tmp_path: Path) -> None:
    decisions = decide(tmp_path / "d.csv", {**ALL, "record found": "Yes "}, delimiter=";")
    assert [each.holder for each in adjudicate([ANNA, BEN], decisions, texts={}).records] == [
        *("Council", "Council"),
        "Ministry",
    ]


def test_a_coders_name_stands_for_what_the_coder_has(tmp_path: Path) -> None:
    decisions = decide(tmp_path / "d.csv", {**dict.fromkeys(ALL, "ben")})
    council = adjudicate([ANNA, BEN], decisions, texts={}).records[-1]
    assert (council.stance, council.hedged, council.attribution) == (Stance.AGAINST, True, Voice.QUOTED)


def test_evidence_apart_is_whose_it_was_decided_to_be(tmp_path: Path) -> None:
    apart = coding("carla", coded("a", "Council", at=(60, 70)))
    both = (coding("anna", coded("a", "Council")), apart)
    decisions = decide(tmp_path / "d.csv", {"evidence of record": "carla"}, both)
    (found,) = adjudicate(both, decisions, texts={}).records
    assert [(each.start, each.end) for each in found.evidence] == [(60, 70)]


def test_gold_read_again_is_the_same(tmp_path: Path) -> None:
    gold = adjudicate([ANNA, BEN], decide(tmp_path / "d.csv", ALL), texts={})
    write_gold(gold, tmp_path / "gold.jsonl")
    again = read_gold(tmp_path / "gold.jsonl")
    assert again.articles == gold.articles
    assert sorted(again.records, key=str) == sorted(gold.records, key=str)


def test_decisions_can_be_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    disagreement_writer(path)(list(list_disagreements([ANNA, BEN])), ["anna", "ben"])
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("".join(json.dumps({**row, "decision": ALL[row["field"]]}) + "\n" for row in rows))
    assert len(adjudicate([ANNA, BEN], path, texts={}).records) == 2


def test_one_coder_and_coders_who_agree_need_no_decisions() -> None:
    assert adjudicate([ANNA], None, texts={}).records == ANNA.records
    twin = coding("twin", *ANNA.records, articles=["empty"])
    assert len(adjudicate([ANNA, twin], None, texts={}).records) == len(ANNA.records)


def test_a_models_own_articles_are_no_gold() -> None:
    model = coding("demo", *BEN.records, coded("other", "Council"), is_model=True, articles=["empty"])
    assert "other" not in adjudicate([coding("anna", *BEN.records), model], None, texts={}).articles


def test_the_most_frequent_kind_stays() -> None:
    kinds = (HolderKind.GROUP, HolderKind.ORGANISATION, HolderKind.ORGANISATION)
    coders = [coding(f"c{i}", coded("a", "Council", kind=kind)) for i, kind in enumerate(kinds)]
    assert adjudicate(coders, None, texts={}).records[0].kind is HolderKind.ORGANISATION


@pytest.mark.parametrize(
    ("decisions", "message"),
    [
        ({**ALL, "stance": ""}, "d.csv:2: no decision on 'stance' of 'Council' on 'talks' in 'a'; 1 of 4"),
        ({**ALL, "stance": "pro"}, "'decision' must be one of favor, against, neutral, anna, ben, got 'pro'"),
        ({**ALL, "hedged": "carla"}, "'decision' must be one of yes, no, anna, ben, got 'carla'"),
    ],
)
def test_a_decision_that_is_missing_or_cannot_be_is_named(
    tmp_path: Path, decisions: Mapping[str, str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        adjudicate([ANNA, BEN], decide(tmp_path / "d.csv", decisions), texts={})


def test_decisions_on_other_files_are_an_error(tmp_path: Path) -> None:
    other = coding("ben", coded("a", "Senate", at=(60, 70)), *BEN.records)
    decisions = decide(tmp_path / "d.csv", ALL, (ANNA, other))
    with pytest.raises(
        InputError, match=r"'record found' of 'Senate' on 'talks' in 'a' is no disagreement of anna, ben"
    ):
        adjudicate([ANNA, BEN], decisions, texts={})


def test_no_decisions_at_all_says_how_to_make_them() -> None:
    with pytest.raises(
        InputError, match=r"anna, ben disagree 4 times; write them down \(--disagreements FILE\)"
    ):
        adjudicate([ANNA, BEN], None, texts={})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (coding("demo", is_model=True, articles=["a"]), "gold needs a person: demo.jsonl are models'"),
        (
            coding("anna", coded("a", "x"), is_partial=True),
            "anna judged given records, and gold says of whole articles",
        ),
    ],
)
def test_what_is_no_gold_is_named(given: Coding, message: str) -> None:
    with pytest.raises(InputError, match=message):
        adjudicate([given], None, texts={})


def test_another_ending_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"format of decisions from '\.xlsx'; known: \.csv, \.jsonl"):
        adjudicate([ANNA, BEN], tmp_path / "d.xlsx", texts={})
