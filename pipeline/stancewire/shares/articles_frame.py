"""The frame of a sample of whole articles: what the machine found, what of it is right, and what it missed.

Coders' records are matched with the machine's by the rules of `stancewire evaluate` (evaluation/matching.py). A record
that coders marked as defensible (required: false) counts where the machine has it and not where it hasn't.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from stancewire.counting import Unit as Once
from stancewire.counting import place
from stancewire.errors import ConfigError, InputError
from stancewire.evaluation.gold import GoldRecord
from stancewire.evaluation.matching import match_records
from stancewire.review.reviewed import Reviewed
from stancewire.sampling.population import Unit
from stancewire.shares.drawn import SampleDesign, coded_design, equal_chances, some
from stancewire.shares.frame import Entry, Frame, Judged, Outcome
from stancewire.shares.gold import Gold
from stancewire.shares.groups import By, article_counts, article_group, group_of
from stancewire.types import Article, Stance, StanceRecord

NOTE = (
    "Shares among all records that coders would make of the archive: what the machine missed is in, what is wrong"
    " is out."
)


def articles_frame(
    reviewed: Sequence[Reviewed],
    finished: frozenset[str],
    gold: Gold,
    design: SampleDesign | None,
    *,
    by: By,
    once: Once,
    run: str,
    articles: Mapping[str, Article],
) -> Frame:
    """Return the frame of a run's finished articles with what coders found in those that were drawn.

    `articles` has the metadata of those without a record, which the run doesn't keep. Without a design, the coded
    articles are taken for drawn with equal chances. Raises InputError where design, gold and run don't fit.
    """
    if once is Once.OUTLET:
        raise ConfigError(
            "once an outlet: a sample of whole articles tells nothing of the other articles of an outlet; count once a"
            " story or once a record"
        )
    notes = list(gold.notes)
    design = _checked(gold, design, finished, run, notes)
    coded, weights, more = coded_design(design, gold.articles)
    own = _by_article(reviewed, set(coded))
    units = {name: number for number, name in enumerate(coded)}
    counts, stories = _stories(reviewed, finished | set(coded), once)
    told = tuple(
        Entry(
            topic=each.record.topic,
            group=group_of(each.record, by),
            stance=each.record.stance,
            count=counts[each.record.article_id],
            unit=units.get(each.record.article_id, -1),
            story=stories[each.record.article_id],
        )
        for each in reviewed
    )
    groups = {name: _group(name, own.get(name, []), articles, by) for name in coded}
    lost = [name for name, group in groups.items() if group is None]
    rows: dict[str, list[GoldRecord]] = defaultdict(list)
    for row in gold.records:
        rows[row.article_id or ""].append(row)
    truth, judged = [], []
    for name in coded:
        for topic, group, said, outcome in _matched(own.get(name, []), rows[name], groups[name] or "", by):
            count, unit = counts[name], units[name]
            judged.append(Judged(topic=topic, group=group, outcome=outcome, count=count, unit=unit))
            if said is not None:
                story = stories[name]
                truth.append(
                    Entry(topic=topic, group=group, stance=said, count=count, unit=unit, story=story)
                )
    return Frame(
        unit=Unit.ARTICLE,
        population=len(finished) - design.left_out_without,
        design=weights,
        coded_stories=np.array([stories[name] for name in coded], dtype=np.int64),
        told=told,
        truth=tuple(truth),
        judged=tuple(judged),
        notes=(NOTE, *notes, *more, *_unknown(lost, rows, by), *_left_out(design)),
    )


def _checked(
    gold: Gold, design: SampleDesign | None, finished: frozenset[str], run: str, notes: list[str]
) -> SampleDesign:
    """Return the design, or that of equal chances; raises InputError where gold, run and design don't fit."""
    strange = sorted(gold.articles - finished)
    if not gold.articles & finished:
        raise InputError(
            f"{gold.source}: none of its {len(gold.articles)} articles was finished by {run}; it has such as"
            f" {some(list(gold.articles))}, the run such as {some(list(finished))}"
        )
    if design is None:
        if strange:
            raise InputError(
                f"{gold.source}: {len(strange)} of its {len(gold.articles)} articles weren't finished by {run}, such as"
                f" {some(strange)}; a sample of other articles says nothing of these. Name the run that it was drawn"
                " from"
            )
        return equal_chances(gold.articles, len(finished), source=gold.source, unit=Unit.ARTICLE)
    if design.unit not in (None, Unit.ARTICLE):
        raise InputError(
            f"{design.source}: drew records, but the gold codes whole articles; judge the drawn records, or draw"
            " articles (stancewire sample --unit article)"
        )
    drawn = {item.id for item in design.items}
    if lost := sorted(drawn - finished):
        raise InputError(
            f"{design.source}: {len(lost)} of its {len(drawn)} drawn articles weren't finished by {run}, such as"
            f" {some(lost)}; name the run that it was drawn from"
        )
    number = len(finished) - design.left_out_without
    if design.population not in (None, number):
        raise InputError(
            f"{design.source}: drawn from {design.population} articles, {run} has {number}; name the run that it was"
            " drawn from, or draw anew"
        )
    if not gold.articles & drawn:
        raise InputError(
            f"{gold.source}: none of its articles was drawn by {design.source}, which has such as {some(list(drawn))}"
        )
    if outside := len(gold.articles - drawn):
        notes.append(f"{outside} coded articles weren't drawn ({design.source}) and don't count.")
    return design


