"""`stancewire agree` as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.review.runs import finish, two_articles

Run = Callable[..., Any]
HEADER = "article_id,holder,holder_kind,topic,stance,evidence_start,evidence_end\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a run and two coders' tables over its two articles."""
    finish(tmp_path / "run", two_articles())
    first, second = "a1,Laila Noori,person,federalism", "a1,Omid Karimi,person,negotiation,against,69,95"
    for name, stance in (("anna", "favor"), ("ben", "against")):
        (tmp_path / f"{name}.csv").write_text(HEADER + f"{first},{stance},32,68\n{second}\na2,,,,none,,\n")
    return tmp_path


def test_two_people_and_a_run_are_compared_two_by_two(command: Run, folder: Path) -> None:
    ran = command("agree", folder / "anna.csv", folder / "ben.csv", folder / "run", "--samples", 50)
    assert ran.code == 0, ran.err
    for pair in ("anna and ben", "anna and run", "ben and run"):
        assert f"{pair}: 2 articles in common" in ran.out
    assert "50 bootstrap samples of articles, seed 0" in ran.out


def test_json_is_the_same_for_the_same_seed(command: Run, folder: Path) -> None:
    words = (
        "agree",
        folder / "anna.csv",
        folder / "ben.csv",
        "--format",
        "json",
        "--samples",
        50,
        "--seed",
        3,
    )
    first = command(*words).out
    assert first == command(*words).out
    fields = {each["field"]: each for each in json.loads(first)["comparisons"][0]["fields"]}
    assert fields["stance"]["agreement"]["value"] == 0.5


def test_markdown_and_a_metric_for_stance(command: Run, folder: Path) -> None:
    ran = command(
        "agree",
        folder / "anna.csv",
        folder / "ben.csv",
        "--format",
        "markdown",
        "--stance-metric",
        "interval",
    )
    assert "| stance | 2 | 1 |" in ran.out
    assert "interval for stance" in ran.out


def test_disagreements_are_written_for_adjudication(command: Run, folder: Path) -> None:
    ran = command("agree", folder / "anna.csv", folder / "ben.csv", "--disagreements", folder / "d.csv")
    assert "1 disagreements" in ran.out
    assert "Laila Noori,stance,favor" in (folder / "d.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("anna.csv",), "agreement needs two"),
        (("anna.csv", "gone.csv"), "gone.csv: no such file or folder"),
        (
            ("anna.csv", "ben.csv", "--disagreements", "d.txt"),
            "d.txt: can't tell the format of disagreements",
        ),
        (("anna.csv", "ben.csv", "--topics", "gone.toml"), "gone.toml: no such codebook"),
        (("anna.csv", "other.csv"), "no article was coded by two coders"),
        (("anna.csv", "run@best"), "'best' is no version"),
        (("anna.csv", "wrong.csv", "run"), "wrong.csv:2: topic 'taxes' is not in the scheme"),
        (
            ("anna.csv", "moved.csv", "run"),
            "moved.csv:2: evidence 1 of 'Laila Noori', 32 to 900 in a1: the text ends",
        ),
    ],
)
def test_what_cannot_be_compared_is_one_line_and_exit_code_2(
    command: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], named: str
) -> None:
    (folder / "other.csv").write_text(HEADER + "z,,,,none,,\n")
    (folder / "wrong.csv").write_text(HEADER + "a1,Laila Noori,person,taxes,favor,,\n")
    (folder / "moved.csv").write_text(HEADER + "a1,Laila Noori,person,federalism,favor,32,900\n")
    monkeypatch.chdir(folder)
    ran = command("agree", *words)
    assert ran.code == 2
    assert named in ran.err
    assert ran.err.startswith("stancewire: ")
    assert ran.err.count("\n") == 1


def test_help_has_examples(command: Run) -> None:
    assert "stancewire agree anna.csv ben.csv" in command("agree", "--help").out
