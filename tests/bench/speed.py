"""Measures how many pairs of texts a second classifiers answer, in turns, on the same questions of DSE's dev part.

    git worktree add ../then 9fe8daf
    python tests/bench/speed.py --data data --model ../then/models/base --model base

Each model answers all pairs ROUNDS times, one model after the other in each round; the ratio is to the first model.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import perf_counter

from stancewire.errors import StancewireError
from stancewire.stance.models import open_classifier
from stancewire.training.recipe import DataSource
from stancewire.training.rows import read_rows

DEV = DataSource(path="dse/dev.jsonl.gz", format="directed-dev")
ROUNDS = 3
SEED = 13


def lines(options: argparse.Namespace) -> Iterator[str]:
    """Yield the table, line by line."""
    rows = Random(SEED).sample(read_rows(DEV, options.data, rng=Random(SEED)), options.pairs)
    models = {name: open_classifier(name, threads=options.threads) for name in options.model}
    pairs = {name: [model.pair_format.pair(row.query) for row in rows] for name, model in models.items()}
    seconds = dict.fromkeys(models, 0.0)
    for name, model in models.items():
        model.weigh(pairs[name][:8])  # the first call makes what later ones find
    for _ in range(ROUNDS):
        for name, model in models.items():
            started = perf_counter()
            model.weigh(pairs[name])
            seconds[name] += perf_counter() - started
    first = next(iter(seconds.values()))
    yield f"{'model':40} {'pairs/s':>8} {'ratio':>6}"
    for name, taken in seconds.items():
        yield f"{name:40} {ROUNDS * len(rows) / taken:8.1f} {first / taken:6.2f}"


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--data", type=Path, default=Path("data"), help="folder of the data sets")
    options.add_argument("--model", action="append", required=True, help="may be given again")
    options.add_argument("--pairs", type=int, default=100)
    options.add_argument("--threads", type=int, default=0, help="cores to use; 0 means all")
    chosen = options.parse_args()
    try:
        for line in lines(chosen):
            print(line, flush=True)
    except StancewireError as error:
        options.error(str(error))


if __name__ == "__main__":
    main()
