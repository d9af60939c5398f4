"""The manifest: what made a run's files, so that every number can be traced."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path, PurePath

from stancewire.writers.partial import PartialFile


def write_manifest(path: Path, values: Mapping[str, object]) -> None:
    """Write `values` as sorted, indented JSON; written last, the file says that a run is complete.

    Dates and times are written in ISO 8601, paths with forward slashes; anything else that JSON doesn't know
    is a TypeError.
    """
    text = json.dumps(values, ensure_ascii=False, allow_nan=False, sort_keys=True, indent=2, default=_as_text)
    with PartialFile(path) as file:
        file.append(text.encode("utf-8", "backslashreplace") + b"\n")


def _as_text(value: object) -> str | dict[object, object]:
    if isinstance(value, date):  # datetime is a date
        return value.isoformat()
    if isinstance(value, PurePath):
        return value.as_posix()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"manifest: {value!r} is a {type(value).__name__}, which JSON doesn't know")
