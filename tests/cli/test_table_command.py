"""`stancewire table`: the words that an analyst types, and what comes of wrong ones."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Ran
from tests.tables.example import example, record, write_run

Run = Callable[..., Ran]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of the example run."""
    return write_run(tmp_path / "run", example())


def test_table_of_holders_is_what_comes_unasked(command: Run, folder: Path) -> None:
    ran = command("table", folder)
    assert (ran.code, ran.err) == (0, "")
    assert "Holders and topics, counted once a story" in ran.out
    assert "Laila Noori" in ran.out
    assert "12 of 12 records (human-over-machine) of run-example." in ran.out


def test_who_moved_is_one_option(command: Run, folder: Path) -> None:
    ran = command("table", folder, "--by", "changes", "--topic", "the dam", "--from", "2023", "--to", "2024")
    assert ran.code == 0
    assert "turned" in ran.out
    assert "“no longer”" in ran.out


def test_csv_can_be_piped_and_its_notes_are_beside_it(command: Run, folder: Path) -> None:
    ran = command(
        "table", folder, "--by", "outlet", "--format", "csv", "--count", "record", "--kind", "person"
    )
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert rows[0]["outlet"] == "The Courier"
    assert "--kind left out 3 records." in ran.err


def test_stance_and_attribution_choose_records(command: Run, folder: Path) -> None:
    ran = command("table", folder, "--stance", "against", "--stance", "neutral", "--attribution", "quoted")
    assert ran.code == 0
    assert "3 of 12 records" in ran.out
    assert "--stance left out 5 records." in ran.out
    assert "--attribution left out 4 records." in ran.out


def test_markdown_can_be_printed(command: Run, folder: Path) -> None:
    ran = command("table", folder, "--by", "topic", "--format", "markdown", "--contradictions", "subtract")
    assert "| topic | n | net |" in ran.out
    assert "- Contradictions: subtract." in ran.out


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "md"])
def test_the_files_ending_says_the_format(command: Run, folder: Path, tmp_path: Path, ending: str) -> None:
    path = tmp_path / "new folder" / f"table.{ending}"
    ran = command("table", folder, "--out", path, "--min-n", "2")
    assert (ran.code, ran.out) == (0, f"4 rows in {path}\n")
    assert path.stat().st_size > 100
    assert "12 of 12 records" in ran.err


def test_same_words_write_the_same_bytes(command: Run, folder: Path, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        command(
            "table", folder, "--by", "topic", "--interval-n", "2", "--seed", "3", "--out", tmp_path / name
        )
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--topic", "dams"), "--topic 'dams'; known: dam, schools"),
        (("--holder", "Leila Nuri"), "--holder 'Leila Nuri' is in no record; there are 'Laila Noori'"),
        (("--outlet", "Post Valley"), "--outlet 'Post Valley' is in no record; there are 'Valley Post'"),
        (("--min-confidence", "2"), "min-confidence is 2.0; must be a number from 0 to 1"),
        (("--min-n", "0"), "min-n is 0; must be a whole number from 1"),
        (("--from", "yesterday"), "--from: 'yesterday' is no date; must be like 2024, 2024-05 or 2024-05-31"),
        (("--to", "2024-02-31"), "--to: '2024-02-31' is no date"),
        (("--from", "2024", "--to", "2023"), "from 2024-01-01 to 2023-12-31 are no days"),
        (("--to", "xlsx"), "--to is the last day; a format is named by --out FILE or --format"),
        (("--out", "table.doc"), "table.doc: unknown ending '.doc'; known: .csv, .md, .parquet, .xlsx"),
        (("--format", "xlsx"), "--format xlsx: needs a file; name one with --out table.xlsx"),
        (("--sort", "opposition"), "--sort 'opposition'; columns of this table: holder"),
        (("--level", "95"), "level is 95.0; must lie between 0 and 1"),
        (("--resamples", "10"), "resamples is 10; must be 0"),
        (("--by", "changes", "--period", "year"), "--period changes nothing with --by changes; leave it out"),
        (("--by", "speakers", "--level", ".9"), "--level changes nothing with --by speakers; leave it out"),
    ],
)
def test_wrong_words_are_one_line_and_exit_code_2(
    command: Run, folder: Path, words: tuple[str, ...], said: str
) -> None:
    ran = command("table", folder, *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("--by", "actor"),
        ("--count", "copy"),
        ("--kind", "man"),
        ("--version", "mine"),
        ("--stance", "none"),
        ("--attribution", "sung"),
    ],
)
def test_unknown_choices_are_named_with_the_known_ones(
    command: Run, folder: Path, words: tuple[str, str]
) -> None:
    ran = command("table", folder, *words)
    assert ran.code == 2
    assert f"'{words[1]}' is not one of" in ran.err


def test_folder_without_a_run_is_named(command: Run, tmp_path: Path) -> None:
    ran = command("table", tmp_path)
    assert ran.code == 2
    assert "no finished run here (no manifest.json)" in ran.err


def test_run_without_records_has_no_rows_and_is_no_failure(command: Run, tmp_path: Path) -> None:
    ran = command("table", write_run(tmp_path / "run", []), "--holder", "anybody")
    assert (ran.code, ran.err) == (0, "")
    assert "No rows." in ran.out


def test_names_with_formulas_line_breaks_and_10_000_characters_are_shown(
    command: Run, tmp_path: Path
) -> None:
    names = ("=cmd()", 'a "b"\nc', "x" * 10_000, "\x1b[31mred")
    run = write_run(tmp_path / "run", (record(f"a{at}", holder=name) for at, name in enumerate(names)))
    ran = command("table", run)
    assert ran.code == 0
    assert "=cmd()" in ran.out
    assert "\x1b" not in ran.out
    assert "'=cmd()" in command("table", run, "--format", "csv").out
