"""`stancewire evaluate`: records or classified rows against gold."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from stancewire.errors import InputError
from stancewire.evaluation import (
    ClassifiedScores,
    Scores,
    as_json,
    as_markdown,
    as_text,
    calibration_svg,
    evaluate_files,
)


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
    output: Annotated[Format, typer.Option("--format", help="How the scores are printed.")] = Format.TEXT,
    chart: Annotated[
        Path | None, typer.Option(help="Write reliability and coverage as SVG (classified rows).")
    ] = None,
) -> None:
    """Score stance records or classified rows against gold.

    Examples:

      stancewire evaluate runs/demo corpora/sample/dev.gold.jsonl

      stancewire evaluate answers.jsonl gold.jsonl --chart reliability.svg
    """
    scores: Scores = evaluate_files(predicted, gold)
    typer.echo(RENDERERS[output](scores))
    if chart:
        if not isinstance(scores, ClassifiedScores):
            raise InputError(f"--chart: {predicted} holds records; the chart needs the output of classify")
        chart.write_text(calibration_svg(scores.four.calibration, title=predicted.name), encoding="utf-8")
