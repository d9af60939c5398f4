"""Coalitions in a signed network, and how polarised it is: modularity with negative weights.

Q = sum over pairs of one camp of [w+ - k+k+/2W+] - [w- - k-k-/2W-], over 2W+ + 2W-: Gómez, Jensen and Arenas,
"Analysis of community structure in networks of correlated data" (Physical Review E 80, 2009). As a measure of
polarisation: Waugh et al., "Party Polarization in Congress: A Network Science Approach" (2009, arXiv:0907.3509).

The search is that of Clauset, Newman and Moore (2004), pairs of camps merged as long as Q grows, then refined by moving
single actors. It is our own because the kept libraries' can't do it: networkx's methods take no negative weights, and
igraph's, which do, would bring its GPL.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
LEAST_GAIN = 1e-9  # below it, a gain is rounding
ROUNDS = 100  # of moving single actors; two or three are the rule


def coalitions(net: Floats, activity: Sequence[int]) -> tuple[list[int], set[int]]:
    """Return each actor's camp, numbered by the sum of `activity`, and the actors who are alone in theirs.

    `net` is congruence minus conflict, symmetric. Only who has an agreement between them is put together, however many
    enemies they share. The same for the same input; ties go to the pair that comes first.
    """
    gain = _gains(net)
    camps = _refined(_merged(gain, np.maximum(net, 0)), gain, np.maximum(net, 0))
    members: dict[int, list[int]] = {}
    for actor, camp in enumerate(camps):
        members.setdefault(camp, []).append(actor)
    ordered = sorted(members.values(), key=lambda each: (-sum(activity[actor] for actor in each), each))
    ordered.sort(key=lambda each: len(each) == 1)
    numbers = {actor: number for number, each in enumerate(ordered) for actor in each}
    return [numbers[actor] for actor in range(len(net))], {each[0] for each in ordered if len(each) == 1}


def signed_modularity(net: Floats, camps: Sequence[int]) -> float | None:
    """Return Q of a partition, from -1 to 1; None for a network without ties."""
    total = float(np.abs(net).sum())
    if total == 0:
        return None
    labels = np.asarray(camps)
    return round(float(_gains(net)[labels[:, None] == labels[None, :]].sum() / total), 6)


def _gains(net: Floats) -> Floats:
    """Return what putting each pair together adds to Q, times 2W+ + 2W-."""
    parts = []
    for side in (np.maximum(net, 0), np.maximum(-net, 0)):
        degree = side.sum(axis=1)
        total = degree.sum()
        parts.append(side - (np.outer(degree, degree) / total if total else 0))
    return np.asarray(parts[0] - parts[1])


def _merged(gain: Floats, agreement: Floats) -> list[int]:
    """Start with everybody alone and merge the pair of camps that gains most, as long as one gains."""
    gain, agreement = gain.copy(), agreement.copy()
    camps = np.arange(len(gain))
    while True:
        open_pairs = np.where(np.triu(agreement, 1) > 0, gain, -np.inf)
        best = int(open_pairs.argmax()) if open_pairs.size else 0
        first, second = divmod(best, max(len(gain), 1))
        if not open_pairs.size or open_pairs[first, second] <= LEAST_GAIN:
            return [int(camp) for camp in camps]
        camps[camps == second] = first
        for matrix in (gain, agreement):
            matrix[first] += matrix[second]
            matrix[:, first] += matrix[:, second]
            matrix[second] = matrix[:, second] = 0


def _refined(camps: list[int], gain: Floats, agreement: Floats) -> list[int]:
    """Move single actors to the camp where they gain most, until nobody does."""
    labels, size = np.asarray(camps), len(camps)
    for _ in range(ROUNDS):
        has_moved = False
        for actor in range(size):
            own = labels[actor]
            pull = np.bincount(labels, weights=gain[actor], minlength=size)
            pull[own] -= gain[actor, actor]
            friends = np.bincount(labels, weights=agreement[actor], minlength=size) > 0
            best = int(np.where(friends, pull, -np.inf).argmax())
            if friends[best] and pull[best] > pull[own] + LEAST_GAIN:
                labels[actor] = best
                has_moved = True
        if not has_moved:
            break
    return [int(label) for label in labels]
