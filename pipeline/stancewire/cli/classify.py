"""`stancewire classify`: JSON lines in, the same lines with the answer added out."""

from __future__ import annotations

from typing import Annotated

import typer

from stancewire.classify import classify_lines
from stancewire.cli.json_lines import opened, write_rows
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
    with opened(file) as lines:
        write_rows(classify_lines(lines, classifier, source=file))


classify_command.__doc__ = f"{classify_command.__doc__}\n\n{EXAMPLES}"
