"""JSON lines: one article a line, from a file or a stream."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from stancewire.errors import InputError
from stancewire.readers.articles import article_from_row, skip
from stancewire.readers.columns import DEFAULT_COLUMNS, Columns
from stancewire.readers.decoding import repair, stream_lines, text_lines
from stancewire.types import Article, Skip

_RIGHT = """must be one object a line, such as {"id": "a1", "text": "..."}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLinesReader:
    """Reads JSON lines; a line that is wrong becomes a Skip and the next ones are read."""

    columns: Columns = DEFAULT_COLUMNS

    def read(self, path: Path) -> Iterator[Article | Skip]:
        """Yield the file's articles in order, and a Skip in the place of each that can't be read."""
        return self._read_lines(text_lines(path, newline="\n"), source=str(path))

    def read_stream(self, stream: IO[bytes], *, source: str) -> Iterator[Article | Skip]:
        """Yield the articles of an open stream likewise; `source` names it in messages."""
        return self._read_lines(stream_lines(stream, source=source, newline="\n"), source=source)

    def _read_lines(self, lines: Iterable[str], *, source: str) -> Iterator[Article | Skip]:
        is_empty = True
        try:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    is_empty = False
                    yield self._read_line(line, source=f"{source}:{number}")
            if is_empty:
                raise InputError(f"{source}: no lines; {_RIGHT}", reason="empty")
        except InputError as error:
            yield skip(source, error)

    def _read_line(self, line: str, *, source: str) -> Article | Skip:
        try:
            row = _parsed(repair(line, source=source), source=source)
            return article_from_row(row, columns=self.columns, source=source)
        except InputError as error:
            return skip(source, error)


def _parsed(line: str, *, source: str) -> dict[str, object]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        said = f"not JSON ({error.msg} at column {error.colno})"
        raise InputError(f"{source}: {said}; {_RIGHT}", reason="bad-json") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, a thousand open brackets
        raise InputError(f"{source}: not JSON ({error}); {_RIGHT}", reason="bad-json") from error
    if not isinstance(row, dict):
        raise InputError(f"{source}: a JSON {_kind(row)}; {_RIGHT}", reason="bad-json")
    return row


def _kind(value: object) -> str:
    names = {list: "list", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")
