"""Directed stance between two entities p and q (DSE, Park et al. 2021) from the answers to both directions.

Labels: 0 neither; 1 p is positive on q; 2 q is positive on p; 3 p is negative on q; 4 q is negative on p.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stancewire.errors import InputError
from stancewire.evaluation.figures import Confusion, Share

LABELS = ("none", "p+q", "q+p", "p-q", "q-p")  # index = label
SAME_POLARITY = {1: (1, 2), 2: (1, 2), 3: (3, 4), 4: (3, 4)}
SAME_HOLDER = {1: (1, 3), 2: (2, 4), 3: (1, 3), 4: (2, 4)}
SMALLEST_NONE = 1e-12  # so that two directions that both surely hold a stance still compare


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectedRow:
    """A gold label (0 to 4) with the probabilities of both directions: what p thinks of q, and q of p."""

    gold: int
    forward: Mapping[str, float]
    backward: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectedScores:
    """Micro-F1 is the confusion's accuracy; polarity and direction are asked only where gold has a stance.

    `polarity`: positive against negative, whoever holds it. `direction`: p or q, whatever they think.
    Both compare the labels' joint probabilities with label 0 left out.
    """

    confusion: Confusion
    polarity: Share
    direction: Share


def dse_distribution(
    forward: Mapping[str, float], backward: Mapping[str, float]
) -> tuple[float, float, float, float, float]:
    """Return the probability of each label: at most one direction holds a stance, neutral counts as none."""
    ahead, back = _none(forward), _none(backward)
    joint = (
        ahead * back,
        forward["favor"] * back,
        ahead * backward["favor"],
        forward["against"] * back,
        ahead * backward["against"],
    )
    total = sum(joint)
    none, first, second, third, fourth = (part / total for part in joint)
    return none, first, second, third, fourth


def dse_label(forward: Mapping[str, float], backward: Mapping[str, float]) -> int:
    """Return the likeliest label; of equal ones the lowest."""
    p = dse_distribution(forward, backward)
    return p.index(max(p))


def score_dse(rows: Sequence[DirectedRow]) -> DirectedScores:
    """Score both directions' answers against labels; raises InputError for no rows or an unknown label."""
    if not rows:
        raise InputError("no directed rows to score")
    if strange := [row.gold for row in rows if row.gold not in range(len(LABELS))]:
        raise InputError(f"DSE labels are 0 to {len(LABELS) - 1}, got {strange[0]!r}")
    answers = [LABELS[dse_label(row.forward, row.backward)] for row in rows]
    held = [(row.gold, dse_distribution(row.forward, row.backward)) for row in rows if row.gold]
    return DirectedScores(
        confusion=Confusion.of([LABELS[row.gold] for row in rows], answers, labels=LABELS),
        polarity=Share(hits=sum(_outweighs(p, SAME_POLARITY[gold]) for gold, p in held), of=len(held)),
        direction=Share(hits=sum(_outweighs(p, SAME_HOLDER[gold]) for gold, p in held), of=len(held)),
    )


def _outweighs(p: Sequence[float], labels: tuple[int, int]) -> bool:
    inside = sum(p[label] for label in labels)
    return inside > sum(p[1:]) - inside


def _none(p: Mapping[str, float]) -> float:
    return max(p["none"] + p.get("neutral", 0.0), SMALLEST_NONE)
