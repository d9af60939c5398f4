"""Measures one very large file, one very long line and very many files: how fast they are read, and in how much memory.

    python tests/bench/large_file.py [--gigabytes 1] [--workers 1] [--line 200] [--files 10000]

Writes JSON lines of made-up sentences into a temporary folder (TMPDIR), reads them, and runs over them with a topic
that none of them names, so that what is measured is reading, searching and storing, not models. Then a file is read and
run over that has one line of `--line` MB between two short ones, and a folder of `--files` short texts. Memory is the
resident memory of all processes together, what they share counted once where the system tells (Linux), looked at ten
times a second.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time

from memory_watch import MemoryWatch

from stancewire.errors import StancewireError
from stancewire.readers.archive import read_articles
from stancewire.run import run
from stancewire.settings import Settings
from stancewire.topics import load_codebook
from stancewire.types import Article
from stancewire.workers import Workers, open_workers

BOOK = """
[codebook]
id = "bench"
version = "1"

[[topic]]
id = "absent"
claim = "The glass mountain should be climbed."
terms = ["glass mountain*"]
"""
TEXT = "the council said on Tuesday that its members had met in the capital and would vote again in spring"
SENTENCES = 40  # an article: some 4 KB, as news articles are


def lines(options: argparse.Namespace) -> Iterator[str]:
    """Yield the findings, line by line."""
    settings = Settings(model="lexicon", attributor="rules", workers=options.workers, report=False)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "book.toml").write_text(BOOK, encoding="utf-8")
        with open_workers(load_codebook(folder / "book.toml"), settings) as workers:
            large, number = (
                folder / "large.jsonl",
                write_large(folder / "large.jsonl", options.gigabytes * 1e9),
            )
            yield f"{large.name}: {large.stat().st_size / 1e9:.2f} GB, {number:,} lines"
            yield from _measured(large, workers, settings, expected=number)
            large.unlink()
            long = write_long_line(folder / "long.jsonl", options.line)
            yield f"{long.name}: one line of {options.line} MB between two short ones"
            yield from _measured(long, workers, settings, expected=3)
            long.unlink()
            many = write_many(folder / "many", options.files)
            yield f"{many.name}/: {options.files:,} files of one line"
            yield from _measured(many, workers, settings, expected=options.files)


def write_large(path: Path, size: float) -> int:
    """Write articles until the file has `size` bytes; return how many they are."""
    rng = random.Random(1)
    number = written = 0
    with path.open("w", encoding="utf-8") as file:
        while written < size:
            text = " ".join(_sentence(rng) for _ in range(SENTENCES))
            written += file.write(json.dumps({"id": f"a{number}", "text": text}) + "\n")
            number += 1
    return number


def write_long_line(path: Path, megabytes: int) -> Path:
    """Write three articles, the second with a text of so many MB."""
    rng = random.Random(1)
    piece = " ".join(_sentence(rng) for _ in range(10_000)) + " "
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"id": "before", "text": _sentence(rng)}) + "\n")
        file.write('{"id": "long", "text": "')
        for _ in range(round(megabytes * 1e6 / len(piece))):
            file.write(piece)
        file.write('"}\n')
        file.write(json.dumps({"id": "after", "text": _sentence(rng)}) + "\n")
    return path


def write_many(folder: Path, number: int) -> Path:
    """Write so many texts of one line into a new folder."""
    folder.mkdir()
    for each in range(number):
        (folder / f"{each}.txt").write_text(f"It rained in valley {each}.", encoding="utf-8")
    return folder


def _sentence(rng: random.Random) -> str:
    return " ".join(rng.choices(TEXT.split(), k=18)).capitalize() + "."


def _measured(path: Path, workers: Workers, settings: Settings, *, expected: int) -> Iterator[str]:
    with MemoryWatch() as watch:
        started, used = perf_counter(), process_time()
        found = Counter(
            "article" if isinstance(each, Article) else each.reason for each in read_articles([str(path)])
        )
        yield f"  read:     {_rate(expected, perf_counter() - started, process_time() - used)}, {_shown(found)}"
    yield f"            {watch.most:.2f} GB at most"
    with MemoryWatch() as watch, tempfile.TemporaryDirectory() as out:
        started, used = perf_counter(), process_time()
        report = run([str(path)], workers, Path(out), settings=settings)
        rate = _rate(expected, perf_counter() - started, process_time() - used)
        yield f"  run over: {rate}, {_shown(report.reasons)}"
        ledger = (Path(out) / "ledger.jsonl").read_bytes().count(b"\n")
    yield f"            {watch.most:.2f} GB at most"
    if not found.total() == report.counts["read"] == ledger == expected:
        raise StancewireError(
            f"{path}: {expected} lines, {found.total()} read, {report.counts['read']} run over, {ledger} in the ledger"
        )
    yield f"  all {expected:,} lines are accounted for"


def _rate(number: int, seconds: float, used: float) -> str:
    """Return the speed; on a machine that others use, too, this process's own time says more."""
    return f"{seconds:.1f} s ({used:.1f} s of this process), {number / seconds:,.0f} articles/s"


def _shown(found: Counter[str]) -> str:
    return ", ".join(f"{number:,} x {reason}" for reason, number in found.most_common())


def main() -> None:
    """Print the findings."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--gigabytes", type=float, default=1.0, help="size of the large file")
    options.add_argument("--workers", type=int, default=1, help="processes")
    options.add_argument("--line", type=int, default=200, help="MB of the long line")
    options.add_argument("--files", type=int, default=10_000, help="files in one folder")
    chosen = options.parse_args()
    try:
        for line in lines(chosen):
            print(line, flush=True)
    except StancewireError as error:
        options.error(str(error))


if __name__ == "__main__":
    main()
