"""`stancewire table`: a run's records rolled up, in the terminal or a file."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from stancewire.counting import Unit
from stancewire.errors import ConfigError
from stancewire.review.reviewed import Version
from stancewire.run_folder import RunFolder
from stancewire.tables import (
    Bootstrap,
    Counting,
    Format,
    Order,
    Period,
    RollUp,
    Rule,
    Selection,
    format_of,
    print_as,
    roll_up,
    topic_ids,
    write_as,
)
from stancewire.tables.periods import first_day, last_day
from stancewire.tables.terminal import print_notes
from stancewire.types import HolderKind, Stance, Voice

EXAMPLES = """\
Who stands where:

  stancewire table runs/demo

Who moved on negotiation in 2023 and 2024, with the words of both sides:

  stancewire table runs/demo --by changes --topic negotiation --from 2023 --to 2024

Which outlet carries most opposition to federalism:

  stancewire table runs/demo --by outlet --topic federalism --sort against

Who tells the Taliban's stances, and how often in their own words:

  stancewire table runs/demo --by speakers --holder taliban

How the debate went, year by year:

  stancewire table runs/demo --by topic --period year

A workbook of what is sure, favor less against:

  stancewire table runs/demo --contradictions subtract --min-confidence .6 --out holders.xlsx

What each column means, and by which rule it comes about: docs/tables.md
"""
_NO_STANCES = ("contradictions", "resamples", "seed", "level", "interval_n")
_POINTLESS = {RollUp.SPEAKERS: _NO_STANCES, RollUp.CHANGES: ("period", *_NO_STANCES)}


class Side(StrEnum):
    """The stances that records have."""

    FAVOR = Stance.FAVOR.value
    AGAINST = Stance.AGAINST.value
    NEUTRAL = Stance.NEUTRAL.value


def table_command(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A run's folder (its --out).")],
    by: Annotated[
        RollUp,
        typer.Option(
            help="The rows. holder, outlet, topic: stances of each; speakers: who tells whose stance;"
            " changes: who moved, with the words before and after."
        ),
    ] = RollUp.HOLDER,
    period: Annotated[Period, typer.Option(help="Split the rows by time.")] = Period.NONE,
    count: Annotated[
        Unit, typer.Option(help="What a stance counts once for; copies of one story are one story.")
    ] = Unit.STORY,
    contradictions: Annotated[
        Rule,
        typer.Option(
            help="Of favor and against in one row: each in a column of its own, one less the other,"
            " or not told apart at all."
        ),
    ] = Rule.SEPARATE,
    topic: Annotated[
        list[str] | None, typer.Option(help="Only this topic, by id or name. Repeatable.")
    ] = None,
    holder: Annotated[
        list[str] | None, typer.Option(help="Only holders with this in their name. Repeatable.")
    ] = None,
    outlet: Annotated[
        list[str] | None, typer.Option(help="Only outlets with this in their name. Repeatable.")
    ] = None,
    kind: Annotated[
        list[HolderKind] | None, typer.Option(help="Only this kind of holder. Repeatable.")
    ] = None,
    stance: Annotated[list[Side] | None, typer.Option(help="Only this stance. Repeatable.")] = None,
    attribution: Annotated[
        list[Voice] | None,
        typer.Option(help="Only stances told in this voice: quoted, reported, the author's. Repeatable."),
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="First day: 2024, 2024-05 or 2024-05-31.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Last day: 2024 is up to its last of December.")
    ] = None,
    min_confidence: Annotated[float, typer.Option(help="Leave out records below this, from 0 to 1.")] = 0.0,
    min_n: Annotated[int, typer.Option(help="Leave out rows in which fewer count.")] = 1,
    version: Annotated[
        Version, typer.Option(help="The machine's records, people's, or people's where there are any.")
    ] = Version.MERGED,
    sort: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Order the rows by a column, largest first.")
    ] = None,
    top: Annotated[int | None, typer.Option(help="Only the first rows.")] = None,
    level: Annotated[float, typer.Option(help="Level of the intervals.")] = Bootstrap().level,
    resamples: Annotated[
        int, typer.Option(help="Bootstrap samples of stories; 0: no intervals.")
    ] = Bootstrap().resamples,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = Bootstrap().seed,
    interval_n: Annotated[
        int, typer.Option(help="Stories that a row must have for an interval.")
    ] = Bootstrap().least,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a file: .csv .xlsx .parquet .md")
    ] = None,
    format_: Annotated[
        Format | None, typer.Option("--format", help="Instead of what --out's ending says; csv can be piped.")
    ] = None,
) -> None:
    """Roll a run's records up into a table: who stands where, which outlet carries what, who quotes whom, who moved."""
    _refuse_pointless(context, by)
    form = format_ or (format_of(out) if out else Format.TERMINAL)
    run = RunFolder(folder)
    table = roll_up(
        run,
        by,
        version=version,
        selection=Selection(
            topics=topic_ids(topic or (), run.codebook.topics),
            holders=tuple(holder or ()),
            outlets=tuple(outlet or ()),
            kinds=tuple(kind or ()),
            stances=tuple(Stance(each) for each in stance or ()),
            voices=tuple(attribution or ()),
            first=first_day(first, "--from") if first else None,
            last=_last(last) if last else None,
            min_confidence=min_confidence,
        ),
        counting=Counting(
            period=period,
            unit=count,
            rule=contradictions,
            min_n=min_n,
            bootstrap=Bootstrap(resamples=resamples, seed=seed, level=level, least=interval_n),
        ),
        order=Order(sort=sort, top=top),
    )
    if out is None:
        print_as(table, form, console=Console(), notes=Console(stderr=True))
        return
    write_as(table, out, form)
    print_notes(table.notes, console=Console(stderr=True))
    typer.echo(f"{len(table.rows):,} rows in {out}")


table_command.__doc__ = f"{table_command.__doc__}\n\n{EXAMPLES}"


def _refuse_pointless(context: typer.Context, by: RollUp) -> None:
    """Raise ConfigError for an option that changes nothing about the roll-up, which who gave it can't have meant."""
    for name in _POINTLESS.get(by, ()):
        source = context.get_parameter_source(name)
        if source and source.name == "COMMANDLINE":
            raise ConfigError(f"--{name.replace('_', '-')} changes nothing with --by {by}; leave it out")


def _last(text: str) -> date:
    if text.lower() in list(Format):
        raise ConfigError(f"--to {text!r}: --to is the last day; a format is named by --out FILE or --format")
    return last_day(text, "--to")
