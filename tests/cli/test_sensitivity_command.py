"""`stancewire sensitivity` as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.review.runs import article, finish, record

Run = Callable[..., Any]

CODEBOOK = """
[codebook]
id = "b"
version = "1"

[[topic]]
id = "federalism"
claim = "Federalism is right."
terms = ["federalism"]
"""
NEWS = "Laila Noori supports federalism, a spokesman said. Omid Karimi opposes federalism."


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with news, a codebook and quick settings, and go there."""
    (tmp_path / "b.toml").write_text(CODEBOOK, encoding="utf-8")
    (tmp_path / "quick.toml").write_text(
        'model = "lexicon"\nattributor = "rules"\nworkers = 1\n', encoding="utf-8"
    )
    (tmp_path / "news.jsonl").write_text(json.dumps({"id": "a1", "text": NEWS}) + "\n{\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_articles_are_tested_and_the_folder_says_what_came_of_it(command: Run, folder: Path) -> None:
    ran = command("sensitivity", "news.jsonl", "--topics", "b.toml", "--config", "quick.toml", "--out", "out")
    assert ran.code == 0, ran.err
    assert "model lexicon#1, codebook b@1#" in ran.out
    assert "1 x bad-line: left out" in ran.out or "left out" in ran.out
    assert "Verdict (fragile: more than 20 % of records change, or 5 % flip)" in ran.out
    assert "the topic has no paraphrases, which a codebook" in (folder / "out" / "sensitivity.md").read_text()
    assert "in out: sensitivity.md, sensitivity.json, sensitivity.csv, changes.csv" in ran.out


def test_a_finished_run_is_tested_with_its_own_codebook(command: Run, folder: Path) -> None:
    english = article("a1", NEWS)
    topics = [
        {"id": "federalism", "name": "Federalism", "claim": "Federalism is right.", "terms": ["federalism"]}
    ]
    finish(
        folder / "run", [(english, [record(english, "Laila Noori", "supports federalism")])], topics=topics
    )
    ran = command(
        *(
            "sensitivity",
            "run",
            "--config",
            "quick.toml",
            "--out",
            "out",
            "--try",
            "invented-name",
            "--swaps",
            1,
        )
    )
    assert ran.code == 0, ran.err
    assert "codebook book@1#abc" in ran.out
    values = json.loads((folder / "out" / "sensitivity.json").read_text(encoding="utf-8"))
    assert {each["perturbation"] for each in values["tallies"]} == {"invented-name"}
    assert values["questions"] >= 2


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("news.jsonl",), "news.jsonl: no finished run's folder, so --topics must name a codebook"),
        (("news.jsonl", "--topics", "gone.toml"), "gone.toml: no such codebook"),
        (("news.jsonl", "--topics", "b.toml", "--actors", "gone.toml"), "gone.toml"),
        (
            ("news.jsonl", "--topics", "b.toml", "--actors", "gone"),
            "'configs/actors/gone.toml' does not ship",
        ),
        (("news.jsonl", "--topics", "b.toml", "--articles", "0"), "0 articles to draw; must be 1 at least"),
        (("news.jsonl", "--topics", "b.toml", "--model", "huge"), "unknown model 'huge'"),
        (("gone.jsonl", "--topics", "b.toml"), "gone.jsonl"),
    ],
)
def test_what_cannot_be_tested_is_one_line_and_exit_code_2(
    command: Run, folder: Path, words: tuple[str, ...], named: str
) -> None:
    ran = command("sensitivity", *words, "--config", "quick.toml", "--out", "out")
    assert ran.code == 2
    assert named in ran.err
    assert ran.err.count("\n") == 1
    assert not (folder / "out" / "sensitivity.json").exists()


def test_an_unknown_perturbation_names_those_that_are_known(command: Run, folder: Path) -> None:
    ran = command("sensitivity", "news.jsonl", "--topics", "b.toml", "--out", "out", "--try", "mood")
    assert ran.code == 2
    assert "masked-topic" in ran.err


def test_an_out_that_is_a_file_is_named_before_any_work(command: Run, folder: Path) -> None:
    ran = command("sensitivity", "news.jsonl", "--topics", "b.toml", "--out", "b.toml")
    assert ran.code == 2
    assert "--out 'b.toml': can't make this folder" in ran.err


def test_help_has_examples(command: Run) -> None:
    assert "stancewire sensitivity runs/demo --out runs/sensitivity" in command("sensitivity", "--help").out
