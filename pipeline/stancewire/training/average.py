"""Averages the weights of several runs from the same encoder into one model, at no cost when it runs.

Runs that start from the same weights end where the loss between them is about as low as at either ("model soups",
Wortsman et al. 2022), and the average forgets less of what only one of them has learnt.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from safetensors.torch import load_file, save_file

from stancewire.errors import ModelError

WEIGHTS = "model.safetensors"


def require_weights(folders: Iterable[Path]) -> None:
    """Raise ModelError naming the first folder without weights: asked before hours of training, not after."""
    for place in folders:
        if not (place / WEIGHTS).is_file():
            raise ModelError(f"{place}: no {WEIGHTS} to average; train it first")


def average_weights(folder: Path, parts: Mapping[Path, float], *, out: Path) -> Path:
    """Write the average of `folder`'s weights and those of `parts`, by their shares, to `out`; return `out`.

    The shares of `parts` are under 1 in all; `folder` has the rest. Raises ModelError where weights are missing or
    don't have the same names and shapes.
    """
    require_weights((folder, *parts))
    rest = 1 - sum(parts.values())
    total = {name: weight.float() * rest for name, weight in load_file(folder / WEIGHTS).items()}
    for place, share in parts.items():
        other = load_file(place / WEIGHTS)
        if {name: weight.shape for name, weight in other.items()} != {
            name: weight.shape for name, weight in total.items()
        }:
            raise ModelError(f"{place}: its weights don't have the names and shapes of those in {folder}")
        total = {name: weight + other[name].float() * share for name, weight in total.items()}
    out.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.json"):
        shutil.copy(file, out / file.name)
    save_file(total, out / WEIGHTS, metadata={"format": "pt"})
    return out
