"""`stancewire shares` as a user runs it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from tests.review.runs import article, finish, record

from stancewire.types import Stance

Run = Callable[..., Any]
SVG = "{http://www.w3.org/2000/svg}"
HEADER = "article_id,unit,holder,holder_kind,topic,stance\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a run of forty articles, a record each, and what a coder says of all of them."""
    made = tmp_path_factory.mktemp("command")
    found, rows = [], []
    for number in range(40):
        text = f"Laila Noori backs federalism. {' '.join(f'word{number}of{place}' for place in range(60))}"
        one = article(f"a{number}", text, day=f"{2023 + number % 2}-05-01")
        found.append((one, (record(one, "Laila Noori", "Laila Noori backs federalism"),)))
        rows.append(
            f"a{number},record,Laila Noori,person,federalism,{'none' if number % 4 == 0 else 'favor'}\n"
        )
        if number % 8 == 1:
            rows[-1] = rows[-1].replace("favor", Stance.AGAINST.value)
    finish(made / "run", found)
    (made / "gold.csv").write_text(HEADER + "".join(rows), encoding="utf-8")
    return made


def test_shares_and_errors_are_printed_with_what_they_mean(command: Run, folder: Path) -> None:
    ran = command("shares", folder / "run", "--gold", folder / "gold.csv", "--equal-chances")
    assert ran.code == 0, ran.err
    assert "How far the machine errs, among coded units" in ran.out
    assert "federalism" in ran.out
    assert "40 of 40 records of run-1 are coded." in ran.out
    assert "83.3 % [83.3, 83.3]" in ran.out  # 25 of 30; all is coded, so that nothing is left to chance
    assert "what it missed is not in a sample of records" in " ".join(ran.out.split())


def test_a_file_has_the_form_that_its_ending_says(command: Run, folder: Path, tmp_path: Path) -> None:
    words = ("shares", folder / "run", "--gold", folder / "gold.csv", "--equal-chances", "--count", "record")
    for name in ("a.csv", "a.json", "a.md", "a.parquet"):
        ran = command(*words, "--out", tmp_path / name)
        assert ran.code == 0, ran.err
        assert f"3 rows in {tmp_path / name}" in ran.out
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8-sig"))))
    assert [row["stance"] for row in rows] == ["favor", "against", "neutral"]
    assert (rows[0]["machine"], rows[0]["records"], rows[0]["labels"]) == ("1", "40", "40")
    assert float(rows[0]["share"]) == pytest.approx(25 / 30, abs=1e-4)
    assert float(rows[0]["nothing"]) == pytest.approx(0.25)
    group = json.loads((tmp_path / "a.json").read_text())["groups"][0]
    assert group["shares"][1]["corrected"]["value"] == pytest.approx(5 / 30)
    assert group["real"] == pytest.approx(30)
    markdown = (tmp_path / "a.md").read_text()
    assert "| federalism | favor | 40 | 40 | 100.0 % |" in markdown
    assert "How far the machine errs" in markdown


def test_the_picture_has_both_shares_and_says_so(command: Run, folder: Path, tmp_path: Path) -> None:
    chart = tmp_path / "shares.svg"
    ran = command(
        *("shares", folder / "run", "--gold", folder / "gold.csv", "--equal-chances", "--by", "year"),
        *("--least", "10", "--chart", chart),
    )
    assert ran.code == 0, ran.err
    picture = ElementTree.parse(chart)
    words = [element.text for element in picture.iter(f"{SVG}text")]
    assert {"as the machine counts", "corrected, with its 95 % interval", "share of records"} <= set(words)
    assert {"federalism · 2023", "federalism · 2024"} <= set(words)
    assert len(list(picture.iter(f"{SVG}circle"))) == 2 + 2 * 3 * 2


def test_csv_can_be_piped(command: Run, folder: Path) -> None:
    ran = command(
        "shares", folder / "run", "--gold", folder / "gold.csv", "--equal-chances", "--format", "csv"
    )
    assert next(csv.DictReader(io.StringIO(ran.out)))["topic"] == "federalism"
    assert "Method: prediction-powered inference" in ran.err


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ((), "how was the gold drawn? Name the sample's design (--sample FOLDER/sample.json)"),
        (("--equal-chances", "--gold", "gone.csv"), "gone.csv: no such file or folder"),
        (("--sample", "gone.json"), "gone.json: can't be read"),
        (("--equal-chances", "--topic", "taxes"), "--topic 'taxes'; known: federalism, negotiation"),
        (("--equal-chances", "--out", "a.docx"), "a.docx: unknown ending '.docx'; known: .csv"),
        (("--equal-chances", "--level", "95"), "level is 95.0; must lie between 0 and 1"),
        (("--equal-chances", "--version", "human"), "version human: what people said has no machine's error"),
        (("--equal-chances", "--format", "xlsx"), "--format xlsx: needs a file"),
        (
            ("--equal-chances", "--format", "terminal", "--out", "a.csv"),
            "a.csv: a file can't be a terminal; known formats: csv, markdown, json, parquet, xlsx",
        ),
        (("--equal-chances", "--out", "gold.csv/a.csv"), "--out 'gold.csv': can't make this folder: "),
        (("--equal-chances", "--out", "gold.csv/in/a.json"), "--out 'gold.csv/in': can't make this folder: "),
        (("--equal-chances", "--chart", "gold.csv/a.svg"), "--chart 'gold.csv': can't make this folder: "),
    ],
)
def test_what_cannot_be_corrected_is_one_line_and_exit_code_2(
    command: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], named: str
) -> None:
    monkeypatch.chdir(folder)
    ran = command("shares", "run", "--gold", "gold.csv", *words)
    assert ran.code == 2
    assert named in ran.err
    assert ran.err.startswith("stancewire: ")
    assert ran.err.count("\n") == 1


def test_folders_of_files_are_made(command: Run, folder: Path, tmp_path: Path) -> None:
    table, chart = tmp_path / "one" / "a.json", tmp_path / "two" / "a.svg"
    words = ("--gold", folder / "gold.csv", "--equal-chances", "--out", table, "--chart", chart)
    ran = command("shares", folder / "run", *words)
    assert ran.code == 0, ran.err
    assert json.loads(table.read_text())["groups"]
    assert ElementTree.parse(chart)


def test_help_has_examples(command: Run) -> None:
    assert "stancewire shares runs/news" in command("shares", "--help").out
