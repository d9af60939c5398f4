"""What `classify` and `attribute` share: JSON lines in from a file or standard input, answered lines out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import typer

from stancewire.errors import InputError
from stancewire.json_lines import Row


@contextmanager
def opened(file: str) -> Iterator[IO[str]]:
    """Open a file, or standard input for "-", as lines of UTF-8; raises InputError saying why it can't be read."""
    if file == "-":
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # type: ignore[union-attr]
        yield sys.stdin
        return
    try:
        stream = Path(file).open(encoding="utf-8-sig", errors="replace")  # noqa: SIM115 - closed by `with` below
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}; a JSON-lines file or - is needed") from error
    with stream:
        yield stream


def write_rows(rows: Iterable[Row]) -> None:
    """Print the rows; where some carry an error, say how many and leave with exit code 1."""
    bad = 0
    # Half a surrogate pair has no UTF-8; backslashreplace writes it as JSON's own escape.
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    for row in rows:
        bad += "error" in row
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    if bad:
        typer.echo(f'stancewire: {bad} bad line{"s" if bad > 1 else ""}; each carries its "error"', err=True)
        raise typer.Exit(1)
