"""`stancewire attribute` as it is called."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]
ROW = json.dumps({"text": "“We will never sign the treaty,” Laila Noori said."}) + "\n"


def test_good_rows_come_back_answered_with_exit_code_0(command: Run, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(ROW * 2, encoding="utf-8")
    ran = command("attribute", tmp_path / "rows.jsonl")
    assert (ran.code, ran.err) == (0, "")
    assert [len(json.loads(line)["attributions"]) for line in ran.out.splitlines()] == [1, 1]


def test_bad_row_gives_exit_code_1_and_the_others_are_answered(command: Run) -> None:
    ran = command("attribute", stdin=(ROW + "broken\n" + ROW).encode())
    assert ran.code == 1
    assert ran.err == 'stancewire: 1 bad line; each carries its "error"\n'
    assert ["error" in json.loads(line) for line in ran.out.splitlines()] == [False, True, False]


def test_unknown_attributor_is_one_line_and_exit_code_2(command: Run) -> None:
    ran = command("attribute", "--model", "ruels", stdin=ROW.encode())
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "stancewire: attributors: nothing called 'ruels'; known: rules, tagger\n"


def test_missing_file_is_one_line_and_exit_code_2(command: Run, tmp_path: Path) -> None:
    ran = command("attribute", tmp_path / "gone.jsonl")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("gone.jsonl: No such file or directory; a JSON-lines file or - is needed\n")
