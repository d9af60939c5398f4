"""The fields of a record as ratings: which units each is asked of, and which value each coder gave."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from stancewire.agreement.ratings import Ratings
from stancewire.agreement.units import Unit
from stancewire.evaluation.gold import FLAGS, GoldRecord
from stancewire.evaluation.names import name_key
from stancewire.types import HolderKind, Stance, Voice

SCALE = (Stance.AGAINST.value, Stance.NEUTRAL.value, Stance.FAVOR.value)
"""Stances in the order of -1, 0, 1."""


class Field(StrEnum):
    """What agreement is measured of, in the order in which a record comes about."""

    TOPIC = "topic"
    PASSAGES = "evidence"
    FOUND = "record found"
    HOLDER = "holder"
    STANCE_OR_NONE = "stance or none"
    STANCE = "stance"
    ATTRIBUTION = "attribution"
    HEDGED = "hedged"
    CONDITIONAL = "conditional"
    CHANGED = "changed"
    EVIDENCE = "evidence of record"


ASKED: Mapping[Field, str] = {
    Field.TOPIC: "article x topic: is there any stance on it?",
    Field.PASSAGES: "characters of an article, for a topic: do they carry a stance?",
    Field.FOUND: "article x topic x holder that somebody has a record of: has the coder?",
    Field.HOLDER: "article x topic x overlapping evidence: whose stance is it?",
    Field.STANCE_OR_NONE: "article x topic x holder: which stance; none where the coder has no record",
    Field.STANCE: "records that both have: which stance?",
    Field.ATTRIBUTION: "records that both have: quoted, reported or the author's?",
    Field.HEDGED: "records that both have: presented as uncertain?",
    Field.CONDITIONAL: "records that both have: does it hang on a condition?",
    Field.CHANGED: "records that both have: has the position changed?",
    Field.EVIDENCE: "characters of an article, for a record that both have: do they carry it?",
}
"""What each field's units are and what is asked of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One field's values: `rows` has the value of each coder (None: not asked, or not coded) for each of `units`."""

    field: Field
    units: tuple[Unit, ...]
    rows: tuple[tuple[str | None, ...], ...]
    values: tuple[str, ...] | None = None

    @property
    def ratings(self) -> Ratings:
        """Return the values as arrays."""
        articles = (unit.article_id for unit in self.units)
        return Ratings.of(list(zip(articles, self.rows, strict=True)), values=self.values)


def answers_of_topics(units: Sequence[Unit]) -> Answers:
    """Say for each coder whether there is a stance on each topic of each article."""
    return _answers(Field.TOPIC, units, _presence, values=("no", "yes"))


def answers_of_holders(units: Sequence[Unit]) -> list[Answers]:
    """Return what is asked of article x topic x holder: found or not, stance, attribution and flags."""
    # A defensible row that the others leave out is neither found nor missed.
    counted = [unit for unit in units if not unit.is_optional]
    given = [unit for unit in units if len(unit.given) >= 2]
    return [
        _answers(Field.FOUND, counted, _presence, values=("no", "yes")),
        _answers(Field.STANCE_OR_NONE, counted, _stance_or_none, values=(*SCALE, Stance.NONE.value)),
        _answers(Field.STANCE, given, _each(lambda record: record.stance.value), values=SCALE),
        _answers(
            Field.ATTRIBUTION,
            given,
            _each(lambda record: record.attribution and record.attribution.value),
            values=tuple(voice.value for voice in Voice),
        ),
        *(_answers(Field(flag), given, _each(_flag(flag)), values=("no", "yes")) for flag in FLAGS),
    ]


def answers_of_passages(units: Sequence[Unit], same: Mapping[GoldRecord, str]) -> Answers:
    """Say for each coder whose stance a passage carries; `same` names the holder of each record."""
    return _answers(Field.HOLDER, units, _each(lambda record: same[record]))


def holder_names(units: Sequence[Unit]) -> dict[GoldRecord, str]:
    """Return what to call the holder of each record: records of one unit have one name."""
    return {record: _name(unit.given[0]) for unit in units for record in unit.given}


def _name(record: GoldRecord) -> str:
    # An author is somebody else in every article.
    return f"author of {record.article_id}" if record.kind is HolderKind.AUTHOR else name_key(record.holder)


def _answers(
    field: Field,
    units: Sequence[Unit],
    answer: Callable[[Unit], tuple[str | None, ...]],
    *,
    values: tuple[str, ...] | None = None,
) -> Answers:
    return Answers(field=field, units=tuple(units), rows=tuple(map(answer, units)), values=values)


def _presence(unit: Unit) -> tuple[str | None, ...]:
    pairs = zip(unit.records, unit.coded, strict=True)
    return tuple(("yes" if record else "no") if coded or record else None for record, coded in pairs)


def _stance_or_none(unit: Unit) -> tuple[str | None, ...]:
    pairs = zip(unit.records, unit.coded, strict=True)
    return tuple(
        record.stance.value if record else Stance.NONE.value if coded else None for record, coded in pairs
    )


def _each(value: Callable[[GoldRecord], str | None]) -> Callable[[Unit], tuple[str | None, ...]]:
    return lambda unit: tuple(value(record) if record else None for record in unit.records)


def _flag(name: str) -> Callable[[GoldRecord], str | None]:
    words = {True: "yes", False: "no", None: None}
    return lambda record: words[getattr(record, name)]
