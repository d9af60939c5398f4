"""`stancewire sample` as a user runs it, up to the coders' agreement."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.review.runs import finish, two_articles

Run = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that a run lies in, and go there."""
    finish(tmp_path / "run", two_articles())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_sample_says_how_it_was_drawn(command: Run, folder: Path) -> None:
    ran = command("sample", "run", "--size", 2, "--out", "gold", "--stratify", "topic")
    assert ran.code == 0, ran.err
    assert "2 of 2 articles, seed 0" in ran.out
    assert "federalism+negotiation: 1 of 1, weight 1.000" in ran.out
    assert json.loads((folder / "gold" / "sample.json").read_text())["by"] == ["topic"]


def test_two_coders_fill_in_their_tables_and_agree_reads_them(command: Run, folder: Path) -> None:
    command(
        *("sample", "run", "--unit", "record", "--size", 3, "--out", "check"),
        *("--coders", "anna,ben", "--overlap", 1),
    )
    for coder, stances in (("anna", ["favor", "favor", "none"]), ("ben", ["favor", "against", "none"])):
        _fill_in(folder / "check" / f"{coder}.csv", stances)
    ran = command("agree", "check/anna.csv", "check/ben.csv", "--format", "json", "--samples", 0)
    assert ran.code == 0, ran.err
    fields = {each["field"]: each for each in json.loads(ran.out)["comparisons"][0]["fields"]}
    assert fields["stance"]["units"] == 2
    assert fields["stance"]["agreement"]["value"] == 0.5


def test_the_most_uncertain_are_chosen(command: Run, folder: Path) -> None:
    ran = command("sample", "run", "--unit", "record", "--size", 1, "--out", "more", "--by", "uncertainty")
    assert ran.code == 0, ran.err
    assert "weight" not in ran.out


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("gone", "--size", "1"), "gone: no finished run here"),
        (("run", "--size", "9"), "a sample of 9 from 2; must be 2 at most"),
        (("run", "--size", "1", "--stratify", "mood"), "--stratify 'mood'; known: topic, stance, outlet"),
        (
            ("run", "--size", "1", "--stratify", "topic", "--whole", "taxes"),
            "no stratum 'taxes' to take whole",
        ),
        (("run", "--size", "1", "--coders", "a/b"), "coder 'a/b'; must be letters"),
    ],
)
def test_a_sample_that_cannot_be_is_one_line_and_exit_code_2(
    command: Run, folder: Path, words: tuple[str, ...], named: str
) -> None:
    ran = command("sample", *words, "--out", "gold")
    assert ran.code == 2
    assert named in ran.err
    assert ran.err.count("\n") == 1
    assert not (folder / "gold").exists()


def test_help_has_examples(command: Run) -> None:
    assert "stancewire sample runs/demo --size 12" in command("sample", "--help").out


def _fill_in(path: Path, stances: list[str]) -> None:
    """Write stances into a coder's table, in the order of the holders and topics whatever the coder's own."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    order = sorted(rows, key=lambda row: (row["article_id"], row["topic"]))
    for row, stance in zip(order, stances, strict=True):
        row["stance"] = stance
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
