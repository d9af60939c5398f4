"""A training recipe: which encoder, which data in which order, and every number that was chosen."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, TypeVar

from stancewire.errors import ConfigError
from stancewire.stance.pairs import PairFormat

T = TypeVar("T")
Task = Literal["stance", "attribution"]
STANCE_ONLY = ("pair", "calibration", "average")


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderSource:
    """Where the encoder comes from: an installed package that carries it, a folder, other weights, or a hub name.

    `folder` is inside the package or, without one, inside the data folder; `weights` is a trained model's folder, seen
    from --out. `marks` are tokens of the encoder, one for each mark of the pair format: the marks start with their
    embeddings, which matters where embeddings stay frozen.
    """

    name: str
    weights: str | None = None
    package: str | None = None
    folder: str | None = None
    sha256: str | None = None
    licence: str | None = None
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """One data file of a stage.

    `path` is looked for in the data folder; one that begins with corpora/ is the project's own.
    `format` names a converter of `training.rows`; `passes` says how often each row is seen (0.5 = half of them);
    `keep` maps a key of the row to the values that are kept. `mismatched` is the share of rows that are added with
    another row's target and the answer "none". `renamed` is the share of questions of the format "directed" whose
    named actors get the names of other rows, so that a model reads what is said rather than of whom. `texts` are
    the files with the articles that rows of the formats "located" and "directed" point into. `silent` is how many of
    their rows without a stance are kept for each one with a stance, topic by topic. `taught` is the share that the
    answers of the recipe's teacher have in the rows' targets, beside their own label. The format "unlabelled" takes any
    texts, `passes` being the share of them, for the teacher alone to answer: for the task stance sentences with two
    names, for the task attribution all of it.
    """

    path: str
    format: str
    passes: float = 1.0
    keep: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    mismatched: float = 0.0
    renamed: float = 0.0
    texts: tuple[str, ...] = ()
    silent: float | None = None
    taught: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One run over a mixture of data, with its own learning rate schedule.

    `epochs` is how often the rows, as they were drawn, are gone through. `stop_after` ends it after so many steps of
    the schedule. `frozen_layers` keeps the embeddings and so many of the lowest layers as they were (0: the embeddings
    alone), which makes a large encoder's step a quarter cheaper. `dropout` is the share of hidden values that are left
    out in training; without it a step on a CPU is a quarter cheaper, too.
    """

    name: str
    learning_rate: float
    data: tuple[DataSource, ...]
    batch_size: int = 32
    warmup: float = 0.06
    weight_decay: float = 0.01
    stop_after: int | None = None
    epochs: float = 1
    frozen_layers: int | None = None
    dropout: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class AveragePart:
    """Other trained weights that the last stage's are averaged with: their folder, seen from --out, and their share."""

    weights: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Teacher:
    """A finished model folder, seen from --out, that answers the rows of sources with a `taught` share."""

    weights: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that `stancewire train` needs besides the data.

    `task` is what the model is to tell: a holder's stance, or who says what (then without the keys in STANCE_ONLY).
    Rows are cut at `max_tokens` in training (counted in the log); the finished model reads `window` tokens at once.
    Its embeddings are stored as `embeddings` says. `pull` keeps the calibration's offsets small. `average` mixes the
    last stage's weights with those of other runs from the same encoder ("model soup", Wortsman et al. 2022).
    """

    id: str
    seed: int
    encoder: EncoderSource
    stages: tuple[Stage, ...]
    dev: tuple[DataSource, ...] = ()
    pair: PairFormat = field(default_factory=PairFormat)
    calibration: tuple[DataSource, ...] = ()
    pull: float = 1e-3
    average: tuple[AveragePart, ...] = ()
    teacher: Teacher | None = None
    max_tokens: int = 192
    window: int = 256
    embeddings: Literal["fp16", "int8"] = "fp16"
    task: Task = "stance"
    dev_rows: int = 600
    dev_every: int = 1000


def load_recipe(path: Path) -> Recipe:
    """Read a recipe file; raises ConfigError naming the key that is wrong."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such recipe") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not a TOML file: {error}") from error
    if values.get("task", "stance") not in ("stance", "attribution"):
        raise ConfigError(f"{path}: task is stance or attribution, got {values['task']!r}")
    if values.get("task") == "attribution" and (given := [key for key in STANCE_ONLY if key in values]):
        raise ConfigError(f"{path}: {given[0]} is for the task stance; this one is attribution")
    values["encoder"] = _read(EncoderSource, values.get("encoder", {}), place=f"{path}: [encoder]")
    values["pair"] = _pair(values.get("pair", {}), path)
    marks, lenders = values["pair"].markers, values["encoder"].marks
    if lenders and len(lenders) != len(marks):
        raise ConfigError(
            f"{path}: [encoder]: marks has {len(lenders)} tokens for the {len(marks)} marks {marks!r}"
        )
    values["dev"] = tuple(_data(row, path) for row in values.get("dev", []))
    values["calibration"] = tuple(_data(row, path) for row in values.get("calibration", []))
    values["average"] = tuple(
        _read(AveragePart, row, place=f"{path}: [[average]]") for row in values.get("average", [])
    )
    if sum(part.share for part in values["average"]) >= 1:
        raise ConfigError(f"{path}: [[average]]: the shares must leave something for the last stage")
    if "teacher" in values:
        values["teacher"] = _read(Teacher, values["teacher"], place=f"{path}: [teacher]")
    values["stages"] = tuple(_stage(row, path) for row in values.pop("stage", []))
    if not values["stages"]:
        raise ConfigError(f"{path}: no [[stage]]; a recipe needs at least one")
    taught = [source.path for stage in values["stages"] for source in stage.data if source.taught]
    if taught and "teacher" not in values:
        raise ConfigError(f"{path}: {taught[0]} is to be taught, but there is no [teacher]")
    if values.get("embeddings", "fp16") not in ("fp16", "int8"):
        raise ConfigError(f"{path}: embeddings is fp16 or int8, got {values['embeddings']!r}")
    return _read(Recipe, values, place=str(path))


def _pair(values: dict[str, Any], path: Path) -> PairFormat:
    _read(PairFormat, values, place=f"{path}: [pair]")
    try:
        return PairFormat.from_dict({**PairFormat().as_dict(), **values})
    except ValueError as error:
        raise ConfigError(f"{path}: [pair]: {error}") from error


def _stage(values: dict[str, Any], path: Path) -> Stage:
    data = tuple(_data(row, path) for row in values.get("data", []))
    return _read(Stage, {**values, "data": data}, place=f"{path}: [[stage]]")


def _data(values: dict[str, Any], path: Path) -> DataSource:
    if not 0 <= values.get("taught", 0) <= 1:
        raise ConfigError(f"{path}: data: taught is a share from 0 to 1, got {values['taught']!r}")
    source = _read(DataSource, values, place=f"{path}: data")
    if source.format == "unlabelled" and not (source.taught == 1 and 0 < source.passes <= 1):
        raise ConfigError(
            f"{path}: {source.path}: unlabelled rows need taught = 1 and passes from 0 to 1,"
            f" got {source.taught!r} and {source.passes!r}"
        )
    return source


def _read(kind: type[T], values: Mapping[str, Any], *, place: str) -> T:
    known = [item.name for item in fields(kind)]  # type: ignore[arg-type]
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise ConfigError(f"{place}: unknown key {unknown[0]!r}; known: {', '.join(known)}")
    try:
        return kind(**values)
    except TypeError as error:
        raise ConfigError(f"{place}: {error}") from error
