"""The settings of a run: defaults here and in configs/default.toml, changed by a file and by options."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from stancewire.errors import ConfigError


class Engine(StrEnum):
    """What spreads a run over processors."""

    LOCAL = "local"  # the cores of this machine
    RAY = "ray"  # those of a Ray cluster


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything about a run but its input, its topics and where it writes."""

    model: str = "small+base"
    engine: Engine = Engine.LOCAL
    recognizer: str = "spacy"
    spacy_model: str = "en_core_web_sm"
    attributor: str = "tagger"
    actors: tuple[str, ...] = ()  # files, or names in configs/actors; none named: all that ship
    languages: tuple[str, ...] = ("en",)  # that the models know; none named: all are read
    batch_articles: int = 64
    batch_pairs: int = 64
    workers: int = 0  # processes, one core each; 0: one a core of the machine, or of the cluster
    confidence: float = 0.4  # chosen on the sample (dev), news and Hasht-e-Subh records
    evidence: int = 3
    report: bool = True
    shard_rows: int = 0  # of each of the Parquet files in DIR/shards; 0: none are written


# What a number may be, so that a mistake is named before hours of work and not after.
_RANGES: dict[str, tuple[float, float]] = {
    "batch_articles": (1, 100_000),
    "batch_pairs": (1, 100_000),
    "workers": (0, 4096),
    "confidence": (0, 1),
    "evidence": (1, 1000),
    "shard_rows": (0, 10**9),
}
_TYPE_WORDS = {
    str: "a string",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    tuple: "a list of strings",
}


def load_settings(path: Path | None = None, overrides: Mapping[str, object] | None = None) -> Settings:
    """Return the defaults, changed by the file's keys, changed by those overrides that are not None.

    Raises ConfigError naming the file and key for an unknown key, a wrong type or a value out of range.
    """
    values: dict[str, Any] = {}
    if path is not None:
        values |= _checked(_parse(path), place=str(path))
    given = {key: value for key, value in (overrides or {}).items() if value is not None}
    return Settings(**values | _checked(given, place="option"))


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: can't read the settings file: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not a TOML file: {error}") from error


def _checked(values: Mapping[str, object], *, place: str) -> dict[str, Any]:
    defaults = {item.name: item.default for item in fields(Settings)}
    for key in values:
        if key not in defaults:
            raise ConfigError(f"{place}: unknown key {key!r}; known: {', '.join(defaults)}")
    return {key: _value(key, value, defaults[key], place=place) for key, value in values.items()}


def _value(key: str, value: object, default: object, *, place: str) -> object:
    if isinstance(default, Engine):
        return _engine(value, place=f"{place}: {key}")
    kind = type(default)
    if kind is tuple and isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return tuple(value)
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind or kind is tuple:  # type(), since True is an int to isinstance
        raise ConfigError(f"{place}: {key} = {value!r} is not {_TYPE_WORDS[kind]}")
    low, high = _RANGES.get(key, (0, 0))
    if key in _RANGES and not low <= value <= high:  # type: ignore[operator]
        raise ConfigError(f"{place}: {key} = {value!r} is not between {low:g} and {high:g}")
    return value


def _engine(value: object, *, place: str) -> Engine:
    known = [engine.value for engine in Engine]
    if value not in known:
        raise ConfigError(f"{place} = {value!r}; known: {', '.join(known)}")
    return Engine(str(value))
