"""`stancewire report`: a finished run as one HTML page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stancewire.desk.report import report
from stancewire.review.reviewed import Version
from stancewire.run_folder import RunFolder


def report_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a finished run (its --out).")],
    out: Annotated[
        Path | None, typer.Option(help="The file to write.", show_default="DIR/report.html")
    ] = None,
    version: Annotated[
        Version,
        typer.Option(help="Whose values: the machine's, only people's, or people's over the machine's."),
    ] = Version.MERGED,
) -> None:
    """Write a run as one HTML page that works offline and can be mailed; reviews are in it.

    Examples:

      stancewire report runs/demo

      stancewire report runs/demo --out for-marta.html --version human
    """
    typer.echo(report(RunFolder(folder), out, version=version))
