"""Guesses how many articles the inputs hold, so that a progress bar can tell the time left."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

LINES = (".jsonl", ".ndjson", ".csv")
PACKED = (".gz", ".parquet", ".warc", ".arc")
SAMPLE = 4_000_000  # bytes read of each file of lines; the rest is taken to have lines as long


def estimate_articles(inputs: Sequence[str]) -> int | None:
    """Return about how many articles `inputs` hold, or None where that can't be told cheaply."""
    total = 0
    for path in _files(inputs):
        if path is None or (path.suffix.casefold() in PACKED and not _is_page(path)):
            return None
        total += _lines(path) if path.suffix in LINES else 1
    return total or None


def _files(inputs: Sequence[str]) -> Iterator[Path | None]:
    for text in inputs:
        if text == "-":
            yield None
        elif os.path.isdir(text):  # Path's questions raise where a name is too long
            yield from (path for path in Path(text).rglob("*") if path.is_file())
        elif os.path.isfile(text):
            yield Path(text)
        else:
            yield from (Path(found) for found in glob.glob(text, recursive=True))


def _is_page(path: Path) -> bool:
    return path.name.endswith((".html.gz", ".htm.gz", ".txt.gz"))


def _lines(path: Path) -> int:
    try:
        with path.open("rb") as stream:
            head = stream.read(SAMPLE)
        size = path.stat().st_size
    except OSError:
        return 1
    return max(1, round(head.count(b"\n") * size / max(1, len(head))))
