"""ArgKP (Bar-Haim and others 2020): arguments for and against a motion."""

from __future__ import annotations

from stancewire.public_sets.clone import Clone, Line, answer_of, read_table
from stancewire.public_sets.converted import Converted, Row

ANSWERS = {"1": "favor", "-1": "against"}


def convert_argkp(clone: Clone, part: str) -> Converted:
    """Return a part's arguments."""
    folder = "test_data" if part == "test" else "kpm_data"
    path = clone.find(f"{folder}/arguments_{part}.csv")
    return Converted(
        rows=[_row(line) for line in read_table(path, ("arg_id", "argument", "topic", "stance"))]
    )


def _row(line: Line) -> Row:
    label = answer_of(line.cell("stance"), ANSWERS, place=line.place, key="stance")
    return {
        "id": line.cell("arg_id"),
        "text": line.cell("argument"),
        "target": line.cell("topic"),
        "label": label,
    }
