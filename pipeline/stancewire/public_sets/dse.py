"""DSE (Park, Pan and Joo 2021): two marked entities in a sentence, and who thinks what of whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from stancewire.errors import InputError
from stancewire.public_sets.clone import Clone, Line, read_lines
from stancewire.public_sets.converted import Converted, Row

_FILES = {
    "train": "train",
    "dev": "valid",
    "test": "test",
}  # a sentence that is in two of them stays in the last
LABELS = ("0", "1", "2", "3", "4")


def convert_dse(clone: Clone, part: str) -> Converted:
    """Return a part without the sentences that a later one of train, dev and test has: the published split leaks."""
    later = list(_FILES)[list(_FILES).index(part) + 1 :]
    taken = {row["text"]: name for name in later for row in _rows(clone, name)}
    rows: list[Row] = []
    left_out: Counter[str] = Counter()
    for row in _rows(clone, part):
        if row["text"] in taken:
            left_out[f"the sentence is in {taken[row['text']]} as well"] += 1
        else:
            rows.append(row)
    return Converted(rows=rows, left_out=left_out)


def _rows(clone: Clone, part: str) -> Iterator[Row]:
    name = _FILES[part]
    for number, line in enumerate(read_lines(clone.find(f"dataset/{name}.txt"))):
        yield _row(line, f"{name}-{number}")


def _row(line: Line, row_id: str) -> Row:
    cells = line.text.split("\t")
    if len(cells) != 4:
        raise InputError(f"{line.place}: {len(cells)} columns; must be 4 with tabs: sentence, p, q, label")
    marked, first, second, label = cells
    if label.strip() not in LABELS:
        raise InputError(f"{line.place}: the label is {label!r}; known: {', '.join(LABELS)}")
    text, p = _unmarked(marked, first, place=line.place)
    text, q = _unmarked(text, second, place=line.place)
    if q[0] < p[0]:  # p's place counted q's opening and closing bracket
        p = [place - 2 for place in p]
    return {"id": row_id, "text": text, "p": p, "q": q, "label": int(label)}


def _unmarked(text: str, words: str, *, place: str) -> tuple[str, list[int]]:
    """Return the sentence without the brackets around `words`, and where those are."""
    # A name with quotation marks stands in its column with others around it.
    for known in (words, words[1:-1] if words.startswith('"') and words.endswith('"') else words):
        start = text.find(f"[{known}]")
        if start >= 0:
            end = start + len(known)
            return text[:start] + known + text[end + 2 :], [start, end]
    raise InputError(f"{place}: the sentence has no [{words}], which the row names as an entity")
