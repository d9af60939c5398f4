"""Evidence as marked text: the continua on which coders' evidence is compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from stancewire.agreement.unitizing import Continuum, Segment, merged
from stancewire.agreement.units import Unit
from stancewire.coding.coded import Coding
from stancewire.evaluation.gold import GoldRecord
from stancewire.types import Stance


def topic_continua(codings: Sequence[Coding], lengths: Mapping[str, int]) -> list[Continuum]:
    """Return a continuum for each article and topic that somebody marked evidence for: all that each coder marked.

    Coders who didn't code the whole article are left out, and articles whose length isn't known, those in which a
    coder has a record without evidence (where the words were not marked, nothing is said of them), and those with a
    record that is defensible rather than required.
    """
    marked: dict[tuple[str, str], list[list[GoldRecord]]] = defaultdict(lambda: [[] for _ in codings])
    for index, coding in enumerate(codings):
        for record in coding.records:
            is_held = record.stance is not Stance.NONE
            if is_held and record.article_id is not None and record.article_id in lengths:
                marked[record.article_id, record.topic][index].append(record)
    continua = []
    for (article, _), given in sorted(marked.items()):
        coders = [
            records
            for records, coding in zip(given, codings, strict=True)
            if article in coding.articles and not coding.is_partial
        ]
        if len(coders) >= 2 and all(
            record.evidence and record.required for records in coders for record in records
        ):
            continua.append(_continuum(article, lengths[article], coders))
    return continua


def record_continua(units: Sequence[Unit], lengths: Mapping[str, int]) -> list[Continuum]:
    """Return a continuum for each unit of which two coders have a record with evidence, in articles of known length."""
    continua = []
    for unit in units:
        coders = [[record] for record in unit.given if record.evidence]
        if len(coders) >= 2 and unit.article_id in lengths:
            continua.append(_continuum(unit.article_id, lengths[unit.article_id], coders))
    return continua


def _continuum(article: str, length: int, coders: Sequence[Sequence[GoldRecord]]) -> Continuum:
    return Continuum(article=article, length=length, marked=tuple(map(_segments, coders)))


def _segments(records: Sequence[GoldRecord]) -> tuple[Segment, ...]:
    return merged((each.start, each.end) for record in records for each in record.evidence)
