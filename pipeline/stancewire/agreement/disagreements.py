"""What coders disagree on, for whoever decides: each unit and field with every coder's value and words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from stancewire.agreement.choices import CHOICES, COLUMN, FOLLOWS, choices_of
from stancewire.agreement.fields import Answers, Field, answers_of_holders, answers_of_passages, holder_names
from stancewire.agreement.results import Disagreement, Words
from stancewire.agreement.units import Unit, holder_units, passage_units
from stancewire.coding.coded import Coding
from stancewire.errors import InputError
from stancewire.evaluation.gold import GoldRecord
from stancewire.evaluation.matching import do_overlap
from stancewire.writers.csv import guarded
from stancewire.writers.partial import PartialFile

# "stance or none" says nothing that "record found" and "stance" don't.
_LISTED = (Field.FOUND, Field.STANCE, Field.ATTRIBUTION, Field.HEDGED, Field.CONDITIONAL, Field.CHANGED)


def list_disagreements(codings: Sequence[Coding]) -> Iterator[Disagreement]:
    """Yield all disagreements by article, topic and place in the text; one holder's fields follow each other."""
    names = [coding.coder for coding in codings]
    holders = holder_units(codings)
    asked = [answers for answers in answers_of_holders(holders) if answers.field in _LISTED]
    passages = answers_of_passages(passage_units(codings), holder_names(holders))
    found = [each for answers in (*asked, passages) for each in _of_answers(answers, names)]
    found += [each for unit in holders for each in _of_evidence(unit, names)]
    order = list(Field)
    yield from sorted(
        found,
        key=lambda each: (
            each.article_id,
            each.topic,
            _place(each),
            each.holder or "",
            order.index(each.field),
        ),
    )


def disagreement_writer(path: Path) -> Callable[[Sequence[Disagreement], Sequence[str]], None]:
    """Return what writes disagreements to a file; InputError for an ending other than .csv and .jsonl."""
    writers = {".csv": _as_csv, ".jsonl": _as_json_lines}
    made = writers.get(path.suffix.casefold())
    if made is None:
        raise InputError(
            f"{path}: can't tell the format of disagreements from {path.suffix!r}; known: .csv, .jsonl"
        )

    def write(disagreements: Sequence[Disagreement], coders: Sequence[str]) -> None:
        with PartialFile(path) as file:
            file.append(made(disagreements, coders).encode("utf-8", "replace"))

    return write


def _of_answers(answers: Answers, names: Sequence[str]) -> Iterator[Disagreement]:
    for unit, row in zip(answers.units, answers.rows, strict=True):
        if len({value for value in row if value is not None}) > 1:
            yield _disagreement(unit, answers.field, dict(zip(names, row, strict=True)))


def _of_evidence(unit: Unit, names: Sequence[str]) -> Iterator[Disagreement]:
    """Yield where two coders' evidence for a record that both have shares no character."""
    spans = [record.evidence for record in unit.given if record.evidence]
    if any(not do_overlap(one, other) for index, one in enumerate(spans) for other in spans[index + 1 :]):
        values = {
            name: _spans(record) if record and record.evidence else None
            for name, record in zip(names, unit.records, strict=True)
        }
        yield _disagreement(unit, Field.EVIDENCE, values)


def _disagreement(unit: Unit, field: Field, values: dict[str, str | None]) -> Disagreement:
    is_holder = field is Field.HOLDER
    return Disagreement(
        article_id=unit.article_id,
        topic=unit.topic,
        holder=None if is_holder else unit.given[0].holder,
        field=field,
        values=_names_in(unit, values) if is_holder else values,
        words=tuple(
            _words(name, record)
            for name, record in zip(values, unit.records, strict=True)
            if record and record.evidence
        ),
    )


def _names_in(unit: Unit, values: dict[str, str | None]) -> dict[str, str | None]:
    """Return the holders as the coders wrote them, in the place of the names under which they were compared."""
    pairs = zip(values, unit.records, strict=True)
    return {name: record.holder if record else None for name, record in pairs}


def _words(coder: str, record: GoldRecord) -> Words:
    best = max(record.evidence, key=lambda each: each.p)
    return Words(coder=coder, quote=best.quote, start=best.start, end=best.end)


def _spans(record: GoldRecord) -> str:
    return ", ".join(f"{each.start}-{each.end}" for each in record.evidence)


def _place(disagreement: Disagreement) -> int:
    return min((words.start for words in disagreement.words), default=-1)


def _as_json_lines(disagreements: Sequence[Disagreement], coders: Sequence[str]) -> str:
    return "".join(json.dumps(_row(each), ensure_ascii=False) + "\n" for each in disagreements)


def _row(each: Disagreement) -> dict[str, Any]:
    return {
        "article_id": each.article_id,
        "topic": each.topic,
        "holder": each.holder,
        "field": each.field.value,
        "values": dict(each.values),
        "evidence": {
            words.coder: {"start": words.start, "end": words.end, "quote": words.quote}
            for words in each.words
        },
    }


def _as_csv(disagreements: Sequence[Disagreement], coders: Sequence[str]) -> str:
    """Return a row for each disagreement: four columns for each coder, what can be decided, and the decision."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    columns = [f"{coder}: {what}" for coder in coders for what in ("value", "quote", "start", "end")]
    table.writerow(["article_id", "topic", "holder", "field", *map(guarded, columns), CHOICES, COLUMN])
    for each in disagreements:
        words = {one.coder: one for one in each.words}
        cells = [each.article_id, each.topic, each.holder or "", each.field.value]
        for coder in coders:
            cells += [each.values.get(coder) or "", *_cells(words.get(coder))]
        choices = " | ".join(choices_of(each.field, coders))
        table.writerow([*map(guarded, cells), choices or FOLLOWS, ""])
    return "\ufeff" + text.getvalue()


def _cells(words: Words | None) -> list[str]:
    return [words.quote, str(words.start), str(words.end)] if words else ["", "", ""]
