"""`stancewire classify` as it is called."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
GOOD = {
    "text": "The council rejects the treaty.",
    "holder": "The council",
    "topic": "We should sign the treaty.",
}


def lines(*rows: object) -> bytes:
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows).encode()


def rows(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_good_rows_come_back_answered_with_exit_code_0(command: Run, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_bytes(lines(GOOD, {**GOOD, "holder": None}))
    ran = command("classify", tmp_path / "rows.jsonl", "--model", "lexicon")
    assert (ran.code, ran.err) == (0, "")
    assert [row["stance"] for row in rows(ran.out)] == ["against", "against"]


def test_bad_row_gives_exit_code_1_and_the_others_are_answered(command: Run, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_bytes(lines(GOOD, "broken", {**GOOD, "topic": ""}, GOOD))
    ran = command("classify", file, "--model", "lexicon")
    assert ran.code == 1
    assert ran.err == 'stancewire: 2 bad lines; each carries its "error"\n'
    assert [row.get("stance") for row in rows(ran.out)] == ["against", None, None, "against"]
    assert rows(ran.out)[1]["error"].startswith(f"{file}:2: not JSON")


@pytest.mark.parametrize("words", [("-",), ()])
def test_standard_input_is_read(command: Run, words: tuple[str, ...]) -> None:
    ran = command("classify", *words, "--model", "lexicon", stdin=lines(GOOD, "broken"))
    assert ran.code == 1
    answered, bad = rows(ran.out)
    assert answered["stance"] == "against"
    assert bad["error"].startswith("-:2: not JSON")


def test_byte_order_mark_is_no_part_of_the_first_line(command: Run, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + lines(GOOD))
    assert command("classify", file, "--model", "lexicon").code == 0
    assert command("classify", "--model", "lexicon", stdin=file.read_bytes()).code == 0


def test_text_in_any_script_and_half_a_character_come_back_as_they_were(command: Run) -> None:
    row = {"text": "شورا 🙂 e\u0301 \ud83d rejects it.", "holder": "شورا", "topic": "پیمان"}
    ran = command("classify", "--model", "lexicon", stdin=lines(row))
    assert ran.code == 0
    (found,) = rows(ran.out)
    assert {key: found[key] for key in row} == row
    assert "شورا" in ran.out


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (
            ("gone.jsonl", "--model", "lexicon"),
            "gone.jsonl: No such file or directory; a JSON-lines file or -",
        ),
        ((".", "--model", "lexicon"), ".: Is a directory; a JSON-lines file or - is needed"),
        (("-", "--model", "smal"), "unknown model 'smal': no shipped model, folder or hub name"),
    ],
)
def test_what_cannot_be_opened_is_one_line_and_exit_code_2(
    command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], named: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = command("classify", *words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"stancewire: {named}")
    assert ran.err.count("\n") == 1


def test_no_rows_is_no_error(command: Run) -> None:
    assert command("classify", "--model", "lexicon") == (0, "", "")
