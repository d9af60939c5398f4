"""Finds the examples in pages of documentation and runs them, as a reader would: one after the other, in one place.

- ```console: what follows `$ ` is a command; the lines below it must be in its output ("..." stands for anything).
- ```python: a script of its own; a ```text fence right below it is what it prints.
- Any fence with title="PATH" is a file that the reader makes.
- `<!-- not run: REASON -->` above a fence leaves it out; the reason is seen in the page's source.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^```(\w*)([^\n]*)\n(.*?)^```[ ]*$", re.MULTILINE | re.DOTALL)
NOT_RUN = re.compile(r"<!--\s*not run: ([^>]+?)\s*-->\s*\Z")
TITLE = re.compile(r'title="([^"]+)"')
PROGRAMS = "stancewire|python|pip|make|ray|label-studio|datasette"
COMMAND = re.compile(rf"^(\$ |> )?(\.venv/bin/)?({PROGRAMS}) \S", re.MULTILINE)
INDENTED = re.compile(r"^ {4}(?:\.venv/bin/)?stancewire \S.*", re.MULTILINE)
OURS = re.compile(r"(?:(?<=^)|(?<=[|;&] )|(?<=\$\())stancewire (?=\w|-)")
LIMIT = 900  # seconds for a command, on a busy machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block of a page; `reason` says why it isn't run, `prints` what a script must print."""

    place: str
    language: str
    body: str
    title: str | None
    reason: str | None
    prints: str | None = None

    @property
    def has_commands(self) -> bool:
        """Say whether a reader would take it for something to type."""
        return self.language == "console" or COMMAND.search(self.body) is not None


def blocks_of(path: Path) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    text = path.read_text(encoding="utf-8")
    matches = list(FENCE.finditer(text))
    found = []
    for number, match in enumerate(matches):
        title, reason = TITLE.search(match[2]), NOT_RUN.search(text[: match.start()])
        below = matches[number + 1] if number + 1 < len(matches) else None
        is_output = below and below[1] == "text" and not text[match.end() : below.start()].strip()
        found.append(
            Block(
                place=f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}",
                language=match[1],
                body=match[3],
                title=title[1] if title else None,
                reason=reason[1] if reason else None,
                prints=below[3] if below and is_output and match[1] == "python" else None,
            )
        )
    return found


def indented_commands(path: Path) -> list[str]:
    """Return the commands in indented blocks, which nothing would run."""
    return INDENTED.findall(FENCE.sub("", path.read_text(encoding="utf-8")))


def commands_of(block: Block) -> Iterator[tuple[str, list[str]]]:
    """Yield each `$ command` with the lines of output shown below it; a line that ends in a backslash goes on."""
    for part in re.split(r"^\$ ", block.body, flags=re.MULTILINE)[1:]:
        lines = part.rstrip("\n").split("\n")
        last = next(number for number, line in enumerate(lines) if not line.endswith("\\"))
        yield "\n".join(lines[: last + 1]), lines[last + 1 :]


def missing_from(block: Block, workplace: Path) -> list[str]:
    """Run one block in a folder; return the lines that it shows and that weren't printed, each with what was."""
    missing: list[str] = []
    if block.reason is not None:
        return missing
    if block.title is not None:
        path = workplace / block.title
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.body, encoding="utf-8")
    elif block.language == "console":
        for command, shown in commands_of(block):
            missing += _missing(block, shown, run_command(command, workplace, place=block.place))
    elif block.language == "python":
        printed = _run([sys.executable, "-c", block.body], workplace, place=block.place)
        assert printed, f"{block.place}: prints nothing"
        missing += _missing(block, (block.prints or "").splitlines(), printed)
    return missing


def run_command(command: str, workplace: Path, *, place: str) -> str:
    """Return what a command prints; its `stancewire` is this checkout's."""
    python = shlex.quote(sys.executable)
    ours = OURS.sub(f"{python} -m stancewire.cli.main ", command)
    return _run(["bash", "-c", re.sub(r"^python (?=\S)", f"{python} ", ours)], workplace, place=place)


def _run(command: list[str], workplace: Path, *, place: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "pipeline"), "COLUMNS": "100"}
    done = subprocess.run(
        command, cwd=workplace, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    assert done.returncode == 0, f"{place}: {command[-1]}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def _missing(block: Block, shown: list[str], printed: str) -> list[str]:
    patterns = {line: ".*".join(re.escape(part) for part in line.rstrip().split("...")) for line in shown}
    return [
        f"{block.place}: {line!r} is not in the output:\n{printed}"
        for line, pattern in patterns.items()
        if not re.search(pattern, printed)
    ]
