"""The `stancewire` command: puts the subcommands together and prints our errors in one line."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable

import typer

from stancewire import __version__
from stancewire.errors import StancewireError
from stancewire.log_file import EVENT
from stancewire.registry import load_reference

COMMANDS: dict[str, str] = {
    "run": "stancewire.cli.run:run_command",
    "report": "stancewire.cli.report:report_command",
    "serve": "stancewire.cli.serve:serve_command",
    "export": "stancewire.cli.export:export_command",
    "status": "stancewire.cli.status:status_command",
    "classify": "stancewire.cli.classify:classify_command",
    "attribute": "stancewire.cli.attribute:attribute_command",
    "train": "stancewire.cli.train:train_command",
    "evaluate": "stancewire.cli.evaluate:evaluate_command",
    "agree": "stancewire.cli.agree:agree_command",
    "sample": "stancewire.cli.sample:sample_command",
    "sensitivity": "stancewire.cli.sensitivity:sensitivity_command",
    "table": "stancewire.cli.table:table_command",
    "shares": "stancewire.cli.shares:shares_command",
    "topics": "stancewire.cli.topics:app",
    "corpora": "stancewire.cli.corpora:app",
}
"""The commands and groups of commands: name -> "module:object", imported on use, since together they take a second."""


def command_line(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """Return the command with those of its subcommands that are named."""
    app = typer.Typer(
        name="stancewire",
        help="News articles in, stance records out: who takes which stance on what, by which words.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_options)
    for name in names:
        command = load_reference(COMMANDS[name])
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"stancewire {__version__}")
        raise typer.Exit


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
    first = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    try:
        command_line([first] if first in COMMANDS else COMMANDS)()
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
