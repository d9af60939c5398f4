"""GWSD (Luo, Card and Jurafsky 2020): clauses on global warming with the estimated answers of eight coders."""

from __future__ import annotations

from collections import Counter

from stancewire.errors import InputError
from stancewire.public_sets.clone import Clone, Line, read_table
from stancewire.public_sets.converted import Converted, Row

TARGET = "Climate change is a serious concern."  # what the coders were asked to agree or disagree with
_SHARES = {"p_favor": "agree", "p_against": "disagree", "p_none": "neutral"}
_HELD_OUT = "in_held_out_test"


def convert_gwsd(clone: Clone, part: str) -> Converted:
    """Return the clauses with an estimate that aren't in the authors' test part."""
    lines = read_table(
        clone.find("GWSD.tsv"), ("guid", "sentence", _HELD_OUT, *_SHARES.values()), delimiter="\t"
    )
    rows: list[Row] = []
    left_out: Counter[str] = Counter()
    for line in lines:
        if line.cell(_HELD_OUT) not in ("True", "False"):
            raise InputError(f"{line.place}: {_HELD_OUT} is {line.cell(_HELD_OUT)!r}; known: 'True', 'False'")
        if line.cell(_HELD_OUT) == "True":
            left_out["in the authors' test part"] += 1
        elif not line.cell("agree"):
            left_out["a screening sentence, which has no estimate"] += 1
        else:
            rows.append(_row(line))
    return Converted(rows=rows, left_out=left_out)


def _row(line: Line) -> Row:
    row: Row = {"id": line.cell("guid"), "text": line.cell("sentence"), "target": TARGET}
    for key, column in _SHARES.items():
        try:
            row[key] = float(line.cell(column))
        except ValueError as error:
            raise InputError(f"{line.place}: {column} is {line.cell(column)!r}; must be a number") from error
    return row
