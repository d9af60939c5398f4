"""Lets a larger model answer training rows too, so that a small one learns its doubts ("distillation", Hinton 2015)."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from stancewire.stance.calibration import ANSWERS
from stancewire.stance.models import QueryClassifier, open_classifier
from stancewire.training.recipe import Teacher
from stancewire.training.rows import TrainingRow
from stancewire.types import Stance, Weights

log = logging.getLogger(__name__)

CHUNK = 2048  # questions between two lines of the log: a larger model takes about half a minute for so many on a CPU
BATCH = 64

Pair = tuple[str, str]
Answers = dict[Pair, Weights]


def taught(rows: Sequence[TrainingRow], teacher: Teacher, out: Path, *, share: float) -> list[TrainingRow]:
    """Return `rows` with targets that are `share` parts the teacher's answer; its folder is seen from `out`.

    The answers are kept in `out`, so that no question is asked twice, not even after an interruption.
    """
    classifier = open_classifier(f"torch:{out / teacher.weights}", batch_size=BATCH)
    book = out / "answers" / f"{classifier.name.partition('#')[2]}.jsonl"
    return mixed(rows, classifier, share=share, book=book)


def mixed(
    rows: Sequence[TrainingRow], classifier: QueryClassifier, *, share: float, book: Path | None = None
) -> list[TrainingRow]:
    """Return `rows` with targets that are `share` parts the classifier's answer and otherwise their own.

    A question that occurs several times is answered once; `book` is the file in which answers are kept.
    """
    pairs = [classifier.pair_format.pair(row.query) for row in rows]
    answers = _answers(list(dict.fromkeys(pairs)), classifier, book)
    made = []
    for row, pair in zip(rows, pairs, strict=True):
        said = [answers[pair].of(Stance(answer)) for answer in ANSWERS]
        favor, against, neutral, none = (
            share * theirs + (1 - share) * own for theirs, own in zip(said, row.target, strict=True)
        )
        made.append(replace(row, target=(favor, against, neutral, none)))
    return made


def _answers(pairs: Sequence[Pair], classifier: QueryClassifier, book: Path | None) -> Answers:
    known = dict(_kept(book)) if book and book.is_file() else {}
    asked = [pair for pair in pairs if pair not in known]
    log.info("%s knows %d of %d questions", classifier.name, len(pairs) - len(asked), len(pairs))
    for start in range(0, len(asked), CHUNK):
        chunk = asked[start : start + CHUNK]
        found = dict(zip(chunk, classifier.weigh(chunk), strict=True))
        known |= found
        if book:
            _keep(found, book)
        log.info("%s: %d of %d questions", classifier.name, start + len(chunk), len(asked))
    return known


def _kept(book: Path) -> Iterator[tuple[Pair, Weights]]:
    """Yield the answers in a book; a line that an interruption cut short is asked again."""
    with book.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                first, second, *values = json.loads(line)
                yield (first, second), Weights(**dict(zip(ANSWERS, values, strict=True)))
            except (ValueError, TypeError):
                log.warning("%s:%d: not an answer; its question is asked again", book, number)


def _keep(answers: Answers, book: Path) -> None:
    book.parent.mkdir(parents=True, exist_ok=True)
    rows = ([*pair, *(weights.of(Stance(answer)) for answer in ANSWERS)] for pair, weights in answers.items())
    with book.open("a", encoding="utf-8") as stream:
        stream.write("\n")  # ends a line that was cut short
        stream.writelines(json.dumps(row) + "\n" for row in rows)
