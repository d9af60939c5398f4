"""VAST (Allaway and McKeown 2020): the stance of comments on thousands of topics."""

from __future__ import annotations

from stancewire.public_sets.clone import Clone, Line, answer_of, read_table
from stancewire.public_sets.converted import Converted, Row

ANSWERS = {"0": "against", "1": "favor", "2": "none"}
_COLUMNS = ("post", "new_topic", "label", "new_id")
_SEEN = "seen?"  # 0: no training row has the topic


def convert_vast(clone: Clone, part: str) -> Converted:
    """Return a part's rows; those of dev say whether train has their topic."""
    columns = _COLUMNS if part == "train" else (*_COLUMNS, _SEEN)
    lines = read_table(clone.find(f"data/VAST/vast_{part}.csv"), columns)
    return Converted(rows=[_row(line, part, number) for number, line in enumerate(lines)])


def _row(line: Line, part: str, number: int) -> Row:
    row = {
        "id": line.cell("new_id") if part == "train" else f"{part}-{number}",
        "text": line.cell("post"),
        "target": line.cell("new_topic"),
        "label": answer_of(line.cell("label"), ANSWERS, place=line.place, key="label"),
    }
    if part == "train":
        return row
    seen = answer_of(line.cell(_SEEN), {"0": "", "1": "seen"}, place=line.place, key=_SEEN)
    return {**row, "zero_shot": not seen}
