"""What somebody decided of coders' disagreements: the list that `--disagreements` wrote, with decisions filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from stancewire.agreement.choices import COLUMN, KNOWN, choices_of
from stancewire.agreement.fields import Field
from stancewire.agreement.results import Disagreement
from stancewire.coding.sheet import read_sheet
from stancewire.errors import InputError
from stancewire.evaluation.rows import Row, read_rows

Key: TypeAlias = tuple[str, str, str, Field]
"""An article's id, a topic, a holder and a field."""

_SPELT = {"true": "yes", "false": "no"}  # as a spreadsheet writes what somebody typed for yes


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """A value or a coder's name for each disagreement; `where` names its row for messages."""

    path: Path
    values: Mapping[Key, str]
    where: Mapping[Key, str] = field(default_factory=dict)


def key_of(each: Disagreement) -> Key:
    """Return what a disagreement is found again by."""
    return each.article_id, each.topic, each.holder or "", each.field


def read_decisions(path: Path, disagreements: Sequence[Disagreement], coders: Sequence[str]) -> Decisions:
    """Read the decisions of these disagreements from .csv or .jsonl.

    Raises InputError for a disagreement without a decision, and for a decision that can't be or that belongs to none
    of them: the list was made from other files then. Whose the words of several holders are follows from which records
    there are, and needs none.
    """
    wanted = {key_of(each) for each in disagreements if each.field in KNOWN}
    values: dict[Key, str] = {}
    where: dict[Key, str] = {}
    for row in _rows(path):
        key = (row.text("article_id"), row.text("topic"), row.optional_text("holder") or "", _field(row))
        if key[-1] not in KNOWN:
            continue
        if key not in wanted:
            raise InputError(
                f"{row.where}: {_named(key)} is no disagreement of {', '.join(coders)};"
                " decide on the list that --disagreements writes for the same files"
            )
        value = _decision(row, key[-1], coders)
        if value and values.setdefault(key, value) != value:
            raise InputError(f"{row.where}: {value!r} for {_named(key)}, but {values[key]!r} in {where[key]}")
        where.setdefault(key, row.where)
    gone = {key[:3] for key, value in values.items() if key[-1] is Field.FOUND and value == "no"}
    if undecided := sorted(key for key in wanted - values.keys() if key[:3] not in gone):
        place = f"{where[undecided[0]]}: " if undecided[0] in where else f"{path}: "
        raise InputError(
            f"{place}no decision on {_named(undecided[0])}; {len(undecided)} of {len(wanted)} disagreements have none"
        )
    return Decisions(path=path, values=values, where=where)


def _rows(path: Path) -> Iterator[Row]:
    if path.suffix.casefold() == ".jsonl":
        return read_rows(path)
    if path.suffix.casefold() == ".csv":
        return read_sheet(path, ("article_id", "topic", "holder", "field", COLUMN))
    raise InputError(f"{path}: can't tell the format of decisions from {path.suffix!r}; known: .csv, .jsonl")


def _field(row: Row) -> Field:
    field_: Field = row.choice("field", *Field)
    return field_


def _decision(row: Row, of: Field, coders: Sequence[str]) -> str:
    """Return what was decided, empty where nothing was."""
    given = row.optional_text(COLUMN)
    if given is None:
        return ""
    value = given.strip()
    plain = _SPELT.get(value.casefold(), value.casefold())
    if plain in KNOWN[of]:
        return plain
    if value in coders:
        return value
    raise row.complaint(COLUMN, f"one of {', '.join(choices_of(of, coders))}")


def _named(key: Key) -> str:
    article, topic, holder, field_ = key
    return f"{field_.value!r} of {holder!r} on {topic!r} in {article!r}"