def _by_article(reviewed: Sequence[Reviewed], coded: set[str]) -> dict[str, list[StanceRecord]]:
    """Return the machine's records of coded articles."""
    found: dict[str, list[StanceRecord]] = defaultdict(list)
    for each in reviewed:
        if each.record.article_id in coded:
            found[each.record.article_id].append(each.record)
    return found


def _stories(
    reviewed: Sequence[Reviewed], names: frozenset[str], once: Once
) -> tuple[dict[str, float], dict[str, int]]:
    """Return what each article counts for, and the number of its story."""
    clusters = {name: name for name in sorted(names)}
    clusters |= {each.record.article_id: place(each.record, Once.STORY) for each in reviewed}
    numbers = {cluster: number for number, cluster in enumerate(dict.fromkeys(clusters.values()))}
    counts = article_counts(list(clusters.values())) if once is Once.STORY else [1.0] * len(clusters)
    return dict(zip(clusters, counts, strict=True)), {
        name: numbers[cluster] for name, cluster in clusters.items()
    }


def _group(name: str, records: Sequence[StanceRecord], articles: Mapping[str, Article], by: By) -> str | None:
    """Return the group that an article's records are in; None where neither run nor inputs know."""
    if records:
        return article_group(records[0].outlet, records[0].published, by)
    if found := articles.get(name):
        return article_group(found.outlet, found.published.isoformat() if found.published else None, by)
    return "" if by in (By.TOPIC, By.HOLDER) else None


def _matched(
    told: Sequence[StanceRecord], said: Sequence[GoldRecord], group: str, by: By
) -> Iterator[tuple[str, str, Stance | None, Outcome]]:
    """Yield topic, group, what coders say (None: nothing) and the outcome of every record of either side."""
    matching = match_records(told, said)
    for pair in matching.pairs:
        holder = pair.predicted.holder if by is By.HOLDER else group
        outcome = Outcome.RIGHT if pair.gold.stance is pair.predicted.stance else Outcome.OTHER
        yield pair.gold.topic, holder, pair.gold.stance, outcome
    for extra in matching.extra:
        yield extra.topic, extra.holder if by is By.HOLDER else group, None, Outcome.NOTHING
    for row in matching.unanswered:
        if row.required:
            yield row.topic, row.holder if by is By.HOLDER else group, row.stance, Outcome.MISSED


def _unknown(lost: Sequence[str], rows: Mapping[str, Sequence[GoldRecord]], by: By) -> Iterator[str]:
    with_records = [name for name in lost if any(row.required for row in rows.get(name, ()))]
    if with_records:
        yield (
            f"{len(with_records)} coded articles with stances that the machine missed have no {by} in the run and are"
            f" in a row of their own, without a name, such as {some(with_records)}; name what went into the run"
            " (--texts)."
        )


def _left_out(design: SampleDesign) -> Iterator[str]:
    if design.left_out_without:
        yield (
            f"The sample leaves out {design.left_out_without} articles without a record: what the machine missed there"
            " isn't in."
        )
