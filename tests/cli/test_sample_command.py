"""`stancewire sample` as a user runs it, up to the coders' agreement."""

from __future__ import annotations

import csv
import json
import re
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


def test_tables_of_articles_go_from_coders_through_decisions_to_evaluate(command: Run, folder: Path) -> None:
    command(*("sample", "run", "--size", 2, "--out", "gold"), *("--coders", "anna,ben", "--overlap", 1))
    noori = {"holder": "Laila Noori", "holder_kind": "Person", "topic": "federalism"}
    words = {"evidence_quote": "federalism 🌍 would save the country"}
    for coder, stance in (("anna", "Favor"), ("ben", "neutral ")):
        path = folder / "gold" / f"{coder}.csv"
        rows, columns = _read(path)
        for row in rows:
            row |= {**noori, **words, "stance": stance} if row["article_id"] == "a1" else {"stance": "None"}
        _write(path, rows, columns, delimiter=";")
    sources = ("gold/anna.csv", "gold/ben.csv")
    ran = command("agree", *sources, "--format", "json", "--samples", 0, "--disagreements", "d.csv")
    assert ran.code == 0, ran.err
    fields = {each["field"]: each for each in json.loads(ran.out)["comparisons"][0]["fields"]}
    assert fields["evidence"]["agreement"]["value"] == 1.0
    assert fields["stance"]["agreement"]["value"] == 0.0
    rows, columns = _read(folder / "d.csv")
    _write(folder / "d.csv", [{**row, "decision": "anna"} for row in rows], columns)
    ran = command("agree", *sources, "--samples", 0, "--decisions", "d.csv", "--gold", "gold.jsonl")
    assert ran.err == "gold.jsonl: 1 records in 2 articles\n"
    ran = command("evaluate", "run", "gold.jsonl")
    assert ran.code == 0, ran.err
    assert re.search(r"right \(found, same stance\) +1/1 ", ran.out)


def test_tasks_that_label_studio_gives_back_are_read(command: Run, folder: Path) -> None:
    command(
        "sample",
        "run",
        "--unit",
        "record",
        "--size",
        3,
        "--out",
        "check",
        "--coders",
        "anna,ben",
        "--overlap",
        1,
    )
    exports = []
    for number, (coder, stance) in enumerate((("anna", "favor"), ("ben", "against"))):
        tasks = json.loads((folder / "check" / f"{coder}.json").read_text(encoding="utf-8"))
        exports += [
            _annotated(task, f"{coder}@x.org", stance, 10 * number + at) for at, task in enumerate(tasks)
        ]
    (folder / "export.json").write_text(json.dumps(exports), encoding="utf-8")
    ran = command("agree", "export.json", "--format", "json", "--samples", 0)
    assert ran.code == 0, ran.err
    agreement = json.loads(ran.out)
    assert [coder["name"] for coder in agreement["coders"]] == ["anna@x.org", "ben@x.org"]
    fields = {each["field"]: each for each in agreement["comparisons"][0]["fields"]}
    assert (fields["stance"]["units"], fields["stance"]["agreement"]["value"]) == (3, 0.0)
    assert fields["evidence of record"]["agreement"]["value"] == 1.0


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


def _annotated(task: dict[str, Any], by: str, stance: str, number: int) -> dict[str, Any]:
    """Return a task as Label Studio exports it once somebody took the prediction over and chose a stance."""
    result = task["predictions"][0]["result"]
    chosen = [
        {**region, "from_name": "stance", "type": "choices", "value": {**_place(region), "choices": [stance]}}
        for region in result
        if region["from_name"] == "span"
    ]
    annotation = {
        "id": number,
        "completed_by": {"id": 1, "email": by, "first_name": "", "last_name": ""},
        "result": [*result, *chosen],
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": "2026-01-01T00:00:00Z",
    }
    return {"id": number, "annotations": [annotation], "drafts": [], **task}


def _place(region: dict[str, Any]) -> dict[str, Any]:
    return {name: region["value"][name] for name in ("start", "end")}


def _fill_in(path: Path, stances: list[str]) -> None:
    """Write stances into a coder's table, in the order of the holders and topics whatever the coder's own."""
    rows, columns = _read(path)
    order = sorted(rows, key=lambda row: (row["article_id"], row["topic"]))
    for row, stance in zip(order, stances, strict=True):
        row["stance"] = stance
    _write(path, rows, columns)


def _read(path: Path) -> tuple[list[dict[str, str]], list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        return list(table), list(table.fieldnames or ())


def _write(path: Path, rows: list[dict[str, str]], columns: list[str], *, delimiter: str = ",") -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, delimiter=delimiter)
        table.writeheader()
        table.writerows(rows)
