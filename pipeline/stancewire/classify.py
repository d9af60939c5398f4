"""The rows of `stancewire classify`: questions in as JSON objects, the same objects out with the answer added."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from stancewire.errors import InputError
from stancewire.stance.models import QueryClassifier
from stancewire.stance.pairs import StanceQuery
from stancewire.types import Span, Weights

CHUNK = 2048  # rows judged together: enough for full, evenly long batches, small enough to show progress
ADDED = ("stance", "p", "window", "model", "error")
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character: JSON can hold one, no tokenizer takes it


def classify_lines(
    lines: Iterable[str], classifier: QueryClassifier, *, source: str
) -> Iterator[dict[str, Any]]:
    """Yield one row a line, in order; a line that can't be asked comes back with "error" and no answer."""
    numbered = enumerate(lines, start=1)
    while chunk := list(islice(numbered, CHUNK)):
        parsed = [_parsed(line, f"{source}:{number}") for number, line in chunk if line.strip()]
        queries = [query for _, query in parsed if query]
        answers = iter(classifier.weigh([classifier.pair_format.pair(query) for query in queries]))
        for row, query in parsed:
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


def query_of(row: Mapping[str, Any], *, place: str) -> StanceQuery:
    """Read one input row; raises InputError naming place, key and what would be right."""
    for key in ("text", "topic"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            raise InputError(f"{place}: {key!r} is {row.get(key)!r}; it must be a non-empty string")
    holder = row.get("holder")
    if holder is not None and (not isinstance(holder, str) or not holder.strip()):
        raise InputError(f"{place}: 'holder' is {holder!r}; it must be a name, or null for the text's author")
    mention = _mention(row, place=place)
    return StanceQuery(
        text=_whole(row["text"]),
        topic=_whole(row["topic"]),
        holder=None if holder is None else _whole(holder),
        mention=mention,
    )


def _whole(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text)


def _mention(row: Mapping[str, Any], *, place: str) -> Span | None:
    start, end = row.get("start"), row.get("end")
    if start is None and end is None:
        return None
    # type(), since True is an int to isinstance
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(row["text"]):
        raise InputError(
            f"{place}: start {start!r}, end {end!r} are no span of the text; 0 <= start < end <= {len(row['text'])}"
        )
    return Span(start=start, end=end)


def _parsed(line: str, place: str) -> tuple[dict[str, Any], StanceQuery | None]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:  # or a number of thousands of digits, a thousand brackets
        return {"error": f"{place}: not JSON: {error}", "line": line.rstrip("\n")}, None
    if not isinstance(row, dict):
        return {
            "error": f"{place}: {type(row).__name__} instead of an object with text, holder, topic",
            "line": row,
        }, None
    row = {
        key: value for key, value in row.items() if key not in ADDED
    }  # an answer from before is no answer now
    try:
        return row, query_of(row, place=place)
    except InputError as error:
        return {**row, "error": str(error)}, None
