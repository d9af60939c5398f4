"""Alpha for unitizing, held to the published worked example and to cases worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stancewire.agreement.unitizing import (
    Continuum,
    Segment,
    Unitized,
    merged,
    shared_characters,
    unitizing_alpha,
)


def segment(first: int, last: int, value: int = 1) -> Segment:
    """Return a segment as the literature has it: from the first character, counted from 1, to the last."""
    return Segment(start=first - 1, end=last, value=value)


# Krippendorff et al. (2016) and Krippendorff (2019), figure 12.11: three observers, a continuum of 60.
ALEX = (
    segment(1, 7),
    segment(8, 13, 2),
    segment(31, 32, 5),
    segment(33, 37, 6),
    segment(38, 44, 6),
    segment(45, 60, 7),
)
PAUL = (segment(1, 7), segment(8, 13, 3), segment(14, 21, 5), segment(33, 44, 6))
SUZAN = (
    *(segment(1, 7), segment(8, 13, 4), segment(14, 21, 5), segment(33, 37, 6)),
    *(segment(38, 41, 6), segment(42, 44, 6)),
)


def alpha_of(*continua: Continuum, values: int = 2) -> float:
    unitized = Unitized.of(continua, values=values)
    return float(unitizing_alpha(unitized, np.ones((1, len(unitized.shared))))[0])


def marked(*coders: tuple[Segment, ...], length: int = 100, article: str = "a") -> Continuum:
    return Continuum(article=article, length=length, marked=coders)


def test_alpha_is_that_of_the_published_example() -> None:
    assert alpha_of(marked(ALEX, PAUL, SUZAN, length=60), values=8) == pytest.approx(0.510, abs=0.001)


def test_alpha_of_boundaries_is_that_of_the_published_example() -> None:
    coders = [
        tuple(Segment(start=each.start, end=each.end) for each in coder) for coder in (ALEX, PAUL, SUZAN)
    ]
    assert alpha_of(marked(*coders, length=60)) == pytest.approx(0.413, abs=0.001)


def test_the_same_marks_agree_wholly() -> None:
    assert alpha_of(marked((segment(11, 20),), (segment(11, 20),))) == 1


def test_alpha_is_the_one_worked_out_by_hand() -> None:
    # Two coders, ten characters: one marks 1-4, the other 3-6. Both 2, one alone 2, the other alone 2, neither 4.
    observed = 2 * (2 + 2)  # as either coder sees the other
    marked_by_both, gaps = 8, 12  # of the twenty characters of both
    alone = 4**2 + 4**2 + 6 + 6  # two units of four, and gaps of six characters, one by one
    by_chance = 2 * marked_by_both * gaps / (20 - alone / 20)
    assert alpha_of(marked((segment(1, 4),), (segment(3, 6),), length=10)) == pytest.approx(
        1 - observed / by_chance
    )


def test_marks_that_never_meet_agree_less_than_by_chance() -> None:
    assert alpha_of(marked((segment(1, 30),), (segment(61, 90),))) < 0


def test_alpha_is_undefined_where_nobody_marked_anything() -> None:
    assert math.isnan(alpha_of(marked((), ())))


def test_texts_lie_end_to_end() -> None:
    first = marked((segment(1, 4),), (segment(3, 6),), length=10, article="a")
    second = marked((segment(11, 14),), (segment(13, 16),), length=20, article="b")
    # A gap has no length of its own, so that where the one text ends makes no difference.
    joined = marked((segment(1, 4), segment(21, 24)), (segment(3, 6), segment(23, 26)), length=30)
    assert alpha_of(first, second) == pytest.approx(alpha_of(joined))


def test_shared_characters_of_two_coders_are_dices_coefficient() -> None:
    unitized = Unitized.of([marked((segment(1, 4),), (segment(3, 6),), length=10)])
    assert shared_characters(unitized, np.ones((1, 1)))[0] == 2 * 2 / (4 + 4)


def test_overlapping_and_touching_spans_become_one() -> None:
    assert merged([(5, 9), (0, 3), (3, 4), (8, 12)]) == (Segment(start=0, end=4), Segment(start=5, end=12))
