"""Exports a run's table: finds the format, guards what is there, and tells what the format could not hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from stancewire.errors import ConfigError, InputError
from stancewire.exporters import FORMATS, Format
from stancewire.exporters.source import Exported, Source
from stancewire.exports import EXPORTS
from stancewire.networks.model import Period
from stancewire.registry import load_reference
from stancewire.review.store import FILE as REVIEW
from stancewire.run_folder import MANIFEST
from stancewire.store.database import FILE

_THE_RUNS_OWN = {*EXPORTS, MANIFEST, "report.html"}


def export(source: Source, to: str, *, out: Path | None = None, by: Period | None = None) -> Exported:
    """Write `source` in the format called `to`, into the run's folder unless told otherwise.

    Raises ConfigError for an unknown format or a file that is there already, naming what would be right, and
    InputError where a topic isn't in the run's codebook.
    """
    form = _format(to)
    _check_topics(source)
    path = out or source.folder.path / form.name
    _check_path(path, source)
    if by is not None and form.by is None:
        raise ConfigError(f"by {by}: {to} has no networks; those that have: {_listed(with_networks())}")
    method = replace(source.method, by=by or form.by or Period.WHOLE)
    exported: Exported = load_reference(form.write)(replace(source, method=method), path)
    return exported


def with_networks() -> Sequence[str]:
    """Return the formats that hold discourse networks."""
    return [name for name, form in FORMATS.items() if form.by]


def _format(to: str) -> Format:
    if to not in FORMATS:
        raise ConfigError(f"no export format called {to!r}; known: {_listed(FORMATS)}")
    return FORMATS[to]


def _check_topics(source: Source) -> None:
    known = [topic.id for topic in source.folder.codebook.topics]
    for topic in sorted(source.topics):
        if topic not in known:
            raise InputError(f"topic {topic!r} isn't in the run's codebook; known: {_listed(known)}")


def _check_path(path: Path, source: Source) -> None:
    if path.is_dir():
        raise ConfigError(f"{path}: a folder; must be the name of a file to write")
    is_own = path.parent.resolve() == source.folder.path.resolve() and (
        path.name in _THE_RUNS_OWN or path.name.startswith((FILE, REVIEW))
    )
    if is_own:
        raise ConfigError(f"{path}: one of the run's own files; give the export another name")
    source.free(path)


def _listed(names: Sequence[str] | dict[str, Format]) -> str:
    return ", ".join(names)
