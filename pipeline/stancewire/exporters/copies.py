"""A version of the table as a run writes it: CSV and Parquet with the review's columns, JSON lines without."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from stancewire.exporters.source import REVIEW_FIELDS, Exported, Source, review_cells
from stancewire.exporters.text import encodable
from stancewire.exporters.whole import built
from stancewire.review.reviewed import Reviewed, Status
from stancewire.writers.csv import COLUMNS, cells, guarded
from stancewire.writers.jsonl import JsonlWriter
from stancewire.writers.partial import PartialFile
from stancewire.writers.rows import as_row

BATCH = 10_000  # records in memory at once


def write_csv(source: Source, out: Path) -> Exported:
    """Write the columns of a run's records.csv and those of the review; InputError names what can't be read."""
    passages = cues = 0
    with PartialFile(out) as file:
        file.append(b"\xef\xbb\xbf" + _lines([[*COLUMNS, *REVIEW_FIELDS]]))
        for batch in _batches(source):
            file.append(_lines([[*cells(each.record), *_review(each)] for each in batch]))
            passages += sum(max(len(each.record.evidence) - 1, 0) for each in batch)
            cues += sum(len(each.record.cues) for each in batch)
    notes = [f"{passages} passages of evidence besides each record's best"] if passages else []
    notes += [f"the offsets of {cues} cues"] if cues else []
    left = f"csv leaves out {' and '.join(notes)}; parquet, xlsx and sqlite have them"
    return Exported(paths=(out,), notes=(left,) if notes else ())


def write_parquet(source: Source, out: Path) -> Exported:
    """Write the columns of a run's records.parquet and those of the review."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from stancewire.writers.parquet import SCHEMA

    schema = pa.schema([*SCHEMA, *(pa.field(name, pa.string()) for name in REVIEW_FIELDS)])
    with built(out) as path, pq.ParquetWriter(path, schema, compression="zstd") as table:
        for batch in _batches(source):
            rows = [_encodable({**as_row(each.record), **review_cells(each)}) for each in batch]
            table.write_table(pa.Table.from_pylist(rows, schema=schema))
    return Exported(paths=(out,))


def write_jsonl(source: Source, out: Path) -> Exported:
    """Write records that whatever reads a run's records.jsonl can read; who reviewed them is left out and told."""
    reviewed: Counter[Status] = Counter()
    with JsonlWriter(out) as file:
        for batch in _batches(source):
            file.write([each.record for each in batch])
            reviewed.update(each.status for each in batch)
    number = reviewed.total() - reviewed[Status.UNREVIEWED]
    left = f"jsonl leaves out who reviewed {number} records, and what the machine said; csv, parquet and xlsx have it"
    return Exported(paths=(out,), notes=(left,) if number else ())


def _batches(source: Source) -> Iterator[list[Reviewed]]:
    rows = source.reviewed()
    while batch := list(islice(rows, BATCH)):
        yield batch


def _review(each: Reviewed) -> list[str]:
    return [guarded(value or "") for value in review_cells(each).values()]


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, dict):
        return {name: _encodable(each) for name, each in value.items()}
    return [_encodable(each) for each in value] if isinstance(value, list) else value
