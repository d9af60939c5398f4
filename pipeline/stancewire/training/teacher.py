"""Lets a larger model answer training rows too, so that a small one learns its doubts ("distillation", Hinton 2015)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from stancewire.stance.calibration import ANSWERS
from stancewire.stance.models import QueryClassifier, open_classifier
from stancewire.training.recipe import Teacher
from stancewire.training.rows import TrainingRow
from stancewire.types import Stance

log = logging.getLogger(__name__)


def taught(rows: Sequence[TrainingRow], teacher: Teacher, out: Path, *, share: float) -> list[TrainingRow]:
    """Return `rows` with targets that are `share` parts the teacher's answer; its folder is seen from `out`."""
    folder = out / teacher.weights
    classifier = open_classifier(f"torch:{folder}")
    log.info("%s answers %d rows", classifier.name, len(rows))
    return mixed(rows, classifier, share=share)


def mixed(rows: Sequence[TrainingRow], classifier: QueryClassifier, *, share: float) -> list[TrainingRow]:
    """Return `rows` with targets that are `share` parts the classifier's answer and otherwise their own.

    A question that occurs several times is answered once.
    """
    pairs = [classifier.pair_format.pair(row.query) for row in rows]
    distinct = list(dict.fromkeys(pairs))
    answers = dict(zip(distinct, classifier.weigh(distinct), strict=True))
    made = []
    for row, pair in zip(rows, pairs, strict=True):
        said = [answers[pair].of(Stance(answer)) for answer in ANSWERS]
        favor, against, neutral, none = (
            share * theirs + (1 - share) * own for theirs, own in zip(said, row.target, strict=True)
        )
        made.append(replace(row, target=(favor, against, neutral, none)))
    return made
