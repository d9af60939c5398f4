"""Scoring files against gold: what `stancewire evaluate PREDICTED GOLD [--against OTHER]` does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
from stancewire.evaluation.compare import (
    Comparison,
    check_samples,
    compare_classified,
    compare_records,
)
from stancewire.evaluation.gold import GoldSet, PredictedRecord, predicted_record, read_gold
from stancewire.evaluation.groups import By, article_groups, origins_of, row_groups
from stancewire.evaluation.paired import Resampling
from stancewire.evaluation.records import RecordScores, check_articles, score_records
from stancewire.evaluation.rows import Row, read_rows

RECORDS_NAME = "records.jsonl"  # what a run writes into its folder
ARTICLE_KEYS = ("article_id", "article")  # by which classified rows are resampled together
EXAMPLES = 3  # ids named in a message


class Content(StrEnum):
    """What a file holds, as far as its first row tells."""

    RECORDS = "stance records"
    ANSWERS = "classified rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """By what scores are told apart, and what is left out of them.

    `texts` are inputs with outlets and dates of articles without a record. `is_coded_only` leaves out records of
    articles that gold doesn't name, instead of refusing them.
    """

    by: tuple[By, ...] = ()
    texts: tuple[str, ...] = ()
    is_coded_only: bool = False


def evaluate_files(
    predicted: Path, gold: Path, *, grouping: Grouping | None = None
) -> RecordScores | ClassifiedScores:
    """Score a run's folder or records.jsonl against gold records, or classify's output against labelled rows.

    Gold records are JSON lines, or what else `stancewire.coding` reads. Classified rows are matched by "id", or by
    place where neither file has ids; a file that still carries its labels can be scored against itself. Raises
    InputError where the files don't fit, with examples.
    """
    grouping = grouping or Grouping()
    answers = _answers_file(predicted)
    if _common_content(answers, gold) is Content.RECORDS:
        return _evaluate_records(answers, gold, grouping)
    return _evaluate_answers(answers, gold, grouping)


def compare_files(
    first: Path,
    second: Path,
    gold: Path,
    *,
    resampling: Resampling,
    grouping: Grouping | None = None,
) -> Comparison:
    """Compare two models' files with the same gold; raises InputError where they don't fit."""
    grouping = grouping or Grouping()
    check_samples(resampling.samples)
    files = (_answers_file(first), _answers_file(second))
    kinds = [_common_content(file, gold) for file in files]
    if Content.ANSWERS in kinds:
        rows, others = (_classified(file, gold) for file in files)
        return compare_classified(
            [row for row, _ in rows],
            [row for row, _ in others],
            articles=_articles_of(gold, [row for _, row in rows]),
            names=(first.name, second.name),
            resampling=resampling,
        )
    gold_set, _ = _gold_records(gold)
    one, other = (_predicted(file, gold_set, grouping)[0] for file in files)
    return compare_records(
        one,
        other,
        gold_set.records,
        articles=gold_set.articles,
        names=(first.name, second.name),
        resampling=resampling,
    )


def _answers_file(predicted: Path) -> Path:
    return _records_file(predicted) if predicted.is_dir() else predicted


def _common_content(answers: Path, gold: Path) -> Content:
    """Return what both files hold; raises InputError where it isn't the same."""
    wanted, given = _gold_content(gold), _content(answers)
    if wanted is None:
        raise InputError(f"{gold}: no gold rows")
    if given is not None and given is not wanted:
        raise InputError(f"{answers} holds {given} but {gold} holds {wanted}; both must hold the same")
    return wanted


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


def _is_coding(gold: Path) -> bool:
    """Say whether gold is anything but JSON lines: a table, a Label Studio export, a run's folder."""
    return gold.is_dir() or gold.suffix.casefold() in (".csv", ".tsv", ".json")


def _gold_content(gold: Path) -> Content | None:
    return Content.RECORDS if _is_coding(gold) else _content(gold)


