"""Who says what, by rules."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from stancewire.attribution.rules import RuleAttributor
from stancewire.types import Attribution, Span

QUOTE = "“We will never sign the treaty,”"


def attribute(text: str) -> tuple[Attribution, ...]:
    (found,) = RuleAttributor().attribute([text])
    return found


def words(spans: Sequence[Span], text: str) -> str | None:
    return spans[0].of(text) if spans else None


def said(text: str) -> list[tuple[str | None, str | None, str | None]]:
    """Return (source, cue, content) of each attribution."""
    return [
        (words(item.source, text), words(item.cue, text), words(item.content, text))
        for item in attribute(text)
    ]


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        (f"{QUOTE} Laila Noori said on Monday.", "Laila Noori", "said"),
        (f"{QUOTE} said Laila Noori.", "Laila Noori", "said"),
        (f"{QUOTE} the council added.", "the council", "added"),
        (f"{QUOTE} she told reporters.", "she", "told"),
        (f"Laila Noori said: {QUOTE[:-2]}.”", "Laila Noori", "said"),
        (f"Laila Noori, who leads the farmers' bench, argued: {QUOTE[:-2]}.”", "Laila Noori", "argued"),
        (f"The council has repeatedly warned, {QUOTE[:-2]}.”", "The council", "warned"),
        (f"According to Laila Noori, {QUOTE[:-2]}.”", "Laila Noori", "According to"),
    ],
)
def test_quotation_with_its_speaker_before_or_after(text: str, source: str, cue: str) -> None:
    ((found_source, found_cue, content),) = said(text)
    assert (found_source, found_cue) == (source, cue)
    assert content is not None
    assert content.startswith("“We will never")
    assert attribute(text)[0].is_direct


@pytest.mark.parametrize(("opening", "closing"), [("“", "”"), ('"', '"'), ("«", "»")])
def test_all_quotation_marks_of_the_press_are_known(opening: str, closing: str) -> None:
    text = f"{opening}We will never sign it,{closing} Noori said."
    assert said(text) == [("Noori", "said", f"{opening}We will never sign it,{closing}")]


def test_quotation_that_goes_on_keeps_its_speaker() -> None:
    rest = "“The treaty is a bad one. It was written in haste.”"
    near = f"{QUOTE} Noori said. It rained. {rest}"
    assert said(near) == [("Noori", "said", QUOTE), ("Noori", "said", rest)]
    far = f"{QUOTE} Noori said. {'It rained in the valley. ' * 8}{rest}"
    assert said(far) == [("Noori", "said", QUOTE), ("Noori", None, rest)]


def test_quotation_in_a_new_paragraph_has_no_speaker_from_the_one_before() -> None:
    text = f"{QUOTE} Noori said.\n“Nobody asked us about it before.”"
    assert said(text)[1] == (None, None, "“Nobody asked us about it before.”")


def test_quotation_has_no_speaker_from_the_next_paragraph() -> None:
    text = "It rained. “Nobody asked us about it before.”\nLaila Noori said the weather was fine that day."
    assert said(text)[0] == (None, None, "“Nobody asked us about it before.”")


@pytest.mark.parametrize(
    "text", ["The “so-called” treaty.", "Noori read “The Old Road” twice.", "It rained.", ""]
)
def test_scare_quotes_and_titles_are_nobodys_words(text: str) -> None:
    assert said(text) == []


def test_reported_words_go_to_the_end_of_the_sentence() -> None:
    text = "It rained. Laila Noori said that the treaty would fail. It stopped."
    assert said(text) == [("Laila Noori", "said", "that the treaty would fail.")]
    assert not attribute(text)[0].is_direct


def test_full_stop_inside_a_number_ends_no_sentence() -> None:
    text = "Noori said that 2.5 million people would lose their water."
    assert said(text) == [("Noori", "said", "that 2.5 million people would lose their water.")]


def test_according_to_reaches_what_follows_or_what_came_before() -> None:
    assert said("According to the council, the treaty is dead.") == [
        ("the council", "According to", ", the treaty is dead.")
    ]
    assert said("It rained. The treaty is dead, according to the council.") == [
        ("the council", "according to", "The treaty is dead,")
    ]


def test_reported_words_inside_a_quotation_are_the_quotations() -> None:
    text = "“The council said that it would never sign,” Noori told the paper."
    assert said(text) == [("Noori", "told", "“The council said that it would never sign,”")]


INTERVIEW = (
    "The council met.\n"
    "Q: Will you sign the treaty?\n"
    "Laila Noori: No. It was written in haste.\n"
    "Q: What would change that?\n"
    "Laila Noori: Shares for every district.\n"
    "Written ones.\n"
)


def test_turns_of_an_interview_are_their_speakers_words() -> None:
    assert said(INTERVIEW) == [
        ("Q", None, "Will you sign the treaty?"),
        ("Laila Noori", None, "No. It was written in haste."),
        ("Q", None, "What would change that?"),
        ("Laila Noori", None, "Shares for every district.\nWritten ones."),
    ]


def test_an_answer_knows_its_question_and_a_question_has_none() -> None:
    prompts = [item.prompt.of(INTERVIEW) if item.prompt else None for item in attribute(INTERVIEW)]
    assert prompts == [None, "Will you sign the treaty?", None, "What would change that?"]


def test_a_list_with_colons_is_no_interview() -> None:
    text = "Treaty: signed in haste\nDam: not built\n"
    assert attribute(text) == ()


def test_offsets_count_characters_after_emoji_combining_marks_and_right_to_left_text() -> None:
    text = f"🙂 Cafe\u0301 شورا گفت. {QUOTE} Noori said."
    assert said(text) == [("Noori", "said", QUOTE)]


def test_every_text_has_its_own_answers_in_order() -> None:
    found = RuleAttributor().attribute(["", f"{QUOTE} Noori said.", "It rained."])
    assert [len(item) for item in found] == [0, 1, 0]
    assert RuleAttributor().attribute([]) == []


def test_attributions_come_in_the_order_of_their_contents() -> None:
    text = f"Amini said that it was over. {QUOTE} Noori said. According to Safi, nothing was ever signed."
    starts = [item.content[0].start for item in attribute(text)]
    assert starts == sorted(starts)
    assert [source for source, _, _ in said(text)] == ["Amini", "Noori", "Safi"]
