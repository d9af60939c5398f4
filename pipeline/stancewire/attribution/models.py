"""Finds an attributor by the name a user gives: "rules", "tagger", another plug-in, or a tagger's folder."""

from __future__ import annotations

from stancewire.model_folders import find_model
from stancewire.registry import load, names
from stancewire.stages import Attributor

TAGGER = "tagger"


def open_attributor(name: str, *, threads: int = 0) -> Attributor:
    """Return the attributor called `name`; raises ConfigError or ModelError saying what is there instead.

    `threads` is how many a tagger may use, 0 all cores.
    """
    folder = None if name in names("attributors") else find_model(name)
    kind = load("attributors", TAGGER if folder else name)
    options = {"folder": folder, "threads": threads} if folder or name == TAGGER else {}
    attributor: Attributor = kind(**options)
    return attributor
