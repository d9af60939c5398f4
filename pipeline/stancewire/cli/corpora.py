"""`stancewire corpora`: lists the public sets, and builds one from a clone of its authors' repository."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from stancewire.public_sets.build import BuiltPart

app = typer.Typer(
    help="List public data sets, and build one from a clone of its authors' repository.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _group() -> None:
    """Work on public data sets."""


@app.command("list")
def list_command() -> None:
    """List the public sets: rows, licence as stated, and where they are.

    Example:

      stancewire corpora list
    """
    from stancewire.blocks import Table, blocks_as_text
    from stancewire.public_sets.sets import SETS

    rows = tuple(
        (
            one.name,
            ", ".join(f"{expected.rows:,} {part}" for part, expected in one.parts.items()),
            one.licence,
            f"github.com/{one.repository}" if one.convert else one.why_not,
        )
        for one in SETS
    )
    header = ("", "rows", "licence as stated", "clone of, or why it can't be built")
    typer.echo(blocks_as_text([Table(title="Public data sets", header=header, rows=rows)]), nl=False)


@app.command("build")
def build_command(
    name: Annotated[str, typer.Argument(help="A set of `stancewire corpora list`.")],
    clone: Annotated[
        Path, typer.Option("--from", metavar="CLONE", help="Folder of a clone of the authors' repository.")
    ],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder of the data sets; a folder NAME is made in it.")
    ] = Path("data"),
    tests: Annotated[
        bool,
        typer.Option("--tests", help="Build the test parts, too: to measure on, never to train or tune on."),
    ] = False,
) -> None:
    """Convert the authors' own files to the rows that `stancewire train` reads.

    Example:

      git clone https://github.com/bywords/directed_sentiment_analysis ../dse

      stancewire corpora build dse --from ../dse --out data
    """
    from stancewire.public_sets.build import build_set
    from stancewire.public_sets.sets import find_set

    for built in build_set(find_set(name), clone, out, with_tests=tests):
        labels = ", ".join(f"{label} {number:,}" for label, number in built.labels.items())
        typer.echo(f"{built.path}: {built.rows:,} rows" + (f" ({labels})" if labels else ""))
        for reason, number in built.left_out.items():
            typer.echo(f"  {number:,} left out: {reason}")
        typer.echo(f"  sha256 {built.sha256}")
        typer.echo(f"  {_known(built)}")


def _known(built: BuiltPart) -> str:
    if built.expected is None:
        return "a test part: nothing here was trained, chosen or tuned on it"
    if built.is_known:
        return "the very rows that the models here were trained and measured on"
    rows = f"{built.expected.rows:,}"
    return f"NOT the rows that the models here were trained and measured on, which are {rows}: figures may differ"
