"""The index of words finds what looking through the texts finds."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from stancewire.desk.words import Words

TEXTS = ["Laila  Noori\nsaid NO", "", "no ori", "the border talks", "border", "talks, border", "نوری گفت"]


def plain(text: str) -> str:
    return " ".join(text.lower().split())


def found(words: Words, part: str) -> list[bool]:
    return [bool(each) for each in words.holding(part)]


@pytest.mark.parametrize(
    ("part", "numbers"),
    [
        ("noori said", [0]),
        ("ri  SAID\tn", [0]),
        ("no ori", [2]),
        ("ori", [0, 2]),
        ("order ta", [3]),
        ("border border", []),
        ("talks border", []),
        ("ks, bor", [5]),
        ("وری گ", [6]),
        ("  ", list(range(7))),
    ],
)
def test_parts_of_words_and_rows_of_words_are_found_within_a_text(part: str, numbers: list[int]) -> None:
    words = Words(pa.array(TEXTS))
    assert [at for at, is_in in enumerate(found(words, part)) if is_in] == numbers
    words.close()


words_of_few_letters = some.text(alphabet="ab ", max_size=12)


@given(
    some.lists(words_of_few_letters, max_size=12),
    some.lists(words_of_few_letters, max_size=4),
    words_of_few_letters,
)
@settings(max_examples=150, deadline=None)
def test_it_finds_what_looking_through_all_texts_finds(first: list[str], later: list[str], part: str) -> None:
    words = Words(pa.array(first, type=pa.string()))
    assert words.add(later) == list(range(len(first), len(first) + len(later)))
    assert found(words, part) == [plain(part) in plain(each) for each in [*first, *later]]
    words.close()


def test_texts_that_are_added_are_found_by_the_same_search_as_before() -> None:
    words = Words(pa.array(TEXTS))
    assert sum(found(words, "border")) == 3
    words.add(["The Border"])
    assert sum(found(words, "border")) == 4
    words.close()
