"""Which files of own annotations a training is on: read each by its form, checked together, split by text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

from stancewire.errors import InputError
from stancewire.evaluation.rows import read_rows
from stancewire.stance.calibration import ANSWERS
from stancewire.training.annotated import Annotated, AnnotatedFile, is_question_table, read_question_rows
from stancewire.training.coded_rows import read_coded
from stancewire.types import Codebook

FEWEST = 8  # examples: with fewer the answer is the luck of the draw
FORMS = (
    ".jsonl or .csv with text, holder, topic and stance; a Label Studio export (.json); a run's folder that people"
    " reviewed; a coder's table or gold rows with --texts"
)
_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Rows to learn from and rows to look at, which share no text."""

    train: tuple[Annotated, ...]
    dev: tuple[Annotated, ...]


def read_annotations(
    sources: Sequence[str], *, codebook: Codebook | None = None, texts: Sequence[str] = ()
) -> list[AnnotatedFile]:
    """Read every source as FORMS says; raises InputError naming the file, the line and what would be right."""
    return [found for words in sources for found in _read(words, codebook, texts)]


def check_rows(rows: Sequence[Annotated], *, place: str) -> None:
    """Raise InputError for rows that nothing can be learned from: too few, or of one stance only."""
    if len(rows) < FEWEST:
        raise InputError(
            f"{place}: {len(rows)} examples; {FEWEST} are needed at least, of each topic and stance better 8 or more"
            " (`stancewire sample` says which to annotate next)"
        )
    counts = stances_of(rows)
    if len(counts) == 1:
        (only,) = counts
        others = ", ".join(answer for answer in ANSWERS if answer != only)
        raise InputError(
            f"{place}: all {len(rows)} examples are {only!r}; a model learns from differences: add some of {others}"
        )


def stances_of(rows: Sequence[Annotated]) -> dict[str, int]:
    """Return how many rows have each stance that occurs, in the order of ANSWERS."""
    counts = Counter(row.stance.value for row in rows)
    return {answer: counts[answer] for answer in ANSWERS if counts[answer]}


def split_by_text(rows: Sequence[Annotated], *, share: float, seed: int) -> Split:
    """Hold back about a `share` of the rows of each stance, whole texts at a time, drawn from `seed`.

    Texts that differ in white space and case only are one text.
    """
    by_text: dict[str, list[Annotated]] = {}
    for row in rows:
        by_text.setdefault(" ".join(row.text.casefold().split()), []).append(row)
    texts = sorted(by_text)
    Random(seed).shuffle(texts)
    wanted = {stance: round(share * count) for stance, count in stances_of(rows).items()}
    held: set[str] = set()
    for text in texts:
        counts = stances_of(by_text[text])
        if all(wanted[stance] >= count for stance, count in counts.items()):
            held.add(text)
            for stance, count in counts.items():
                wanted[stance] -= count
    inside = {id(row) for text in held for row in by_text[text]}
    return Split(
        train=tuple(row for row in rows if id(row) not in inside),
        dev=tuple(row for row in rows if id(row) in inside),
    )


def without_texts_of(rows: Sequence[Annotated], dev: Sequence[Annotated]) -> tuple[Annotated, ...]:
    """Return the rows whose text isn't among those of `dev`."""
    texts = {" ".join(row.text.casefold().split()) for row in dev}
    return tuple(row for row in rows if " ".join(row.text.casefold().split()) not in texts)


def _read(words: str, codebook: Codebook | None, texts: Sequence[str]) -> list[AnnotatedFile]:
    path = Path(words)
    if path.is_file():
        name = path.name.casefold()
        if name.endswith(_LINES):
            first = next(islice(read_rows(path), 1), None)
            if first is None:
                raise InputError(f"{path}: empty; must be {FORMS}")
            if "text" in first.values or "article_id" not in first.values:
                return [read_question_rows(path, codebook)]
        elif name.endswith((".csv", ".tsv")):
            if is_question_table(path):
                return [read_question_rows(path, codebook)]
        elif not name.endswith(".json"):
            raise InputError(f"{path}: can't tell the form from {path.suffix!r}; must be {FORMS}")
    return read_coded(words, codebook, texts)
