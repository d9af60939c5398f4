"""Other words in a question's text, the holder's place kept right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancewire.sensitivity.rewrite import Replacement, rewrite
from stancewire.stance.pairs import StanceQuery
from stancewire.types import Span

TEXT = "Noori met Amini; Noori backs the dam."


def query(start: int | None, end: int | None) -> StanceQuery:
    mention = None if start is None or end is None else Span(start=start, end=end)
    return StanceQuery(text=TEXT, topic="The dam should be built.", holder="Noori", mention=mention)


def put(start: int, end: int, words: str) -> Replacement:
    return Replacement(span=Span(start=start, end=end), words=words)


def test_a_replaced_mention_is_the_new_holder() -> None:
    changed = rewrite(query(17, 22), [put(0, 5, "Marel Dovane"), put(17, 22, "Dovane")])
    assert changed.text == "Marel Dovane met Amini; Dovane backs the dam."
    assert changed.holder == "Dovane"
    assert changed.mention
    assert changed.mention.of(changed.text) == "Dovane"


def test_a_mention_that_stays_moves_with_what_stands_before_it() -> None:
    changed = rewrite(query(17, 22), [put(10, 15, "X"), put(33, 36, "X")])
    assert changed.mention
    assert changed.mention.of(changed.text) == changed.holder == "Noori"
    assert changed.text == "Noori met X; Noori backs the X."


def test_a_holder_whom_the_text_does_not_have_is_told() -> None:
    assert rewrite(query(None, None), [], holder="Dovane").holder == "Dovane"


def test_a_replacement_that_cuts_into_the_mention_is_left_out() -> None:
    assert rewrite(query(17, 22), [put(10, 20, "X")]) == query(17, 22)


def test_of_two_that_overlap_the_longer_one_counts() -> None:
    assert rewrite(query(17, 22), [put(10, 13, "Y"), put(6, 15, "X")]).text == "Noori X; Noori backs the dam."


places = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 9), st.text(max_size=9))


@given(st.lists(places, max_size=6), st.sampled_from([(0, 5), (17, 22)]))
def test_the_mention_is_always_where_it_says(
    found: list[tuple[int, int, str]], place: tuple[int, int]
) -> None:
    changes = [put(start, min(start + length, len(TEXT)), words) for start, length, words in found]
    changed = rewrite(query(*place), changes)
    assert changed.mention
    assert 0 <= changed.mention.start <= changed.mention.end <= len(changed.text)
    assert changed.mention.of(changed.text) == changed.holder


@pytest.mark.parametrize("words", ["", "X", "a very long name indeed"])
def test_what_stands_after_the_mention_stays(words: str) -> None:
    assert rewrite(query(17, 22), [put(0, 5, words)]).text.endswith("Noori backs the dam.")
