"""Finds an attributor by the name a user gives: "rules", "tagger", another plug-in, or a tagger's folder."""

from __future__ import annotations

from pathlib import Path

from stancewire.registry import load, names
from stancewire.stages import Attributor


def open_attributor(name: str) -> Attributor:
    """Return the attributor called `name`; raises ConfigError or ModelError saying what is there instead."""
    if name not in names("attributors") and Path(name).is_dir():
        tagger: Attributor = load("attributors", "tagger")(Path(name))
        return tagger
    attributor: Attributor = load("attributors", name)()
    return attributor
