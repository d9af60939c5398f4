"""Two models against the same gold, with the chance that the difference is luck."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stancewire.errors import ConfigError, InputError
from stancewire.evaluation.answers import FOUR, THREE, ClassifiedRow, fold
from stancewire.evaluation.calibration import SMALLEST_P, Floats
from stancewire.evaluation.gold import STANCES, GoldRecord, Predicted, place_gold
from stancewire.evaluation.matching import Matching, Pair, match_records
from stancewire.evaluation.paired import FEWEST, Difference, Figure, Resampling, f1, macro_f1, rate
from stancewire.evaluation.steps import Step, score_steps

_STEPS = len(Step)
_HITS = 3  # right, spurious, missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The figures of two models, how they were resampled (`units` articles or rows), and what a reader must know."""

    first: str
    second: str
    unit: str
    units: int
    resampling: Resampling
    differences: tuple[Difference, ...]
    notes: tuple[str, ...] = ()


def compare_records(
    first: Sequence[Predicted],
    second: Sequence[Predicted],
    gold: Sequence[GoldRecord],
    *,
    articles: frozenset[str],
    names: tuple[str, str],
    resampling: Resampling,
) -> Comparison:
    """Compare two models' records; `articles` are those that were coded, also without a stance."""
    placed = place_gold(gold, {record.article_id for record in (*first, *second)})
    found = {record.article_id for record in (*first, *second)} | {
        record.article_id or "" for record in placed
    }
    units = sorted(articles | found)
    return _compared(
        *(_record_counts(records, placed, units) for records in (first, second)),
        figures=_RECORD_FIGURES,
        names=names,
        unit="articles",
        resampling=resampling,
    )


def compare_classified(
    first: Sequence[ClassifiedRow],
    second: Sequence[ClassifiedRow],
    *,
    articles: Sequence[str] | None,
    names: tuple[str, str],
    resampling: Resampling,
) -> Comparison:
    """Compare two models' answers to the same rows; `articles` says which article each row is of, where rows do."""
    units = list(articles) if articles is not None else [str(number) for number in range(len(first))]
    return _compared(
        *(_row_counts(rows, units) for rows in (first, second)),
        figures=_ROW_FIGURES,
        names=names,
        unit="rows" if articles is None else "articles",
        resampling=resampling,
    )


def _compared(
    first: Floats,
    second: Floats,
    *,
    figures: Sequence[tuple[str, Figure]],
    names: tuple[str, str],
    unit: str,
    resampling: Resampling,
) -> Comparison:
    if names[0] == names[1]:
        names = f"{names[0]} (1)", f"{names[1]} (2)"
    if not len(first):
        raise InputError("nothing to compare: neither gold rows nor records")
    notes = []
    if len(first) < FEWEST:
        notes.append(f"{len(first)} {unit} are few: intervals of fewer than {FEWEST} are too narrow")
    return Comparison(
        first=names[0],
        second=names[1],
        unit=unit,
        units=len(first),
        resampling=resampling,
        differences=resampling.compare(first, second, figures),
        notes=tuple(notes),
    )


def check_samples(samples: int) -> None:
    """Raise ConfigError for too few bootstrap samples to have percentiles."""
    if samples < 100:
        raise ConfigError(f"samples is {samples}; must be 100 and more")


def _record_counts(
    predicted: Sequence[Predicted], gold: Sequence[GoldRecord], units: Sequence[str]
) -> Floats:
    """Return a row for each article: the hits of each step, then the confusion of stances."""
    places = {name: number for number, name in enumerate(units)}
    parts = _by_article(match_records(predicted, gold))
    counts = np.zeros((len(units), _STEPS * _HITS + len(STANCES) ** 2))
    for name, part in parts.items():
        row = counts[places[name]]
        for number, score in enumerate(score_steps(part)):
            hits = score.hits
            row[_HITS * number : _HITS * (number + 1)] = hits.right, hits.spurious, hits.missing
        for pair in part.pairs:
            at = len(STANCES) * STANCES.index(pair.gold.stance) + STANCES.index(pair.predicted.stance)
            row[_STEPS * _HITS + at] += 1
    return counts


