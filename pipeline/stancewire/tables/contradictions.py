"""What becomes of a holder who is for and against a topic at once: three rules, after Discourse Network Analyzer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from stancewire.tables.intervals import Interval
from stancewire.tables.table import Column, Heading, Kind, Value, plain
from stancewire.types import Stance


class Rule(StrEnum):
    """How agreement and disagreement in one cell go together.

    The rules are those for the qualifier of an affiliation (actor x concept) network in Discourse Network Analyzer:
    Leifeld, Gruber and Bossner, Discourse Network Analyzer Manual (2018), chapter 2, and the argument
    `qualifierAggregation` of rDNA's `dna_network`; Leifeld, "Discourse Network Analysis", in The Oxford Handbook of
    Political Networks (2017), for the method.

    IGNORE: every stance counts as it is and which one it is plays no part: how much a holder says on a topic.
    SUBTRACT: favor less against: the sign is the side, and a holder who is as often for as against comes out as 0.
    SEPARATE (DNA: combine): both sides stand in columns of their own, and a cell with both is called mixed.

    DNA's agreement has two values; our third, neutral, takes no side: it counts in n and moves no net.
    """

    IGNORE = "ignore"
    SUBTRACT = "subtract"
    SEPARATE = "separate"


MIXED = "mixed"
_SHARES = ("favor", "against", "neutral")
_RANGES = tuple(
    Column(name=f"{name}_{part}", kind=Kind.NUMBER) for name in _SHARES for part in ("share", "low", "high")
)
_COLUMNS = {
    Rule.IGNORE: (),
    Rule.SUBTRACT: (
        Column(name="net", kind=Kind.COUNT),
        *(Column(name=name, kind=Kind.NUMBER) for name in ("balance", "balance_low", "balance_high")),
    ),
    Rule.SEPARATE: (
        *(Column(name=name, kind=Kind.COUNT) for name in _SHARES),
        *_RANGES,
    ),
}


def columns_of(rule: Rule) -> tuple[Column, ...]:
    """Return the columns that a rule gives a table."""
    return _COLUMNS[rule]


def values_of(rule: Rule, counts: Sequence[int], intervals: Sequence[Interval | None]) -> tuple[Value, ...]:
    """Return a cell's values in the columns of the rule.

    `counts` are favor, against and neutral; `intervals` those of their shares and of the balance.
    """
    if rule is Rule.IGNORE:
        return ()
    favor, against, _ = counts
    total = sum(counts)
    if rule is Rule.SUBTRACT:
        return favor - against, (favor - against) / total, *_ends(intervals[-1])
    shares = zip(counts, intervals, strict=False)
    ranges = (value for count, interval in shares for value in (count / total, *_ends(interval)))
    return *counts, *ranges


def side(counts: Sequence[int]) -> str:
    """Return what a cell says as a whole: the one side that is taken, mixed where both are, else neutral."""
    favor, against, _ = counts
    if favor and against:
        return MIXED
    return (Stance.FAVOR if favor else Stance.AGAINST if against else Stance.NEUTRAL).value


def headings_of(rule: Rule, *, has_intervals: bool) -> tuple[Heading, ...]:
    """Return how the columns of the rule are shown: "60 [42-77]" for a share with its interval.

    Where no row has an interval, there are too few stories for shares, and only the counts are shown.
    """
    if rule is Rule.IGNORE:
        return ()
    if rule is Rule.SUBTRACT:
        counts = [plain("net", is_number=True)]
        shares = [_share("balance", "balance %", sign="+")]
    else:
        counts = [plain(name, is_number=True) for name in _SHARES]
        shares = [_share(name, f"{name} %") for name in _SHARES]
    return (*counts, *(shares if has_intervals else ()))


def _share(name: str, label: str, *, sign: str = "") -> Heading:
    to = " to " if sign else "-"

    def show(row: Mapping[str, Value]) -> str:
        share, low, high = (row.get(f"{name}_{part}") for part in ("share", "low", "high"))
        share = row[name] if share is None else share
        shown = f"{100 * float(share or 0):{sign}.0f}"
        if low is None or high is None:
            return shown
        return f"{shown} [{100 * float(low):{sign}.0f}{to}{100 * float(high):{sign}.0f}]"

    return Heading(label=label, show=show, is_number=True, is_whole=True)


def _ends(interval: Interval | None) -> tuple[float | None, float | None]:
    return (interval.low, interval.high) if interval else (None, None)
