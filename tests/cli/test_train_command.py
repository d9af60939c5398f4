"""`stancewire train --on` as a user runs it: from a file to a model that classify takes, killed on the way and not."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.training import own

Run = Callable[..., Any]

pytest.importorskip("peft", reason="needs peft, from stancewire[train]")
pytestmark = pytest.mark.filterwarnings("ignore")  # torch's exporter and tracer warn of themselves


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with annotations and a start, and go there."""
    own.save_start(tmp_path / "start")
    own.write(tmp_path / "mine.jsonl", own.rows(24))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_from_a_file_to_a_model_that_classify_takes(command: Run, folder: Path) -> None:
    ran = command("train", "--on", "mine.jsonl", "--out", "runs/mine", "--start", "start", "--epochs", 1)
    assert ran.code == 0, ran.err
    assert "24 examples to learn from, 0 held back; from start, at most 3 steps of 8" in ran.out
    assert "note: nothing is held back" in ran.out
    assert "runs/mine/model: ready for --model" in ran.out
    assert "stancewire train --on mine.jsonl --out runs/mine" in Path("runs/mine/model/README.md").read_text()
    row = {key: value for key, value in own.rows(1)[0].items() if key != "stance"}
    asked = command("classify", "--model", "runs/mine/model", stdin=json.dumps(row).encode())
    assert asked.code == 0, asked.err
    assert json.loads(asked.out)["model"].startswith("mine#")


def test_a_killed_training_goes_on_and_gives_the_same_bytes(command: Run, folder: Path) -> None:
    words = ("train", "--on", "mine.jsonl", "--start", "start", "--epochs", "30", "--seed", "7")
    killed = subprocess.Popen(
        [sys.executable, "-m", "stancewire.cli.main", *words, "--out", "killed"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    patience = time.monotonic() + 300
    while not any(Path("killed/checkpoints").glob("*/trainer_state.json")) and time.monotonic() < patience:
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL, "it ended before it was killed"
    assert not Path("killed/model").exists()
    for out in ("killed", "whole"):
        ran = command(*words, "--out", out)
        assert ran.code == 0, ran.err
    first, second = (
        hashlib.sha256(Path(out, "model", "model.safetensors").read_bytes()).hexdigest()
        for out in ("killed", "whole")
    )
    assert first == second


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ((), "train takes a recipe or own annotations (--on FILE): one of the two"),
        (("recipe.toml", "--on", "mine.jsonl"), "train takes a recipe or own annotations (--on FILE)"),
        (("--on", "gone.jsonl"), "gone.jsonl: no such file or folder"),
        (("--on", "mine.jsonl", "--start", "gone"), "'gone': no shipped model, folder or hub name"),
        (("--on", "mine.jsonl", "--topics", "gone.toml"), "gone.toml"),
        (("--on", "mine.jsonl", "--batch", "0"), "--batch 0; must be from 1 to 4096"),
    ],
)
def test_what_cannot_be_trained_is_one_line_and_exit_code_2(
    command: Run, folder: Path, words: tuple[str, ...], named: str
) -> None:
    ran = command("train", *words, "--out", "out")
    assert ran.code == 2
    assert named in ran.err
    assert ran.err.count("\n") == 1
    assert not (folder / "out").exists()


def test_a_label_outside_the_scheme_is_named_by_file_and_line(command: Run, folder: Path) -> None:
    own.write(folder / "bad.jsonl", [*own.rows(10), {**own.rows(1)[0], "stance": "pro"}])
    ran = command("train", "--on", "bad.jsonl", "--out", "out")
    assert ran.code == 2
    assert ran.err.startswith(
        "stancewire: bad.jsonl:11: 'stance' must be one of favor, against, neutral, none"
    )


def test_help_has_examples(command: Run) -> None:
    assert "stancewire train --on mine.jsonl --out runs/mine" in command("train", "--help").out


def test_file_where_the_folder_should_be_is_named(command: Run, folder: Path) -> None:
    Path("taken").touch()
    ran = command("train", "--on", "mine.jsonl", "--out", "taken", "--start", "start")
    assert ran.code == 2
    assert "--out 'taken': can't make this folder: File exists" in ran.err


def test_damaged_note_of_an_earlier_training_is_named(command: Run, folder: Path) -> None:
    Path("out").mkdir()
    Path("out/training.json").write_text('{"seed": 1', encoding="utf-8")
    ran = command("train", "--on", "mine.jsonl", "--out", "out", "--start", "start")
    assert ran.code == 2
    assert "out/training.json: can't be read:" in ran.err
    assert "name another --out, or delete this one" in ran.err
