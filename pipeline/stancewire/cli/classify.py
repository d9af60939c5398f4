"""`stancewire classify`: JSON lines in, the same lines with the answer added out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer

from stancewire.classify import classify_lines
from stancewire.errors import InputError
from stancewire.settings import Settings
from stancewire.stance.models import open_classifier

EXAMPLES = """\
Each line: {"text": ..., "holder": "..." or null for the author, "topic": ..., "start"?, "end"?, "id"?}.
Added: "stance" (favor, against, neutral, none), "p", "model"; a bad line gets "error" instead.
A text that is too long to be read at once is read in windows; "window" then says which one gave the answer.

Examples:

  stancewire classify questions.jsonl > answers.jsonl

  echo '{"text": "The council rejected the plan.", "holder": "The council", "topic": "the plan"}' | stancewire classify

Exit code: 0 all answered, 1 some lines are bad, 2 wrong usage.
"""


def classify_command(
    file: Annotated[str, typer.Argument(help="JSON-lines file; - reads standard input.")] = "-",
    model: Annotated[
        str,
        typer.Option(
            help="Shipped model, model folder, Hugging Face NLI model, two of them joined by +, or 'lexicon'."
        ),
    ] = Settings().model,
    batch: Annotated[
        int, typer.Option(help="Pairs judged at once; the answers don't depend on it.", min=1)
    ] = 64,
    workers: Annotated[int, typer.Option(help="Cores to use; 0 means all.", min=0)] = 0,
) -> None:
    """Judge single questions: what stance does this holder take on this topic in this text?"""
    classifier = open_classifier(model, batch_size=batch, threads=workers)
    bad = 0
    # Half a surrogate pair has no UTF-8; backslashreplace writes it as JSON's own escape.
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    with _opened(file) as lines:
        for row in classify_lines(lines, classifier, source=file):
            bad += "error" in row
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    if bad:
        typer.echo(f'stancewire: {bad} bad line{"s" if bad > 1 else ""}; each carries its "error"', err=True)
        raise typer.Exit(1)


classify_command.__doc__ = f"{classify_command.__doc__}\n\n{EXAMPLES}"


@contextmanager
def _opened(file: str) -> Iterator[IO[str]]:
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
