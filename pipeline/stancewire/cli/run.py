"""`stancewire run`: an archive in, a folder of records out."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from stancewire.cli.progress import shown_progress
from stancewire.log_file import logged_to
from stancewire.readers.columns import Columns
from stancewire.readers.estimate import estimate_articles
from stancewire.run import RunReport, records_of, run
from stancewire.settings import Settings, load_settings
from stancewire.topics import load_codebook
from stancewire.types import Outcome
from stancewire.workers import open_workers
from stancewire.writers.table import LIMIT, print_records

EXAMPLES = """\
Examples:

  stancewire run news.jsonl --topics configs/topics/afghanistan.toml --out runs/news

  stancewire run archive/ 'more/*.html.gz' --topics my-topics.toml --out runs/all --column text=body

  cat news.jsonl | stancewire run - --topics my-topics.toml --out runs/piped

  stancewire run archive/ --topics my-topics.toml --out runs/all --log runs/all.log

Exit code: 0 all articles done, 1 some failed (named in ledger.jsonl), 2 wrong usage.
"""


def run_command(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Files, folders or globs (.txt .html .jsonl .csv .parquet .warc .arc, also .gz); - reads JSON lines.",
        ),
    ],
    topics: Annotated[Path, typer.Option(help="Codebook: the topics to ask about (TOML).")],
    out: Annotated[Path, typer.Option(help="Folder for records, ledger, manifest and report.")],
    model: Annotated[
        str | None,
        typer.Option(
            help="Shipped model, model folder, Hugging Face NLI model, two of them joined by +, or 'lexicon'."
            f" [{Settings().model}]"
        ),
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="Name a column: text=body. May be repeated.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="Settings file (see configs/default.toml).")] = None,
    confidence: Annotated[
        float | None, typer.Option(help="Leave out records below this confidence. [0.4]")
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(
            help="What spreads the run: local, or ray, the cluster at RAY_ADDRESS or one begun here. [local]"
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(help="Cores to use, of the machine or the cluster, a process each; 0 means all. [0]"),
    ] = None,
    report: Annotated[bool, typer.Option(help="Write report.html.")] = True,
    shards: Annotated[
        int | None,
        typer.Option(
            metavar="ROWS",
            help="Also write records and ledger as Parquet files of ROWS rows each, into DIR/shards.",
        ),
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Append what happens to FILE, a JSON object a line: warnings, articles left out, batches, counts.",
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no table.")] = False,
) -> None:
    """Turn news articles into a table of stance records."""
    options = {
        "model": model,
        "confidence": confidence,
        "engine": engine,
        "workers": workers,
        "report": None if report else False,
        "shard_rows": shards,
    }
    with logged_to(log):
        settings = load_settings(config, options)
        columns = Columns.parse(column or [])
        expected = estimate_articles(inputs)
        with (
            open_workers(load_codebook(topics), settings, articles=expected) as crew,
            shown_progress(expected, quiet=quiet) as progress,
        ):
            done = run(inputs, crew, out, settings=settings, columns=columns, progress=progress)
    if not quiet:
        _print_result(done)
    if done.has_failures:
        raise typer.Exit(1)


run_command.__doc__ = f"{run_command.__doc__}\n\n{EXAMPLES}"


def _print_result(done: RunReport) -> None:
    console = Console()
    counts = done.counts
    print_records(list(islice(records_of(done.out), LIMIT)), console=console, total=counts["records"])
    console.print(
        f"{counts['read']} articles read: {counts[Outcome.DONE]} done, {counts[Outcome.SKIPPED]} skipped, "
        f"{counts[Outcome.FAILED]} failed. {counts['records']} records from {counts['questions']} questions."
    )
    for reason, number in done.reasons.most_common():
        console.print(f"  {number} x {reason}")
    console.print(f"Records, ledger, manifest and report are in {done.out}", highlight=False, soft_wrap=True)
