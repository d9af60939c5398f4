"""Drawing a sample from a run's folder and writing what coders need: `stancewire sample`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stancewire.coding.runs import texts_of_run
from stancewire.errors import ConfigError, InputError
from stancewire.review.reviewed import Version
from stancewire.run_folder import RunFolder
from stancewire.sampling.coders import assign, check_coders
from stancewire.sampling.design import Allocation, Drawn, draw
from stancewire.sampling.population import By, Item, Population, Unit, population_of
from stancewire.sampling.useful import (
    Chosen,
    Usefulness,
    most_disputed,
    most_diverse,
    most_uncertain,
)
from stancewire.types import Article, StanceRecord

EVERYBODY = "coding"
"""What the one coder's files are called where no coder is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSettings:
    """What to draw: at random within strata, or, with `useful`, what is most worth annotating.

    `other` is the second run of `useful` DISAGREEMENT, `texts` inputs with the texts of articles without a record,
    which the run doesn't keep. `whole` names strata to take whole. Without `coders`, one coder codes everything.
    """

    size: int
    unit: Unit = Unit.ARTICLE
    by: tuple[By, ...] = ()
    allocation: Allocation = Allocation.PROPORTIONAL
    at_least: int = 1
    whole: tuple[str, ...] = ()
    useful: Usefulness | None = None
    other: Path | None = None
    version: Version = Version.MACHINE
    with_records_only: bool = False
    texts: tuple[str, ...] = ()
    coders: tuple[str, ...] = ()
    overlap: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What was drawn, for whom, with all that coders need: `drawn` has the weights, `chosen` the reasons instead."""

    settings: SampleSettings
    folder: RunFolder
    population: Population
    drawn: Drawn | None
    chosen: tuple[Chosen, ...]
    given: Mapping[str, tuple[str, ...]]
    articles: Mapping[str, Article]
    records: Mapping[str, StanceRecord]

    @property
    def items(self) -> tuple[Item, ...]:
        """Return what was drawn, by id, or what was chosen, the most useful first."""
        return self.drawn.items if self.drawn else tuple(each.item for each in self.chosen)


def draw_sample(run: Path, settings: SampleSettings) -> Sample:
    """Return a sample of a finished run; raises ConfigError or InputError that says what would be right."""
    _check(settings)
    folder = RunFolder(run)
    known = {article.id: article for article in _given_articles(settings)}
    population = population_of(
        run,
        unit=settings.unit,
        by=settings.by,
        version=settings.version,
        with_records_only=settings.with_records_only or settings.useful is Usefulness.UNCERTAINTY,
        articles=known,
    )
    drawn, chosen = None, tuple[Chosen, ...]()
    if settings.useful:
        chosen = tuple(_choose(folder, population, settings, known))
    else:
        drawn = draw(
            population,
            settings.size,
            seed=settings.seed,
            allocation=settings.allocation,
            at_least=settings.at_least,
            whole=settings.whole,
        )
    items = drawn.items if drawn else tuple(each.item for each in chosen)
    coders = settings.coders or (EVERYBODY,)
    return Sample(
        settings=settings,
        folder=folder,
        population=population,
        drawn=drawn,
        chosen=chosen,
        given=assign([item.id for item in items], coders, overlap=settings.overlap, seed=settings.seed),
        articles=_articles(folder, items, known),
        records=_records(folder, items, settings),
    )


def _check(settings: SampleSettings) -> None:
    if settings.size < 1:
        raise ConfigError(f"size {settings.size}; must be 1 or more")
    check_coders(settings.coders or (EVERYBODY,), overlap=settings.overlap)
    if settings.overlap and len(settings.coders) < 2:
        raise ConfigError(f"overlap {settings.overlap} needs two coders; name them, as anna,ben")
    if settings.useful and (settings.by or settings.whole):
        raise ConfigError(f"strata and {settings.useful}: one or the other; what is chosen has no weights")
    if (settings.useful is Usefulness.DISAGREEMENT) != (settings.other is not None):
        raise ConfigError("disagreement needs a second run's folder (--against), and only disagreement does")
    if settings.unit is Unit.RECORD and settings.with_records_only:
        raise ConfigError(
            "only articles can be without records; with records as unit there is nothing to leave out"
        )


def _given_articles(settings: SampleSettings) -> Iterator[Article]:
    from stancewire.readers.archive import read_articles

    if settings.texts:
        yield from (found for found in read_articles(settings.texts) if isinstance(found, Article))


def _choose(
    folder: RunFolder, population: Population, settings: SampleSettings, known: Mapping[str, Article]
) -> list[Chosen]:
    if settings.useful is Usefulness.DISAGREEMENT and settings.other:
        return most_disputed(population, folder.path, settings.other, settings.size)
    if settings.useful is Usefulness.UNCERTAINTY:
        return most_uncertain(population, folder.records(settings.version), settings.size)
    return most_diverse(
        population, _texts(folder, population, settings, known), settings.size, seed=settings.seed
    )


def _texts(
    folder: RunFolder, population: Population, settings: SampleSettings, known: Mapping[str, Article]
) -> dict[str, str]:
    """Return what to compare items by: articles' texts, records' best words."""
    if population.unit is Unit.RECORD:
        records = folder.records(settings.version)
        return {each.record_id: " ".join(words.quote for words in each.evidence) for each in records}
    kept = texts_of_run(folder.path, {item.id for item in population.items})
    return {**kept, **{name: article.text for name, article in known.items()}}


def _articles(folder: RunFolder, items: Sequence[Item], known: Mapping[str, Article]) -> dict[str, Article]:
    """Return the articles that coders will read; raises InputError where the text of one is nowhere."""
    found: dict[str, Article] = {}
    for name in dict.fromkeys(item.article_id for item in items):
        article = known.get(name) or folder.article(name)
        if article is None:
            raise InputError(
                f"{folder.path}: no text of article {name!r}: a run keeps those with records only; give the articles"
                " that went in (--texts), or draw from those with records (--with-records-only)"
            )
        found[name] = article
    return found


def _records(folder: RunFolder, items: Sequence[Item], settings: SampleSettings) -> dict[str, StanceRecord]:
    """Return the records that were drawn, by id; none where articles were."""
    if settings.unit is not Unit.RECORD:
        return {}
    wanted = {item.id for item in items}
    return {each.record_id: each for each in folder.records(settings.version) if each.record_id in wanted}
