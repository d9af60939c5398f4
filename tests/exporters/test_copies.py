"""CSV, Parquet and JSON lines, read again by csv, pyarrow and our own reader."""

from __future__ import annotations

import csv
import json

import pyarrow.parquet as pq
from tests.exporters.runs import RECORDS, UNION, UNSURE

from stancewire.exporters.export import export
from stancewire.exporters.source import REVIEW_FIELDS, Source
from stancewire.run_folder import RunFolder
from stancewire.writers.csv import COLUMNS, unguarded
from stancewire.writers.jsonl import read_records
from stancewire.writers.rows import FIELDS, as_row, from_row


def test_csv_has_the_runs_columns_and_the_reviews(reviewed: RunFolder) -> None:
    exported = export(Source(folder=reviewed), "csv")
    with exported.paths[0].open(encoding="utf-8-sig", newline="") as lines:
        header, *rows = csv.reader(lines)
    assert tuple(header) == (*COLUMNS, *REVIEW_FIELDS)
    by_id = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    assert [by_id[id_]["review_status"] for id_ in sorted(by_id)] == [
        *("accepted", "unreviewed", "corrected"),
        *("unreviewed", "added"),
    ]
    assert by_id["r3"]["stance"] == "against"
    assert json.loads(by_id["r3"]["machine_values"]) == {"stance": "favor", "confidence": UNION.confidence}
    assert (by_id["r3"]["reviewed_by"], by_id["r5"]["machine_values"]) == ("Jon", "")
    assert by_id["r4"]["holder"].startswith("'=cmd")
    assert unguarded(by_id["r4"]["holder"]) == UNSURE.holder.replace("\ud800", "?")
    assert exported.notes == (
        "csv leaves out 1 passages of evidence besides each record's best and the offsets of 2 cues;"
        " parquet, xlsx and sqlite have them",
    )


def test_parquet_read_again_is_the_same_records(folder: RunFolder) -> None:
    (path,) = export(Source(folder=folder), "parquet").paths
    rows = pq.read_table(path).to_pylist()
    records = [from_row({name: row[name] for name in FIELDS}) for row in rows]
    assert records[:3] == list(RECORDS[:3])
    assert records[3].holder == UNSURE.holder.replace("\ud800", "?")
    assert {row["review_status"] for row in rows} == {"unreviewed"}


def test_jsonl_read_again_is_the_same_records(reviewed: RunFolder) -> None:
    exported = export(Source(folder=reviewed), "jsonl")
    records = list(read_records(exported.paths[0]))
    assert records == list(reviewed.records())
    assert [as_row(record)["holder"] for record in records][3] == UNSURE.holder
    assert exported.notes == (
        "jsonl leaves out who reviewed 3 records, and what the machine said; csv, parquet and xlsx have it",
    )
