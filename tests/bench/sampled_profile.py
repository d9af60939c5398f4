"""Shows where runs spend their time by py-spy's samples, in the code of this project and in whose library it was then.

    py-spy record --subprocesses --nonblocking --rate 50 --format raw --output now.raw -- \\
        stancewire run archive.jsonl --topics configs/topics/afghanistan.toml --out runs/profiled --workers 2
    python tests/bench/sampled_profile.py [before.raw] now.raw [--rate 50]

Each column is one file; two of them beside each other show what a change did. py-spy (`pip install py-spy`) looks at
processes from outside and needs leave to do so: that of root, or `sysctl kernel.yama.ptrace_scope=0`.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

OURS = re.compile(r"\((?:.*/)?stancewire/(\S+)\.py:\d+\)")
LIBRARY = re.compile(r"\((\w+)[/.]")
FROZEN = re.compile(r"importlib|runpy|zipimport")
GOES_ON = "onnx_session"  # runs the models of several stages: the stage is whoever called it
ROWS = 14  # what is left is one row: each of it is a hundredth or less


def samples(path: Path) -> Iterator[tuple[list[str], int]]:
    """Yield each stack, outermost frame first, with the number of samples that saw it."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            stack, _, count = line.rstrip("\n").rpartition(" ")
            if count.isdigit():
                yield stack.split(";"), int(count)


def place(frames: list[str]) -> tuple[str, str]:
    """Return the module of ours that was at work, and the library that it had called."""
    if any(map(FROZEN.search, frames[-3:])):
        return "starting", "imports"
    modules = [module for module in _modules(frames) if module != GOES_ON]
    return (modules[-1] if modules else "starting"), _library(frames[-1])


def _modules(frames: list[str]) -> list[str]:
    return [match[1] for frame in frames if (match := OURS.search(frame))]


def _library(frame: str) -> str:
    if OURS.search(frame):
        return "this project's Python"
    match = LIBRARY.search(frame)
    return match[1] if match else "Python"


def table(files: list[Path], rate: int) -> Iterator[str]:
    """Yield the rows, the largest of the last file first: seconds that a process was seen at work."""
    counts = [Counter[tuple[str, str]]() for _ in files]
    for file, count in zip(files, counts, strict=True):
        for frames, times in samples(file):
            count[place(frames)] += times
    wholes = [sum(count.values()) or 1 for count in counts]
    yield "| where | in | " + " | ".join(f"{file.stem}, s | share" for file in files) + " |"
    yield "|---|---|" + "---:|---:|" * len(files)
    order = sorted(set().union(*counts), key=lambda key: -max(counts[-1][key], counts[0][key]))
    for key in order[:ROWS]:
        yield _row(*key, [count[key] for count in counts], wholes, rate)
    rest = [sum(count[key] for key in order[ROWS:]) for count in counts]
    yield _row("the rest", "", rest, wholes, rate)
    yield _row("all", "", wholes, wholes, rate)


def _row(where: str, library: str, counts: list[int], wholes: list[int], rate: int) -> str:
    cells = (f"{count / rate:.1f} | {count / whole:.0%}" for count, whole in zip(counts, wholes, strict=True))
    return f"| {where} | {library} | " + " | ".join(cells) + " |"


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("files", type=Path, nargs="+", help="what py-spy recorded with --format raw")
    options.add_argument("--rate", type=int, default=50, help="samples a second that were taken")
    chosen = options.parse_args()
    for file in chosen.files:
        if not file.is_file():
            options.error(f"{file}: no such file; py-spy record --format raw --output {file} writes it")
    for line in table(chosen.files, chosen.rate):
        print(line)


if __name__ == "__main__":
    main()
