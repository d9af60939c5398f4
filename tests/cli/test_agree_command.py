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


def test_decisions_make_gold_that_evaluate_reads(command: Run, folder: Path) -> None:
    sources, decisions, gold = (
        (folder / "anna.csv", folder / "ben.csv"),
        folder / "d.csv",
        folder / "gold.jsonl",
    )
    command("agree", *sources, "--disagreements", decisions)
    text = decisions.read_text(encoding="utf-8-sig")
    assert text.splitlines()[1].endswith(",favor | against | neutral | anna | ben,")
    decisions.write_text(text.rstrip("\r\n") + "ben\r\n")
    ran = command("agree", *sources, "--decisions", decisions, "--gold", gold, "--samples", 0)
    assert ran.code == 0, ran.err
    assert ran.err == f"{gold}: 2 records in 2 articles\n"
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    assert [row.get("stance") for row in rows] == ["against", "against", None]
    assert command("evaluate", folder / "run", gold).code == 0


def test_one_coder_is_gold_alone(command: Run, folder: Path) -> None:
    ran = command("agree", folder / "anna.csv", "--gold", folder / "gold.jsonl")
    assert (ran.code, ran.out) == (0, "")
    assert command("evaluate", folder / "run", folder / "gold.jsonl").code == 0


def test_words_without_offsets_are_found_in_the_runs_texts(command: Run, folder: Path) -> None:
    header, first, second, *rest = (folder / "anna.csv").read_text().splitlines()
    rows = [first.replace("32,68", ",") + ",Laila Noori", second.replace("69,95", ",") + ",gone", *rest]
    header += ",evidence_quote"
    (folder / "anna.csv").write_text("\n".join([header, *rows[:2], *(f"{row}," for row in rows[2:])]))
    ran = command("agree", folder / "anna.csv", folder / "run", "--samples", 0)
    assert ran.code == 0, ran.err
    assert "1 aren't in the text, 0 are there more than once; first: " in ran.out
    alone = command("agree", folder / "anna.csv", folder / "ben.csv", "--samples", 0)
    assert (
        "anna: 2 quotes without offsets don't count as evidence: their articles have no text here"
        in alone.out
    )


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("anna.csv",), "agreement needs two"),
        (("anna.csv", "ben.csv", "--decisions", "d.csv"), "name the file that they make (--gold FILE)"),
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
