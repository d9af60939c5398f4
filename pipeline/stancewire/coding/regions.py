"""One annotation of Label Studio as records: regions of evidence, what was chosen for each, and whose they are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from stancewire.errors import InputError
from stancewire.evaluation.gold import FLAGS, STANCES, GoldRecord
from stancewire.types import Evidence, HolderKind, Voice

# What the interface calls its parts (exporters/label_studio.py).
SPAN, EVIDENCE, HOLDER, NAME = "span", "evidence", "holder", "holder_name"
CHOICES = ("topic", "stance", "attribution", "flags", "holder_kind")
_VOICES = (Voice.QUOTED, Voice.REPORTED, Voice.AUTHOR)
# Label Studio writes the end of a line in a region's words as a backslash and "n" in some versions, as a line feed in
# others.
_BLANK = re.compile(r"(?:\\n|\s)+")

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What one person submitted for one article; `kinds` are those of holders that the task came with.

    `asked` is the record that the task asks of, with stance none, where it doesn't ask of the whole article.
    """

    coder: str
    article_id: str
    text: str
    result: tuple[Any, ...]
    kinds: Mapping[str, str]
    asked: GoldRecord | None = None
    updated: str
    where: str


@dataclass(slots=True, kw_only=True)
class _Region:
    """A labelled stretch of text with what was chosen for it."""

    start: int
    end: int
    labels: tuple[str, ...] = ()
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)


def records_of(annotation: Annotation) -> list[GoldRecord]:
    """Return the records of one annotation; raises InputError naming the region and what it lacks."""
    regions = _regions(annotation)
    _tie_holders(annotation, regions)
    groups: dict[tuple[str, str], list[_Region]] = defaultdict(list)
    for region in regions.values():
        if EVIDENCE in region.labels:
            place = _place(annotation, region)
            topic = _one(region, "topic", place)
            if not region.names:
                raise InputError(f"{place}: no holder; type its name, or tie words labelled 'holder' to it")
            groups[region.names[0], topic].append(region)
    if annotation.asked and not groups:
        return [annotation.asked]
    return [_record(annotation, holder, topic, found) for (holder, topic), found in groups.items()]


def _regions(annotation: Annotation) -> dict[str, _Region]:
    """Return the regions by id: Label Studio writes one item for the label and one for each choice."""
    regions: dict[str, _Region] = {}
    for item in annotation.result:
        if not isinstance(item, dict) or item.get("type") == "relation":
            continue
        value, name = item.get("value"), item.get("from_name")
        if not isinstance(value, dict) or name not in (SPAN, NAME, *CHOICES):
            raise InputError(
                f"{annotation.where}: from_name {name!r} is not in the interface that `stancewire export --to"
                f" label-studio` writes; known: {', '.join((SPAN, NAME, *CHOICES))}"
            )
        region = regions.setdefault(str(item.get("id")), _at(value, annotation))
        if name == SPAN:
            region.labels = _texts(value.get("labels"))
            _check_words(annotation, region, value.get("text"))
        elif name == NAME:
            region.names = [text.strip() for text in _texts(value.get("text")) if text.strip()] + region.names
        else:
            region.chosen[name] = _texts(value.get("choices"))
    return regions


def _at(value: Mapping[str, Any], annotation: Annotation) -> _Region:
    start, end = value.get("start"), value.get("end")
    if type(start) is not int or type(end) is not int:
        raise InputError(
            f"{annotation.where}: a region from {start!r} to {end!r}; must be whole numbers of characters,"
            " as the Text tag gives them (not HyperText), with every choice made for a region"
        )
    if not 0 <= start < end <= len(annotation.text):
        raise InputError(
            f"{annotation.where}: a region from {start} to {end}; the text ends at {len(annotation.text)}"
        )
    return _Region(start=start, end=end)


def _check_words(annotation: Annotation, region: _Region, words: object) -> None:
    found = annotation.text[region.start : region.end]
    if isinstance(words, str) and _BLANK.sub(" ", words).strip() != _BLANK.sub(" ", found).strip():
        raise InputError(
            f"{_place(annotation, region)}: the text has {found!r} there, the region says {words!r};"
            " Label Studio before 1.2 counts some characters twice: export with 1.2 or newer"
        )


