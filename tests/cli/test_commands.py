"""The command line as a whole, and the commands that check and score."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stancewire import __version__

Run = Callable[..., Any]
BOOK = '[codebook]\nid = "t"\nversion = "1"\n[[topic]]\nid = "dam"\nclaim = {claim}\nterms = ["dam"]\n'


def test_version_is_shown(command: Run) -> None:
    assert command("--version") == (0, f"stancewire {__version__}\n", "")


def test_every_command_of_the_readme_is_listed(command: Run) -> None:
    listed = command("--help").out
    for name in ("run", "classify", "train", "evaluate", "topics"):
        assert name in listed


@pytest.mark.parametrize("name", ["run", "classify", "train", "evaluate", "topics check"])
def test_help_of_a_command_has_examples(command: Run, name: str) -> None:
    ran = command(*name.split(), "--help")
    assert ran.code == 0
    assert f"stancewire {name} " in ran.out


@pytest.mark.parametrize("words", [("ru",), ("run",), ("classify", "--modle", "x"), ("topics", "check")])
def test_wrong_usage_is_exit_code_2_without_a_traceback(command: Run, words: tuple[str, ...]) -> None:
    ran = command(*words)
    assert ran.code == 2
    assert "Usage:" in ran.err
    assert "Traceback" not in ran.err


def test_codebook_that_ships_has_no_errors(command: Run, root: Path) -> None:
    ran = command("topics", "check", root / "configs" / "topics" / "afghanistan.toml")
    assert ran.code == 0
    assert "0 errors" in ran.out


def test_weak_claim_and_idle_term_are_pointed_out(command: Run, tmp_path: Path) -> None:
    (tmp_path / "book.toml").write_text(BOOK.format(claim='"dams"'))
    (tmp_path / "a.txt").write_text("Nothing of the kind was built in the valley.")
    ran = command("topics", "check", tmp_path / "book.toml", "--on", tmp_path / "a.txt")
    assert "warning: dam: claim 'dams' is no claim" in ran.out
    assert "terms hit none of 1 texts: 'dam'" in ran.out


def test_claim_and_opposite_that_say_the_same_are_exit_code_1(command: Run, tmp_path: Path) -> None:
    claim = '"The dam should be built."\nopposite = "the dam should be built"'
    (tmp_path / "book.toml").write_text(BOOK.format(claim=claim))
    ran = command("topics", "check", tmp_path / "book.toml")
    assert ran.code == 1
    assert "error: dam: claim and opposite say the same" in ran.out


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("topics", "check", "gone.toml"), "gone.toml: no such codebook"),
        (("train", "gone.toml", "--out", "x"), "gone.toml: no such recipe"),
        (("evaluate", "gone.jsonl", "gone.jsonl"), "gone.jsonl"),
    ],
)
def test_missing_file_is_one_line_and_exit_code_2(
    command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], named: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = command(*words)
    assert ran.code == 2
    assert ran.err.startswith("stancewire: ")
    assert named in ran.err
    assert ran.err.count("\n") == 1
