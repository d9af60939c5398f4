"""`stancewire attribute`: JSON lines in, the same lines with who says what added out."""

from __future__ import annotations

from typing import Annotated

import typer

from stancewire.attribute import attribute_lines
from stancewire.attribution.models import open_attributor
from stancewire.cli.json_lines import opened, write_rows
from stancewire.settings import Settings

EXAMPLES = """\
Each line: {"text": ..., "id"?}; a text is a sentence or a whole article.
Added: "attributions", a list of {"source", "cue", "content": lists of [start, end], "kind": direct or indirect}
(a source may be empty), and "spans", all of them in text order as ["source" | "cue" | "content", start, end]; a bad
line gets "error" instead.

Examples:

  stancewire attribute articles.jsonl > attributed.jsonl

  echo '{"text": "“We will not sign,” Ms Noori said."}' | stancewire attribute

Exit code: 0 all answered, 1 some lines are bad, 2 wrong usage.
"""


def attribute_command(
    file: Annotated[str, typer.Argument(help="JSON-lines file; - reads standard input.")] = "-",
    model: Annotated[
        str, typer.Option(help="What finds who says what: 'tagger' ships; 'rules', a folder, or a plug-in.")
    ] = Settings().attributor,
    workers: Annotated[int, typer.Option(help="Cores for a tagger; 0 means all.", min=0)] = 0,
) -> None:
    """Find who says what: the source, the cue and the content of every quotation and report."""
    attributor = open_attributor(model, threads=workers)
    with opened(file) as lines:
        write_rows(attribute_lines(lines, attributor, source=file))


attribute_command.__doc__ = f"{attribute_command.__doc__}\n\n{EXAMPLES}"
