"""Quotations that are longer than a tagger's window."""

from __future__ import annotations

import pytest

from stancewire.attribution.quotations import LONG, fill_quotations, mend_ends
from stancewire.types import Span

WORDS = "it rained again, " * (LONG // 10)


def span(text: str, words: str) -> Span:
    return Span(start=text.index(words), end=text.index(words) + len(words))


@pytest.mark.parametrize("marks", ["“”", "«»", '""'])
def test_long_quotation_with_a_content_in_it_is_one_content(marks: str) -> None:
    quotation = f"{marks[0]}Noori said {WORDS}{marks[1]}"
    text = f"{quotation} Safi said."
    found = fill_quotations(
        text,
        {
            "source": [span(text, "Noori"), span(text, "Safi")],
            "cue": [],
            "content": [Span(start=0, end=30), Span(start=50, end=90)],
        },
    )
    assert found == {"source": [span(text, "Safi")], "cue": [], "content": [span(text, quotation)]}


@pytest.mark.parametrize("text", ["“It rained,” Safi said.", f"“{WORDS}\n{WORDS}” Safi said.", f"“{WORDS}"])
def test_short_broken_or_open_quotation_stays_as_it_was_read(text: str) -> None:
    spans = {"source": [], "cue": [], "content": [Span(start=0, end=9)]}
    assert fill_quotations(text, spans) == spans


def test_long_quotation_without_a_content_is_none() -> None:
    spans = {"source": [], "cue": [], "content": []}
    assert fill_quotations(f"“{WORDS}”", spans) == spans


@pytest.mark.parametrize("opening", ["\n\n“", ' "', " ‘", "\n« "])
def test_the_mark_that_opens_the_next_quotation_is_no_part_of_a_content(opening: str) -> None:
    content = "the dam will be built."
    text = f"Noori said {content}{opening}We saw it,” Safi said."
    spans = {"source": [], "cue": [], "content": [Span(start=11, end=11 + len(content + opening))]}
    assert mend_ends(text, spans)["content"] == [span(text, content)]


@pytest.mark.parametrize(
    "content", ["“It will be built.”", "the players' ", "the players'", '"', " “", "built "]
)
def test_other_ends_of_a_content_stay(content: str) -> None:
    spans = {"source": [], "cue": [], "content": [Span(start=0, end=len(content))]}
    assert mend_ends(content, spans) == spans


@pytest.mark.parametrize(
    ("cue", "mended"), [("said.", "said"), ("said,", "said"), ("said:", "said:"), (".", ".")]
)
def test_a_cue_ends_with_no_stop_or_comma(cue: str, mended: str) -> None:
    spans = {"source": [], "cue": [Span(start=0, end=len(cue))], "content": []}
    assert mend_ends(cue, spans)["cue"] == [span(cue, mended)]
