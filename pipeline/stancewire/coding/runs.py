"""A run's folder as a coding: what the model found, or what people made of it in review."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from stancewire.coding.coded import Coding
from stancewire.coding.json_rows import as_coded
from stancewire.evaluation.gold import GoldRecord
from stancewire.evaluation.rows import read_rows
from stancewire.review.reviewed import Status, Version
from stancewire.run_folder import RunFolder
from stancewire.store.database import FILE
from stancewire.types import Outcome, Stance, StanceRecord

LEDGER = "ledger.jsonl"
_NOTES = {
    Version.HUMAN: (
        "only reviewed records count; what the machine missed counts only where somebody added it",
    ),
    Version.MERGED: (
        "what nobody reviewed is the machine's own, so that agreement with that machine is too high",
    ),
}


def read_run(path: Path, *, coder: str, version: Version) -> Coding:
    """Read one version of a run's table.

    Every article that the run finished counts as coded. What people alone say (HUMAN) is partial: they judged the
    records that they accepted, corrected, added or rejected, a rejected one being a record with no stance.
    """
    folder = RunFolder(path)
    is_human = version is Version.HUMAN
    records = _judged(folder) if is_human else (_coded(path, record) for record in folder.records(version))
    coded = tuple(records)
    named = frozenset(record.article_id for record in coded if record.article_id is not None)
    return Coding(
        coder=coder,
        source=str(path),
        records=coded,
        articles=named if is_human else finished_articles(path) | named,
        is_model=version is Version.MACHINE,
        is_run=True,
        is_partial=is_human,
        topics=frozenset(topic.id for topic in folder.codebook.topics),
        notes=tuple(f"{coder}: {note}" for note in _NOTES.get(version, ())),
    )


def finished_articles(path: Path) -> frozenset[str]:
    """Return the ids of the articles that a run finished, with records or without, from its ledger."""
    return frozenset(
        row.text("article_id")
        for row in read_rows(path / LEDGER)
        if row.values.get("outcome") == Outcome.DONE.value
    )


def texts_of_run(path: Path, wanted: Collection[str]) -> dict[str, str]:
    """Return the texts of `wanted` articles that the run's store has: those with records, if it is still there."""
    if not (path / FILE).is_file():
        return {}
    return {article.id: article.text for article in RunFolder(path).articles() if article.id in wanted}


def _judged(folder: RunFolder) -> Iterator[GoldRecord]:
    """Yield what people said: the records as they left them, and those that they rejected as records of no stance."""
    for record in folder.records(Version.HUMAN):
        yield _coded(folder.path, record)
    for each in folder.reviewed(Version.MACHINE):
        if each.status is Status.REJECTED:
            yield replace(_coded(folder.path, each.record), stance=Stance.NONE)


def _coded(path: Path, record: StanceRecord) -> GoldRecord:
    return as_coded(record, where=f"{path}: record {record.record_id}")
