"""Where the author speaks, and where others do."""

from __future__ import annotations

import pytest

from stancewire.types import Article, Attribution, Reading, Sentence, Span
from stancewire.voices import has_own_voice, is_authors, is_mostly_authors


def span(text: str, words: str) -> Span:
    return Span(start=text.index(words), end=text.index(words) + len(words))


def said(text: str, source: str, content: str, *, is_direct: bool = False) -> Attribution:
    return Attribution(
        source=(span(text, source),) if source else (),
        cue=(),
        content=(span(text, content),),
        is_direct=is_direct,
    )


def article(text: str, genre: str | None = None) -> Article:
    return Article(id="a", text=text, source="test", genre=genre)


def reading(text: str, *found: Attribution, genre: str | None = None) -> Reading:
    """Return the reading of sentences that end in "." and a blank."""
    sentences, start = [], 0
    for number, words in enumerate(text.split(". ")):
        sentences.append(Sentence(span=Span(start=start, end=start + len(words)), index=number, paragraph=0))
        start += len(words) + 2
    return Reading(article=article(text, genre), sentences=tuple(sentences), mentions=(), attributions=found)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("We believe that it rains.", True),
        ("“No,” she said. We believe that it rains.", True),
        ("„Nein“, she said. We believe that it rains.", True),
        ("“It is late. We believe that it rains.”", False),
        ('"It is late. We believe that it rains.', False),
        ("«It is late. We believe that it rains.»", False),
        ("“It is late.\nWe believe that it rains.", True),
    ],
)
def test_we_outside_of_a_quotation_is_the_author(text: str, own: bool) -> None:
    assert is_authors(said(text, "We", "that it rains"), article(text)) is own


def test_others_and_nobody_are_not_the_author() -> None:
    text = "Noori believes that it rains."
    assert not is_authors(said(text, "Noori", "that it rains"), article(text))
    assert not is_authors(said(text, "", "that it rains"), article(text))


@pytest.mark.parametrize(
    ("text", "content", "mostly"),
    [
        ("I have a long word for those who believe that it rains.", "that it rains", True),
        ("Noori believes that it has rained for a week.", "that it has rained for a week", False),
    ],
)
def test_sentence_is_the_authors_where_others_have_less_than_half(
    text: str, content: str, mostly: bool
) -> None:
    found = [said(text, "", content)]
    assert is_mostly_authors(Span(start=0, end=len(text)), found, article(text)) is mostly


def test_article_in_which_others_speak_most_of_the_time_is_a_report() -> None:
    text = "Noori says no. Safi says yes. It rains. They left"
    one, two = said(text, "Noori", "no", is_direct=True), said(text, "Safi", "yes")
    assert has_own_voice(reading(text, one))
    assert not has_own_voice(reading(text, one, two))
    assert has_own_voice(reading(text, one, two, genre="op-ed"))
    assert not has_own_voice(reading(text, genre="wire"))


def test_content_of_several_sentences_counts_for_each() -> None:
    text = "Noori says no. It rains. It pours. They left"
    assert not has_own_voice(reading(text, said(text, "Noori", "no. It rains", is_direct=True)))
