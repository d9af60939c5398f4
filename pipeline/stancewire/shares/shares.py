"""From a run's folder and a gold sample to corrected shares: what `stancewire shares` does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from stancewire.coding.runs import finished_articles
from stancewire.coding.sources import read_codings
from stancewire.coding.texts import articles_of
from stancewire.counting import Unit as Once
from stancewire.errors import ConfigError, InputError
from stancewire.evaluation.gold import STANCES
from stancewire.review.reviewed import Reviewed, Status, Version
from stancewire.run_folder import RunFolder
from stancewire.shares.articles_frame import articles_frame
from stancewire.shares.design import Design, Floats
from stancewire.shares.drawn import SampleDesign, read_design
from stancewire.shares.estimate import About, Cell, Corrected, Method, correct
from stancewire.shares.frame import Cells, Frame, Outcome
from stancewire.shares.gold import Gold, as_gold, judged_records
from stancewire.shares.groups import By
from stancewire.shares.intervals import Confidence, Figure, labels_of
from stancewire.shares.records_frame import records_frame
from stancewire.shares.results import Group, Shares, StanceShare
from stancewire.tables.selection import topic_ids

NO_ERROR = "no interval: the coded units show no difference that chance could have made otherwise"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareSettings:
    """How shares are corrected; either `sample`, the design's file, or `equal_chances` says how the gold was drawn.

    `topics` are ids or names; none means all. `texts` are inputs with the metadata of articles without a record.
    """

    sample: Path | None = None
    equal_chances: bool = False
    by: By = By.TOPIC
    topics: tuple[str, ...] = ()
    method: Method = Method.PPI
    about: About = About.ARCHIVE
    once: Once = Once.STORY
    version: Version = Version.MACHINE
    confidence: Confidence = field(default_factory=Confidence)
    texts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.version is Version.HUMAN:
            raise ConfigError(
                "version human: what people said has no machine's error to correct; must be machine or"
                " human-over-machine"
            )
        if self.equal_chances == (self.sample is not None):
            raise ConfigError(
                "how was the gold drawn? Name the sample's design (--sample FOLDER/sample.json), or say that every"
                " article or record had the same chance (--equal-chances); one of the two"
            )


def corrected_shares(run: Path, gold: Sequence[str], settings: ShareSettings) -> Shares:
    """Return the shares of each stance in a run, by topic and group, corrected for the machine's error.

    `gold` are sources as `stancewire.coding` reads them. Raises InputError where gold, sample and run don't fit.
    """
    folder = RunFolder(run)
    asked = topic_ids(settings.topics, folder.codebook.topics)
    design = read_design(settings.sample) if settings.sample else None
    _check_version(design, settings)
    golden = as_gold(read_codings(gold))
    reviewed = list(folder.reviewed(settings.version))
    _check_topics(golden, reviewed, folder)
    if settings.version is not Version.MACHINE:  # the machine's own table has those that people rejected, too
        _check_reviewed([*reviewed, *folder.reviewed(Version.MACHINE)], golden)
    frame = _frame(run, reviewed, golden, design, settings)
    topics = asked or tuple(topic.id for topic in folder.codebook.topics)
    groups = tuple(_groups(frame, topics, settings))
    return Shares(
        run=str(folder.manifest.get("run_id")),
        unit=frame.unit,
        population=frame.population,
        coded=len(frame.design),
        by=settings.by,
        method=settings.method,
        about=settings.about,
        once=settings.once,
        confidence=settings.confidence,
        groups=groups,
        notes=tuple(_notes(frame, groups, settings)),
    )


def _frame(
    run: Path,
    reviewed: Sequence[Reviewed],
    gold: Gold,
    design: SampleDesign | None,
    settings: ShareSettings,
) -> Frame:
    by, once = settings.by, settings.once
    if gold.is_partial:
        return records_frame(reviewed, gold, design, by=by, once=once, run=str(run))
    known = {article.id: article for article in articles_of(settings.texts, gold.articles)}
    finished = finished_articles(run)
    return articles_frame(reviewed, finished, gold, design, by=by, once=once, run=str(run), articles=known)


def _check_version(design: SampleDesign | None, settings: ShareSettings) -> None:
    if design and design.version not in (None, settings.version):
        raise InputError(
            f"{design.source}: drawn from version {design.version}, asked for {settings.version}; must be the same"
            f" (--version {design.version})"
        )


def _check_topics(gold: Gold, reviewed: Sequence[Reviewed], folder: RunFolder) -> None:
    known = {topic.id for topic in folder.codebook.topics} | {each.record.topic for each in reviewed}
    for row in gold.records:
        if row.topic not in known:
            raise InputError(
                f"{row.where}: topic {row.topic!r} is not in the run's codebook; known: {', '.join(sorted(known))}"
            )


def _check_reviewed(reviewed: Sequence[Reviewed], gold: Gold) -> None:
    """Raise InputError where people reviewed the very records that were coded: they would be their own predictions."""
    coded = judged_records((each.record for each in reviewed), gold)[0] if gold.is_partial else {}
    same = {
        each.record.record_id: each.record
        for each in reviewed
        if each.status is not Status.UNREVIEWED
        and (each.record.record_id in coded if gold.is_partial else each.record.article_id in gold.articles)
    }
    if same:
        first, what = (
            next(iter(same.values())),
            "coded records" if gold.is_partial else "records of coded articles",
        )
        raise InputError(
            f"{len(same)} {what} were reviewed in the run, such as of {first.holder!r} in {first.article_id!r};"
            " the machine's error would look smaller there than elsewhere. Use --version machine"
        )


def _groups(frame: Frame, topics: Sequence[str], settings: ShareSettings) -> Iterator[Group]:
    """Yield the groups, topics in order, periods as time runs, others by how many records they have."""
    cells, known = Cells(frame), frame.groups()
    for topic in topics:
        own = {group: number for (of, group), number in known.items() if of == topic}
        is_time = settings.by.is_time
        for group in sorted(own, key=lambda name: (0 if is_time else -own[name], name)):
            yield _group(frame.design, cells, (topic, group), own[group], settings)


def _group(
    design: Design, cells: Cells, key: tuple[str, str], records: int, settings: ShareSettings
) -> Group:
    topic, name = key
    cell, outcomes = cells.of(topic, name), cells.outcomes(topic, name)
    counts = np.asarray(sum(outcomes.values()), dtype=np.float64)
    worth, labels = labels_of(design, counts), int(np.count_nonzero(counts))
    reason = _too_few(labels, worth, settings.confidence)
    found = None if reason else correct(cell, design, method=settings.method, about=settings.about)
    if not reason and found is None:
        reason = "coders found no record"
    told = outcomes[Outcome.RIGHT] + outcomes[Outcome.OTHER] + outcomes[Outcome.NOTHING]
    there = outcomes[Outcome.RIGHT] + outcomes[Outcome.OTHER] + outcomes[Outcome.MISSED]
    with_missed = not cell.is_sized

    def share(part: Outcome, whole: Floats) -> Figure:
        return _error_share(design, outcomes[part], whole, reason, settings.confidence)

    return Group(
        topic=topic,
        group=name,
        records=records,
        labels=labels,
        worth=round(worth, 1),
        shares=tuple(_stance_shares(cell, found, worth, reason, settings.confidence)),
        power=found.power if found else None,
        real=found.total if found else None,
        right=share(Outcome.RIGHT, told),
        other=share(Outcome.OTHER, told),
        nothing=share(Outcome.NOTHING, told),
        missed=share(Outcome.MISSED, there) if with_missed else None,
        reason=reason,
    )


def _too_few(labels: int, worth: float, confidence: Confidence) -> str | None:
    if worth >= confidence.least:
        return None
    counted = f", worth {worth:.0f} of equal weight" if round(worth) < labels else ""
    return f"too few gold labels: {labels}{counted}; {confidence.least} needed"


def _stance_shares(
    cell: Cell, found: Corrected | None, worth: float, reason: str | None, confidence: Confidence
) -> Iterator[StanceShare]:
    counts = cell.everything.sum(axis=0)
    total = float(counts.sum())
    for place, stance in enumerate(STANCES):
        if found is None:
            figure = Figure(reason=reason)
        else:
            error = found.errors[place] if found.errors else None
            figure = confidence.figure(found.shares[place], error, worth, unseen=NO_ERROR)
        yield StanceShare(
            stance=stance, machine=float(counts[place]) / total if total else None, corrected=figure
        )


def _error_share(
    design: Design, part: Floats, whole: Floats, reason: str | None, confidence: Confidence
) -> Figure:
    """Return a weighted share among the coded units, with its interval."""
    if reason or not np.any(whole):
        return Figure(reason=reason or "nothing to divide by")
    total = float(design.weights @ whole)
    value = float(design.weights @ part) / total
    rests = part - value * whole
    is_known = design.is_whole or bool(np.any(rests))
    error = float(np.sqrt(design.covariance(rests, rests))) / total if is_known else None
    unseen = "no interval: all coded units are the same"
    return confidence.figure(value, error, labels_of(design, whole), unseen=unseen)


def _notes(frame: Frame, groups: Sequence[Group], settings: ShareSettings) -> Iterator[str]:
    yield from frame.notes
    if few := [each for each in groups if each.reason]:
        yield (
            f"{len(few)} of {len(groups)} groups have no corrected share: too few gold labels (--least"
            f" {settings.confidence.least}), or no record of the coders."
        )
    yield from _uneven(groups)
    if settings.equal_chances:
        yield "Taken as drawn with equal chances, because --equal-chances says so: nothing in the gold shows it."


def _uneven(groups: Sequence[Group]) -> Iterator[str]:
    """Yield where the machine is right in one group of a topic and wrong in another, by intervals that don't meet."""
    for topic in dict.fromkeys(group.topic for group in groups):
        own = ((each.group, each.right) for each in groups if each.topic == topic)
        known = [(name, right) for name, right in own if right.low is not None and right.high is not None]
        if not known:
            continue
        best = max(known, key=lambda each: each[1].low or 0.0)
        worst = min(known, key=lambda each: each[1].high or 0.0)
        if (worst[1].high or 0.0) < (best[1].low or 0.0):
            low, high = (f"{100 * (right.value or 0):.0f} %" for _, right in (worst, best))
            yield (
                f"{topic}: {low} of the machine's records are right in {worst[0]!r}, {high} in {best[0]!r}: between"
                " these, shares as the machine counts can't be compared."
            )
