"""The list that somebody adjudicates from."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.agreement.coders import TEXT, coded, coding

from stancewire.agreement.disagreements import disagreement_writer, list_disagreements
from stancewire.agreement.fields import Field
from stancewire.errors import InputError

ANNA = coding("anna", coded("a", "Council"), coded("a", "=Ministry()", "against", at=(27, 54)))
BEN = coding("ben", coded("a", "Council", "against", hedged=True))


def test_each_disagreement_is_listed_in_the_order_of_the_text() -> None:
    found = [(each.holder, each.field) for each in list_disagreements([ANNA, BEN])]
    assert found == [
        ("Council", Field.STANCE),
        ("Council", Field.HEDGED),
        ("=Ministry()", Field.FOUND),
    ]


def test_coders_who_agree_have_nothing_to_list() -> None:
    assert not list(list_disagreements([BEN, coding("carla", *BEN.records)]))


def test_evidence_apart_for_one_record_is_listed_with_its_places() -> None:
    other = coding("carla", coded("a", "Council", "against", hedged=True, at=(60, 70)))
    (found,) = list_disagreements([BEN, other])
    assert (found.field, found.values) == (Field.EVIDENCE, {"ben": "0-26", "carla": "60-70"})


def test_json_lines_have_values_and_words_of_each_coder(tmp_path: Path) -> None:
    found = list(list_disagreements([ANNA, BEN]))
    disagreement_writer(tmp_path / "d.jsonl")(found, ["anna", "ben"])
    rows = [json.loads(line) for line in (tmp_path / "d.jsonl").read_text(encoding="utf-8").splitlines()]
    assert rows[0]["values"] == {"anna": "favor", "ben": "against"}
    assert rows[0]["evidence"]["ben"] == {"start": 0, "end": 26, "quote": TEXT[:26]}


def test_csv_has_a_column_for_the_decision_and_runs_no_formula(tmp_path: Path) -> None:
    found = list(list_disagreements([ANNA, BEN]))
    disagreement_writer(tmp_path / "d.csv")(found, ["anna", "ben"])
    with (tmp_path / "d.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["anna: value"] == "favor"
    assert rows[0]["ben: end"] == "26"
    assert rows[0]["decision"] == ""
    assert rows[2]["holder"] == "'=Ministry()"
    assert rows[2]["ben: quote"] == ""


def test_another_ending_is_an_error_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"known: \.csv, \.jsonl"):
        disagreement_writer(tmp_path / "d.xlsx")
