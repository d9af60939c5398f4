"""Measures whole runs over archives, reading and writing included: articles/s, whether they stay as fast, and memory.

    python tests/bench/archive.py --data data [--workers 2] [--model small+base] [--repeated 100000]

Loading the models isn't timed. Memory is the resident memory of all processes of the run, what they share counted once
where the system tells (Linux), looked at every two seconds.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from memory_watch import MemoryWatch

from stancewire.errors import InputError, StancewireError
from stancewire.resources import resource
from stancewire.run import RunReport, run
from stancewire.settings import Settings
from stancewire.topics import load_codebook
from stancewire.workers import Workers, open_workers

LOAD = "articles/tehran_times_load.jsonl.gz"
AFGHAN = "articles/tehran_times_afghanistan.jsonl.gz"
FEW, MANY = 800, 8000


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a run took: `memory` in GB at a tenth of its articles and at its end, and the most of it."""

    report: RunReport
    seconds: float
    early: float
    late: float
    most: float

    @property
    def rate(self) -> float:
        """Return articles a second."""
        return self.report.counts["read"] / self.seconds


def measure(archive: Path, workers: Workers, settings: Settings, *, expected: int) -> Measured:
    """Run over an archive into a folder that is thrown away."""
    early: list[float] = []

    def look(report: RunReport) -> None:
        if not early and report.counts["read"] >= expected / 10:
            early.append(watch.now)

    with tempfile.TemporaryDirectory() as out, MemoryWatch() as watch:
        started = perf_counter()
        report = run([str(archive)], workers, Path(out), settings=settings, progress=look)
        seconds = perf_counter() - started
        late = watch.now
    return Measured(report=report, seconds=seconds, early=early[0], late=late, most=watch.most)


def lines(options: argparse.Namespace) -> Iterator[str]:
    """Yield the table, line by line."""
    settings = Settings(model=options.model, workers=options.workers)
    codebook = load_codebook(resource("configs/topics/afghanistan.toml"))
    yield f"model {options.model}, {options.workers} workers, {len(codebook.topics)} topics"
    yield f"{'archive':38} {'articles':>8} {'records':>8} {'seconds':>8} {'art./s':>7}   GB early, late, most"
    with (
        open_workers(codebook, settings, articles=None) as workers,
        tempfile.TemporaryDirectory() as folder,
    ):
        for name, path, expected in _archives(options, Path(folder)):
            found = measure(path, workers, settings, expected=expected)
            counts = found.report.counts
            yield (
                f"{name:38} {counts['read']:8,} {counts['records']:8,} {found.seconds:8.1f} {found.rate:7.1f}   "
                f"{found.early:.2f}, {found.late:.2f}, {found.most:.2f}"
            )
            stages = sorted(found.report.seconds.items(), key=lambda item: -item[1])
            yield "    " + ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in stages)


def _archives(options: argparse.Namespace, folder: Path) -> Iterator[tuple[str, Path, int]]:
    """Yield name, path and size of each archive."""
    load = options.data / LOAD
    for path in (load, options.data / AFGHAN):
        if not path.is_file():
            raise InputError(f"{path}: not there; corpora/cards/tehran_times.md says where to get it")
    for size in (FEW, MANY):
        yield f"load archive, the first {size:,}", _repeat(load, folder / f"{size}.jsonl", size), size
    yield "load archive", load, 9654
    yield "Afghan archive", options.data / AFGHAN, 847
    if options.repeated:
        path = _repeat(load, folder / "repeated.jsonl", options.repeated)
        yield "load archive, repeated, new ids", path, options.repeated


def _repeat(archive: Path, path: Path, size: int) -> Path:
    """Write the archive's articles, again and again under new ids, until there are `size` of them."""
    with gzip.open(archive, "rt", encoding="utf-8") as rows:
        articles = [json.loads(row) for row in rows]
    with path.open("w", encoding="utf-8") as file:
        for number, row in enumerate(itertools.islice(itertools.cycle(articles), size)):
            file.write(json.dumps({**row, "id": f"{number}-{row['id']}"}) + "\n")
    return path


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--data", type=Path, default=Path("data"), help="folder of the data sets")
    options.add_argument("--model", default=Settings().model)
    options.add_argument("--workers", type=int, default=2, help="processes")
    options.add_argument("--repeated", type=int, default=0, help="also run over the load archive repeated")
    chosen = options.parse_args()
    try:
        for line in lines(chosen):
            print(line, flush=True)
    except StancewireError as error:
        options.error(str(error))


if __name__ == "__main__":
    main()
