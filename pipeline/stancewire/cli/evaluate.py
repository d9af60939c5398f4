"""`stancewire evaluate`: records or classified rows against gold, and one model against another."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from stancewire.errors import InputError
from stancewire.evaluation import (
    By,
    Grouping,
    Resampling,
    Scores,
    as_json,
    as_markdown,
    as_text,
    compare_files,
    evaluate_files,
)
from stancewire.evaluation.report import chart_of, write_report
from stancewire.writers.partial import PartialFile, make_folder

EXAMPLES = """\
Examples:

  stancewire evaluate runs/demo corpora/sample/dev.gold.jsonl

  stancewire evaluate runs/news anna.csv --coded-only --by outlet --by year --out runs/news/evaluation

  stancewire evaluate runs/base gold.jsonl --against runs/small

  stancewire evaluate answers.jsonl gold.jsonl --chart reliability.svg

Gold records are JSON lines, a coder's table (.csv), a Label Studio export (.json) or a reviewed run. What each figure
means: docs/evaluation.md
"""


class Format(StrEnum):
    """How scores are printed."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


RENDERERS = {Format.TEXT: as_text, Format.MARKDOWN: as_markdown, Format.JSON: as_json}


def evaluate_command(
    predicted: Annotated[
        Path, typer.Argument(help="A run's folder or records.jsonl, or the output of classify.")
    ],
    gold: Annotated[
        Path, typer.Argument(help="Gold records, or rows with the right answer under 'gold' or 'label'.")
    ],
    by: Annotated[list[By] | None, typer.Option(help="Scores of each group, too. Repeatable.")] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="OTHER", help="A second model's file or folder: is the difference more than luck?"
        ),
    ] = None,
    coded_only: Annotated[
        bool,
        typer.Option(
            "--coded-only", help="Leave out records of articles that gold doesn't name, e.g. of a sample."
        ),
    ] = False,
    texts: Annotated[
        list[str] | None,
        typer.Option(
            metavar="INPUT",
            help="Articles (as for run) whose outlets and dates the records don't tell; may be repeated.",
        ),
    ] = None,
    samples: Annotated[
        int, typer.Option(help="Bootstrap samples of articles, for --against; 100 or more.")
    ] = Resampling().samples,
    seed: Annotated[int, typer.Option(min=0, help="What the samples are drawn from.")] = Resampling().seed,
    output: Annotated[Format, typer.Option("--format", help="How the scores are printed.")] = Format.TEXT,
    chart: Annotated[Path | None, typer.Option(help="Write reliability and coverage as SVG.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write JSON, Markdown and pictures there.")
    ] = None,
) -> None:
    """Score stance records or classified rows against gold; compare two models."""
    grouping = Grouping(by=tuple(by or ()), texts=tuple(texts or ()), is_coded_only=coded_only)
    scores: Scores = evaluate_files(predicted, gold, grouping=grouping)
    comparison = None
    if against:
        resampling = Resampling(samples=samples, seed=seed)
        comparison = compare_files(predicted, against, gold, resampling=resampling, grouping=grouping)
    typer.echo(RENDERERS[output](comparison or scores))
    if chart:
        _write_chart(chart, chart_of(scores, predicted.name), predicted)
    if out:
        files = write_report(scores, out, title=predicted.name, comparison=comparison)
        typer.echo(f"in {out}: {', '.join(path.name for path in files)}", err=True)


evaluate_command.__doc__ = f"{evaluate_command.__doc__}\n\n{EXAMPLES}"


def _write_chart(path: Path, picture: str | None, predicted: Path) -> None:
    if picture is None:
        raise InputError(
            f"--chart: {predicted} has no confidences; records with them or classified rows are wanted"
        )
    make_folder(path.parent, option="--chart")
    with PartialFile(path) as file:
        file.append(picture.encode("utf-8", "replace"))
