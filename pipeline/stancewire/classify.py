"""The rows of `stancewire classify`: questions in as JSON objects, the same objects out with the answer added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from stancewire.errors import InputError
from stancewire.json_lines import Row, parse_lines, text_of, whole
from stancewire.stance.models import QueryClassifier
from stancewire.stance.pairs import StanceQuery
from stancewire.types import Span, Weights

CHUNK = 2048  # rows judged together: enough for full, evenly long batches, small enough to show progress
ADDED = ("stance", "p", "window", "model", "error")


def classify_lines(lines: Iterable[str], classifier: QueryClassifier, *, source: str) -> Iterator[Row]:
    """Yield one row a line, in order; a line that can't be asked comes back with "error" and no answer."""
    parsed = parse_lines(lines, query_of, source=source, keys="text, holder, topic", added=ADDED)
    while chunk := list(islice(parsed, CHUNK)):
        queries = [query for _, query in chunk if query]
        answers = iter(classifier.weigh([classifier.pair_format.pair(query) for query in queries]))
        for row, query in chunk:
            if query is None:
                yield row
                continue
            weights = next(answers)
            yield {**row, **answer(weights), **_window(weights, query, classifier), "model": classifier.name}


def answer(weights: Weights) -> dict[str, Any]:
    """Return the answer's keys: stance, and p rounded so that it still sums to 1 within 1e-6."""
    p = {name: round(getattr(weights, name), 7) for name in ("favor", "against", "neutral", "none")}
    return {"stance": weights.stance.value, "p": p}


def _window(weights: Weights, query: StanceQuery, classifier: QueryClassifier) -> dict[str, Any]:
    """Name the part of a long text that gave the answer."""
    if weights.window is None:
        return {}
    part = classifier.pair_format.original(query, weights.window)
    return {"window": [part.start, part.end]}


def query_of(row: Row, place: str) -> StanceQuery:
    """Read one input row; raises InputError naming place, key and what would be right."""
    text, topic = (text_of(row, key, place=place) for key in ("text", "topic"))
    holder = row.get("holder")
    if holder is not None and (not isinstance(holder, str) or not holder.strip()):
        raise InputError(f"{place}: 'holder' is {holder!r}; it must be a name, or null for the text's author")
    return StanceQuery(
        text=text,
        topic=topic,
        holder=None if holder is None else whole(holder),
        mention=_mention(row, place=place),
    )


def _mention(row: Row, *, place: str) -> Span | None:
    start, end = row.get("start"), row.get("end")
    if start is None and end is None:
        return None
    # type(), since True is an int to isinstance
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(row["text"]):
        raise InputError(
            f"{place}: start {start!r}, end {end!r} are no span of the text; 0 <= start < end <= {len(row['text'])}"
        )
    return Span(start=start, end=end)
