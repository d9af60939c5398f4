"""`stancewire shares`: shares of stances, corrected for the machine's error with a gold sample."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stancewire.counting import Unit as Once
from stancewire.errors import ConfigError
from stancewire.review.reviewed import Version
from stancewire.shares.estimate import About, Method
from stancewire.shares.groups import By
from stancewire.shares.intervals import LEAST, Confidence

if TYPE_CHECKING:
    from stancewire.shares.results import Shares

EXAMPLES = """\
Examples:

  stancewire sample runs/news --unit record --size 300 --stratify topic,stance --out check

  stancewire shares runs/news --gold check/coding.csv --sample check/sample.json

  stancewire shares runs/news --gold anna.csv --gold ben.csv --sample gold --by year --chart shares.svg

  stancewire shares runs/news --gold coded.jsonl --equal-chances --topic negotiation --method dsl --out shares.csv

Gold is what `stancewire agree` reads: gold rows (.jsonl), a coder's table (.csv), a Label Studio export (.json), or a
reviewed run (DIR@human). A sample of records tells what of the machine's is wrong, a sample of whole articles also what
it missed. Methods, formulas and how to read the figures: docs/shares.md
"""


class Format(StrEnum):
    """How shares are written; the last two are for files only."""

    TERMINAL = "terminal"
    CSV = "csv"
    MARKDOWN = "markdown"
    JSON = "json"
    PARQUET = "parquet"
    XLSX = "xlsx"


_ENDINGS = {
    ".csv": Format.CSV,
    ".md": Format.MARKDOWN,
    ".json": Format.JSON,
    ".parquet": Format.PARQUET,
    ".xlsx": Format.XLSX,
}


def shares_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A finished run's folder.")],
    gold: Annotated[
        list[str], typer.Option(metavar="SOURCE", help="What coders say. Repeatable: the first named counts.")
    ],
    sample: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="How the coded were drawn: sample.json or a table of weights."),
    ] = None,
    equal_chances: Annotated[
        bool, typer.Option("--equal-chances", help="The coded were drawn at random with equal chances.")
    ] = False,
    by: Annotated[By, typer.Option(help="Groups within each topic.")] = By.TOPIC,
    topic: Annotated[
        list[str] | None, typer.Option(help="Only this topic, by id or name. Repeatable.")
    ] = None,
    method: Annotated[
        Method,
        typer.Option(
            help="ppi: prediction-powered inference, tuned; dsl: design-based supervised learning;"
            " gold: the coded alone."
        ),
    ] = Method.PPI,
    about: Annotated[
        About,
        typer.Option(help="archive: the articles that went in; process: what such outlets write."),
    ] = About.ARCHIVE,
    count: Annotated[
        Once, typer.Option(help="What a stance counts once for; copies of one story are one story.")
    ] = Once.STORY,
    version: Annotated[Version, typer.Option(help="Whose records of the run.")] = Version.MACHINE,
    level: Annotated[float, typer.Option(help="Level of the intervals.")] = Confidence().level,
    least: Annotated[int, typer.Option(help="Labels of equal weight that a group must have.")] = LEAST,
    texts: Annotated[
        list[str] | None,
        typer.Option(
            metavar="INPUT",
            help="Articles (as for run) whose outlets and dates the run didn't keep; may be repeated.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a file: .csv .md .json .parquet .xlsx")
    ] = None,
    format_: Annotated[
        Format | None, typer.Option("--format", help="Instead of what --out's ending says.")
    ] = None,
    chart: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write machine's and corrected shares as SVG.")
    ] = None,
) -> None:
    """Correct shares of stances for the machine's error with a gold sample."""
    from stancewire.shares.chart import shares_svg
    from stancewire.shares.shares import ShareSettings, corrected_shares
    from stancewire.writers.partial import make_folder

    form = format_ or (_format_of(out) if out else Format.TERMINAL)
    if out and form is Format.TERMINAL:
        known = ", ".join(_ENDINGS.values())
        raise ConfigError(f"{out}: a file can't be a terminal; known formats: {known}")
    for path, option in ((out, "--out"), (chart, "--chart")):
        if path:
            make_folder(path.parent, option=option)
    shares = corrected_shares(
        folder,
        gold,
        ShareSettings(
            sample=sample,
            equal_chances=equal_chances,
            by=by,
            topics=tuple(topic or ()),
            method=method,
            about=about,
            once=count,
            version=version,
            confidence=Confidence(level=level, least=least),
            texts=tuple(texts or ()),
        ),
    )
    if chart:
        _write(chart, shares_svg(shares, title=f"Shares of stances, {folder.name}"))
    if out is None:
        _print(shares, form)
    else:
        _write_as(shares, out, form)


shares_command.__doc__ = f"{shares_command.__doc__}\n\n{EXAMPLES}"


def _print(shares: Shares, form: Format) -> None:
    from rich.console import Console

    from stancewire.shares.render import errors_table, shares_as_json, shares_table
    from stancewire.tables.formats import Format as TableFormat
    from stancewire.tables.formats import print_as

    if form is Format.JSON:
        sys.stdout.write(shares_as_json(shares))
        return
    table, as_ = shares_table(shares), TableFormat(form)
    if form in (Format.TERMINAL, Format.MARKDOWN):
        print_as(errors_table(shares), as_, console=Console(), notes=Console(stderr=True))
        typer.echo()
    print_as(table, as_, console=Console(), notes=Console(stderr=True))


def _write_as(shares: Shares, out: Path, form: Format) -> None:
    from rich.console import Console

    from stancewire.shares.render import errors_table, shares_as_json, shares_table
    from stancewire.tables.formats import Format as TableFormat
    from stancewire.tables.formats import write_as
    from stancewire.tables.markdown import as_markdown
    from stancewire.tables.terminal import print_notes

    table = shares_table(shares)
    if form is Format.JSON:
        _write(out, shares_as_json(shares))
    elif form is Format.MARKDOWN:
        _write(out, f"{as_markdown(errors_table(shares))}\n{as_markdown(table)}")
    else:
        write_as(table, out, TableFormat(form))
    print_notes(table.notes, console=Console(stderr=True))
    typer.echo(f"{len(table.rows):,} rows in {out}")


def _write(path: Path, text: str) -> None:
    from stancewire.writers.partial import PartialFile

    with PartialFile(path) as file:
        file.append(text.encode("utf-8", "replace"))


def _format_of(path: Path) -> Format:
    if (ending := path.suffix.lower()) not in _ENDINGS:
        raise ConfigError(f"{path}: unknown ending {ending!r}; known: {', '.join(_ENDINGS)}")
    return _ENDINGS[ending]
