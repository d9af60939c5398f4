"""How a question becomes the two texts that a classifier reads."""

from __future__ import annotations

import json
import re

import pytest

from stancewire.stance.pairs import PairFormat, StanceQuery, find_words
from stancewire.types import Span

FORMAT = PairFormat()
TEXT = "The council met. Laila Noori told the council that Laila Noori will not sign the treaty."


def marked(query: StanceQuery) -> str:
    return FORMAT.pair(query)[0]


def test_holder_stands_between_marks_and_the_statement_names_holder_and_topic() -> None:
    query = StanceQuery(text="Laila Noori signed.", topic="We should sign the treaty.", holder="Laila Noori")
    assert FORMAT.pair(query) == (
        "[H] Laila Noori [/H] signed.",
        "Laila Noori supports: We should sign the treaty.",
    )


def test_first_occurrence_is_marked_where_no_place_is_given() -> None:
    query = StanceQuery(text=TEXT, topic="We should sign.", holder="Laila Noori")
    assert "[H] Laila Noori [/H] told" in marked(query)
    assert marked(query).count("[H]") == 1


def test_given_place_is_marked_and_not_the_first_occurrence() -> None:
    start = TEXT.rindex("Laila Noori")
    mention = Span(start=start, end=start + len("Laila Noori"))
    query = StanceQuery(text=TEXT, topic="We should sign.", holder="Laila Noori", mention=mention)
    assert "[H] Laila Noori [/H] will not" in marked(query)
    assert "] told" not in marked(query)


def test_place_counts_characters_after_emoji_and_combining_marks() -> None:
    text = "🙂 Cafe\u0301: she refuses."
    start = text.index("she")
    query = StanceQuery(text=text, topic="Pay.", holder="Noori", mention=Span(start=start, end=start + 3))
    assert marked(query) == "🙂 Cafe\u0301: [H] she [/H] refuses."


def test_without_a_holder_nothing_is_marked_and_the_author_is_asked_about() -> None:
    query = StanceQuery(text="The author of this treaty failed.", topic="We should sign it.")
    assert FORMAT.pair(query) == (query.text, "The author supports: We should sign it.")


def test_holder_who_is_not_in_the_text_is_only_in_the_statement() -> None:
    query = StanceQuery(text="She refuses.", topic="We should sign.", holder="Laila Noori")
    assert FORMAT.pair(query) == ("She refuses.", "Laila Noori supports: We should sign.")


@pytest.mark.parametrize("topic", ["the treaty", "We should not sign a thing, not now and not later."])
def test_windows_of_the_marked_passage_are_found_in_the_text_itself(topic: str) -> None:
    query = StanceQuery(text=TEXT, topic=topic, holder="Laila Noori", mention=Span(start=17, end=28))
    passage = marked(query)
    for word in ("The council met", "told", "will not sign", "the treaty", "Laila Noori"):
        start = passage.rindex(word)
        found = FORMAT.original(query, Span(start=start, end=start + len(word)))
        assert found.of(TEXT) == word
    assert FORMAT.original(query, Span(start=0, end=len(passage))).of(TEXT) == TEXT


def test_window_that_begins_or_ends_inside_a_mark_goes_to_its_word() -> None:
    query = StanceQuery(text="So Noori left.", topic="We should sign.", holder="Noori")
    passage = marked(query)
    inside_first, inside_last = passage.index("[H]") + 1, passage.index("[/H]") + 2
    assert FORMAT.original(query, Span(start=inside_first, end=inside_last)).of(query.text) == "Noori"


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("the UN", "Under the un-named UN plan the UN left", "the un"),
        ("UN", "Under the plan the UN left", "UN"),
        ("Ann", "Hannah and Annex", None),
        ("C++ (party)", "The C++ (party) lost", "C++ (party)"),
        ("نوری", "لیلا نوری گفت", "نوری"),
        (" council ", "The council met", "council"),
        ("", "The council met", None),
        ("  ", "The council met", None),
        (None, "None of it", None),
    ],
)
def test_words_are_found_whole_literally_and_in_any_case(
    words: str | None, text: str, found: str | None
) -> None:
    span = find_words(words, text)
    assert (span.of(text) if span else None) == found


