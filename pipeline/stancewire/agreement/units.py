"""What is compared with what: one unit is what several coders say of the same thing.

TOPICS    an article and a topic: did a coder find any stance there? Every article that two coders coded, every topic.
HOLDERS   an article, a topic and a holder, as soon as one coder has a record of it. Two coders' records are of the same
          holder by the rules of evaluation/matching.py (name, mention, part, wording), taken in both directions since
          neither coder is gold. Stances play no part in it.
PASSAGES  an article, a topic and evidence that overlaps, whoever the holder is: do coders give the same words to the
          same holder? Where words carry the stances of several holders, those that are the same go together first.

A coder who judged given records only (Coding.is_partial) has a value for those, and is asked of nothing else. A record
whose stance is none says that the coder looked and found none: coded, and not there.

Within an article and topic, records are put together best first: by rule, then by the character IoU of the evidence,
then in the order of coders and rows. A unit has at most one record of each coder.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

from stancewire.coding.coded import Coding
from stancewire.evaluation.gold import GoldRecord, PredictedRecord
from stancewire.evaluation.matching import character_iou, compare, do_overlap
from stancewire.types import Stance, Voice

Cell: TypeAlias = tuple[str, str]
"""An article's id and a topic."""
_Likeness: TypeAlias = Callable[[GoldRecord, GoldRecord], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One thing that coders could agree on: the record of each, None where one has none or didn't code the article."""

    article_id: str
    topic: str
    records: tuple[GoldRecord | None, ...]
    coded: tuple[bool, ...]

    @property
    def given(self) -> tuple[GoldRecord, ...]:
        """Return the records that there are."""
        return tuple(record for record in self.records if record is not None)

    @property
    def is_optional(self) -> bool:
        """Say whether a coder marked it as defensible rather than required: then leaving it out is no disagreement."""
        return not all(record.required for record in self.given)


def topic_units(codings: Sequence[Coding], topics: Sequence[str]) -> list[Unit]:
    """Return a unit for each article that two coders coded and each topic, with a coder's first required record."""
    cells = _cells(codings)
    units = []
    for article in _shared(codings):
        coded = tuple(article in coding.articles and not coding.is_partial for coding in codings)
        for topic in topics:
            given = cells.get((article, topic), [[] for _ in codings])
            # Only an optional record says neither yes nor no: the coder's answer is missing.
            answers = [not records or any(record.required for record in records) for records in given]
            units.append(
                Unit(
                    article_id=article,
                    topic=topic,
                    records=tuple(
                        next((record for record in records if record.required), None) for records in given
                    ),
                    coded=tuple(is_coded and answer for is_coded, answer in zip(coded, answers, strict=True)),
                )
            )
    return units


def holder_units(codings: Sequence[Coding]) -> list[Unit]:
    """Return a unit for each holder of a topic in an article that two coders coded, by article and topic."""
    return list(_units(codings, likeness))


def passage_units(codings: Sequence[Coding]) -> list[Unit]:
    """Return the units of at least two records whose evidence overlaps, on one topic in one article."""
    return [unit for unit in _units(codings, _overlap) if len(unit.given) >= 2]


def likeness(one: GoldRecord, other: GoldRecord) -> int:
    """Say by which rule two coders' records name the same holder, 0 for none: the surest in either direction."""
    return max(
        compare(view, gold) for given, gold in ((one, other), (other, one)) for view in _as_predicted(given)
    )


def _units(codings: Sequence[Coding], alike: _Likeness) -> Iterator[Unit]:
    shared = set(_shared(codings))
    for (article, topic), given in sorted(_cells(codings).items()):
        if article in shared:
            whole = [article in coding.articles and not coding.is_partial for coding in codings]
            for row in _together(given, alike):
                coded = tuple(
                    record is not None or is_coded for record, is_coded in zip(row, whole, strict=True)
                )
                records = tuple(
                    record if record and record.stance is not Stance.NONE else None for record in row
                )
                if any(records):
                    yield Unit(article_id=article, topic=topic, records=records, coded=coded)


def _shared(codings: Sequence[Coding]) -> list[str]:
    """Return the articles that at least two coders coded, sorted."""
    return sorted(
        {article for one, other in combinations(codings, 2) for article in one.articles & other.articles}
    )


def _cells(codings: Sequence[Coding]) -> dict[Cell, list[list[GoldRecord]]]:
    """Return each coder's records by article and topic."""
    cells: dict[Cell, list[list[GoldRecord]]] = defaultdict(lambda: [[] for _ in codings])
    for index, coding in enumerate(codings):
        for record in coding.records:
            if record.article_id is not None:
                cells[record.article_id, record.topic][index].append(record)
    return cells


def _together(given: Sequence[Sequence[GoldRecord]], alike: _Likeness) -> list[tuple[GoldRecord | None, ...]]:
    """Put records of one article and topic together, best pairs first, at most one of each coder."""
    records = [(coder, record) for coder, rows in enumerate(given) for record in rows]
    groups = [[index] for index in range(len(records))]
    for _, _, left, right in sorted(_ranked(records, alike)):
        one, other = groups[left], groups[right]
        if one is not other and not _coders(one, records) & _coders(other, records):
            one.extend(other)
            for index in other:
                groups[index] = one
    found = [group for index, group in enumerate(groups) if group[0] == index]
    return [_by_coder(group, records, len(given)) for group in found]


def _ranked(
    records: Sequence[tuple[int, GoldRecord]], alike: _Likeness
) -> Iterator[tuple[int, float, int, int]]:
    for (left, (one, a)), (right, (other, b)) in combinations(enumerate(records), 2):
        if one != other and (rank := alike(a, b)):
            yield -rank, -character_iou(a.evidence, b.evidence), left, right


def _coders(group: Sequence[int], records: Sequence[tuple[int, GoldRecord]]) -> set[int]:
    return {records[index][0] for index in group}


def _by_coder(
    group: Sequence[int], records: Sequence[tuple[int, GoldRecord]], coders: int
) -> tuple[GoldRecord | None, ...]:
    row: list[GoldRecord | None] = [None] * coders
    for index in group:
        coder, record = records[index]
        row[coder] = record
    return tuple(row)


def _overlap(one: GoldRecord, other: GoldRecord) -> int:
    return 1 + likeness(one, other) if do_overlap(one.evidence, other.evidence) else 0


def _as_predicted(record: GoldRecord) -> Iterator[PredictedRecord]:
    """Yield the record as the matching rules want one side: once for each of the holder's names."""
    for name in record.aliases or (record.holder,):
        yield PredictedRecord(
            article_id=record.article_id or "",
            holder=record.holder,
            holder_kind=record.kind,
            holder_mention=name,
            topic=record.topic,
            stance=record.stance,
            attribution=record.attribution or Voice.REPORTED,  # the rules don't look at what follows
            hedged=bool(record.hedged),
            conditional=bool(record.conditional),
            changed=bool(record.changed),
            evidence=record.evidence,
        )
