"""Spans as labels of tokens, and back."""

from __future__ import annotations

import numpy as np
import pytest

from stancewire.attribution.tagging import END_COST, LABELS, labels_of, likeliest, spans_of
from stancewire.types import Span

TEXT = "Noori said it will rain and Safi agreed"
OFFSETS = [(match, match + len(word)) for match, word in ((TEXT.index(word), word) for word in TEXT.split())]


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start=start, end=start + len(words))


def named(labels: list[int]) -> list[str]:
    return [LABELS[label] for label in labels]


def test_first_token_of_a_span_begins_it_and_the_others_are_inside() -> None:
    spans = {"source": [span("Noori")], "cue": [span("said")], "content": [span("it will rain")]}
    assert named(labels_of(OFFSETS, spans)) == [
        *("B-source", "B-cue", "B-content", "I-content", "I-content"),
        *("O", "O", "O"),
    ]


def test_labels_spell_the_spans_that_they_were_made_from() -> None:
    spans = {
        "source": [span("Noori"), span("Safi")],
        "cue": [span("said"), span("agreed")],
        "content": [span("it will"), span("rain")],  # two that touch stay two
    }
    assert spans_of(labels_of(OFFSETS, spans), OFFSETS) == spans


def test_empty_tokens_have_no_label() -> None:
    assert labels_of([(0, 0), (0, 5), (5, 5)], {"source": [Span(start=0, end=5)]}) == [0, 1, 0]


def test_inside_without_a_beginning_is_a_span_of_its_own() -> None:
    labels = [LABELS.index(name) for name in ("I-cue", "O", "B-source", "I-cue")]
    found = spans_of(labels, [(0, 1), (1, 2), (2, 3), (3, 4)])
    assert found == {
        "source": [Span(start=2, end=3)],
        "cue": [Span(start=0, end=1), Span(start=3, end=4)],
        "content": [],
    }


def test_likeliest_labels_are_those_of_the_best_legal_path() -> None:
    """Token by token, "O I-cue" would win; there is no inside without a beginning."""
    scores = np.full((2, len(LABELS)), -9.0, dtype=np.float32)
    scores[0, LABELS.index("O")], scores[0, LABELS.index("B-cue")] = -0.4, -1.2
    scores[1, LABELS.index("I-cue")], scores[1, LABELS.index("O")] = -0.2, -2.0
    assert named(likeliest(scores)) == ["B-cue", "I-cue"]


@pytest.mark.parametrize("size", [0, 1, 5])
def test_likeliest_gives_one_label_a_token(size: int) -> None:
    scores = np.zeros((size, len(LABELS)), dtype=np.float32)
    assert len(likeliest(scores)) == size


def test_content_isnt_broken_by_one_token_that_is_a_little_likelier_outside() -> None:
    first, inside = LABELS.index("B-content"), LABELS.index("I-content")
    scores = np.full((5, len(LABELS)), -9.0, dtype=np.float32)
    scores[0, first] = scores[[1, 3, 4], inside] = -0.1
    scores[2, 0], scores[2, inside] = -0.2, -1.0  # outside by .8: less than a break costs
    assert END_COST["content"] > 0.8
    assert likeliest(scores) == [first, *[inside] * 4]
