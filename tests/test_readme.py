"""Examples of the README and the manuals are run: shell with its output, Python as it stands, links looked up."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MANUALS = [(ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("tables.md",)]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")


def _examples(language: str) -> list[str]:
    return [body for page in (README, *MANUALS) for name, body in FENCE.findall(page) if name == language]


def _commands() -> Iterator[tuple[str, list[str]]]:
    """Yield each `$ command` with the lines of output shown below it."""
    for body in _examples("console"):
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            command, *shown = part.rstrip("\n").split("\n")
            yield command, shown


def _run(command: str) -> str:
    python = f"{shlex.quote(sys.executable)} -m stancewire.cli.main"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "pipeline"), "COLUMNS": "100"}
    done = subprocess.run(
        re.sub(
            r"^python (?=\S)", f"{sys.executable} ", re.sub(r"\bstancewire (?=\w)", f"{python} ", command)
        ),
        shell=True,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("command", "shown"), list(_commands()), ids=lambda value: str(value)[:40])
def test_shell_examples_print_what_the_readme_shows(command: str, shown: list[str]) -> None:
    printed = _run(command)
    for line in shown:
        pattern = ".*".join(re.escape(part) for part in line.split("..."))
        assert re.search(pattern, printed), f"{line!r} is not in the output:\n{printed}"


@pytest.mark.parametrize("example", _examples("python"))
def test_python_examples_run(example: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "pipeline")}
    done = subprocess.run(
        [sys.executable, "-c", example],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize("example", _examples("toml"))
def test_codebook_example_loads(example: str, tmp_path: Path) -> None:
    from stancewire.topics import load_codebook

    path = tmp_path / "codebook.toml"
    path.write_text(example, encoding="utf-8")
    assert load_codebook(path).topics[0].claim


@pytest.mark.parametrize("target", LINK.findall(README))
def test_links_of_the_readme_lead_somewhere(target: str) -> None:
    assert (ROOT / target).exists()
