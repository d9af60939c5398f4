"""`stancewire export`: a run's table for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stancewire.counting import Unit
from stancewire.exporters import FORMATS
from stancewire.exporters.export import export
from stancewire.exporters.source import Source
from stancewire.networks.model import Contradiction, Method, Normalisation, Period, Weight
from stancewire.review.reviewed import Version
from stancewire.review.store import FILE as REVIEW
from stancewire.run_folder import RunFolder

DEFAULT = Method()
EXAMPLES = f"""\
Formats:

{chr(10).join(f"  {name:13} {form.what}{chr(10)}" for name, form in FORMATS.items())}
Examples:

  stancewire export runs/demo --to xlsx

  stancewire export runs/demo --to sqlite && datasette runs/demo/records.sqlite -m runs/demo/records.metadata.json

  stancewire export runs/demo --to gexf --by quarter --count outlet --out quarters.gexf
"""


def export_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a finished run.")],
    to: Annotated[str, typer.Option(metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.")],
    out: Annotated[
        Path | None, typer.Option(metavar="PATH", help="The file to write; in DIR unless given.")
    ] = None,
    version: Annotated[
        Version, typer.Option(help="Whose values: the machine's, people's, or people's over the machine's.")
    ] = Version.MERGED,
    topic: Annotated[list[str] | None, typer.Option(help="Only this topic; may be repeated.")] = None,
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="Only records at least this sure.")
    ] = 0.0,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there.")] = False,
    by: Annotated[
        Period | None,
        typer.Option(
            help="Networks: one a period of time; unless given, gexf has years, the others all as one."
        ),
    ] = None,
    count: Annotated[
        Unit, typer.Option(help="Networks: what a stance counts once for, in a period.")
    ] = DEFAULT.unit,
    weight: Annotated[
        Weight, typer.Option(help="Networks: what ties between actors count.")
    ] = DEFAULT.weight,
    normalisation: Annotated[
        Normalisation, typer.Option(help="Networks: what weights are divided by.")
    ] = DEFAULT.normalisation,
    contradiction: Annotated[
        Contradiction, typer.Option(help="Networks: what counts of an actor both for and against a topic.")
    ] = DEFAULT.contradiction,
    min_weight: Annotated[
        float, typer.Option(min=0, help="Networks: leave out lighter ties.")
    ] = DEFAULT.min_weight,
    actors: Annotated[
        int, typer.Option(min=1, help="Networks: how many actors a period keeps, the most active first.")
    ] = 500,
) -> None:
    """Write a run's table in a format of other tools; what the format can't hold is told."""
    method = Method(
        unit=count,
        weight=weight,
        normalisation=normalisation,
        contradiction=contradiction,
        min_weight=min_weight,
        limit=actors,
    )
    source = Source(
        folder=RunFolder(folder),
        version=version,
        topics=frozenset(topic or ()),
        min_confidence=min_confidence,
        method=method,
        overwrite=overwrite,
    )
    exported = export(source, to, out=out, by=by)
    for path in exported.paths:
        typer.echo(path)
    for note in exported.notes:
        typer.echo(note, err=True)
    if version is Version.HUMAN and not (folder / REVIEW).exists():
        typer.echo(f"no records: nobody has reviewed {folder} (stancewire serve)", err=True)


export_command.__doc__ = f"{export_command.__doc__}\n\n{EXAMPLES}"
