"""The rows of `stancewire attribute`: texts in as JSON objects, the same objects out with who says what added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from stancewire.json_lines import Row, parse_lines, text_of
from stancewire.stages import Attributor
from stancewire.types import Attribution, Span

CHUNK = 64  # texts attributed together
ADDED = ("attributions", "spans", "error")


def attribute_lines(lines: Iterable[str], attributor: Attributor, *, source: str) -> Iterator[Row]:
    """Yield one row a line, in order; a line without a text comes back with "error" and no answer."""
    parsed = parse_lines(lines, _text, source=source, keys="text", added=ADDED)
    while chunk := list(islice(parsed, CHUNK)):
        found = iter(attributor.attribute([text for _, text in chunk if text]))
        for row, text in chunk:
            yield {**row, **answer(next(found))} if text else row


def answer(attributions: Sequence[Attribution]) -> Row:
    """Return the answer's keys: the attributions, each span as [start, end], and all their spans in text order."""
    spans = {
        (span.start, span.end, part)
        for attribution in attributions
        for part, found in _parts(attribution)
        for span in found
    }
    return {
        "attributions": [
            {part: [[span.start, span.end] for span in found] for part, found in _parts(attribution)}
            | {"kind": "direct" if attribution.is_direct else "indirect"}
            for attribution in attributions
        ],
        "spans": [[part, start, end] for start, end, part in sorted(spans)],
    }


def _parts(attribution: Attribution) -> tuple[tuple[str, Sequence[Span]], ...]:
    return ("source", attribution.source), ("cue", attribution.cue), ("content", attribution.content)


def _text(row: Row, place: str) -> str:
    return text_of(row, "text", place=place)