def test_topic_that_is_a_name_in_the_text_is_marked_as_target() -> None:
    query = StanceQuery(text=TEXT, topic="the treaty", holder="Laila Noori")
    assert marked(query).endswith("will not sign [T] the treaty [/T].")


def test_target_before_the_holder_leaves_both_marks_in_place() -> None:
    query = StanceQuery(text=TEXT, topic="the council", holder="Laila Noori")
    assert marked(query).startswith("[T] The council [/T] met. [H] Laila Noori [/H] told the council")


def test_target_inside_the_holder_is_not_marked() -> None:
    query = StanceQuery(text="The Taliban government met.", topic="Taliban", holder="The Taliban government")
    assert marked(query) == "[H] The Taliban government [/H] met."


def test_target_is_marked_at_its_next_occurrence_outside_the_holder() -> None:
    text = "The Taliban government fears Taliban hardliners."
    query = StanceQuery(text=text, topic="Taliban", holder="The Taliban government")
    assert marked(query) == "[H] The Taliban government [/H] fears [T] Taliban [/T] hardliners."


@pytest.mark.parametrize("marks", [("[T]", "[/T]"), ("#", "#")])
def test_topic_that_the_passage_names_is_known_from_the_pair(marks: tuple[str, str]) -> None:
    form = PairFormat(target_marks=marks)
    text = "Noori # praised # the Treaty of 1921."
    for topic, is_named in (
        ("the treaty", True),
        ("the dam", False),
        ("The treaty should be signed.", False),
    ):
        pair = form.pair(StanceQuery(text=text, topic=topic, holder="Noori"))
        assert form.names_topic(pair) == is_named
    assert not PairFormat(target_marks=("", "")).names_topic((text, "Noori supports: the treaty"))


def test_claim_is_not_looked_for_in_the_text() -> None:
    claim = "The province should sign the water treaty now"
    query = StanceQuery(text=f"Noori wrote: {claim}.", topic=claim, holder="Noori")
    assert "[T]" not in marked(query)


@pytest.mark.parametrize(
    "topic", ["the treaty", "the council", "We should sign the treaty at once, she said."]
)
@pytest.mark.parametrize("holder", ["Laila Noori", "the council", "nobody here", None])
def test_without_its_marks_the_text_is_what_it_was(topic: str, holder: str | None) -> None:
    text = marked(StanceQuery(text=TEXT, topic=topic, holder=holder))
    assert re.sub(r"\[[HT]\] | \[/[HT]\]", "", text) == TEXT


def test_braces_in_names_and_claims_are_kept() -> None:
    query = StanceQuery(text="{x} spoke.", topic="{topic} should {go}.", holder="{x}")
    assert FORMAT.pair(query) == ("[H] {x} [/H] spoke.", "{x} supports: {topic} should {go}.")


def test_format_without_marks_leaves_the_text_alone() -> None:
    plain = PairFormat(holder_marks=("", ""), target_marks=("", ""), statement="{holder}: {topic}")
    query = StanceQuery(text=TEXT, topic="the treaty", holder="Laila Noori")
    assert plain.pair(query) == (TEXT, "Laila Noori: the treaty")
    assert plain.markers == ()


def test_format_comes_back_from_the_card_as_it_was() -> None:
    made = PairFormat(
        holder_marks=("<h>", "</h>"), target_marks=("", ""), statement="{topic}: {holder}", author="Me"
    )
    assert PairFormat.from_dict(json.loads(json.dumps(made.as_dict()))) == made
    assert made.markers == ("<h>", "</h>")


def test_a_mark_alone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"two marks are needed, got \['\[H\]'\]"):
        PairFormat.from_dict({**FORMAT.as_dict(), "holder_marks": ["[H]"]})
