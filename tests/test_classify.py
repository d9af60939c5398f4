"""The rows of `stancewire classify`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stancewire import classify
from stancewire.classify import answer, classify_lines
from stancewire.stance.lexicon import LexiconClassifier
from stancewire.stance.models import open_classifier
from stancewire.types import Weights

GOOD = {
    "text": "The council rejects the treaty.",
    "holder": "The council",
    "topic": "We should sign the treaty.",
}


def classified(*rows: object) -> list[dict[str, Any]]:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    return list(classify_lines(lines, LexiconClassifier(), source="rows.jsonl"))


def test_row_comes_back_with_stance_probabilities_and_model() -> None:
    (row,) = classified({"id": 7, **GOOD, "note": "kept"})
    assert row == {
        "id": 7,
        **GOOD,
        "note": "kept",
        "stance": "against",
        "p": {"favor": 0.1, "against": 0.8, "neutral": 0.0, "none": 0.1},
        "model": "lexicon#1",
    }


def test_holder_null_asks_about_the_author() -> None:
    row = {"text": "Reject it.", "holder": None, "topic": "the treaty"}
    assert [found["stance"] for found in classified(row, {"text": "Reject it.", "topic": "the treaty"})] == [
        "against",
        "against",
    ]


def test_given_place_says_which_mention_is_meant() -> None:
    text = "Noori opposes what Noori signed."
    rows = [
        {"text": text, "holder": "Noori", "topic": "the treaty", **place}
        for place in ({}, {"start": 19, "end": 24})
    ]
    assert [row["stance"] for row in classified(*rows)] == ["against", "none"]


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        ({"text": None}, "'text' is None; it must be a non-empty string"),
        ({"text": " \n"}, "'text' is ' \\n'; it must be a non-empty string"),
        ({"topic": ""}, "'topic' is ''; it must be a non-empty string"),
        ({"topic": ["a"]}, "'topic' is ['a']; it must be a non-empty string"),
        ({"holder": 3}, "'holder' is 3; it must be a name, or null for the text's author"),
        ({"holder": " "}, "'holder' is ' '; it must be a name, or null for the text's author"),
        ({"start": 0}, "start 0, end None are no span of the text; 0 <= start < end <= 31"),
        ({"start": 5, "end": 5}, "start 5, end 5 are no span of the text"),
        ({"start": -1, "end": 5}, "start -1, end 5 are no span of the text"),
        ({"start": 0, "end": 32}, "start 0, end 32 are no span of the text"),
        ({"start": 0.0, "end": 4.0}, "start 0.0, end 4.0 are no span of the text"),
        ({"start": False, "end": True}, "start False, end True are no span of the text"),
    ],
)
def test_bad_row_comes_back_in_its_place_naming_line_and_key(bad: dict[str, object], named: str) -> None:
    first, second, third = classified(GOOD, {"id": "x", **GOOD, **bad}, GOOD)
    assert "error" not in first
    assert "error" not in third
    assert second["error"].startswith(f"rows.jsonl:2: {named}")
    assert second["id"] == "x"
    assert not second.keys() & {"stance", "p", "model"}


def test_missing_key_is_a_bad_row() -> None:
    (row,) = classified({"text": "x"})
    assert row["error"] == "rows.jsonl:1: 'topic' is None; it must be a non-empty string"


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('{"text": ', "not JSON: Expecting value"),
        ("[1, 2]", "list instead of an object with text, holder, topic"),
        ("null", "NoneType instead of an object"),
        ("[" * 100_000, "not JSON: "),
        ('{"id": ' + "9" * 5000 + "}", "not JSON: "),
    ],
)
def test_line_that_is_no_object_comes_back_in_its_place(line: str, named: str) -> None:
    first, second, third = classified(GOOD, line, GOOD)
    assert second["error"].startswith(f"rows.jsonl:2: {named}")
    assert "line" in second
    assert first["stance"] == third["stance"] == "against"


def test_blank_lines_are_no_rows_and_still_count_as_lines() -> None:
    rows = classified("", json.dumps(GOOD), "  \n", '{"topic": 1}')
    assert len(rows) == 2
    assert rows[1]["error"].startswith("rows.jsonl:4: ")


@pytest.mark.parametrize("chunk", [1, 3, 1000])
def test_rows_keep_their_order_in_chunks_of_any_size(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(classify, "CHUNK", chunk)
    verbs = ["rejects", "supports", "met", "opposes"] * 5
    rows: list[object] = [
        {**GOOD, "text": f"The council {verb} it.", "id": n} for n, verb in enumerate(verbs)
    ]
    rows[3] = rows[8] = "broken"
    found = classified(*rows)
    expected = [
        {"rejects": "against", "supports": "favor", "met": "none", "opposes": "against"}[v] for v in verbs
    ]
    expected[3] = expected[8] = None  # type: ignore[call-overload]
    assert [row.get("stance") for row in found] == expected
    assert [row.get("id") for row in found] == [None if n in (3, 8) else n for n in range(20)]


def test_answer_from_an_earlier_run_is_replaced_and_not_left_on_a_bad_row() -> None:
    old = {"stance": "favor", "p": {"favor": 1.0}, "model": "old", "error": "old"}
    good, bad = classified({**GOOD, **old}, {**GOOD, **old, "topic": ""})
    assert (good["stance"], good["model"], "error" in good) == ("against", "lexicon#1", False)
    assert bad.keys() == {*GOOD, "error"}


def test_probabilities_sum_to_one_after_rounding() -> None:
    thirds = Weights(favor=1 / 3, against=1 / 3, neutral=1 / 7, none=1 - 2 / 3 - 1 / 7)
    p = answer(thirds)["p"]
    assert abs(sum(p.values()) - 1) <= 1e-6
    assert list(p) == ["favor", "against", "neutral", "none"]


def test_offsets_count_characters_and_half_a_character_breaks_nothing() -> None:
    text = "\ud83d 🙂 e\u0301: Noori opposes what Noori signed."
    start = text.rindex("Noori")
    row = {"text": text, "holder": "Noori", "topic": "the treaty", "start": start, "end": start + 5}
    (found,) = classified(row)
    assert (found["stance"], found["text"]) == ("none", text)


def test_no_lines_give_no_rows() -> None:
    assert classified() == []


def test_long_text_names_the_window_that_answered() -> None:
    filler = "The weather was mild and the trains ran on time. "
    stance = "The mayor firmly rejected the new harbour and called it a disaster. "
    question = {"holder": "The mayor", "topic": "the new harbour"}
    texts = (filler * 60 + stance + filler * 60, stance)
    lines = [json.dumps({"text": text, **question}) for text in texts]
    long, short = classify_lines(lines, open_classifier("small"), source="rows.jsonl")
    start, end = long["window"]
    assert stance.strip() in texts[0][start:end]
    assert end - start < len(texts[0]) / 3
    assert "window" not in short  # read at once