def _gold_records(gold: Path) -> tuple[GoldSet, list[Row]]:
    """Return the gold records of a file, and its rows where they are JSON lines."""
    if not _is_coding(gold):
        return read_gold(gold), list(read_rows(gold))
    from stancewire.coding.sources import read_codings  # it reads by what this package offers

    codings = read_codings([f"{gold}@human" if gold.is_dir() else str(gold)])
    if len(codings) > 1:
        names = ", ".join(coding.coder for coding in codings)
        raise InputError(
            f"{gold}: has several coders ({names}); gold is one: export one coder's work (stancewire agree"
            " compares them)"
        )
    if codings[0].is_partial:
        raise InputError(
            f"{gold}: judges given records only, so that nobody knows what was missed; `stancewire shares` says how"
            " many of them are right"
        )
    return GoldSet(records=codings[0].records, articles=codings[0].articles), []


def _predicted(path: Path, gold: GoldSet, grouping: Grouping) -> tuple[list[PredictedRecord], list[Row], int]:
    """Return the records to score, their rows, and how many are left out."""
    rows = list(read_rows(path))
    records = [predicted_record(row) for row in rows]
    if not grouping.is_coded_only:
        check_articles(records, gold.articles)
        return records, rows, 0
    if not gold.articles:
        raise InputError(
            "coded only: the gold rows have no 'article_id', so that nobody knows which were coded"
        )
    kept = [record for record in records if record.article_id in gold.articles]
    return kept, rows, len(records) - len(kept)


def _evaluate_records(predicted: Path, gold: Path, grouping: Grouping) -> RecordScores:
    gold_set, gold_rows = _gold_records(gold)
    records, rows, left_out = _predicted(predicted, gold_set, grouping)
    groups = _groups(gold_set, [*gold_rows, *rows], grouping)
    scores = score_records(
        records, gold_set.records, genres=groups.pop(By.GENRE.value, gold_set.genres), groups=groups
    )
    return replace(scores, left_out=left_out)


def _groups(gold: GoldSet, rows: Sequence[Row], grouping: Grouping) -> dict[str, dict[str, str]]:
    """Return the group of each coded article, for each grouping but that by topic, which is always shown."""
    asked = [by for by in grouping.by if by is not By.TOPIC]
    if not asked:
        return {}
    from stancewire.coding.texts import articles_of

    origins = origins_of(rows, articles_of(grouping.texts, gold.articles))
    coded = {name: origin for name, origin in origins.items() if name in gold.articles or not gold.articles}
    return {by.value: article_groups(coded, by) for by in asked}


def _evaluate_answers(predicted: Path, gold: Path, grouping: Grouping) -> ClassifiedScores:
    pairs = _classified(predicted, gold)
    groups = {by.value: row_groups([row for _, row in pairs], by) for by in grouping.by}
    return score_classified([row for row, _ in pairs], groups=groups)


def _classified(predicted: Path, gold: Path) -> list[tuple[ClassifiedRow, Row]]:
    """Return each answer beside its label, in the order of gold, with the gold row."""
    wanted = list(read_rows(gold))
    places = {id(row): number for number, row in enumerate(wanted)}
    pairs = list(_paired(list(read_rows(predicted)), wanted, f"{predicted} and {gold}"))
    return [
        (ClassifiedRow(gold=read_gold_label(row), answer=read_answer(given)), row)
        for given, row in sorted(pairs, key=lambda pair: places[id(pair[1])])
    ]


def _articles_of(gold: Path, rows: Sequence[Row]) -> list[str] | None:
    """Return which article each row is of, where all rows say so; None where none does."""
    for key in ARTICLE_KEYS:
        has = [row for row in rows if row.values.get(key) is not None]
        if len(has) == len(rows):
            return [row.text(key) for row in rows]
        if has:
            lacking = next(row for row in rows if row.values.get(key) is None)
            raise InputError(
                f"{lacking.where}: no {key!r}, which other rows of {gold} have; give it to all or none"
            )
    return None


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
