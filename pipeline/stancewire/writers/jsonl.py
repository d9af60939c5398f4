"""Stance records as JSON lines, the format that keeps everything."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from stancewire.errors import InputError
from stancewire.types import StanceRecord
from stancewire.writers.partial import PartialFile
from stancewire.writers.rows import as_row, from_row


class JsonlWriter(PartialFile):
    """Writes one record a line, UTF-8, fields in the order of StanceRecord."""

    def write(self, records: Sequence[StanceRecord]) -> None:
        """Append records."""
        self.append(b"".join(json_line(as_row(record)) for record in records))


def read_records(path: Path) -> Iterator[StanceRecord]:
    """Yield the records of a file that JsonlWriter wrote; InputError names file, line and field."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _record(line, f"{path}:{number}")


def json_line(row: Mapping[str, Any]) -> bytes:
    """Return one line of JSON in UTF-8."""
    line = json.dumps(row, ensure_ascii=False, allow_nan=False)
    # Only half a surrogate pair can't be encoded; backslashreplace writes it as JSON's own \udXXX escape.
    return line.encode("utf-8", "backslashreplace") + b"\n"


def _record(line: str, place: str) -> StanceRecord:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{place}: not JSON: {error.msg} at column {error.colno}", reason="bad record"
        ) from error
    if not isinstance(row, dict):
        raise InputError(f"{place}: {type(row).__name__}; should be an object", reason="bad record")
    return from_row(row, place=place)
