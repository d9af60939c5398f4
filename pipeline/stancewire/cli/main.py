"""The `stancewire` command: puts the subcommands together and prints our errors in one line."""

from __future__ import annotations

import logging
import os
import sys

import typer

from stancewire import __version__
from stancewire.cli import (
    agree,
    attribute,
    classify,
    corpora,
    evaluate,
    export,
    report,
    run,
    sample,
    sensitivity,
    serve,
    shares,
    status,
    table,
    topics,
    train,
)
from stancewire.errors import StancewireError
from stancewire.log_file import EVENT

app = typer.Typer(
    name="stancewire",
    help="News articles in, stance records out: who takes which stance on what, by which words.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("run")(run.run_command)
app.command("report")(report.report_command)
app.command("serve")(serve.serve_command)
app.command("export")(export.export_command)
app.command("status")(status.status_command)
app.command("classify")(classify.classify_command)
app.command("attribute")(attribute.attribute_command)
app.command("train")(train.train_command)
app.command("evaluate")(evaluate.evaluate_command)
app.command("agree")(agree.agree_command)
app.command("sample")(sample.sample_command)
app.command("sensitivity")(sensitivity.sensitivity_command)
app.command("table")(table.table_command)
app.command("shares")(shares.shares_command)
app.add_typer(topics.app, name="topics")
app.add_typer(corpora.app, name="corpora")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"stancewire {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Show the version."
    ),
    verbose: bool = typer.Option(False, "--verbose", "-v", help="Log what each step does."),
) -> None:
    level = logging.INFO if verbose else logging.WARNING
    terminal = logging.StreamHandler(sys.stderr)
    terminal.setLevel(level)  # a log file may ask loggers for more
    terminal.addFilter(lambda record: verbose or not hasattr(record, EVENT))
    logging.basicConfig(level=level, format="%(levelname)s %(message)s", handlers=[terminal])


def main() -> None:
    """Run the command line; our errors end in one line and exit code 2, anything else keeps its traceback."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    try:
        app()
    except StancewireError as error:
        typer.echo(f"stancewire: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:  # `stancewire classify | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        typer.echo("stancewire: interrupted", err=True)
        sys.exit(130)


if __name__ == "__main__":
    main()
