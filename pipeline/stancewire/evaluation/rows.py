"""Reading JSON lines for scoring: every complaint names the file, the line and the key."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from stancewire.errors import InputError
from stancewire.types import Evidence

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a JSON-lines file; `where` names it ("gold.jsonl:3")."""

    where: str
    values: Mapping[str, Any]

    def text(self, key: str) -> str:
        """Return a text that must be there and not blank."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.complaint(key, "a text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty where the key is absent."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.complaint(key, "a list of texts")
        return tuple(value)

    def optional_text(self, key: str) -> str | None:
        """Return a text, or None where it is absent or null."""
        return None if self.values.get(key) is None else self.text(key)

    def flag(self, key: str) -> bool | None:
        """Return true or false, or None where it is absent or null."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.complaint(key, "true or false")
        return value

    def share(self, key: str) -> float | None:
        """Return a number from 0 to 1, or None where it is absent or null."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise self.complaint(key, "a number from 0 to 1")
        return float(value)

    def choice(self, key: str, *known: Choice) -> Choice:
        """Return the one of `known` that the row names."""
        for choice in known:
            if self.values.get(key) == choice.value:
                return choice
        raise self.complaint(key, "one of " + ", ".join(choice.value for choice in known))

    def evidence(self, key: str) -> tuple[Evidence, ...]:
        """Return a list of {"start", "end"[, "quote"]}, empty where the key is absent; p is not read."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(_is_span(item) for item in value):
            raise self.complaint(key, 'a list of {"start", "end"} with 0 <= start < end')
        return tuple(
            Evidence(start=item["start"], end=item["end"], quote=str(item.get("quote") or ""), p=1.0)
            for item in value
        )

    def complaint(self, key: str, wanted: str) -> InputError:
        """Return the error that says what is wrong with one key."""
        if key not in self.values:
            return InputError(f"{self.where}: no {key!r}, which must be {wanted}; has {sorted(self.values)}")
        return InputError(f"{self.where}: {key!r} must be {wanted}, got {self.values[key]!r}")


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the objects of a JSON-lines file (gzipped if it ends in .gz), in order, without blank lines."""
    opener = gzip.open if path.suffix == ".gz" else open
    number = 0
    try:
        with opener(path, "rt", encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield Row(where=f"{path}:{number}", values=_parse(line, f"{path}:{number}"))
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{path}:{number + 1}: can't be read as UTF-8 JSON lines: {error}") from error


def _parse(line: str, where: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"{where}: not JSON: {error}") from error
    if not isinstance(value, dict):
        raise InputError(f"{where}: must be a JSON object, got {type(value).__name__}")
    return value


def _is_span(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    start, end = item.get("start"), item.get("end")
    return type(start) is int and type(end) is int and 0 <= start < end
