"""Which predicted record answers which gold row.

Within one article and topic, predicted records and gold rows are paired one to one. A pair can be made when,
after taking away case, diacritics, dots, leading articles and titles,

1. NAME: the predicted `holder` equals the gold holder or one of its aliases, or both are the author;
2. MENTION: the predicted `holder_mention` does;
3. PART: one name stands in the other as whole words, both have the same head ("Massoud" in "Ahmad Massoud",
   but not "Taliban" in "Taliban spokesman"), and the evidence overlaps;
4. WORDING: one of the two is a group and neither is a person or the author, their names share content words
   with a token-F1 of at least 0.5, neither is for what the other is against ("supporters", "opponents"), and
   the evidence overlaps.

Words that only point ("they", "others", "this group") count as a name only where they are the predicted
`holder`, and then only with overlapping evidence: as a mention of somebody else they prove nothing. Pairs are
made best first: by rule, then the character IoU of the evidence, then required rows before optional ones,
then the order of the rows. Stances play no part in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from stancewire.evaluation.gold import GoldRecord, Predicted
from stancewire.evaluation.names import is_part, name_key, only_points, token_f1
from stancewire.types import Evidence, HolderKind

MIN_TOKEN_F1 = 0.5  # half of the content words; lower lets "members of A" pass for "leaders of A and B"


class Likeness(IntEnum):
    """By which rule a pair can be made; higher is surer."""

    NO = 0
    WORDING = 1
    PART = 2
    MENTION = 3
    NAME = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A predicted record and the gold row that it answers."""

    predicted: Predicted
    gold: GoldRecord
    likeness: Likeness


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """All pairs, the gold rows without one, and the predicted records without one, each in input order."""

    pairs: tuple[Pair, ...]
    unanswered: tuple[GoldRecord, ...]
    extra: tuple[Predicted, ...]


def match_records(predicted: Sequence[Predicted], gold: Sequence[GoldRecord]) -> Matching:
    """Pair predicted records with gold rows by the rules of this module."""
    cells: dict[tuple[str | None, str], list[int]] = defaultdict(list)
    for index, wanted in enumerate(gold):
        cells[wanted.article_id, wanted.topic].append(index)
    ranked = []
    for index, given in enumerate(predicted):
        for row in cells.get((given.article_id, given.topic), ()):
            wanted = gold[row]
            if likeness := compare(given, wanted):
                iou = character_iou(given.evidence, wanted.evidence)
                ranked.append((-likeness, -iou, not wanted.required, row, index))
    taken: dict[int, tuple[int, Likeness]] = {}
    answered: set[int] = set()
    for negative, _, _, row, index in sorted(ranked):
        if row not in answered and index not in taken:
            taken[index] = row, Likeness(-negative)
            answered.add(row)
    return Matching(
        pairs=tuple(
            Pair(predicted=predicted[index], gold=gold[row], likeness=likeness)
            for index, (row, likeness) in sorted(taken.items())
        ),
        unanswered=tuple(wanted for row, wanted in enumerate(gold) if row not in answered),
        extra=tuple(given for index, given in enumerate(predicted) if index not in taken),
    )


def compare(predicted: Predicted, gold: GoldRecord) -> Likeness:
    """Say by which rule the two name the same holder, if by any."""
    if predicted.holder_kind is HolderKind.AUTHOR and gold.kind is HolderKind.AUTHOR:
        return Likeness.NAME
    overlaps = do_overlap(predicted.evidence, gold.evidence)
    known = (gold.holder, *gold.aliases)
    keys = {name_key(name) for name in known}
    if name_key(predicted.holder) in keys and (overlaps or not only_points(predicted.holder)):
        return Likeness.NAME
    if name_key(predicted.holder_mention) in keys and not only_points(predicted.holder_mention):
        return Likeness.MENTION
    given = [name for name in (predicted.holder, predicted.holder_mention) if not only_points(name)]
    meant = [name for name in known if not only_points(name)]
    if not overlaps:
        return Likeness.NO
    if any(is_part(one, other) for one in given for other in meant):
        return Likeness.PART
    if _is_collective(predicted.holder_kind, gold.kind) and any(
        token_f1(one, other) >= MIN_TOKEN_F1 for one in given for other in meant
    ):
        return Likeness.WORDING
    return Likeness.NO


def do_overlap(one: Sequence[Evidence], other: Sequence[Evidence]) -> bool:
    """Say whether two sets of spans share a character."""
    return any(a.start < b.end and b.start < a.end for a in one for b in other)


def character_iou(one: Sequence[Evidence], other: Sequence[Evidence]) -> float:
    """Return shared characters over characters in either set of spans; 0 where both are empty."""
    left, right = _length(one), _length(other)
    either = _length([*one, *other])
    return (left + right - either) / either if either else 0.0


def _length(spans: Sequence[Evidence]) -> int:
    total, reached = 0, 0
    for start, end in sorted((span.start, span.end) for span in spans):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total


def _is_collective(one: HolderKind, other: HolderKind) -> bool:
    kinds = {one, other}
    return HolderKind.GROUP in kinds and not kinds & {HolderKind.PERSON, HolderKind.AUTHOR}
