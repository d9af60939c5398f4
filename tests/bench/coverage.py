"""How often the intervals of `stancewire shares` hold the truth, in made-up archives with a biased machine.

python -m tests.bench.coverage [--repeats 2000] [--seed 1]

Archives of records: the machine takes 40 % of what is against for favor and finds favor in four of five records that
aren't there (tests/shares/worlds.py). Archives of articles: half of the articles have no stance, the others some that
hang together; the machine misses 30 % of what is favor and half of the rest, and adds records that aren't there.
Each line draws so many samples from one archive and shows how often each share's interval holds the true share, and how
wide it is. "machine" is the share as the machine counts, with the interval that its own labels would give it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from tests.shares.worlds import STANCES, World, cell_of, random_sample, stratified_sample, world

from stancewire.shares.design import Design, Floats, Ints, design_of
from stancewire.shares.estimate import Cell, Method, correct
from stancewire.shares.intervals import Confidence, labels_of

Sample = Callable[[np.random.Generator], tuple[Cell, Design]]
CONFIDENCE = Confidence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One line: what is drawn from what, and the truth."""

    name: str
    truth: Floats
    told: Floats
    sample: Sample


def main() -> None:
    """Show the coverage of every case and method."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--repeats", type=int, default=2000)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    source = np.random.default_rng(chosen.seed)
    print(f"{'':44} {'favor':>13} {'against':>13} {'neutral':>13}  labels worth")
    for case in cases(source):
        print(f"{case.name}\n  {'true share':42} {_row(case.truth)}")
        print(f"  {'machine: share, holds the truth':42} {_naive(case)}")
        for method in (Method.PPI, Method.DSL, Method.GOLD):
            held, wide, labels, shown = coverage(case, method, source, chosen.repeats)
            line = " ".join(f"{h:6.3f} ({w:.2f})" for h, w in zip(held, wide, strict=True))
            print(
                f"  {f'{method}: holds the truth (width)':42} {line}  {labels:.0f}{_few(shown, chosen.repeats)}"
            )


def cases(source: np.random.Generator) -> list[Case]:
    """Return what is measured."""
    records = world(source, 5000, groups=10)
    small = world(source, 400)
    made = [
        _of_records(records, name, draw, size, group)
        for name, draw, size, group in (
            ("300 of 5,000 records", random_sample, 300, None),
            ("100 of 5,000 records", random_sample, 100, None),
            ("40 of 5,000 records", random_sample, 40, None),
            ("300 of 5,000 records, 100 a stance", stratified_sample, 300, None),
            ("99 of 5,000 records, 33 a stance", stratified_sample, 99, None),
            ("400 of 5,000 records, one month of ten", random_sample, 400, 3),
            ("600, 200 a stance, one month of ten", stratified_sample, 600, 3),
        )
    ]
    made.append(_of_records(small, "200 of 400 records", random_sample, 200, None))
    return [*made, *(_of_articles(source, size) for size in (300, 120))]


def coverage(
    case: Case, method: Method, source: np.random.Generator, repeats: int
) -> tuple[Floats, Floats, float, int]:
    """Return how often intervals hold the truth, their width, what the labels are worth, and how many were shown."""
    held, wide, worth, shown = np.zeros(STANCES), np.zeros(STANCES), 0.0, 0
    for _ in range(repeats):
        cell, design = case.sample(source)
        counts = np.maximum(cell.told.sum(axis=1), cell.truth.sum(axis=1))
        labels = labels_of(design, counts)
        found = correct(cell, design, method=method) if labels >= CONFIDENCE.least else None
        if found is None or found.errors is None:
            continue
        shown += 1
        worth += labels
        for place, (share, error) in enumerate(zip(found.shares, found.errors, strict=True)):
            figure = CONFIDENCE.figure(share, error, labels, unseen="")
            low, high = figure.low or 0.0, figure.high or 0.0
            held[place] += low <= case.truth[place] <= high
            wide[place] += high - low
    return held / max(shown, 1), wide / max(shown, 1), worth / max(shown, 1), shown


def _of_records(
    of: World,
    name: str,
    draw: Callable[[np.random.Generator, World, int], tuple[Ints, Design]],
    size: int,
    group: int | None,
) -> Case:
    inside = np.ones(len(of.truth), dtype=bool) if group is None else of.groups == group
    counts = np.bincount(of.truth[inside], minlength=4)[:STANCES]

    def sample(source: np.random.Generator) -> tuple[Cell, Design]:
        places, design = draw(source, of, size)
        return cell_of(of, places, group), design

    told = np.bincount(of.told[inside], minlength=STANCES).astype(np.float64)
    return Case(name=name, truth=counts / counts.sum(), told=told, sample=sample)


def _of_articles(source: np.random.Generator, size: int) -> Case:
    """Return a sample of whole articles out of 3,000, in strata of those with records of the machine and without."""
    number = 3000
    many = source.poisson(2.5, size=number) * (source.random(number) < 0.5)
    lean = source.dirichlet([1.5, 1.0, 0.4], size=number)  # what stands in one article hangs together
    truth = np.array([source.multinomial(n, p) for n, p in zip(many, lean, strict=True)], dtype=np.float64)
    kept = np.column_stack(
        [source.binomial(truth[:, at].astype(int), p) for at, p in enumerate((0.7, 0.5, 0.5))]
    )
    added = source.poisson([0.35, 0.05, 0.05], size=(number, STANCES)) * (source.random((number, 1)) < 0.6)
    told = (kept + added).astype(np.float64)
    strata = [np.flatnonzero(told.sum(axis=1) > 0), np.flatnonzero(told.sum(axis=1) == 0)]

    def sample(source: np.random.Generator) -> tuple[Cell, Design]:
        drawn = [
            source.choice(own, round(size * share), replace=False)
            for own, share in zip(strata, (0.7, 0.3), strict=True)
        ]
        places = np.concatenate(drawn)
        names = [str(at) for at, part in enumerate(drawn) for _ in part]
        weights = [len(own) / len(part) for own, part in zip(strata, drawn, strict=True) for _ in part]
        cell = Cell(
            truth=truth[places],
            told=told[places],
            everything=told,
            stories=np.arange(number),
            coded_stories=places,
            is_sized=False,
        )
        return cell, design_of(names, weights, certain=[False] * len(weights))

    sums = truth.sum(axis=0)
    return Case(
        name=f"{size} of 3,000 articles, 7 of 10 with records",
        truth=sums / sums.sum(),
        told=told.sum(axis=0),
        sample=sample,
    )


def _naive(case: Case) -> str:
    total = case.told.sum()
    shares = case.told / total
    reach = 1.96 * np.sqrt(shares * (1 - shares) / total)
    holds = np.abs(shares - case.truth) <= reach
    return " ".join(
        f"{share:6.3f} {'(yes) ' if hit else '(no)  '}" for share, hit in zip(shares, holds, strict=True)
    )


def _row(shares: Floats) -> str:
    return " ".join(f"{share:6.3f}       " for share in shares)


def _few(shown: int, repeats: int) -> str:
    return "" if shown == repeats else f" (in {shown} of {repeats} samples; too few labels in the others)"


if __name__ == "__main__":
    main()
