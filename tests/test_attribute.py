"""The rows of `stancewire attribute`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from stancewire import attribute
from stancewire.attribute import attribute_lines
from stancewire.attribution.rules import RuleAttributor

QUOTED = "“We will never sign the treaty,” Laila Noori said."
REPORTED = "The council said that it had never seen the plan."


def attributed(*rows: object) -> list[dict[str, Any]]:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    return list(attribute_lines(lines, RuleAttributor(), source="rows.jsonl"))


def words(spans: Sequence[Sequence[int]], text: str) -> list[str]:
    return [text[start:end] for start, end in spans]


def test_row_comes_back_with_who_says_what() -> None:
    text = f"{QUOTED} {REPORTED}"
    (row,) = attributed({"id": 7, "text": text, "note": "kept"})
    assert {key: row[key] for key in ("id", "text", "note")} == {"id": 7, "text": text, "note": "kept"}
    quoted, reported = row["attributions"]
    assert (quoted["kind"], reported["kind"]) == ("direct", "indirect")
    assert words(quoted["source"], text) == ["Laila Noori"]
    assert words(quoted["cue"], text) == ["said"]
    assert words(quoted["content"], text) == ["“We will never sign the treaty,”"]
    assert words(reported["source"], text) == ["The council"]


def test_spans_are_all_of_them_once_in_text_order() -> None:
    text = "“We will never sign the treaty,” Laila Noori said. “The council has lost its mind over it.”"
    (row,) = attributed({"text": text})
    assert len(row["attributions"]) == 2
    assert [(part, text[start:end]) for part, start, end in row["spans"]] == [
        ("content", "“We will never sign the treaty,”"),
        ("source", "Laila Noori"),
        ("cue", "said"),
        ("content", "“The council has lost its mind over it.”"),
    ]


def test_text_in_which_nobody_speaks_has_no_attributions() -> None:
    (row,) = attributed({"text": "The road was closed in winter."})
    assert (row["attributions"], row["spans"]) == ([], [])


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ({"text": None}, "'text' is None; it must be a non-empty string"),
        ({"text": " \n"}, "'text' is ' \\n'; it must be a non-empty string"),
        ({"id": 1}, "'text' is None; it must be a non-empty string"),
        ("[1]", "list instead of an object with text"),
        ('{"text": ', "not JSON: "),
    ],
)
def test_bad_line_comes_back_in_its_place(line: object, named: str) -> None:
    first, second, third = attributed({"text": QUOTED}, line, {"text": QUOTED})
    assert second["error"].startswith(f"rows.jsonl:2: {named}")
    assert not second.keys() & {"attributions", "spans"}
    assert first["spans"] == third["spans"] != []


@pytest.mark.parametrize("chunk", [1, 2, 100])
def test_rows_keep_their_order_in_chunks_of_any_size(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(attribute, "CHUNK", chunk)
    texts = [QUOTED, "Nobody spoke.", REPORTED] * 3
    rows = attributed(*({"text": text} for text in texts))
    assert [row["text"] for row in rows] == texts
    assert [len(row["attributions"]) for row in rows] == [1, 0, 1] * 3


def test_offsets_count_characters_and_half_a_character_moves_none() -> None:
    text = f"🙂 \ud83d {QUOTED}"
    (row,) = attributed({"text": text})
    assert row["text"] == text
    assert words(row["attributions"][0]["source"], text) == ["Laila Noori"]


def test_answer_from_an_earlier_run_is_replaced() -> None:
    (row,) = attributed({"text": "The road was closed.", "spans": [["cue", 0, 3]], "error": "old"})
    assert row["spans"] == []
    assert "error" not in row
