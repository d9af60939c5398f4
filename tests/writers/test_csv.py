"""The spreadsheet's special needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from stancewire.types import Cue, CueKind, StanceRecord
from stancewire.writers.csv import COLUMNS, CsvWriter, cells, guarded, unguarded

Maker = Callable[..., StanceRecord]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r", " =1", "＝1", "'=1", "''@x"])
def test_formula_is_disarmed_and_comes_back(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["", "'tis", "'", "We said = or -", "– a dash", "«نقل»", "1=1"])
def test_plain_cell_stays_as_it_is(cell: str) -> None:
    assert guarded(cell) == unguarded(cell) == cell


def test_no_cell_of_a_hostile_record_starts_a_formula(make_record: Maker) -> None:
    hostile = make_record(
        title="=cmd|' /C calc'!A0", holder="+x", holder_mention="@x", outlet="-2+3", url="\tx"
    )
    assert not [cell for cell in cells(hostile) if cell[:1] in "=+-@\t\r" and cell]


def test_file_starts_with_a_byte_order_mark_that_pandas_skips(tmp_path: Path, make_record: Maker) -> None:
    path = tmp_path / "records.csv"
    with CsvWriter(path) as file:
        file.write([make_record(holder="Zoë", holder_id=None)])
    assert path.read_bytes().startswith(b"\xef\xbb\xbfrecord_id,article_id,")
    pandas = pytest.importorskip("pandas", reason="checks that pandas reads the file")
    table = pandas.read_csv(path)
    assert table.columns[0] == "record_id"
    assert table.holder[0] == "Zoë"
    assert bool(table.conditional[0]) is True
    assert table.holder_id.isna()[0]


def test_best_quote_stands_with_its_place_and_the_count(make_record: Maker) -> None:
    row = cells(make_record("federal state", "Zahra Amini"))
    assert row[COLUMNS.index("evidence_quote") :][:5] == ["federal state", "38", "51", "0.9", "2"]


def test_cues_stand_in_one_cell_with_what_they_show(make_record: Maker) -> None:
    record = make_record()
    hedge = Cue(kind=CueKind.HEDGED, start=0, end=3, quote="may")
    place = COLUMNS.index("cues")
    assert cells(replace(record, cues=(*record.cues, hedge)))[place] == "speech: said; hedged: may"
    assert cells(replace(record, cues=()))[place] == ""
