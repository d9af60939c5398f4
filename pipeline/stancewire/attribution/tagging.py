"""Spans of sources, cues and contents as one label a token, and back.

One sequence of labels is enough: of the 75,371 spans of PolNeAR, which sets the task, 4 overlap another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from stancewire.types import Span

PARTS = ("source", "cue", "content")
OUTSIDE = "O"
LABELS = (OUTSIDE, *(f"{edge}-{part}" for part in PARTS for edge in ("B", "I")))
# What the end of a span costs, as a log-probability: tokens are scored one by one, which breaks long spans in two.
# Costs of 0 to 3 in steps of 1, and of .5 about the best, were tried on PolNeAR dev, for the F1 of exact spans
# (tests/bench/attribution.py), and gains of 0 to 2 for a start, which brought nothing.
END_COST = {"cue": 1.0, "content": 1.0}
Scores = NDArray[np.float32]
Spans = Mapping[str, Sequence[Span]]
Offsets = Sequence[tuple[int, int]]


def labels_of(offsets: Offsets, spans: Spans) -> list[int]:
    """Return the label's number of each token: B for the first of a span, I for the others, O outside of all.

    A token belongs to the span that it begins in.
    """
    labels = [0] * len(offsets)
    for part, found in spans.items():
        first, inside = (LABELS.index(f"{edge}-{part}") for edge in ("B", "I"))
        for span in found:
            members = [
                i for i, (start, end) in enumerate(offsets) if span.start <= start < span.end and end > start
            ]
            for i in members:
                labels[i] = first if i == members[0] else inside
    return labels


def spans_of(labels: Sequence[int], offsets: Offsets) -> dict[str, list[Span]]:
    """Return the spans that the labels' numbers spell, in text order; an I without its B begins a span, too."""
    spans: dict[str, list[Span]] = {part: [] for part in PARTS}
    before = OUTSIDE
    for number, (start, end) in zip(labels, offsets, strict=True):
        label = LABELS[number]
        edge, _, part = label.partition("-")
        if part:
            if edge == "I" and before.endswith(f"-{part}"):
                start = spans[part].pop().start
            spans[part].append(Span(start=start, end=end))
        before = label
    return spans


def likeliest(scores: Scores) -> list[int]:
    """Return the best sequence of label numbers in which each I follows its B or I (Viterbi).

    Each end of a span costs END_COST.

    `scores` are log-probabilities, shape (tokens, labels).
    """
    if not len(scores):
        return []
    best = scores[0] + _STEPS[0]
    came: list[NDArray[np.intp]] = []
    for row in scores[1:]:
        ways = best[:, None] + _STEPS
        came.append(ways.argmax(axis=0))
        best = ways.max(axis=0) + row
    path = [int(best.argmax())]
    for step in reversed(came):
        path.append(int(step[path[-1]]))
    return path[::-1]


def _step(first: str, second: str) -> float:
    """Return what it adds to the log-probability that one label follows another."""
    before, (edge, _, part) = first.partition("-")[2], second.partition("-")
    if edge == "I":
        return 0.0 if part == before else -np.inf
    return -END_COST.get(before, 0.0)


_STEPS = np.array([[_step(first, second) for second in LABELS] for first in LABELS])
