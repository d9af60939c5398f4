"""From a recipe to a finished model folder: train, export, quantize, calibrate, write the card."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from stancewire.stance.calibration import Calibration, Scores
from stancewire.stance.card import ModelCard, load_card
from stancewire.stance.onnx_backend import OnnxClassifier
from stancewire.stance.torch_backend import TorchClassifier
from stancewire.training.average import average_weights, require_weights
from stancewire.training.calibrate import fit_calibration
from stancewire.training.export import require_trained, weight_files, write_model
from stancewire.training.recipe import Recipe
from stancewire.training.rows import read_rows
from stancewire.training.tagging import make_tagger
from stancewire.training.trainer import train

SAMPLE = 96  # pairs that show which channels of a model are large


def make_model(recipe: Recipe, *, data: Path, out: Path) -> Path:
    """Train `recipe` and return the model folder `out/model`: ONNX int8, torch fp16, tokenizer, card.

    Encoders other than BERT and MPNet get no ONNX file.
    """
    if recipe.task == "attribution":
        return make_tagger(recipe, data=data, out=out)
    out.mkdir(parents=True, exist_ok=True)  # "../first" is looked for from there
    parts = {out / part.weights: part.share for part in recipe.average}
    made = {out / stage.name / "final" for stage in recipe.stages}
    require_weights(place for place in parts if place not in made)
    if recipe.teacher:
        load_card(out / recipe.teacher.weights)
    weights = train(recipe, data=data, out=out)
    if parts:
        weights = average_weights(weights, parts, out=out / "average")
    return finish_model(recipe, weights, data=data, out=out)


def finish_model(recipe: Recipe, weights: Path, *, data: Path, out: Path) -> Path:
    """Turn trained `weights` into the model folder; `out/model.fp32.onnx` stays beside it for comparison."""
    require_trained(weights)
    folder = out / "model"
    config = write_model(
        weights,
        folder,
        fp32=out / "model.fp32.onnx",
        sample=_sample(recipe, data),
        embeddings=recipe.embeddings,
    )
    card = ModelCard(
        id=recipe.id,
        window=recipe.window,
        pair=recipe.pair,
        pad_id=config.pad_token_id,
        files=weight_files(folder),
    )
    card.save(folder)
    _calibrated(card, recipe, folder, data).save(folder)
    return folder


def _sample(recipe: Recipe, data: Path) -> list[tuple[str, ...]]:
    """Return pairs of all the sets that the recipe measures or calibrates on."""
    sources = list(dict.fromkeys(source.path for source in (*recipe.calibration, *recipe.dev)))
    found: list[tuple[str, ...]] = []
    for path in sources:
        source = next(item for item in (*recipe.calibration, *recipe.dev) if item.path == path)
        rows = read_rows(source, data, rng=Random(recipe.seed))
        chosen = Random(recipe.seed).sample(rows, min(len(rows), SAMPLE // len(sources)))
        found += [recipe.pair.pair(row.query) for row in chosen]
    return found


def _calibrated(card: ModelCard, recipe: Recipe, folder: Path, data: Path) -> ModelCard:
    """Return the card with what is fitted on the recipe's dev data, each set with the same weight.

    Questions about a name in the passage get a calibration of their own, where there are any.
    """
    if not recipe.calibration:
        return card
    classifier = OnnxClassifier(folder) if (folder / "model.onnx").is_file() else TorchClassifier(folder)
    pairs, targets, importance = [], [], []
    for source in recipe.calibration:
        rows = read_rows(source, data, rng=Random(recipe.seed))
        pairs += [recipe.pair.pair(row.query) for row in rows]
        targets += [row.target for row in rows]
        importance += [1 / len(rows)] * len(rows)
    fit = partial(
        _fit, classifier.scores(pairs), np.asarray(targets), np.asarray(importance), pull=recipe.pull
    )
    named = np.asarray([recipe.pair.names_topic(pair) for pair in pairs])
    if named.all() or not named.any():
        return replace(card, calibration=fit(named | True))
    return replace(card, calibration=fit(~named), name_calibration=fit(named))


def _fit(
    scores: Scores,
    targets: NDArray[np.float64],
    importance: NDArray[np.float64],
    chosen: NDArray[np.bool_],
    *,
    pull: float,
) -> Calibration:
    return fit_calibration(scores[chosen], targets[chosen], importance[chosen], pull=pull)
