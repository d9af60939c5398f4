"""The workbook, read again with openpyxl."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.exporters.runs import RECORDS, UNSURE, ZAHRA, make_run

from stancewire.errors import ConfigError
from stancewire.exporters import xlsx
from stancewire.exporters.export import export
from stancewire.exporters.meanings import MEANINGS
from stancewire.exporters.source import Source
from stancewire.run_folder import RunFolder
from stancewire.writers.rows import as_row, from_row

openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl: pip install -e '.[dev]'")


def sheets(folder: RunFolder) -> dict[str, list[dict[str, Any]]]:
    (path,) = export(Source(folder=folder), "xlsx").paths
    book = openpyxl.load_workbook(path)
    found = {}
    for sheet in book:
        header, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(header, row, strict=True)) for row in rows]
    return found


def as_record(row: Mapping[str, Any], pages: Mapping[str, list[dict[str, Any]]]) -> Any:
    """Return the record that the sheets have."""

    def parts(page: str, *names: str) -> list[dict[str, Any]]:
        rows = [each for each in pages[page] if each["record_id"] == row["record_id"]]
        return [
            {name: each[name] for name in names} for each in sorted(rows, key=lambda each: each["number"])
        ]

    values = {name: row[name] for name in as_row(ZAHRA) if name not in ("evidence", "cues")}
    if isinstance(values["published"], datetime):
        values["published"] = values["published"].date().isoformat()
    evidence = parts("Evidence", "start", "end", "quote", "p")
    return from_row(values | {"evidence": evidence, "cues": parts("Cues", "kind", "start", "end", "quote")})


def test_records_read_again_are_the_same(folder: RunFolder) -> None:
    pages = sheets(folder)
    assert [as_record(row, pages) for row in pages["Records"][:3]] == list(RECORDS[:3])
    odd = as_record(pages["Records"][3], pages)
    # Half a surrogate pair and U+FFFE are in no XML; the bell has Excel's own escape, and the rest is as it was.
    expected = UNSURE.holder.replace("\ud800", "?").replace("\ufffe", "�").replace("\x07", "_x0007_")
    assert odd.holder == expected
    assert replace(odd, holder=UNSURE.holder) == UNSURE


def test_formulas_and_addresses_stay_text(folder: RunFolder) -> None:
    (path,) = export(Source(folder=folder), "xlsx").paths
    sheet = openpyxl.load_workbook(path)["Records"]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert cells[RECORDS[0].title].data_type == "s"
    assert not [cell for cell in cells.values() if cell.data_type == "f"]
    assert cells[RECORDS[0].url].hyperlink.target == RECORDS[0].url


def test_first_row_stays_in_view_and_filters(folder: RunFolder) -> None:
    (path,) = export(Source(folder=folder), "xlsx").paths
    for sheet in openpyxl.load_workbook(path):
        assert (sheet.freeze_panes, sheet.auto_filter.ref.startswith("A1:")) == ("A2", True)


def test_notes_say_what_it_is_and_what_every_column_means(reviewed: RunFolder) -> None:
    notes = {row["what"]: row["value"] for row in sheets(reviewed)["Notes"]}
    assert notes["exported"] == "version human-over-machine"
    assert (notes["run id"], notes["records accepted"], notes["records unreviewed"]) == ("run-1", 1, 2)
    assert notes["dam, counted once a record"] == 4
    assert {f"column {name}" for name in MEANINGS} - set(notes) == {"column evidence"}


def test_a_missing_library_is_named(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(
        ConfigError, match=r"xlsx needs the package XlsxWriter; pip install 'stancewire\[desk\]'"
    ):
        export(Source(folder=folder), "xlsx")
    assert not list(folder.path.glob("records.xlsx*"))


def test_review_and_the_machines_values_are_there(reviewed: RunFolder) -> None:
    rows = {row["record_id"]: row for row in sheets(reviewed)["Records"]}
    assert (rows["r3"]["stance"], rows["r3"]["reviewed_by"]) == ("against", "Jon")
    assert json.loads(rows["r3"]["machine_values"])["stance"] == "favor"


def test_texts_too_long_for_a_cell_are_cut_and_told(tmp_path: Path) -> None:
    long = replace(ZAHRA, title="🙂" * 40_000)
    exported = export(Source(folder=make_run(tmp_path / "run", [long])), "xlsx")
    title = openpyxl.load_workbook(exported.paths[0])["Records"]["E2"].value
    assert title.endswith("🙂 … [cut]")
    assert xlsx.CELL - 1 <= len(title.encode("utf-16-le")) // 2 <= xlsx.CELL
    assert exported.notes == (
        "xlsx: 1 texts are longer than the 32,767 characters of a cell; they end in '… [cut]'",
    )


def test_more_rows_than_a_sheet_has_go_on_on_another(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "ROWS", 3)
    monkeypatch.setattr(xlsx, "LINKS", 0)
    exported = export(Source(folder=folder), "xlsx")
    book = openpyxl.load_workbook(exported.paths[0])
    assert [row[0].value for name in ("Records", "Records 2") for row in book[name].iter_rows(min_row=2)] == [
        *("r1", "r2"),
        *("r3", "r4"),
    ]
    assert any("more sheets, numbered, for the rows beyond 3" in note for note in exported.notes)
    assert any(note.startswith("xlsx: 2 addresses are no links") for note in exported.notes)
