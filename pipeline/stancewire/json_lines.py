"""JSON lines that are answered in place: each object comes back with keys added, a bad line with "error"."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, TypeVar

from stancewire.errors import InputError

T = TypeVar("T")
Row = dict[str, Any]
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character: JSON can hold one, no tokenizer takes it


def parse_lines(
    lines: Iterable[str],
    parse: Callable[[Row, str], T],
    *,
    source: str,
    keys: str,
    added: Collection[str],
) -> Iterator[tuple[Row, T | None]]:
    """Yield each line's object with what `parse` makes of it, in order; blank lines are left out.

    `parse` gets the object and its place ("rows.jsonl:7") and raises InputError. An object that can't be parsed comes
    with "error" and None, as does a line that is no object, under "line". `keys` names the keys that an object needs.
    Keys in `added` are dropped: an answer from an earlier run is no answer now.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _parsed(line, f"{source}:{number}", parse, keys, added)


def _parsed(
    line: str, place: str, parse: Callable[[Row, str], T], keys: str, added: Collection[str]
) -> tuple[Row, T | None]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:  # or a number of thousands of digits, a thousand brackets
        return {"error": f"{place}: not JSON: {error}", "line": line.rstrip("\n")}, None
    if not isinstance(row, dict):
        return {"error": f"{place}: {type(row).__name__} instead of an object with {keys}", "line": row}, None
    row = {key: value for key, value in row.items() if key not in added}
    try:
        return row, parse(row, place)
    except InputError as error:
        return {**row, "error": str(error)}, None


def text_of(row: Row, key: str, *, place: str) -> str:
    """Return a text that must be there and not blank, half characters replaced one by one; raises InputError."""
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{place}: {key!r} is {value!r}; it must be a non-empty string")
    return whole(value)


def whole(text: str) -> str:
    """Return `text` with each half of a surrogate pair replaced, at the same offsets."""
    return _SURROGATE.sub("\ufffd", text)
