"""A stratified random sample with each item's chance of being drawn, and estimates that take the chances into account.

Within a stratum every item has the same chance, drawn/population; its weight, the inverse, says for how many items it
stands. Sums of weighted values are unbiased whatever the strata and their shares (Horvitz and Thompson 1952, JASA
47(260): 663-685); the formulas for strata are those of Cochran (1977), Sampling Techniques, chapter 5.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from stancewire.errors import InputError
from stancewire.sampling.population import Item, Population


class Allocation(StrEnum):
    """How a sample is spread over strata: by their size, or equally, for as good a look at the small ones."""

    PROPORTIONAL = "proportional"
    EQUAL = "equal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """So many drawn of so many; taken whole, it is a certainty stratum: every item stands for itself."""

    name: str
    population: int
    drawn: int

    @property
    def probability(self) -> float:
        """Return the chance of each item to be drawn."""
        return self.drawn / self.population

    @property
    def weight(self) -> float:
        """Return for how many items of the population each drawn one stands."""
        return self.population / self.drawn

    @property
    def is_certain(self) -> bool:
        """Say whether every item is drawn."""
        return self.drawn == self.population


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A probability sample: the items by id, and the strata from which their weights follow."""

    items: tuple[Item, ...]
    strata: tuple[Stratum, ...]
    allocation: Allocation
    seed: int

    def stratum_of(self, item: Item) -> Stratum:
        """Return the stratum of a drawn item."""
        return next(stratum for stratum in self.strata if stratum.name == item.stratum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """An estimate for the population; no standard error where a stratum has one drawn item and isn't taken whole."""

    value: float
    standard_error: float | None


def draw(
    population: Population,
    size: int,
    *,
    seed: int,
    allocation: Allocation = Allocation.PROPORTIONAL,
    at_least: int = 1,
    whole: Collection[str] = (),
) -> Drawn:
    """Draw `size` items at random within strata; the same for the same population, whatever order it came in.

    Every stratum gives `at_least` so many (all it has, if fewer), those named in `whole` all. Raises InputError where
    that can't be.
    """
    sizes = Counter(item.stratum for item in population.items)
    shares = allocate(sizes, size, allocation=allocation, at_least=at_least, whole=whole)
    by_stratum: dict[str, list[Item]] = defaultdict(list)
    for item in sorted(population.items, key=lambda item: item.id):
        by_stratum[item.stratum].append(item)
    chosen: list[Item] = []
    for name in sorted(sizes):
        source = random.Random(f"{seed}/{name}")
        chosen += source.sample(by_stratum[name], shares[name])
    return Drawn(
        items=tuple(sorted(chosen, key=lambda item: item.id)),
        strata=tuple(
            Stratum(name=name, population=sizes[name], drawn=shares[name]) for name in sorted(sizes)
        ),
        allocation=allocation,
        seed=seed,
    )


def allocate(
    sizes: Mapping[str, int],
    size: int,
    *,
    allocation: Allocation = Allocation.PROPORTIONAL,
    at_least: int = 1,
    whole: Collection[str] = (),
) -> dict[str, int]:
    """Return how many to draw from each stratum of these sizes: `size` in all, one at least, none more than it has."""
    if strange := sorted(set(whole) - sizes.keys()):
        raise InputError(f"no stratum {strange[0]!r} to take whole; there are: {', '.join(sorted(sizes))}")
    if size > (total := sum(sizes.values())):
        raise InputError(f"a sample of {size} from {total}; must be {total} at most")
    shares = {
        name: number if name in whole else min(number, max(at_least, 1)) for name, number in sizes.items()
    }
    if size < (fewest := sum(shares.values())):
        raise InputError(
            f"a sample of {size} for {len(sizes)} strata, which need {fewest} (at least {max(at_least, 1)} of each,"
            " all of those taken whole); draw more, or make fewer strata"
        )
    while left := size - sum(shares.values()):
        _spread(left, sizes, shares, allocation)
    return shares


def estimate_total(values: Mapping[str, float], drawn: Drawn) -> Estimate:
    """Return the estimated sum over the population of a value, given by the id of each drawn item."""
    total, variance = 0.0, 0.0
    has_error = True
    for stratum in drawn.strata:
        found = [values[item.id] for item in drawn.items if item.stratum == stratum.name]
        total += stratum.weight * math.fsum(found)
        if stratum.is_certain:
            continue
        has_error = has_error and len(found) > 1
        if has_error:
            rest = 1 - stratum.probability
            variance += stratum.population**2 * rest * _spread_of(found) / len(found)
    return Estimate(value=total, standard_error=math.sqrt(variance) if has_error else None)


def estimate_mean(values: Mapping[str, float], drawn: Drawn) -> Estimate:
    """Return the estimated mean over the population of a value, given by the id of each drawn item."""
    total = estimate_total(values, drawn)
    number = sum(stratum.population for stratum in drawn.strata)
    error = None if total.standard_error is None else total.standard_error / number
    return Estimate(value=total.value / number, standard_error=error)


def _spread(left: int, sizes: Mapping[str, int], shares: dict[str, int], allocation: Allocation) -> None:
    """Give what is left to strata that have more, by largest remainder; `shares` is changed."""
    open_ones = sorted(name for name, number in sizes.items() if shares[name] < number)
    if allocation is Allocation.EQUAL:  # one by one to whichever has least, so that they even out
        for _ in range(left):
            least = min(
                (name for name in open_ones if shares[name] < sizes[name]), key=lambda name: shares[name]
            )
            shares[least] += 1
        return
    total = sum(sizes[name] - shares[name] for name in open_ones)
    exact = {name: left * (sizes[name] - shares[name]) / total for name in open_ones}
    for name in open_ones:
        shares[name] += int(exact[name])
    remainder = left - sum(int(value) for value in exact.values())
    for name in sorted(open_ones, key=lambda name: (int(exact[name]) - exact[name], name))[:remainder]:
        shares[name] += 1


def _spread_of(values: Sequence[float]) -> float:
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)
