"""Codings as a user names them: which file or folder, which coder, which version of a run's table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stancewire.coding.coded import Coding
from stancewire.coding.json_rows import read_json_rows
from stancewire.coding.label_studio import read_label_studio
from stancewire.coding.runs import read_run
from stancewire.coding.tables import read_table
from stancewire.errors import InputError
from stancewire.review.reviewed import Version

_KNOWN = "a run's folder, .jsonl (gold rows or records), .csv, or .json (a Label Studio export)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One "[NAME=]PATH[@VERSION]"; the version is of a run's folder."""

    path: Path
    name: str | None = None
    version: Version = Version.MACHINE

    @classmethod
    def of(cls, words: str) -> Source:
        """Take a source's words apart; a path that is there as it stands is taken whole."""
        if Path(words).exists():
            return cls(path=Path(words))
        name, equals, rest = words.partition("=")
        if not equals or "/" in name:
            name, rest = "", words
        path, at, version = rest.rpartition("@")
        if at and not Path(rest).exists():
            return cls(path=Path(path), name=name or None, version=_version(version, words))
        return cls(path=Path(rest), name=name or None)


def read_codings(sources: Sequence[str]) -> list[Coding]:
    """Read every source; a Label Studio export gives a coding for each of its annotators.

    Coders are called as the source says, else after the file or folder. Raises InputError for two of one name.
    """
    codings = [coding for words in sources for coding in _read(Source.of(words))]
    for name, times in Counter(coding.coder for coding in codings).items():
        if times > 1:
            places = " and ".join(coding.source for coding in codings if coding.coder == name)
            raise InputError(f"two coders are called {name!r}: {places}; name them: anna=PATH ben=PATH")
    return codings


def _read(source: Source) -> list[Coding]:
    path = source.path
    ending = "".join(path.suffixes[-2:]).casefold()
    if path.is_dir():
        return [read_run(path, coder=_run_name(source), version=source.version)]
    if not path.exists():
        raise InputError(f"{path}: no such file or folder; must be {_KNOWN}")
    name = source.name or path.name.split(".")[0]
    if ending.endswith((".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")):
        return [read_json_rows(path, coder=name)]
    if path.suffix.casefold() in (".csv", ".tsv"):
        return [read_table(path, coder=name)]
    if path.suffix.casefold() == ".json":
        return _renamed(read_label_studio(path), source)
    raise InputError(f"{path}: can't tell the format from {path.suffix!r}; known: {_KNOWN}")


def _run_name(source: Source) -> str:
    if source.name:
        return source.name
    name = source.path.resolve().name
    return name if source.version is Version.MACHINE else f"{name}@{source.version}"


def _renamed(codings: list[Coding], source: Source) -> list[Coding]:
    """Give the only annotator of an export the name that the source has; put it before several."""
    if source.name is None:
        return codings
    if len(codings) == 1:
        return [replace(codings[0], coder=source.name)]
    return [replace(coding, coder=f"{source.name}/{coding.coder}") for coding in codings]


def _version(word: str, words: str) -> Version:
    try:
        return Version(word)
    except ValueError as error:
        known = ", ".join(Version)
        raise InputError(
            f"{words}: no such file or folder, and {word!r} is no version; known: {known}"
        ) from error
