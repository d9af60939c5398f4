"""Cues with their sources and contents."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from stancewire.attribution.linking import link
from stancewire.types import Span

Found = list[tuple[list[str], list[str], list[str], bool]]


def spans(text: str, words: Sequence[str]) -> list[Span]:
    return [Span(start=text.index(word), end=text.index(word) + len(word)) for word in words]


def linked(text: str, sources: Sequence[str], cues: Sequence[str], contents: Sequence[str]) -> Found:
    found = link(text, sources=spans(text, sources), cues=spans(text, cues), contents=spans(text, contents))
    return [
        (
            [span.of(text) for span in item.source],
            [span.of(text) for span in item.cue],
            [span.of(text) for span in item.content],
            item.is_direct,
        )
        for item in found
    ]


def test_content_goes_to_the_cue_of_its_own_sentence() -> None:
    text = "Noori said the dam would burst. A dam is a dam, Safi replied."
    assert linked(
        text, ["Noori", "Safi"], ["said", "replied"], ["the dam would burst", "A dam is a dam"]
    ) == [
        (["Noori"], ["said"], ["the dam would burst"], False),
        (["Safi"], ["replied"], ["A dam is a dam"], False),
    ]


def test_quotation_in_two_pieces_is_one_attribution() -> None:
    text = "“We will sign,” Noori said, “but not today.”"
    assert linked(text, ["Noori"], ["said"], ["“but not today.”", "“We will sign,”"]) == [
        (["Noori"], ["said"], ["“We will sign,”", "“but not today.”"], True)
    ]


def test_one_source_can_have_two_cues() -> None:
    text = "Noori welcomed the plan and called for more money."
    assert linked(text, ["Noori"], ["welcomed", "called for"], ["the plan", "more money"]) == [
        (["Noori"], ["welcomed"], ["the plan"], False),
        (["Noori"], ["called for"], ["more money"], False),
    ]


def test_source_of_another_sentence_is_not_taken() -> None:
    text = "Noori left. It was said that she had resigned."
    assert linked(text, ["Noori"], ["was said"], ["that she had resigned"]) == [
        ([], ["was said"], ["that she had resigned"], False)
    ]


@pytest.mark.parametrize(("cues", "expected"), [([], [([], [], ["“Never!”"], True)]), (["cried"], [])])
def test_content_without_a_cue_stands_alone(cues: list[str], expected: Found) -> None:
    text = "“Never!” they cried."
    assert linked(text, [], cues, ["“Never!”"])[: len(expected)] == expected


def test_no_spans_give_no_attributions() -> None:
    assert link("Nothing was said.", sources=[], cues=[], contents=[]) == ()
