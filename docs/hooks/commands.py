"""Fills the command reference from the commands themselves, so that it says what `--help` says."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from typer import Context
from typer.main import get_command

from stancewire.cli.main import command_line

ARGUMENT = re.compile(r"^([A-Z.]+) <.*>$")  # "DIR <path>": the name says it
MANUAL = re.compile(r"\bdocs/(\w+)\.md")
PLACEHOLDER = "<!-- the commands -->"


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put the reference in the place of the placeholder."""
    if PLACEHOLDER not in markdown:
        return markdown
    return markdown.replace(PLACEHOLDER, "\n\n".join(reference()))


def reference() -> Iterator[str]:
    """Yield the parts of the reference, command by command, in the order of `stancewire --help`."""
    for words, command in _commands(get_command(command_line()), ("stancewire",)):
        yield f"## {' '.join(words)}"
        yield from _description(command.help or "")
        context = Context(command, info_name=" ".join(words))
        yield f"```text\n{command.get_usage(context).removeprefix('Usage: ')}\n```"
        rows = [row for parameter in command.params if (row := parameter.get_help_record(context))]
        if rows:
            yield "\n".join(
                ("| argument, option | |", "|---|---|", *(_row(name, meaning) for name, meaning in rows))
            )


def _commands(command: Any, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the commands that do something, with the words that call them; of a group those in it."""
    for name, member in getattr(command, "commands", {}).items():
        if getattr(member, "commands", None):
            yield from _commands(member, (*words, name))
        else:
            yield (*words, name), member


def _description(text: str) -> Iterator[str]:
    """Yield the paragraphs of a help text; indented ones are examples of commands and go into one block."""
    examples: list[str] = []
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("  "):
            examples += [line.removeprefix("  ") for line in paragraph.strip("\n").split("\n")]
            continue
        if examples:
            yield _block(examples)
            examples = []
        yield MANUAL.sub(r"[\1](\1.md)", html.escape(paragraph.strip(), quote=False))
    if examples:
        yield _block(examples)


def _block(lines: list[str]) -> str:
    return "\n".join(("```text", *lines, "```"))


def _row(name: str, meaning: str) -> str:
    words = html.escape(ARGUMENT.sub(r"\1", name), quote=False).replace("|", "&#124;")
    return f"| <code>{words}</code> | {html.escape(meaning, quote=False).replace('|', '&#124;')} |"
