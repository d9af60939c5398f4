"""Codings in JSON lines: gold files, and the records.jsonl of a run."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from stancewire.coding.coded import Coding, without_doubles
from stancewire.errors import InputError
from stancewire.evaluation.gold import GoldRecord, Predicted, predicted_record, read_gold
from stancewire.evaluation.rows import Row, read_rows


def read_json_rows(path: Path, *, coder: str) -> Coding:
    """Read gold rows or a run's records, whichever the first row is; raises InputError naming line and key."""
    first = next(islice(read_rows(path), 1), None)
    if first is None:
        raise InputError(
            f"{path}: empty; a coding has a line for each record, or for each article without a stance"
        )
    return _records(path, coder=coder) if "holder_kind" in first.values else _gold(path, first, coder=coder)


def as_coded(record: Predicted, *, where: str | None = None) -> GoldRecord:
    """Return a run's record in the form in which codings are compared; the words used there become an alias."""
    return GoldRecord(
        article_id=record.article_id,
        holder=record.holder,
        kind=record.holder_kind,
        aliases=(record.holder_mention,),
        topic=record.topic,
        stance=record.stance,
        attribution=record.attribution,
        hedged=record.hedged,
        conditional=record.conditional,
        changed=record.changed,
        evidence=record.evidence,
        where=where,
    )


def _gold(path: Path, first: Row, *, coder: str) -> Coding:
    if first.optional_text("article_id") is None:
        raise first.complaint("article_id", "the article's id, by which coders' rows are put side by side")
    gold = read_gold(path)
    for record in gold.records:
        if record.article_id is None:
            raise InputError(f"{record.where}: no 'article_id', by which coders' rows are put side by side")
    return Coding(coder=coder, source=str(path), records=gold.records, articles=gold.articles)


def _records(path: Path, *, coder: str) -> Coding:
    records = without_doubles(as_coded(predicted_record(row), where=row.where) for row in read_rows(path))
    return Coding(
        coder=coder,
        source=str(path),
        records=records,
        articles=frozenset(record.article_id for record in records if record.article_id is not None),
        is_model=True,
        notes=(
            f"{coder}: {path.name} says nothing of articles without a record, so that they don't count as coded;"
            " the run's folder does",
        ),
    )
