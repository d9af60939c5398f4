"""Tables as files and in the terminal: every value arrives, and text stays text."""

from __future__ import annotations

import csv
import io
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest
from rich.console import Console
from tests.tables.conftest import Roll, told
from tests.tables.example import example, record

from stancewire.errors import ConfigError
from stancewire.tables import Format, RollUp, Table, format_of, print_as, write_as
from stancewire.tables.formats import SHOWN
from stancewire.writers.csv import unguarded

NASTY = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "https://example.org",
    "007",
    'quote " and, comma',
    "new\nline",
    "<script>alert(1)</script>",
    "[bold]x[/bold] | pipe",
    "'apostrophe",
    "حامد",
    "half \ud800 pair",
    "x" * 10_000,
)


@pytest.fixture
def nasty(roll: Roll) -> Table:
    """Return a table of holders with names that a program could take for something else."""
    return roll(RollUp.HOLDER, *(record(f"a{number}", holder=name) for number, name in enumerate(NASTY)))


def names(table: Table) -> set[str]:
    return {str(row[0]).replace("\ud800", "?") for row in table.rows}


def test_csv_keeps_every_name_and_runs_none_as_a_formula(nasty: Table, tmp_path: Path) -> None:
    write_as(nasty, tmp_path / "t.csv", Format.CSV)
    text = (tmp_path / "t.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert {unguarded(row["holder"]) for row in rows} == names(nasty)
    assert not [row for row in rows if row["holder"].lstrip()[:1] in ("=", "+", "-", "@")]
    assert rows[0]["favor_share"] == "1"
    assert rows[0]["favor_low"] == ""


def test_xlsx_keeps_text_as_text_and_has_no_formula_and_no_link(nasty: Table, tmp_path: Path) -> None:
    write_as(nasty, tmp_path / "t.xlsx", Format.XLSX)
    with zipfile.ZipFile(tmp_path / "t.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        strings = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        notes = book.read("xl/worksheets/sheet2.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert '<pane ySplit="1"' in sheet
    assert "<autoFilter" in sheet
    assert "<row" in notes
    texts = {"".join(item.itertext()) for item in strings}
    assert {
        name.replace("\r", "_x000D_") for name in names(nasty)
    } <= texts  # as Excel spells a carriage return
    assert set(nasty.notes) | {nasty.title} <= texts


@pytest.mark.parametrize(
    ("name", "shown"),
    [("y" * 40_000, "y" * 32_767), ("😀" * 20_000, "😀" * 16_383), ("a\ufffeb\x1bc", "a\ufffdb\ufffdc")],
)
def test_xlsx_tells_what_excel_has_no_room_for(roll: Roll, tmp_path: Path, name: str, shown: str) -> None:
    write_as(roll(RollUp.HOLDER, record(holder=name)), tmp_path / "t.xlsx", Format.XLSX)
    with zipfile.ZipFile(tmp_path / "t.xlsx") as book:
        strings = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    texts = ["".join(item.itertext()) for item in strings]
    assert shown in texts
    assert texts[-1].endswith("that Excel can't hold (U+FFFD stands there): 1.")


def test_parquet_has_typed_columns_and_the_notes(nasty: Table, tmp_path: Path) -> None:
    write_as(nasty, tmp_path / "t.parquet", Format.PARQUET)
    table = pq.read_table(tmp_path / "t.parquet")
    assert set(table["holder"].to_pylist()) == names(nasty)
    assert [
        str(table.schema.field(name).type) for name in ("n", "favor_share", "period" if 0 else "topic")
    ] == [
        "int64",
        "double",
        "string",
    ]
    assert b"records" in table.schema.metadata[b"notes"]


def test_markdown_is_one_line_a_row_without_marks_of_its_own(nasty: Table, tmp_path: Path) -> None:
    write_as(nasty, tmp_path / "t.md", Format.MARKDOWN)
    lines = (tmp_path / "t.md").read_text(encoding="utf-8").split("\n")
    rows = [line for line in lines if line.startswith("| ")]
    assert len(rows) == len(NASTY) + 2
    text = "\n".join(rows)
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert r"\[bold\]x\[/bold\] \| pipe" in text
    assert lines[-2].startswith("- ")


@pytest.mark.parametrize("by", list(RollUp))
@pytest.mark.parametrize("form", [Format.CSV, Format.MARKDOWN, Format.PARQUET, Format.XLSX])
def test_files_are_the_same_bytes_for_the_same_table(
    roll: Roll, tmp_path: Path, by: RollUp, form: Format
) -> None:
    written = []
    for name in ("a", "b"):
        write_as(roll(by, *example()), tmp_path / name, form)
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize("by", list(RollUp))
def test_csv_and_parquet_have_the_same_rows(roll: Roll, tmp_path: Path, by: RollUp) -> None:
    table = roll(by, *example())
    write_as(table, tmp_path / "t.parquet", Format.PARQUET)
    assert [tuple(row.values()) for row in pq.read_table(tmp_path / "t.parquet").to_pylist()] == list(
        table.rows
    )
    write_as(table, tmp_path / "t.csv", Format.CSV)
    text = (tmp_path / "t.csv").read_text(encoding="utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == len(table.rows) + 1


def test_terminal_shows_names_without_what_would_steer_it(nasty: Table) -> None:
    shown = printed(nasty, width=100)
    assert "[bold]x[/bold] | pipe" in shown
    assert "\x1b" not in printed(nasty, width=40)
    assert "…" in shown
    assert shown.count("x" * 20) < 40  # 10,000 characters are cut


def test_terminal_shows_so_many_rows_and_tells_of_the_rest(roll: Roll) -> None:
    table = roll(
        RollUp.HOLDER, *(record(f"a{each}", holder=f"Holder {each:03}") for each in range(SHOWN + 5))
    )
    shown = printed(table, width=100)
    assert f"Holder {SHOWN - 1:03}" in shown
    assert f"Holder {SHOWN:03}" not in shown
    assert "and 5 more rows: --out FILE has all" in shown


def test_shares_are_shown_where_there_are_intervals(roll: Roll) -> None:
    stories = [record(f"a{each}", topic="dam" if each % 3 else "schools") for each in range(9)]
    assert "favor %" not in printed(roll(RollUp.TOPIC, *stories), width=100)
    assert "Shares are shown where there are intervals" in printed(roll(RollUp.TOPIC, *stories), width=100)


def test_empty_table_says_so_and_why(roll: Roll) -> None:
    shown = printed(roll(RollUp.HOLDER, record(), min_confidence=1.0), width=100)
    assert "No rows." in shown
    assert "--min-confidence left out 1 record." in shown


@pytest.mark.parametrize("name", ["t.doc", "t", "t.csv.gz"])
def test_unknown_ending_is_named_with_the_known_ones(name: str) -> None:
    with pytest.raises(ConfigError, match=r"unknown ending .*; known: \.csv, \.md, \.parquet, \.xlsx"):
        format_of(Path(name))


@pytest.mark.parametrize("form", [Format.PARQUET, Format.XLSX])
def test_what_needs_a_file_is_not_printed(roll: Roll, form: Format) -> None:
    with pytest.raises(ConfigError, match=f"--format {form}: needs a file; name one with --out table.{form}"):
        print_as(roll(RollUp.HOLDER), form, console=Console(), notes=Console())


def test_xlsx_says_what_to_install_where_its_library_is_missing(
    roll: Roll, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(ConfigError, match=r"pip install 'stancewire\[desk\]'"):
        write_as(roll(RollUp.HOLDER, record()), tmp_path / "t.xlsx", Format.XLSX)
    assert told(roll(RollUp.HOLDER, record()), "n") == [(1,)]


def printed(table: Table, *, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    print_as(table, Format.TERMINAL, console=console, notes=console)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()
