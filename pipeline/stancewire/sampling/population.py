"""What a sample is drawn from: a run's articles, also those without a record, or its records."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from stancewire.coding.runs import LEDGER
from stancewire.errors import InputError
from stancewire.evaluation.rows import Row, read_rows
from stancewire.review.reviewed import Version
from stancewire.run_folder import RunFolder
from stancewire.types import Article, Outcome, StanceRecord

NO_TOPIC, NO_RECORD, UNKNOWN = "no topic", "no record", "unknown"
_MONTH, _YEAR = 7, 4  # characters of "2024-05-01"


class Unit(StrEnum):
    """What is drawn: whole articles, from which recall can be told, or single records, from which precision can."""

    ARTICLE = "article"
    RECORD = "record"


class By(StrEnum):
    """What strata can be made of. An article with several topics or stances is in the stratum of their combination."""

    TOPIC = "topic"
    STANCE = "stance"
    OUTLET = "outlet"
    YEAR = "year"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that can be drawn: `id` is the article's or the record's."""

    id: str
    article_id: str
    stratum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Everything that a sample could have held, sorted by id, and how much of the run it leaves out, and why."""

    unit: Unit
    by: tuple[By, ...]
    items: tuple[Item, ...]
    left_out: Mapping[str, int]


def population_of(
    path: Path,
    *,
    unit: Unit,
    by: Sequence[By] = (),
    version: Version = Version.MACHINE,
    with_records_only: bool = False,
    articles: Mapping[str, Article] | None = None,
) -> Population:
    """Return what a finished run holds, in strata.

    Articles without a record are in the strata "no record" and, where no term of a topic is in them, "no topic",
    whatever the strata are made of, unless it is only outlet or time and `articles` has theirs: the run doesn't keep
    them. Raises InputError where there is nothing to draw from.
    """
    if unit is Unit.RECORD:
        records = RunFolder(path).records(version)
        items = [
            Item(id=each.record_id, article_id=each.article_id, stratum=_stratum([each], by))
            for each in records
        ]
        left_out: Counter[str] = Counter()
    else:
        items, left_out = _articles(path, by=by, version=version, known=articles or {})
        if with_records_only:
            without = [item for item in items if item.stratum in (NO_RECORD, NO_TOPIC)]
            left_out["without a record"] = len(without)
            items = [item for item in items if item.stratum not in (NO_RECORD, NO_TOPIC)]
    if not items:
        raise InputError(f"{path}: no {unit} to draw from")
    return Population(
        unit=unit, by=tuple(by), items=tuple(sorted(items, key=lambda item: item.id)), left_out=left_out
    )


def _articles(
    path: Path, *, by: Sequence[By], version: Version, known: Mapping[str, Article]
) -> tuple[list[Item], Counter[str]]:
    """Return an item for each finished article, and how many of the others there are by outcome."""
    values: dict[str, list[set[str]]] = defaultdict(lambda: [set() for _ in by])
    for record in RunFolder(path).records(version):
        for seen, value in zip(values[record.article_id], _values(record, by), strict=True):
            seen.add(value)
    items, others = [], Counter[str]()
    for row in read_rows(path / LEDGER):
        if row.values.get("outcome") != Outcome.DONE.value:
            others[str(row.values.get("outcome"))] += 1
            continue
        article = row.text("article_id")
        stratum = _label(values[article]) if article in values else _without(row, by, known.get(article))
        items.append(Item(id=article, article_id=article, stratum=stratum))
    return items, others


def _without(row: Row, by: Sequence[By], article: Article | None) -> str:
    """Return the stratum of an article without records."""
    if by and article and not {By.TOPIC, By.STANCE} & set(by):
        return _label([{_of_article(article.outlet, article.published, each)} for each in by])
    return NO_TOPIC if row.values.get("reason") == "no-topic" else NO_RECORD


def _stratum(records: Iterable[StanceRecord], by: Sequence[By]) -> str:
    return _label([{value} for record in records for value in _values(record, by)])


def _values(record: StanceRecord, by: Sequence[By]) -> Iterator[str]:
    for each in by:
        if each is By.TOPIC:
            yield record.topic
        elif each is By.STANCE:
            yield record.stance.value
        else:
            yield _of_article(record.outlet, record.published, each)


def _of_article(outlet: str | None, published: object, by: By) -> str:
    if by is By.OUTLET:
        return outlet or UNKNOWN
    return str(published)[: _YEAR if by is By.YEAR else _MONTH] if published else UNKNOWN


def _label(values: Iterable[Iterable[str]]) -> str:
    return " / ".join("+".join(sorted(each)) for each in values) or "all"
