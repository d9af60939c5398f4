"""Own annotations of who says what: rows as `stancewire attribute` writes them, put right by people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from stancewire.attribution.tagging import PARTS
from stancewire.errors import InputError
from stancewire.evaluation.rows import Row, read_rows
from stancewire.json_lines import whole
from stancewire.training.annotated import check_mention
from stancewire.types import Span

WANTED = '"attributions" with lists of [start, end] under source, cue and content, or "spans" with [part, start, end]'


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenText:
    """A text with its sources, cues and contents, each span once and in text order; `where` names its row."""

    text: str
    spans: Mapping[str, tuple[Span, ...]]
    where: str

    @property
    def overlaps(self) -> int:
        """Return how many spans begin inside another one: a token has one label, so that the later span wins."""
        ordered = sorted(span for found in self.spans.values() for span in found)
        return sum(first.overlaps(second) for first, second in pairwise(ordered))

    def row(self) -> dict[str, Any]:
        """Return it as a row of the training format "attribution"."""
        said = {part: [[span.start, span.end] for span in self.spans[part]] for part in PARTS}
        return {"text": self.text, "annotations": {"own": [said]}}


def read_spoken(path: Path) -> list[SpokenText]:
    """Read JSON lines with "text" and WANTED; raises InputError naming the line of what is no span of its text."""
    if not path.is_file():
        raise InputError(f"{path}: no such file; for attribution it must be JSON lines, {WANTED}")
    return [_spoken(row) for row in read_rows(path)]


def _spoken(row: Row) -> SpokenText:
    text = whole(row.text("text"))
    found: dict[str, set[Span]] = {part: set() for part in PARTS}
    for part, ends in _given(row):
        if part not in PARTS:
            raise InputError(f"{row.where}: a span of {part!r}; must be one of {', '.join(PARTS)}")
        found[part].add(_span(ends, text, part, row.where))
    return SpokenText(
        text=text, spans={part: tuple(sorted(spans)) for part, spans in found.items()}, where=row.where
    )


def _given(row: Row) -> Iterator[tuple[object, object]]:
    """Yield part and ends of each span; those of "attributions" count before "spans", which follow from them."""
    said, spans = row.values.get("attributions"), row.values.get("spans")
    if isinstance(said, list) and all(isinstance(each, dict) for each in said):
        for each in said:
            for part in PARTS:
                given = each.get(part, [])
                if not isinstance(given, list):
                    raise row.complaint("attributions", WANTED)
                yield from ((part, ends) for ends in given)
    elif isinstance(spans, list) and all(isinstance(each, list) and len(each) == 3 for each in spans):
        yield from ((each[0], each[1:]) for each in spans)
    else:
        raise row.complaint("spans" if said is None else "attributions", WANTED)


def _span(ends: object, text: str, part: str, where: str) -> Span:
    is_pair = isinstance(ends, list) and len(ends) == 2 and all(type(end) is int for end in ends)
    if not isinstance(ends, list) or not is_pair or not 0 <= ends[0] < ends[1] <= len(text):
        raise InputError(
            f"{where}: {part} {ends!r} is no span of the text; must be [start, end], 0 <= start < end <= {len(text)}"
        )
    span = Span(start=ends[0], end=ends[1])
    check_mention(text, span, None, where=f"{where}: {part}")
    return span
