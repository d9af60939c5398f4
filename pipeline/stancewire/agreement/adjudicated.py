"""One gold standard from several coders: what they agree on, and what was decided where they don't."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from stancewire.agreement.decisions import Key, read_decisions
from stancewire.agreement.disagreements import list_disagreements
from stancewire.agreement.fields import Field
from stancewire.agreement.units import Unit, holder_units
from stancewire.coding.coded import Coding
from stancewire.coding.quotes import placed
from stancewire.errors import InputError
from stancewire.evaluation.gold import FLAGS, GoldRecord, GoldSet
from stancewire.evaluation.matching import do_overlap
from stancewire.types import Evidence, Stance, Voice
from stancewire.writers.partial import PartialFile

_FLAG = {"yes": True, "no": False}


def adjudicate(codings: Sequence[Coding], decisions: Path | None, *, texts: Mapping[str, str]) -> GoldSet:
    """Return the records of the articles that people coded, one coder's or several coders' put together.

    Where coders differ, `decisions` says what holds (agreement/decisions.py). Of evidence that overlaps, the longest
    stays; kinds of holder are the most frequent, the first coder's where they are equal. Raises InputError where
    there are disagreements without a decision, where nobody but models coded, and for coders of given records: gold
    says of whole articles what there is.
    """
    _check(codings)
    codings = [placed(coding, {**coding.texts, **texts}) for coding in codings]
    names = [coding.coder for coding in codings]
    disagreements = [each for each in list_disagreements(codings) if each.article_id in _articles(codings)]
    if decisions is None:
        decided: Mapping[Key, str] = {}
        if disagreements:
            raise InputError(
                f"{', '.join(names)} disagree {len(disagreements)} times; write them down (--disagreements FILE), fill"
                " in the column decision, and give the file back (--decisions FILE)"
            )
    else:
        decided = read_decisions(decisions, disagreements, names).values
    return GoldSet(records=tuple(_records(codings, names, decided)), articles=_articles(codings))


def write_gold(gold: GoldSet, path: Path) -> None:
    """Write gold rows as JSON lines, which `stancewire evaluate` reads, an article after the other."""
    records: dict[str, list[GoldRecord]] = {article: [] for article in sorted(gold.articles)}
    for record in gold.records:
        records[record.article_id or ""].append(record)
    rows = [
        row
        for article, found in records.items()
        for row in (map(_row, found) if found else [{"article_id": article, "holder": None}])
    ]
    with PartialFile(path) as file:
        file.append(
            "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode("utf-8", "replace")
        )


def _check(codings: Sequence[Coding]) -> None:
    if all(coding.is_model for coding in codings):
        raise InputError(
            "gold needs a person: " + ", ".join(coding.source for coding in codings) + " are models'"
        )
    for coding in codings:
        if coding.is_partial:
            raise InputError(
                f"{coding.source}: {coding.coder} judged given records, and gold says of whole articles what there is;"
                " stancewire shares takes such files as they are"
            )


def _articles(codings: Sequence[Coding]) -> frozenset[str]:
    return frozenset(article for coding in codings if not coding.is_model for article in coding.articles)


def _records(
    codings: Sequence[Coding], names: Sequence[str], decided: Mapping[Key, str]
) -> Iterator[GoldRecord]:
    """Yield the records of articles that one coder coded, then those of the others, put together."""
    times = Counter(article for coding in codings for article in coding.articles)
    wanted = _articles(codings)
    for coding in codings:
        for record in coding.records:
            if record.article_id in wanted and times[record.article_id] == 1:
                yield record
    for unit in holder_units(codings):
        if unit.article_id in wanted and (held := _together(unit, names, decided)):
            yield held


def _together(unit: Unit, names: Sequence[str], decided: Mapping[Key, str]) -> GoldRecord | None:
    """Return what holds of one unit; None where it was decided that there is no such record."""
    first = unit.given[0]
    mine = dict(zip(names, unit.records, strict=True))

    def value(field: Field) -> str | None:
        return decided.get((unit.article_id, unit.topic, first.holder, field))

    found = value(Field.FOUND)
    if found == "no" or (found in mine and mine[found] is None):
        return None
    hedged, conditional, changed = (_decided_flag(unit, name, value(Field(name)), mine) for name in FLAGS)
    return replace(
        first,
        kind=Counter(record.kind for record in unit.given).most_common(1)[0][0],
        aliases=_aliases(unit),
        stance=_stance(first, value(Field.STANCE), mine),
        attribution=_voice(unit, value(Field.ATTRIBUTION), mine),
        required=not unit.is_optional,
        evidence=_evidence(unit, value(Field.EVIDENCE), mine),
        hedged=hedged,
        conditional=conditional,
        changed=changed,
    )


_Mine = Mapping[str, GoldRecord | None]


def _stance(first: GoldRecord, value: str | None, mine: _Mine) -> Stance:
    record = mine.get(value or "")
    return record.stance if record else Stance(value) if value else first.stance


def _voice(unit: Unit, value: str | None, mine: _Mine) -> Voice | None:
    record = mine.get(value or "")
    if record:
        return record.attribution
    return (
        Voice(value) if value else next((each.attribution for each in unit.given if each.attribution), None)
    )


def _decided_flag(unit: Unit, name: str, value: str | None, mine: _Mine) -> bool | None:
    record = mine.get(value or "")
    if record:
        flag: bool | None = getattr(record, name)
        return flag
    if value:
        return _FLAG[value]
    return next((flag for each in unit.given if (flag := getattr(each, name)) is not None), None)


def _aliases(unit: Unit) -> tuple[str, ...]:
    """Return the other names that coders gave the holder."""
    names = [name for record in unit.given for name in (record.holder, *record.aliases)]
    return tuple(name for name in dict.fromkeys(names) if name != unit.given[0].holder)


def _evidence(unit: Unit, value: str | None, mine: _Mine) -> tuple[Evidence, ...]:
    """Return the evidence that was decided on, else everybody's: of what overlaps the longest, by place."""
    record = mine.get(value or "")
    given = (record,) if record else unit.given
    kept: list[Evidence] = []
    for each in sorted(
        {words for one in given for words in one.evidence}, key=lambda each: each.start - each.end
    ):
        if not do_overlap((each,), kept):
            kept.append(each)
    return tuple(sorted(kept, key=lambda each: each.start))


def _row(record: GoldRecord) -> dict[str, Any]:
    """Return the record as a gold row, without what was not coded."""
    row: dict[str, Any] = {
        "article_id": record.article_id,
        "holder": record.holder,
        "kind": record.kind.value,
        "aliases": list(record.aliases),
        "topic": record.topic,
        "stance": record.stance.value,
        "attribution": record.attribution.value if record.attribution else None,
        **{name: getattr(record, name) for name in FLAGS},
        "required": record.required,
        "evidence": [{"start": each.start, "end": each.end, "quote": each.quote} for each in record.evidence],
    }
    return {name: value for name, value in row.items() if value is not None}
