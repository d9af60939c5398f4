"""`stancewire export`: files on standard output, what is left out on standard error, refusals in one line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.exporters.runs import make_run

from stancewire.exporters import FORMATS

Command = Callable[..., tuple[int, str, str]]


def test_the_file_is_named_and_what_is_left_out_told(command: Command, tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run").path
    code, out, err = command("export", folder, "--to", "csv", "--topic", "dam", "--min-confidence", "0.5")
    assert (code, out) == (0, f"{folder / 'records.reviewed.csv'}\n")
    assert err == (
        "csv leaves out 1 passages of evidence besides each record's best and the offsets of 2 cues;"
        " parquet, xlsx and sqlite have them\n"
    )


def test_network_options_reach_the_networks(command: Command, tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run").path
    out = tmp_path / "x.dl"
    words = ("--by", "year", "--count", "outlet", "--weight", "statements", "--normalisation", "none")
    code, shown, err = command(
        "export", folder, "--to", "ucinet", "--out", out, *words, "--contradiction", "drop", "--actors", "1"
    )
    assert code == 0
    assert shown.splitlines()[0] == str(tmp_path / "x.2023.congruence.dl")
    assert "leave out 2 actors" in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--to", "word"), f"no export format called 'word'; known: {', '.join(FORMATS)}"),
        (("--to", "csv", "--topic", "war"), "topic 'war' isn't in the run's codebook; known: dam, tax"),
        (
            ("--to", "csv", "--by", "month"),
            "by month: csv has no networks; those that have: graphml, gexf, ucinet",
        ),
    ],
)
def test_a_refusal_is_one_line_and_exit_code_2(
    words: tuple[str, ...], message: str, command: Command, tmp_path: Path
) -> None:
    code, _, err = command("export", make_run(tmp_path / "run").path, *words)
    assert (code, err) == (2, f"stancewire: {message}\n")


def test_a_folder_without_a_run_is_named(command: Command, tmp_path: Path) -> None:
    code, _, err = command("export", tmp_path, "--to", "csv")
    assert code == 2
    assert "no finished run here" in err


def test_help_has_every_format(command: Command) -> None:
    code, out, _ = command("export", "--help")
    assert code == 0
    assert all(re.search(rf"^\s+{name}\s", out, re.MULTILINE) for name in FORMATS)
