"""Where to draw the actors of a network: near those they agree with, away from those they are at odds with."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
STEPS = 200  # chosen by eye: later steps move nothing that a picture shows


def positions(net: Floats, seed: int) -> list[tuple[float, float]]:
    """Return x and y of each actor, from 0 to 1 and rounded to 4 digits, the same for the same seed.

    `net` is congruence minus conflict. Fruchterman and Reingold's forces (1991) with a pull to the middle, which keeps
    actors without a tie in the picture; disagreement pushes apart three times as hard as mere distance.
    """
    count = len(net)
    if count < 2:
        return [(0.5, 0.5)] * count
    points = np.random.default_rng(seed).random((count, 2)) - 0.5
    heaviest = float(np.abs(net).max()) or 1.0
    pull, push = np.maximum(net, 0) / heaviest, 1 + 2 * np.maximum(-net, 0) / heaviest
    distance = 1 / np.sqrt(count)
    for heat in np.linspace(0.1, 0.001, STEPS):
        points = points + _step(points, pull, push, distance, heat)
    low, high = points.min(axis=0), points.max(axis=0)
    points = (points - (low + high) / 2) / float((high - low).max()) + 0.5
    return [(round(float(x), 4), round(float(y), 4)) for x, y in points]


def _step(points: Floats, pull: Floats, push: Floats, distance: float, heat: float) -> Floats:
    """Return how far each point moves, at most `heat`."""
    apart = points[:, None, :] - points[None, :, :]
    length = np.maximum(np.sqrt((apart**2).sum(axis=2)), 0.01)
    force = push * distance**2 / length**2 - pull * length / distance
    np.fill_diagonal(force, 0)
    move = (apart * force[:, :, None]).sum(axis=1) - points * distance
    size = np.maximum(np.sqrt((move**2).sum(axis=1)), 1e-9)
    return np.asarray(move / size[:, None] * np.minimum(size, heat)[:, None])
