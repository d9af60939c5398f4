"""A stance record as a plain row and back, and the check that its evidence is in the text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from typing import Any, get_type_hints

import msgspec

from stancewire.errors import InputError
from stancewire.types import Cue, CueKind, Evidence, Stance, StanceRecord

FIELDS: tuple[str, ...] = tuple(each.name for each in fields(StanceRecord))
"""The columns of the stance table, in order."""

_NAMES = frozenset(FIELDS)
_TYPES = get_type_hints(StanceRecord)
_EVIDENCE_FIELDS = tuple(each.name for each in fields(Evidence))
_CUE_FIELDS = tuple(each.name for each in fields(Cue))


class EvidenceError(ValueError):
    """A record's quote is not what the article has at its offsets: a bug in a stage, never a user's doing."""


def as_row(record: StanceRecord) -> dict[str, Any]:
    """Return the record as a flat dictionary ready for JSON, in the order of `FIELDS`."""
    row = {name: _plain(getattr(record, name)) for name in FIELDS}
    row["evidence"] = [
        {"start": each.start, "end": each.end, "quote": each.quote, "p": each.p} for each in record.evidence
    ]
    row["cues"] = [
        {"kind": each.kind.value, "start": each.start, "end": each.end, "quote": each.quote}
        for each in record.cues
    ]
    return row


def from_row(row: Mapping[str, Any], *, place: str = "record") -> StanceRecord:
    """Return the record that `as_row` made the row of.

    Raises InputError naming `place` ("records.jsonl:17") and the field that is missing, unknown or wrong.
    """
    return _as_it_should_be(row) or _checked(row, place)


def _as_it_should_be(row: Mapping[str, Any]) -> StanceRecord | None:
    """Return the record of a row, thirty times as fast as field by field; None for what that has to name."""
    if not isinstance(row, dict) or row.keys() != _NAMES:
        return None
    try:
        record = msgspec.convert(row, StanceRecord)
    except msgspec.ValidationError:
        return None
    return record if _is_sound(record) and not _has_more(row) else None


def _is_sound(record: StanceRecord) -> bool:
    """Say whether the values are in their ranges, which their types don't tell."""
    shares = (record.confidence, record.p_favor, record.p_against, record.p_neutral)
    words: tuple[Evidence | Cue, ...] = (*record.evidence, *record.cues)
    return (
        record.stance is not Stance.NONE
        and all(0 <= share <= 1 for share in shares)
        and all(0 <= each.p <= 1 for each in record.evidence)
        and all(0 <= each.start < each.end and each.end - each.start == len(each.quote) for each in words)
    )


def _has_more(row: Mapping[str, Any]) -> bool:
    """Say whether evidence or cues have fields that nobody knows."""
    known = {"evidence": len(_EVIDENCE_FIELDS), "cues": len(_CUE_FIELDS)}
    return any(len(each) != number for name, number in known.items() for each in row[name])


def _checked(row: Mapping[str, Any], place: str) -> StanceRecord:
    """Return the record of a row, or raise InputError naming the field."""
    _check_names(row, FIELDS, place)
    values = {name: _value(row[name], _TYPES[name], f"{place}: {name}") for name in FIELDS}
    return StanceRecord(**values)


def best_evidence(record: StanceRecord) -> Evidence | None:
    """Return the evidence with the highest probability, the first of equals; None where there is none."""
    return max(record.evidence, key=lambda each: each.p, default=None)


def check_evidence(record: StanceRecord, text: str) -> None:
    """Raise EvidenceError unless every quote is exactly what `text`, the article's, has at its offsets."""
    quoted: dict[str, Sequence[Evidence | Cue]] = {"evidence": record.evidence, "cue": record.cues}
    for name, items in quoted.items():
        for index, each in enumerate(items):
            # Negative offsets would slice from the end, and an empty quote would match anywhere.
            is_inside = 0 <= each.start < each.end <= len(text)
            found = text[each.start : each.end] if is_inside else None
            if found != each.quote:
                place = f"record {record.record_id}, article {record.article_id}, {name} {index}"
                offsets = f"text[{each.start}:{each.end}] of {len(text)} characters"
                raise EvidenceError(f"{place}: {offsets} is {found!r}; the quote says {each.quote!r}")


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value


def _check_names(row: Mapping[str, Any], wanted: Collection[str], place: str) -> None:
    if missing := [name for name in wanted if name not in row]:
        raise InputError(f"{place}: no {missing[0]}; has {list(row)}", reason="bad record")
    if unknown := [name for name in row if name not in wanted]:
        raise InputError(
            f"{place}: unknown field {unknown[0]!r}; known: {_listed(wanted)}", reason="bad record"
        )


def _value(value: Any, kind: Any, place: str) -> Any:
    """Return one field's value as its type, or raise InputError."""
    if kind == tuple[Evidence, ...]:
        return _listed_values(value, place, _EVIDENCE_FIELDS, _one_evidence)
    if kind == tuple[Cue, ...]:
        return _listed_values(value, place, _CUE_FIELDS, _one_cue)
    if kind is float:
        return _probability(value, place)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _member(value, kind, place)
    if not isinstance(value, kind):
        raise _wrong(value, f"should be {_named(kind)}", place)
    return value


def _listed_values(
    value: Any, place: str, names: Sequence[str], make: Callable[[Mapping[str, Any], str], Any]
) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise _wrong(value, f"should be a list of {{{_listed(names)}}}", place)
    made = []
    for index, each in enumerate(value):
        if not isinstance(each, Mapping):
            raise _wrong(each, f"should have {_listed(names)}", f"{place}[{index}]")
        _check_names(each, names, f"{place}[{index}]")
        made.append(make(each, f"{place}[{index}]"))
    return tuple(made)


def _one_evidence(value: Mapping[str, Any], place: str) -> Evidence:
    return Evidence(**_quoted(value, place), p=_probability(value["p"], f"{place}.p"))


def _one_cue(value: Mapping[str, Any], place: str) -> Cue:
    kind = _member(value["kind"], CueKind, f"{place}.kind")
    return Cue(kind=CueKind(kind), **_quoted(value, place))


def _quoted(value: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Return start, end and quote of words of an article."""
    start = _offset(value["start"], f"{place}.start")
    end = _offset(value["end"], f"{place}.end")
    quote = _value(value["quote"], str, f"{place}.quote")
    if end - start != len(quote) or not quote:
        raise _wrong(quote, f"should be the {end - start} characters from {start} to {end}", f"{place}.quote")
    return {"start": start, "end": end, "quote": quote}


def _offset(value: Any, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _wrong(value, "should be a whole number from 0", place)
    return value


def _probability(value: Any, place: str) -> float:
    # NaN fails the comparison too.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise _wrong(value, "should be a number from 0 to 1", place)
    return float(value)


def _member(value: Any, kind: type[StrEnum], place: str) -> StrEnum:
    known = [each for each in kind if each is not Stance.NONE]
    for each in known:
        if value == each.value:
            return each
    raise _wrong(value, f"known: {_listed(each.value for each in known)}", place)


def _wrong(value: Any, right: str, place: str) -> InputError:
    return InputError(f"{place} is {value!r}; {right}", reason="bad record")


def _named(kind: Any) -> str:
    return {str: "text", bool: "true or false"}.get(kind, "text or null")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
