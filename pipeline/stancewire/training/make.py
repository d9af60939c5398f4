"""From a recipe to a finished model folder: train, export, quantize, calibrate, write the card."""

from __future__ import annotations

import logging
import re
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModelForSequenceClassification

from stancewire.errors import ModelError
from stancewire.stance.calibration import Calibration, Scores
from stancewire.stance.card import ModelCard, load_card
from stancewire.stance.onnx_backend import OnnxClassifier
from stancewire.stance.torch_backend import TorchClassifier
from stancewire.training.average import average_weights, require_weights
from stancewire.training.calibrate import fit_calibration
from stancewire.training.export import INPUTS, export_fp32, quantize
from stancewire.training.recipe import Recipe
from stancewire.training.rows import read_rows
from stancewire.training.trainer import file_sha256, train

log = logging.getLogger(__name__)

LARGEST_FILE = "90MB"  # of the torch weights
WEIGHTS = re.compile(r"\.(onnx(\.\d+)?|safetensors)$")
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")


def make_model(recipe: Recipe, *, data: Path, out: Path) -> Path:
    """Train `recipe` and return the model folder `out/model`: ONNX int8, torch fp16, tokenizer, card.

    Encoders other than BERT and MPNet get no ONNX file.
    """
    out.mkdir(parents=True, exist_ok=True)  # "../first" is looked for from there
    parts = {out / part.weights: part.share for part in recipe.average}
    require_weights(parts)
    if recipe.teacher:
        load_card(out / recipe.teacher.weights)
    weights = train(recipe, data=data, out=out)
    if parts:
        weights = average_weights(weights, parts, out=out / "average")
    return finish_model(recipe, weights, data=data, out=out)


def finish_model(recipe: Recipe, weights: Path, *, data: Path, out: Path) -> Path:
    """Turn trained `weights` into the model folder; `out/model.fp32.onnx` stays beside it for comparison."""
    if not (weights / "config.json").is_file():
        raise ModelError(f"{weights}: no trained weights (config.json) there")
    folder = out / "model"
    folder.mkdir(parents=True, exist_ok=True)
    for old in _weights(folder):
        (folder / old).unlink()
    model = AutoModelForSequenceClassification.from_pretrained(weights, dtype=torch.float16)
    model.save_pretrained(folder, max_shard_size=LARGEST_FILE)
    for name in TOKENIZER_FILES:
        shutil.copy(weights / name, folder / name)
    if model.config.model_type in INPUTS:
        fp32 = export_fp32(folder, out / "model.fp32.onnx")
        quantize(fp32, folder / "model.onnx", embeddings=recipe.embeddings)
    else:
        log.info("no ONNX file: the export knows %s, not %s", " and ".join(INPUTS), model.config.model_type)
    card = ModelCard(
        id=recipe.id,
        window=recipe.window,
        pair=recipe.pair,
        pad_id=model.config.pad_token_id,
        files={name: file_sha256(folder / name) for name in _weights(folder)},
    )
    card.save(folder)
    _calibrated(card, recipe, folder, data).save(folder)
    return folder


def _weights(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if WEIGHTS.search(path.name))


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
