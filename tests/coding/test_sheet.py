"""Spreadsheets as people save them: rows named as the sheet counts them."""

from __future__ import annotations

from pathlib import Path

import pytest

from stancewire.coding.sheet import read_sheet


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "anna.csv"


def test_a_row_is_named_by_its_first_line_and_its_row_in_the_sheet(path: Path) -> None:
    path.write_text('id,text\na,"one\ntwo\nthree"\nb,"x\ny"\n\nc,z\n')
    assert [row.where for row in read_sheet(path, ["id"])] == [
        f"{path}:2",
        f"{path}:5 (row 3)",
        f"{path}:8 (row 5)",
    ]


def test_blank_rows_and_cells_and_blanks_around_column_names_are_nothing(path: Path) -> None:
    path.write_text(" id ;text\r\n;\r\na; \r\n")
    assert [dict(row.values) for row in read_sheet(path, ["id"])] == [{"id": "a"}]


def test_a_cell_longer_than_the_csv_modules_limit_is_read(path: Path) -> None:
    path.write_text(f"id,text\na,{'x' * 200_000}\n")
    (row,) = read_sheet(path, ["id"])
    assert len(row.values["text"]) == 200_000