def _tie_holders(annotation: Annotation, regions: Mapping[str, _Region]) -> None:
    """Add the words labelled as holder to the names of the evidence that a relation ties them to."""
    for item in annotation.result:
        if isinstance(item, dict) and item.get("type") == "relation":
            ends = [regions.get(str(item.get(key))) for key in ("from_id", "to_id")]
            found = [region for region in ends if region is not None]
            holders = [region for region in found if HOLDER in region.labels]
            for region in found:
                if EVIDENCE in region.labels:
                    words = (annotation.text[each.start : each.end] for each in holders)
                    region.names += [name for name in words if name not in region.names]


def _record(annotation: Annotation, holder: str, topic: str, regions: Sequence[_Region]) -> GoldRecord:
    """Make one record of the regions of a holder and a topic."""
    places = [_place(annotation, region) for region in regions]
    stances = [
        _choice(region, "stance", STANCES, place) for region, place in zip(regions, places, strict=True)
    ]
    if different := [
        place for stance, place in zip(stances, places, strict=True) if stance is not stances[0]
    ]:
        raise InputError(
            f"{different[0]}: {holder!r} is {stances[places.index(different[0])]} on {topic!r} and {stances[0]} at"
            f" {regions[0].start}-{regions[0].end}; a holder has one stance on a topic in an article"
        )
    flags = {flag for region in regions for flag in region.chosen.get("flags", ())}
    if strange := flags - set(FLAGS):
        raise InputError(f"{places[0]}: flag {sorted(strange)[0]!r}; known: {', '.join(FLAGS)}")
    return GoldRecord(
        article_id=annotation.article_id,
        holder=holder,
        kind=_kind(annotation, holder, regions, places),
        aliases=tuple(dict.fromkeys(name for region in regions for name in region.names[1:])),
        topic=topic,
        stance=stances[0],
        attribution=_voice(regions, places),
        hedged="hedged" in flags,
        conditional="conditional" in flags,
        changed="changed" in flags,
        evidence=tuple(_evidence(annotation, region) for region in regions),
        where=places[0],
    )


def _kind(
    annotation: Annotation, holder: str, regions: Sequence[_Region], places: Sequence[str]
) -> HolderKind:
    """Return what sort of actor the holder is: as chosen, else as the machine said of the same name."""
    for region, place in zip(regions, places, strict=True):
        if "holder_kind" in region.chosen:
            return _choice(region, "holder_kind", tuple(HolderKind), place)
    if holder in annotation.kinds:
        return HolderKind(annotation.kinds[holder])
    raise InputError(f"{places[0]}: no holder_kind for {holder!r}; must be one of {', '.join(HolderKind)}")


def _voice(regions: Sequence[_Region], places: Sequence[str]) -> Voice | None:
    """Return "quoted" where one passage has the holder's own words, whatever the others; None where none was chosen."""
    given = {
        _choice(region, "attribution", _VOICES, place)
        for region, place in zip(regions, places, strict=True)
        if "attribution" in region.chosen
    }
    return next((voice for voice in _VOICES if voice in given), None)


def _evidence(annotation: Annotation, region: _Region) -> Evidence:
    quote = annotation.text[region.start : region.end]
    return Evidence(start=region.start, end=region.end, quote=quote, p=1.0)


def _choice(region: _Region, name: str, known: Sequence[Choice], place: str) -> Choice:
    given = _one(region, name, place, known)
    for choice in known:
        if given == choice.value:
            return choice
    raise InputError(f"{place}: {name} is {given!r}; must be one of {', '.join(known)}")


def _one(region: _Region, name: str, place: str, known: Sequence[str] = ()) -> str:
    given = region.chosen.get(name, ())
    if len(given) != 1:
        what = f"one of {', '.join(known)}" if known else "one"
        raise InputError(f"{place}: {name} is {', '.join(given) or 'not chosen'}; must be {what}")
    return given[0]


def _place(annotation: Annotation, region: _Region) -> str:
    return f"{annotation.where}, evidence {region.start}-{region.end}"


def _texts(value: object) -> tuple[str, ...]:
    """Return a list of texts as Label Studio writes it; a single text stands for a list of one."""
    if isinstance(value, str):
        return (value,)
    return tuple(str(item) for item in value) if isinstance(value, list) else ()
