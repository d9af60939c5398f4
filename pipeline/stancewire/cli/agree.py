"""`stancewire agree`: how far coders agree, people and models, each field of a record apart."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from stancewire.agreement.metric import Metric
from stancewire.errors import ConfigError
from stancewire.topics import load_codebook

EXAMPLES = """\
Examples:

  stancewire agree anna.csv ben.csv runs/demo --texts corpora/sample/dev.articles.jsonl

  stancewire agree export.json --disagreements adjudicate.csv

  stancewire agree export.json --decisions adjudicate.csv --gold gold.jsonl

  stancewire agree anna=first.jsonl ben=second.jsonl runs/demo@human --format markdown --stance-metric ordinal

A source is a run's folder (@machine, @human or @human-over-machine says which version of its table), gold rows or
records (.jsonl), a table with the columns of records.csv (.csv), or a Label Studio export (.json), each of whose
annotators is a coder. NAME= before it names the coder. docs/agreement.md says what is compared, by which measures.
"""


class Format(StrEnum):
    """How agreement is printed."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


def agree_command(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE...", help="Who said what: [NAME=]PATH[@VERSION], two or more."),
    ],
    output: Annotated[Format, typer.Option("--format", help="How agreement is printed.")] = Format.TEXT,
    disagreements: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write what coders disagree on (.csv or .jsonl).")
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="That file, with the column decision filled in; for --gold."),
    ] = None,
    gold: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write what coders agree on, and what was decided, as gold rows."),
    ] = None,
    texts: Annotated[
        list[str] | None,
        typer.Option(
            metavar="INPUT",
            help="Articles (as for run) whose texts the sources don't carry; may be repeated.",
        ),
    ] = None,
    topics: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The codebook: a topic outside it is an error.")
    ] = None,
    stance_metric: Annotated[
        Metric, typer.Option(help="How far apart stances are to alpha: against, neutral, favor as -1, 0, 1.")
    ] = Metric.NOMINAL,
    samples: Annotated[
        int, typer.Option(min=0, help="Bootstrap samples of articles; 0 for no intervals.")
    ] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="What the samples are drawn from.")] = 0,
) -> None:
    """Measure agreement between coders: people, models, or both."""
    from stancewire.agreement import render
    from stancewire.agreement.adjudicated import adjudicate, write_gold
    from stancewire.agreement.bootstrap import Bootstrap
    from stancewire.agreement.compare import compare_codings
    from stancewire.agreement.disagreements import disagreement_writer
    from stancewire.coding.sources import read_codings
    from stancewire.coding.texts import texts_of

    renderers = {
        Format.TEXT: render.agreement_as_text,
        Format.MARKDOWN: render.agreement_as_markdown,
        Format.JSON: render.agreement_as_json,
    }
    if decisions and not gold:
        raise ConfigError(f"--decisions {decisions}: name the file that they make (--gold FILE)")
    write = disagreement_writer(disagreements) if disagreements else None
    codings = read_codings(sources)
    known = texts_of(codings, texts or [])
    if len(codings) > 1 or not gold:  # one coder alone can be gold, but has nobody to agree with
        agreement = compare_codings(
            codings,
            texts=known,
            topics=[topic.id for topic in load_codebook(topics).topics] if topics else None,
            metric=stance_metric,
            bootstrap=Bootstrap(samples=samples, seed=seed),
        )
        if write:
            write(agreement.disagreements, [coder.name for coder in agreement.coders])
        typer.echo(renderers[output](agreement), nl=False)
    if gold:
        found = adjudicate(codings, decisions, texts=known)
        write_gold(found, gold)
        typer.echo(f"{gold}: {len(found.records)} records in {len(found.articles)} articles", err=True)


agree_command.__doc__ = f"{agree_command.__doc__}\n\n{EXAMPLES}"
