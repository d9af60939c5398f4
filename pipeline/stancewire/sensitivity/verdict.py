"""Which topics are fragile: whose records hang on the wording of the claim or on names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from stancewire.agreement.bootstrap import Figure
from stancewire.sensitivity.perturbations import Expected
from stancewire.sensitivity.results import Sturdiness, Tally, Verdict

# A figure told from records can be off by as much as the share of records that change. Of the stances that the default
# model finds in news a third are wrong (tests/bench/figures.py, news dev): where wording or names alone change a
# fifth, they are no small part of that. Blind second readings of the labels in corpora/news differ on 3 % and never
# turn a stance into its opposite, so that one in twenty is more than readers do. Both are judgements, not fits.
CHANGED = 0.20
FLIPPED = 0.05


def judge_topics(topics: Sequence[str], tallies: Iterable[Tally]) -> Iterator[Verdict]:
    """Yield a verdict for each topic, from the perturbations under which a record should stay as it is."""
    steady = [tally for tally in tallies if tally.expected is Expected.SAME]
    for topic in topics:
        yield _verdict(topic, [tally for tally in steady if tally.topic == topic])


def _verdict(topic: str, tallies: Sequence[Tally]) -> Verdict:
    told = [tally for tally in tallies if tally.records]
    over = [_said(tally) for tally in told if _is_over(tally)]
    if over:
        return Verdict(topic=topic, sturdiness=Sturdiness.FRAGILE, reasons=tuple(over))
    if not told or not all(map(_is_under, told)):
        return Verdict(topic=topic, sturdiness=Sturdiness.UNSURE, reasons=tuple(_doubts(tallies, told)))
    return Verdict(topic=topic, sturdiness=Sturdiness.STURDY, reasons=tuple(map(_said, told)))


def _doubts(tallies: Sequence[Tally], told: Sequence[Tally]) -> Iterator[str]:
    """Yield why nothing can be told: what lies over a threshold itself, but not with its whole interval."""
    if not tallies:
        yield "nothing was tried under which a record should stay as it is"
    elif not told:
        yield "no records to compare"
    elif leaning := [_said(tally) for tally in told if _leans_over(tally)]:
        yield from leaning
    else:
        articles = max(tally.articles for tally in told)
        yield f"no share is over its threshold, but {articles} articles are too few to be sure"


def _is_over(tally: Tally) -> bool:
    return any(figure.low is not None and figure.low > most for figure, most in _held(tally))


def _leans_over(tally: Tally) -> bool:
    return any(figure.value is not None and figure.value > most for figure, most in _held(tally))


def _is_under(tally: Tally) -> bool:
    return all(figure.high is not None and figure.high <= most for figure, most in _held(tally))


def _held(tally: Tally) -> tuple[tuple[Figure, float], ...]:
    return (tally.changed, CHANGED), (tally.flipped, FLIPPED)


def _said(tally: Tally) -> str:
    return f"{tally.perturbation} {shown(tally.changed)} change, {shown(tally.flipped)} flip"


def shown(figure: Figure) -> str:
    """Return a share with its interval: "12 % [4, 21]"."""
    if figure.value is None:
        return "-"
    interval = (
        ""
        if figure.low is None or figure.high is None
        else f" [{100 * figure.low:.0f}, {100 * figure.high:.0f}]"
    )
    return f"{100 * figure.value:.0f} %{interval}"
