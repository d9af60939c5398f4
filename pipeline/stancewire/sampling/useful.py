"""The items that are most worth annotating: where the model wavers, where two runs differ, or all sorts of texts.

Such items are chosen, not drawn: no share of the archive can be told from them, only models be trained.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from stancewire.agreement.units import holder_units
from stancewire.coding.coded import Coding
from stancewire.coding.json_rows import as_coded
from stancewire.coding.runs import finished_articles
from stancewire.errors import ConfigError, InputError
from stancewire.evaluation.gold import GoldRecord
from stancewire.review.reviewed import Version
from stancewire.run_folder import RunFolder
from stancewire.sampling.population import Item, Population, Unit
from stancewire.types import StanceRecord


class Usefulness(StrEnum):
    """What makes an item worth annotating."""

    UNCERTAINTY = "uncertainty"
    DISAGREEMENT = "disagreement"
    DIVERSITY = "diversity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """An item with why it was chosen: its score, and what the score is."""

    item: Item
    score: float
    why: str


def most_uncertain(population: Population, records: Iterable[StanceRecord], size: int) -> list[Chosen]:
    """Return the items with the smallest margin between the two likeliest answers; of an article, its closest record.

    Articles without a record are never among them: the run doesn't keep what was asked in vain.
    """
    margins: dict[str, float] = {}
    for record in records:
        key = _key(record, population.unit)
        margins[key] = min(margins.get(key, 1.0), margin(record))
    found = sorted(
        (item for item in population.items if item.id in margins), key=lambda item: margins[item.id]
    )
    _check_size(size, len(found), "with a record")
    why = "margin between the two likeliest answers"
    return [Chosen(item=item, score=margins[item.id], why=why) for item in found[:size]]


def most_disputed(population: Population, run: Path, other: Path, size: int) -> list[Chosen]:
    """Return the items on which two runs differ most: another stance, or a record that only one has.

    Another stance counts 1 plus the mean confidence, a lone record its confidence; an article's score is the sum.
    Records that only the other run has are no items of this one's; to see those, draw articles.
    """
    scores: dict[str, float] = defaultdict(float)
    for mine, theirs in _pairs(run, other):
        records = [record for record in (mine, theirs) if record is not None]
        mean = sum(record.confidence for record in records) / len(records)
        is_turned = mine is not None and theirs is not None and mine.stance is not theirs.stance
        if is_turned or len(records) == 1:
            scores[_key(records[0], population.unit)] += is_turned + mean
    found = sorted(
        (item for item in population.items if scores.get(item.id)), key=lambda item: -scores[item.id]
    )
    _check_size(size, len(found), f"on which {run} and {other} differ")
    why = "1 for another stance, plus the confidence of what differs, summed up"
    return [Chosen(item=item, score=scores[item.id], why=why) for item in found[:size]]


def most_diverse(population: Population, texts: Mapping[str, str], size: int, *, seed: int) -> list[Chosen]:
    """Return items that are as unlike each other as can be: each the farthest from all before (k-center, greedy).

    Unlike in the cosine of TF-IDF; the first is drawn by `seed`, each other one at most half as well spread as the
    best (Gonzalez 1985; as a core set for training: Sener and Savarese 2018). It likes outliers: expect odd pages.
    `texts` has the text of each item by id. Raises ConfigError without scikit-learn.
    """
    items = [item for item in population.items if texts.get(item.id, "").strip()]
    _check_size(size, len(items), "with a text")
    try:
        import numpy as np
        from sklearn.feature_extraction.text import TfidfVectorizer
    except ImportError as error:
        raise ConfigError("--by diversity needs scikit-learn: pip install 'stancewire[research]'") from error
    vectors = TfidfVectorizer(sublinear_tf=True, max_features=50_000).fit_transform(
        texts[item.id] for item in items
    )
    chosen = int(np.random.default_rng(seed).integers(len(items)))
    distance = np.full(len(items), 2.0)
    found = []
    for _ in range(size):
        found.append(
            Chosen(item=items[chosen], score=float(min(distance[chosen], 1.0)), why="distance to the others")
        )
        near = (vectors @ vectors[[chosen]].T).toarray().ravel()
        distance = np.minimum(distance, 1 - near)
        distance[chosen] = -1.0
        chosen = int(distance.argmax())
    return found


def margin(record: StanceRecord) -> float:
    """Return by how much the likeliest of the four answers leads the second."""
    given = (record.p_favor, record.p_against, record.p_neutral)
    first, second, *_ = sorted((*given, max(0.0, 1 - sum(given))), reverse=True)
    return first - second


def _pairs(run: Path, other: Path) -> Iterator[tuple[StanceRecord | None, StanceRecord | None]]:
    """Yield the records of two runs side by side, by the rules by which coders are compared."""
    known = [
        {as_coded(record): record for record in RunFolder(path).records(Version.MACHINE)}
        for path in (run, other)
    ]
    codings = [_coding(path, coded) for path, coded in zip((run, other), known, strict=True)]
    if not codings[0].articles & codings[1].articles:
        raise InputError(f"{run} and {other}: no article in common; both must be runs over the same articles")
    for unit in holder_units(codings):
        mine, theirs = unit.records
        yield known[0].get(mine) if mine else None, known[1].get(theirs) if theirs else None


def _coding(path: Path, coded: Mapping[GoldRecord, StanceRecord]) -> Coding:
    return Coding(coder=str(path), source=str(path), records=tuple(coded), articles=finished_articles(path))


def _key(record: StanceRecord, unit: Unit) -> str:
    return record.record_id if unit is Unit.RECORD else record.article_id


def _check_size(size: int, number: int, what: str) -> None:
    if size > number:
        raise InputError(f"a sample of {size}, but there are {number} items {what}; must be {number} at most")
