"""Finds the folder of a model by the name a user gives."""

from __future__ import annotations

from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from stancewire.errors import ConfigError
from stancewire.resources import resource


def find_model(name: str) -> Path | None:
    """Return the folder of a path, of a shipped model or of an installed model package, or None."""
    if Path(name).is_dir():
        return Path(name)
    try:
        folder = resource("models", name)
    except ConfigError:
        return _packaged(name)
    return folder if folder.is_dir() else None


def _packaged(name: str) -> Path | None:
    """Return the folder of a model that another package brings: entry point stancewire.models, name = "its_module"."""
    for point in entry_points(group="stancewire.models", name=name):
        spec = find_spec(point.value)
        if spec and spec.submodule_search_locations:
            return Path(next(iter(spec.submodule_search_locations)))
    return None
