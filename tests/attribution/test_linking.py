"""Cues with their sources and contents."""

from __future__ import annotations

from collections.abc import Sequence

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


BOTH = "The ministry calls such plans theatre. The network has said that it will wait."


def test_report_whose_own_cue_was_missed_is_not_the_next_speakers() -> None:
    assert linked(BOTH, ["The network"], ["has said"], ["such plans theatre", "that it will wait"]) == [
        ([], [], ["such plans theatre"], False),
        (["The network"], ["has said"], ["that it will wait"], False),
    ]


def test_quotation_before_the_sentence_that_names_its_speaker_is_theirs() -> None:
    text = "“It is theatre.” The network said that it will wait."
    found = linked(text, ["The network"], ["said"], ["“It is theatre.”", "that it will wait"])
    assert found == [(["The network"], ["said"], ["“It is theatre.”", "that it will wait"], True)]


def test_cue_without_words_of_its_own_takes_those_of_the_sentence_before() -> None:
    found = linked(BOTH, ["The network"], ["has said"], ["such plans theatre"])
    assert found == [(["The network"], ["has said"], ["such plans theatre"], False)]


def test_what_goes_on_after_the_speakers_sentence_stays_theirs() -> None:
    text = "The network said that it will wait. Nobody would sign such a list."
    contents = ["that it will wait", "Nobody would sign such a list"]
    assert linked(text, ["The network"], ["said"], contents) == [(["The network"], ["said"], contents, False)]


def test_content_without_any_cue_stands_alone() -> None:
    assert linked("“Never!” “Ever!”", [], [], ["“Ever!”", "“Never!”"]) == [
        ([], [], ["“Never!”"], True),
        ([], [], ["“Ever!”"], True),
    ]


def test_cue_without_content_says_nothing() -> None:
    text = "Noori spoke, and Safi said that it rained."
    assert linked(text, ["Noori", "Safi"], ["spoke", "said"], ["that it rained"]) == [
        (["Safi"], ["said"], ["that it rained"], False)
    ]


def test_thousands_of_spans_are_linked_at_once() -> None:
    text = "Noori said it rained. " * 3000
    places = range(0, len(text), len("Noori said it rained. "))
    found = link(
        text,
        sources=[Span(start=at, end=at + 5) for at in places],
        cues=[Span(start=at + 6, end=at + 10) for at in places],
        contents=[Span(start=at + 11, end=at + 20) for at in places],
    )
    assert len(found) == 3000
    assert all(item.content[0].start - item.source[0].start == 11 for item in found)


def test_no_spans_give_no_attributions() -> None:
    assert link("Nothing was said.", sources=[], cues=[], contents=[]) == ()