def _by_article(matching: Matching) -> Mapping[str, Matching]:
    pairs: dict[str, list[Pair]] = defaultdict(list)
    unanswered: dict[str, list[GoldRecord]] = defaultdict(list)
    extra: dict[str, list[Predicted]] = defaultdict(list)
    for pair in matching.pairs:
        pairs[pair.gold.article_id or ""].append(pair)
    for row in matching.unanswered:
        unanswered[row.article_id or ""].append(row)
    for each in matching.extra:
        extra[each.article_id].append(each)
    return {
        name: Matching(
            pairs=tuple(pairs.get(name, ())),
            unanswered=tuple(unanswered.get(name, ())),
            extra=tuple(extra.get(name, ())),
        )
        for name in (*pairs, *unanswered, *extra)
    }


def _row_counts(rows: Sequence[ClassifiedRow], units: Sequence[str]) -> Floats:
    """Return a row for each article or row: confusions of four and three labels, Brier, likelihood, number."""
    places = {name: number for number, name in enumerate(dict.fromkeys(units))}
    four, three = len(FOUR), len(THREE)
    counts = np.zeros((len(places), four**2 + three**2 + 3))
    for row, name in zip(rows, units, strict=True):
        into, given = counts[places[name]], row.answer.stance
        into[four * FOUR.index(row.gold) + FOUR.index(given)] += 1
        into[four**2 + three * THREE.index(fold(row.gold)) + THREE.index(fold(given))] += 1
        p = np.array([row.answer.weights.of(label) for label in FOUR])
        p /= p.sum()
        wanted = np.array([label is row.gold for label in FOUR], dtype=np.float64)
        likely = -np.log(max(float(p @ wanted), SMALLEST_P))
        into[-3:] += float(((p - wanted) ** 2).sum()), float(likely), 1.0
    return counts


def _step_f1(number: int) -> Figure:
    def figure(sums: Floats) -> Floats:
        right, spurious, missing = sums.T[_HITS * number : _HITS * (number + 1)]
        return f1(right, spurious, missing)

    return figure


def _holder_rate(spoilt: int) -> Figure:
    """Return precision (spoilt by what is spurious, 1) or recall (by what is missing, 2) of holder x topic."""
    at = _HITS * list(Step).index(Step.HOLDER)

    def figure(sums: Floats) -> Floats:
        return rate(sums[:, at], sums[:, at] + sums[:, at + spoilt])

    return figure


def _confusion(sums: Floats, start: int, labels: int) -> Floats:
    return sums[:, start : start + labels**2].reshape(len(sums), labels, labels)


def _stance_accuracy(sums: Floats) -> Floats:
    counts = _confusion(sums, _STEPS * _HITS, len(STANCES))
    return rate(np.einsum("sii->s", counts), counts.sum(axis=(1, 2)))


def _row_accuracy(sums: Floats) -> Floats:
    return rate(np.einsum("sii->s", _confusion(sums, 0, len(FOUR))), sums[:, -1])


_RECORD_FIGURES: tuple[tuple[str, Figure], ...] = (
    *((f"F1, {step}", _step_f1(number)) for number, step in enumerate(Step)),
    ("precision, holder x topic", _holder_rate(1)),
    ("recall, holder x topic", _holder_rate(2)),
    ("stance of matched records, accuracy", _stance_accuracy),
    (
        "stance of matched records, macro-F1",
        lambda sums: macro_f1(_confusion(sums, _STEPS * _HITS, len(STANCES))),
    ),
)
_ROW_FIGURES: tuple[tuple[str, Figure], ...] = (
    ("accuracy, 4 classes", _row_accuracy),
    ("macro-F1, 4 classes", lambda sums: macro_f1(_confusion(sums, 0, len(FOUR)))),
    ("macro-F1, 3 classes", lambda sums: macro_f1(_confusion(sums, len(FOUR) ** 2, len(THREE)))),
    ("Brier score (less is better)", lambda sums: rate(sums[:, -3], sums[:, -1])),
    ("negative log likelihood (less is better)", lambda sums: rate(sums[:, -2], sums[:, -1])),
)
