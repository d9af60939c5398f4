"""`stancewire corpora` as a user runs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.public_sets.clones import CLONES, clone_of

from stancewire.public_sets.sets import SETS

Run = Callable[..., Any]


def test_the_list_has_every_set_with_rows_licence_and_place(command: Run) -> None:
    ran = command("corpora", "list")
    assert ran.code == 0, ran.err
    lines = {line.split()[0]: line for line in ran.out.splitlines()[2:]}
    assert list(lines) == [one.name for one in SETS]
    assert "12,340 train, 1,418 dev" in lines["dse"]
    assert "github.com/bywords/directed_sentiment_analysis" in lines["dse"]
    assert "the authors hand the data out on request" in lines["pstance"]


def test_a_set_is_built_counted_and_summed(command: Run, tmp_path: Path) -> None:
    clone = clone_of("dse", tmp_path / "clone")
    ran = command("corpora", "build", "dse", "--from", clone, "--out", tmp_path / "data")
    assert ran.code == 0, ran.err
    assert f"{tmp_path}/data/dse/train.jsonl.gz: 2 rows (1 1, 4 1)" in ran.out
    assert "  1 left out: the sentence is in dev as well" in ran.out
    assert "NOT the rows that the models here were trained and measured on, which are 12,340" in ran.out
    assert not (tmp_path / "data" / "dse" / "test.jsonl.gz").exists()


def test_test_parts_are_built_on_demand(command: Run, tmp_path: Path) -> None:
    clone = clone_of("dse", tmp_path / "clone")
    ran = command("corpora", "build", "dse", "--from", clone, "--out", tmp_path / "data", "--tests")
    assert ran.code == 0, ran.err
    assert "test.jsonl.gz: 1 rows" in ran.out
    assert "a test part: nothing here was trained, chosen or tuned on it" in ran.out


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("semeval", "--from", "."), "no public set 'semeval'; known: dse, newsmtsc"),
        (("mtsd", "--from", "."), "mtsd can't be built: no repository of the authors' is known to have it"),
        (("dse", "--from", "gone"), "--from 'gone': no such folder; must be a clone of github.com/bywords"),
        (("dse", "--from", "."), "no dataset/"),
    ],
)
def test_what_cannot_be_built_is_one_line_and_exit_code_2(
    command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], named: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = command("corpora", "build", *words)
    assert ran.code == 2
    assert named in ran.err
    assert ran.err.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_a_folder_that_cannot_be_made_is_named(command: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    clone = clone_of("iam", tmp_path / "clone")
    ran = command("corpora", "build", "iam", "--from", clone, "--out", tmp_path / "file")
    assert ran.code == 2
    assert "can't make a folder there" in ran.err


def test_help_has_an_example(command: Run) -> None:
    assert "stancewire corpora build dse --from ../dse" in command("corpora", "build", "--help").out
    assert set(CLONES) == {one.name for one in SETS if one.convert}
