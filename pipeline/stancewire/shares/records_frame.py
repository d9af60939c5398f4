"""The frame of a sample of records: what the machine found, and what of it is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from stancewire.counting import Unit as Once
from stancewire.counting import place
from stancewire.errors import InputError
from stancewire.review.reviewed import Reviewed
from stancewire.sampling.population import Unit
from stancewire.shares.drawn import SampleDesign, coded_design, equal_chances, some
from stancewire.shares.frame import Entry, Frame, Judged, Outcome
from stancewire.shares.gold import Gold, judged_records
from stancewire.shares.groups import By, group_of, record_counts
from stancewire.types import Stance

NOTE = (
    "Shares among what the machine found: records that shouldn't be there are taken out, but what it missed is not in a"
    " sample of records (a sample of whole articles has that)."
)


def records_frame(
    reviewed: Sequence[Reviewed], gold: Gold, design: SampleDesign | None, *, by: By, once: Once, run: str
) -> Frame:
    """Return the frame of a run's records with what coders say of those that were drawn.

    Without a design, the coded ones are taken for drawn with equal chances. Raises InputError where design, gold and
    run don't fit.
    """
    records = [each.record for each in reviewed]
    said, notes = _said(reviewed, gold, run)
    if design is None:
        design = equal_chances(said.keys(), len(records), source=gold.source, unit=Unit.RECORD)
    else:
        _check(design, {record.record_id for record in records}, run)
        notes += _undrawn(design, said, gold)
    coded, weights, more = coded_design(design, said.keys())
    units = {name: number for number, name in enumerate(coded)}
    stories: dict[str, int] = {}
    told, truth, judged = [], [], []
    coded_stories = np.zeros(len(coded), dtype=np.int64)
    for record, count in zip(records, record_counts(records, once), strict=True):
        unit = units.get(record.record_id, -1)
        story = stories.setdefault(place(record, Once.STORY), len(stories))
        entry = Entry(
            topic=record.topic,
            group=group_of(record, by),
            stance=record.stance,
            count=count,
            unit=unit,
            story=story,
        )
        told.append(entry)
        if unit < 0:
            continue
        coded_stories[unit] = story
        stance = said[record.record_id]
        judged.append(
            Judged(
                topic=entry.topic,
                group=entry.group,
                outcome=_outcome(record.stance, stance),
                count=count,
                unit=unit,
            )
        )
        if stance is not Stance.NONE:
            truth.append(replace(entry, stance=stance))
    return Frame(
        unit=Unit.RECORD,
        population=len(records),
        design=weights,
        coded_stories=coded_stories,
        told=tuple(told),
        truth=tuple(truth),
        judged=tuple(judged),
        notes=(NOTE, *notes, *more, *gold.notes),
    )


def _undrawn(design: SampleDesign, said: Mapping[str, Stance], gold: Gold) -> list[str]:
    """Return what to note of coded records that weren't drawn; raises InputError where none was."""
    drawn = {item.id for item in design.items}
    if not said.keys() & drawn:
        raise InputError(
            f"{gold.source}: none of its records was drawn by {design.source}, which has such as {some(list(drawn))}"
        )
    outside = len(said.keys() - drawn)
    return [f"{outside} coded records weren't drawn ({design.source}) and don't count."] if outside else []


def _said(reviewed: Sequence[Reviewed], gold: Gold, run: str) -> tuple[dict[str, Stance], list[str]]:
    """Return what coders say of each record by its id; raises InputError where they speak of none."""
    said, strange = judged_records((each.record for each in reviewed), gold)
    if not said:
        first = gold.records[0] if gold.records else None
        example = f", such as {first.holder!r} on {first.topic!r} in {first.article_id!r}" if first else ""
        raise InputError(
            f"{gold.source}: none of its {len(gold.records)} records is in {run}{example}; was it drawn from"
            " another run?"
        )
    notes = []
    if strange:
        notes.append(
            f"{len(strange)} coded records are not the run's ({strange[0].where}: {strange[0].holder!r} on"
            f" {strange[0].topic!r}) and don't count."
        )
    return {name: row.stance for name, row in said.items()}, notes


def _check(design: SampleDesign, ids: set[str], run: str) -> None:
    if design.unit not in (None, Unit.RECORD):
        raise InputError(
            f"{design.source}: drew articles, but the gold judges given records; code the drawn articles whole, or draw"
            " records (stancewire sample --unit record)"
        )
    strange = [item.id for item in design.items if item.id not in ids]
    if strange:
        raise InputError(
            f"{design.source}: {len(strange)} of its {len(design.items)} drawn records are not in {run}, such as"
            f" {some(strange)}; name the run that it was drawn from"
        )
    if design.population not in (None, len(ids)):
        raise InputError(
            f"{design.source}: drawn from {design.population} records, {run} has {len(ids)}; name the run and version"
            " that it was drawn from, or draw anew"
        )


def _outcome(told: Stance, said: Stance) -> Outcome:
    if said is Stance.NONE:
        return Outcome.NOTHING
    return Outcome.RIGHT if said is told else Outcome.OTHER
