"""`stancewire evaluate` as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.review.runs import finish, two_articles

Run = Callable[..., Any]
HEADER = "article_id,holder,holder_kind,topic,stance\n"
GOLD = [
    {"article_id": "a1", "holder": "Laila Noori", "kind": "person", "topic": "federalism", "stance": "favor"},
    {
        "article_id": "a1",
        "holder": "Omid Karimi",
        "kind": "person",
        "topic": "negotiation",
        "stance": "favor",
    },
    {"article_id": "a2", "holder": None, "genre": "wire"},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a run over two articles, gold in three forms, and a second model's records."""
    finish(tmp_path / "run", two_articles())
    write(tmp_path / "gold.jsonl", GOLD)
    write(tmp_path / "first.jsonl", GOLD[:1])
    (tmp_path / "gold.csv").write_text(
        f"{HEADER}a1,Laila Noori,person,federalism,favor\na1,Omid Karimi,person,negotiation,favor\na2,,,,none\n"
    )
    (tmp_path / "given.csv").write_text(
        "article_id,unit,holder,holder_kind,topic,stance\na1,record,Laila Noori,person,federalism,favor\n"
    )
    lines = (tmp_path / "run" / "records.jsonl").read_text(encoding="utf-8").splitlines()
    (tmp_path / "less.jsonl").write_text(f"{lines[0]}\n", encoding="utf-8")
    return tmp_path


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_a_coders_table_is_gold_as_well_as_gold_rows(command: Run, folder: Path) -> None:
    rows, table = (
        command("evaluate", folder / "run", folder / name, "--format", "json")
        for name in ("gold.jsonl", "gold.csv")
    )
    assert rows.code == table.code == 0, rows.err + table.err
    one, other = json.loads(rows.out), json.loads(table.out)
    assert one["total"] == other["total"]
    assert one["total"]["required"] == 2
    assert one["total"]["extra"] == 1


def test_records_of_articles_that_nobody_coded_are_left_out_where_asked(command: Run, folder: Path) -> None:
    refused = command("evaluate", folder / "run", folder / "first.jsonl")
    assert refused.code == 2
    assert "--coded-only leaves out the others" in refused.err
    ran = command("evaluate", folder / "run", folder / "first.jsonl", "--coded-only")
    assert ran.code == 0, ran.err
    assert "of articles that nobody coded, left out      1" in " ".join(ran.out.splitlines())


def test_scores_are_told_apart_by_what_the_records_and_the_inputs_say(command: Run, folder: Path) -> None:
    ran = command("evaluate", folder / "run", folder / "gold.jsonl", "--by", "outlet", "--by", "quarter")
    assert ran.code == 0, ran.err
    assert "By outlet" in ran.out
    assert "The Courier" in ran.out
    assert "2024-Q2" in ran.out


def test_a_second_model_is_compared_on_the_same_articles(command: Run, folder: Path) -> None:
    words = (
        "evaluate",
        folder / "run",
        folder / "gold.jsonl",
        "--against",
        folder / "less.jsonl",
        "--samples",
        100,
    )
    ran = command(*words)
    assert ran.code == 0, ran.err
    assert "run against less.jsonl" in ran.out
    assert "100 bootstrap samples of 2 articles, the same for both, seed 0" in ran.out
    found = json.loads(command(*words, "--format", "json").out)
    recall = next(each for each in found["differences"] if each["name"] == "recall, holder x topic")
    assert (recall["first"], recall["second"], recall["difference"]) == (1.0, 0.5, 0.5)


def test_a_folder_gets_everything_there_is(command: Run, folder: Path) -> None:
    out = folder / "out"
    ran = command(
        "evaluate", folder / "run", folder / "gold.jsonl", "--out", out, "--chart", folder / "c.svg"
    )
    assert ran.code == 0, ran.err
    assert {path.name for path in out.iterdir()} == {
        "scores.json",
        "scores.md",
        "confusion.svg",
        "reliability.svg",
    }
    assert (folder / "c.svg").read_text() == (out / "reliability.svg").read_text()


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("run", "given.csv"), "given.csv: judges given records only"),
        (("run", "gold.jsonl", "--against", "gone.jsonl"), "gone.jsonl: no such file"),
        (
            ("run", "gold.jsonl", "--against", "less.jsonl", "--samples", 5),
            "samples is 5; must be 100 and more",
        ),
        (("run", "gone.csv"), "gone.csv: no such file or folder"),
        (("nochart.jsonl", "gold.jsonl", "--chart", "c.svg"), "nochart.jsonl has no confidences"),
    ],
)
def test_what_cannot_be_scored_is_one_line_and_exit_code_2(
    command: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], named: str
) -> None:
    row = json.loads((folder / "less.jsonl").read_text(encoding="utf-8"))
    write(folder / "nochart.jsonl", [{key: value for key, value in row.items() if key != "confidence"}])
    monkeypatch.chdir(folder)
    ran = command("evaluate", *words)
    assert ran.code == 2
    assert named in ran.err
    assert ran.err.startswith("stancewire: ")
    assert ran.err.count("\n") == 1


def test_help_has_examples(command: Run) -> None:
    assert "--against runs/small" in " ".join(command("evaluate", "--help").out.split())


def test_picture_goes_into_a_folder_that_is_made_for_it(command: Run, folder: Path) -> None:
    ran = command("evaluate", folder / "run", folder / "gold.jsonl", "--chart", folder / "new" / "chart.svg")
    assert ran.code == 0, ran.err
    assert (folder / "new" / "chart.svg").read_text(encoding="utf-8").endswith("</svg>\n")


@pytest.mark.parametrize(("option", "place"), [("--out", "less.jsonl"), ("--chart", "less.jsonl/chart.svg")])
def test_file_where_a_folder_should_be_is_named(command: Run, folder: Path, option: str, place: str) -> None:
    ran = command("evaluate", folder / "run", folder / "gold.jsonl", option, folder / place)
    assert ran.code == 2
    assert f"{option} '{folder / 'less.jsonl'}': can't make this folder: File exists" in ran.err
