"""Scoring one file against another: what `stancewire evaluate PREDICTED GOLD` does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import islice
from pathlib import Path

from stancewire.errors import InputError
from stancewire.evaluation.answers import (
    GOLD_KEYS,
    ClassifiedRow,
    ClassifiedScores,
    read_answer,
    read_gold_label,
    score_classified,
)
from stancewire.evaluation.gold import predicted_record, read_gold
from stancewire.evaluation.records import RecordScores, check_articles, score_records
from stancewire.evaluation.rows import Row, read_rows

RECORDS_NAME = "records.jsonl"  # what a run writes into its folder
EXAMPLES = 3  # ids named in a message


class Content(StrEnum):
    """What a file holds, as far as its first row tells."""

    RECORDS = "stance records"
    ANSWERS = "classified rows"


def evaluate_files(predicted: Path, gold: Path) -> RecordScores | ClassifiedScores:
    """Score a run's folder or records.jsonl against gold records, or classify's output against labelled rows.

    Classified rows are matched by "id", or by place where neither file has ids; a file that still carries its
    labels can be scored against itself. Raises InputError where the files don't fit, with examples.
    """
    answers = _records_file(predicted) if predicted.is_dir() else predicted
    wanted, given = _content(gold), _content(answers)
    if wanted is None:
        raise InputError(f"{gold}: no gold rows")
    if given is not None and given is not wanted:
        raise InputError(f"{answers} holds {given} but {gold} holds {wanted}; both must hold the same")
    return _evaluate_records(answers, gold) if wanted is Content.RECORDS else _evaluate_answers(answers, gold)


def _records_file(folder: Path) -> Path:
    path = folder / RECORDS_NAME
    if not path.is_file():
        raise InputError(f"{folder}: no {RECORDS_NAME} in it; the folder of a run is wanted")
    return path


def _content(path: Path) -> Content | None:
    first = next(islice(read_rows(path), 1), None)
    if first is None:
        return None
    if first.values.keys() & {"p", "text", "error", *GOLD_KEYS}:
        return Content.ANSWERS
    if "holder" in first.values:
        return Content.RECORDS
    raise InputError(
        f"{first.where}: neither a stance record (holder, topic, stance ...) nor a classified row "
        f"(stance and p; gold or label); has {sorted(first.values)}"
    )


def _evaluate_records(predicted: Path, gold: Path) -> RecordScores:
    records = [predicted_record(row) for row in read_rows(predicted)]
    gold_set = read_gold(gold)
    check_articles(records, gold_set.articles)
    return score_records(records, gold_set.records, genres=gold_set.genres)


def _evaluate_answers(predicted: Path, gold: Path) -> ClassifiedScores:
    pairs = list(_paired(list(read_rows(predicted)), list(read_rows(gold)), f"{predicted} and {gold}"))
    return score_classified(
        [ClassifiedRow(gold=read_gold_label(wanted), answer=read_answer(given)) for given, wanted in pairs]
    )


def _paired(given: Sequence[Row], wanted: Sequence[Row], files: str) -> Iterator[tuple[Row, Row]]:
    if not any("id" in row.values for row in (*given, *wanted)):
        if len(given) != len(wanted):
            raise InputError(
                f"{files}: {len(given)} and {len(wanted)} rows without ids; the same rows are wanted"
            )
        return _by_place(given, wanted)
    answers, labels = _by_id(given), _by_id(wanted)
    for row_ids, others, lacking in ((answers, labels, "gold"), (labels, answers, "predicted")):
        if alone := [row_id for row_id in row_ids if row_id not in others]:
            raise InputError(f"{files}: {len(alone)} ids are not in {lacking}, such as {alone[:EXAMPLES]}")
    return ((row, labels[row_id]) for row_id, row in answers.items())


def _by_place(given: Sequence[Row], wanted: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    for one, other in zip(given, wanted, strict=True):
        for key in ("text", "holder", "topic"):
            both = key in one.values and key in other.values
            if both and one.values[key] != other.values[key]:
                raise InputError(f"{one.where} and {other.where}: rows in the same place differ in {key!r}")
        yield one, other


def _by_id(rows: Sequence[Row]) -> dict[str | int, Row]:
    known: dict[str | int, Row] = {}
    for row in rows:
        row_id = row.values.get("id")
        if not isinstance(row_id, str | int):
            raise row.complaint("id", "a text or whole number, as in other rows")
        if row_id in known:
            raise InputError(f"{row.where}: id {row_id!r} again, as in {known[row_id].where}")
        known[row_id] = row
    return known
