"""Codings in a JSON export of Label Studio, made with the interface that `stancewire export --to label-studio` writes.

Each annotator of the export is a coder; what was skipped ("was_cancelled") is not coded, and of two annotations of
one article by one person the later counts. Every region labelled "evidence" has a topic, a stance and a holder; regions
with the same holder and topic are one record. A holder is what was typed under holder_name, else the words labelled
"holder" that a relation ties to the evidence. Words labelled as cues are not read: the flags say what was coded.

A task of `stancewire sample --unit record` asks of one record: submitted without evidence, it says that there is no
such stance, and nothing is said of the rest of its article.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from stancewire.coding.coded import Coding, without_doubles
from stancewire.coding.regions import Annotation, records_of
from stancewire.errors import InputError
from stancewire.evaluation.gold import GoldRecord
from stancewire.evaluation.rows import Row
from stancewire.types import HolderKind, Stance

_WANTED = 'in Label Studio choose Export, format "JSON" (not JSON-MIN, CSV or CONLL)'
_EXAMPLES = 4
ASKED = "asked"
"""Where a task's data say which record it asks of."""


def read_label_studio(path: Path) -> list[Coding]:
    """Return a coding for each annotator, by name; raises InputError naming task, region and what would be right."""
    texts: dict[str, str] = {}
    found: dict[tuple[str, str, str | None], Annotation] = {}
    doubles: dict[str, int] = defaultdict(int)
    for task in _tasks(path):
        for annotation in _annotations(task, path):
            texts[annotation.article_id] = annotation.text
            key = (
                annotation.coder,
                annotation.article_id,
                annotation.asked.where if annotation.asked else None,
            )
            doubles[annotation.coder] += key in found
            found[key] = max(found.get(key, annotation), annotation, key=lambda each: each.updated)
    if not found:
        raise InputError(f"{path}: no task has an annotation; annotate and submit first, then {_WANTED}")
    coders = sorted({coder for coder, _, _ in found})
    return [_coding(path, coder, list(found.values()), texts, doubles[coder]) for coder in coders]


def _coding(
    path: Path,
    coder: str,
    found: Sequence[Annotation],
    texts: Mapping[str, str],
    doubles: int,
) -> Coding:
    own = [annotation for annotation in found if annotation.coder == coder]
    records = without_doubles(record for annotation in own for record in records_of(annotation))
    is_partial = all(annotation.asked for annotation in own)
    articles = frozenset(annotation.article_id for annotation in own)
    notes = [f"{coder}: {doubles} tasks annotated twice; the later annotation counts"] if doubles else []
    notes += [f"{coder}: judged given records only; what else there is wasn't asked"] if is_partial else []
    return Coding(
        coder=coder,
        source=str(path),
        records=records,
        articles=articles,
        texts={article: texts[article] for article in articles},
        is_partial=is_partial,
        notes=tuple(notes),
    )


def _tasks(path: Path) -> list[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        tasks = json.loads(text) if text.strip() else []
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: can't be read as JSON: {error}; {_WANTED}") from error
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise InputError(f"{path}: {type(tasks).__name__}; must be a list of tasks; {_WANTED}")
    if not tasks:
        raise InputError(f"{path}: empty; {_WANTED}")
    return tasks


def _annotations(task: Mapping[str, Any], path: Path) -> Iterator[Annotation]:
    """Yield a task's annotations that were not skipped."""
    place = f"{path}: task {task.get('id', '?')}"
    data, given = task.get("data"), task.get("annotations", [])
    if "completions" in task:
        raise InputError(
            f"{place}: 'completions', as Label Studio before 1.0 wrote; export with 1.2 or newer"
        )
    if not isinstance(data, dict) or not isinstance(given, list):
        raise InputError(f"{place}: no 'data' with 'annotations' beside it; has {_keys(task)}; {_WANTED}")
    article, text = data.get("id"), data.get("text")
    if not isinstance(article, str) or not isinstance(text, str):
        raise InputError(
            f"{place}: data must have the article's 'id' and 'text', as `stancewire export` and `sample` write them;"
            f" has {_keys(data)}"
        )
    for annotation in given:
        if not isinstance(annotation, dict) or not isinstance(annotation.get("result"), list):
            raise InputError(f"{place}: an annotation without a list 'result'; {_WANTED}")
        if not annotation.get("was_cancelled"):
            coder = _annotator(annotation.get("completed_by"))
            yield Annotation(
                coder=coder,
                article_id=article,
                text=text,
                result=tuple(annotation["result"]),
                kinds=_kinds(data.get("records")),
                asked=_asked(data.get(ASKED), article, place),
                updated=str(annotation.get("updated_at") or annotation.get("created_at") or ""),
                where=f"{place} ({article}), {coder}",
            )


def _asked(asked: object, article: str, place: str) -> GoldRecord | None:
    """Return the record that a task asks of, with stance none; None where it asks of the whole article."""
    if not isinstance(asked, dict):
        return None
    row = Row(where=place, values=asked)
    return GoldRecord(
        article_id=article,
        holder=row.text("holder"),
        kind=row.choice("holder_kind", *HolderKind),
        aliases=(row.text("holder_mention"),),
        topic=row.text("topic"),
        stance=Stance.NONE,
        where=f"{place}, record {row.text('record_id')}",
    )


def _annotator(by: object) -> str:
    """Return an annotator's name: the address where the export has it, else the number in Label Studio."""
    if isinstance(by, dict):
        by = by.get("email") or by.get("username") or by.get("id")
    return "unnamed annotator" if by is None else by if isinstance(by, str) else f"annotator {by}"


def _kinds(records: object) -> dict[str, str]:
    """Return the kinds of the holders that the machine found, which the task carries."""
    rows: Sequence[Any] = records if isinstance(records, list) else []
    return {
        str(row["holder"]): str(row["holder_kind"])
        for row in rows
        if isinstance(row, dict) and {"holder", "holder_kind"} <= row.keys()
    }


def _keys(values: Mapping[str, Any]) -> str:
    return ", ".join([*list(values)[:_EXAMPLES], "..."][: len(values) + 1])
