"""Discourse networks as the page draws them: of the whole time and of each year, the most active actors of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from stancewire.networks import Method, Period, PeriodNetworks, Tie, discourse_networks
from stancewire.types import StanceRecord

MOST_ACTORS = 40
"""Actors in one picture: more than these, and names and ties can't be told apart on a screen."""


def networks_of(records: Sequence[StanceRecord]) -> list[dict[str, Any]]:
    """Return the networks of the whole time, then those of each year where there are several."""
    return drawn(
        each
        for by in (Period.WHOLE, Period.YEAR)
        for each in discourse_networks(records, Method(by=by, limit=MOST_ACTORS))
    )


def drawn(networks: Iterable[PeriodNetworks]) -> list[dict[str, Any]]:
    """Return the networks of periods as the page reads them; a year that is alone is the whole time."""
    periods = list(networks)
    years = [each for each in periods if each.first and each.period != Period.WHOLE]
    return [_drawn(each) for each in periods if each not in years or len(years) > 1]


def _drawn(networks: PeriodNetworks) -> dict[str, Any]:
    across = _evened([actor.x for actor in networks.actors])
    down = _evened([actor.y for actor in networks.actors])
    return {
        "period": networks.period,
        "nodes": [
            {
                "name": actor.name,
                "kind": actor.kind.value,
                "activity": actor.activity,
                "coalition": actor.coalition,
                "x": x,
                "y": y,
            }
            for actor, x, y in zip(networks.actors, across, down, strict=True)
        ],
        "congruence": _ties(networks.congruence),
        "conflict": _ties(networks.conflict),
        "coalitions": networks.coalitions,
        "polarisation": networks.polarisation,
        "leftOut": networks.left_out,
    }


def _evened(places: Sequence[float]) -> list[float]:
    """Return places from 0 to 1 drawn halfway to equal distances: camps stay together, but not on one point."""
    order = sorted(range(len(places)), key=lambda index: (places[index], index))
    ranks = {index: rank / max(len(places) - 1, 1) for rank, index in enumerate(order)}
    return [round((place + ranks[index]) / 2, 4) for index, place in enumerate(places)]


def _ties(ties: Sequence[Tie]) -> list[tuple[int, int, float]]:
    """Return the two ends, as places among the nodes, and the weight of each tie."""
    return [(tie.first, tie.second, round(tie.weight, 4)) for tie in ties]
