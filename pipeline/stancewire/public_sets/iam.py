"""IAM (Cheng and others 2022): claims for and against debate topics."""

from __future__ import annotations

from collections import Counter

from stancewire.errors import InputError
from stancewire.public_sets.clone import Clone, answer_of, read_lines
from stancewire.public_sets.converted import Converted, Row

ANSWERS = {"1": "favor", "-1": "against"}
_CLAIM = "C"


def convert_iam(clone: Clone, part: str) -> Converted:
    """Return a part's claims; other sentences have no stance."""
    rows: list[Row] = []
    left_out: Counter[str] = Counter()
    for line in read_lines(clone.find(f"stance/{part}.txt")):
        cells = line.text.split("\t")
        if len(cells) != 5:
            raise InputError(
                f"{line.place}: {len(cells)} columns; must be 5 with tabs: kind, topic, text, id, stance"
            )
        kind, topic, text, _, stance = cells
        if kind != _CLAIM:
            left_out[f"a sentence of kind {kind!r}, no claim"] += 1
            continue
        label = answer_of(stance.strip(), ANSWERS, place=line.place, key="the stance")
        rows.append({"id": f"{part}-{len(rows)}", "target": topic, "text": text, "label": label})
    return Converted(rows=rows, left_out=left_out)
