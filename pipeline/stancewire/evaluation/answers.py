"""Classified rows against gold labels: accuracy, F1 and calibration, with and without neutral as a class."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from stancewire.errors import InputError
from stancewire.evaluation.calibration import Calibration, Floats, calibrate
from stancewire.evaluation.figures import Confusion
from stancewire.evaluation.rows import Row
from stancewire.types import Stance, Weights

GOLD_KEYS = ("gold", "label")
FOUR = (Stance.FAVOR, Stance.AGAINST, Stance.NEUTRAL, Stance.NONE)
THREE = (Stance.FAVOR, Stance.AGAINST, Stance.NONE)
MAX_SUM_ERROR = 0.02  # four probabilities rounded to two digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the classifier said of one row: its stance and the probabilities."""

    stance: Stance
    weights: Weights


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifiedRow:
    """One answer beside its gold label."""

    gold: Stance
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelScores:
    """How answers fare over one set of labels."""

    confusion: Confusion
    calibration: Calibration


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupScores:
    """How the answers to one group of rows fare."""

    rows: int
    accuracy: float | None
    macro_f1: float | None
    macro_f1_three: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifiedScores:
    """Scores over favor, against, neutral and none, and over three labels with neutral folded into none."""

    rows: int
    four: LabelScores
    three: LabelScores
    by: Mapping[str, Mapping[str, GroupScores]] = field(default_factory=dict)


def score_classified(
    rows: Sequence[ClassifiedRow], *, groups: Mapping[str, Sequence[str]] | None = None
) -> ClassifiedScores:
    """Score answers against gold, also apart by each of `groups`, which name the group of every row.

    Raises InputError for no rows at all.
    """
    if not rows:
        raise InputError("no classified rows to score")
    gold = [row.gold for row in rows]
    given = [row.answer.stance for row in rows]
    p = np.array([[row.answer.weights.of(label) for label in FOUR] for row in rows], dtype=np.float64)
    p /= p.sum(axis=1, keepdims=True)
    favor, against, neutral, none = p.T
    folded = np.stack([favor, against, neutral + none], axis=1)
    return ClassifiedScores(
        rows=len(rows),
        four=_score(gold, given, p, FOUR),
        by={name: _by_group(rows, own) for name, own in (groups or {}).items()},
        three=_score([fold(stance) for stance in gold], [fold(stance) for stance in given], folded, THREE),
    )


def read_answer(row: Row) -> Answer:
    """Check one line of classify's output; a line that carries an error has no answer to score."""
    if "error" in row.values:
        raise InputError(f"{row.where}: the classifier gave no answer: {row.values['error']!r}")
    p = row.values.get("p")
    if not isinstance(p, dict) or not _is_distribution(p):
        raise row.complaint("p", '{"favor", "against", "none"[, "neutral"]} with numbers that sum to 1')
    return Answer(stance=row.choice("stance", *FOUR), weights=weights_of(p))


def read_gold_label(row: Row) -> Stance:
    """Return the gold stance of a line, under "gold" or "label"."""
    key = next((key for key in GOLD_KEYS if key in row.values), GOLD_KEYS[0])
    return row.choice(key, *FOUR)


def weights_of(p: Mapping[str, float]) -> Weights:
    """Return p as weights; neutral is 0 where a model doesn't know it."""
    return Weights(favor=p["favor"], against=p["against"], neutral=p.get("neutral", 0.0), none=p["none"])


def _by_group(rows: Sequence[ClassifiedRow], groups: Sequence[str]) -> Mapping[str, GroupScores]:
    found: dict[str, list[ClassifiedRow]] = {}
    for row, group in zip(rows, groups, strict=True):
        found.setdefault(group, []).append(row)
    return {group: _group(found[group]) for group in sorted(found)}


def _group(rows: Sequence[ClassifiedRow]) -> GroupScores:
    gold, given = [row.gold for row in rows], [row.answer.stance for row in rows]
    four = Confusion.of(gold, given, labels=[label.value for label in FOUR])
    three = Confusion.of(
        [fold(stance) for stance in gold],
        [fold(stance) for stance in given],
        labels=[label.value for label in THREE],
    )
    return GroupScores(
        rows=len(rows), accuracy=four.accuracy, macro_f1=four.macro_f1, macro_f1_three=three.macro_f1
    )


def _score(
    gold: Sequence[Stance], given: Sequence[Stance], p: Floats, labels: tuple[Stance, ...]
) -> LabelScores:
    column = {label: index for index, label in enumerate(labels)}
    return LabelScores(
        confusion=Confusion.of(gold, given, labels=[label.value for label in labels]),
        calibration=calibrate(
            p, gold=[column[stance] for stance in gold], answers=[column[stance] for stance in given]
        ),
    )


def fold(stance: Stance) -> Stance:
    """Return the stance among three labels, where neutral is none."""
    return Stance.NONE if stance is Stance.NEUTRAL else stance


def _is_distribution(p: Mapping[str, object]) -> bool:
    if not {"favor", "against", "none"} <= p.keys() <= {"favor", "against", "none", "neutral"}:
        return False
    values = [value for value in p.values() if isinstance(value, int | float) and not isinstance(value, bool)]
    is_whole = len(values) == len(p) and all(0 <= value <= 1 for value in values)
    return is_whole and math.isclose(sum(values), 1, abs_tol=MAX_SUM_ERROR)
