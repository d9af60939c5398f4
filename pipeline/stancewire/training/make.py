"""From a recipe to a finished model folder: train, export, quantize, calibrate, write the card."""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import torch
from transformers import AutoModelForSequenceClassification

from stancewire.errors import ModelError
from stancewire.stance.calibration import Calibration
from stancewire.stance.card import ModelCard, load_card
from stancewire.stance.onnx_backend import OnnxClassifier
from stancewire.stance.torch_backend import TorchClassifier
from stancewire.training.average import average_weights, require_weights
from stancewire.training.calibrate import fit_calibration
from stancewire.training.export import export_fp32, quantize
from stancewire.training.recipe import DataSource, Recipe
from stancewire.training.rows import TrainingRow, read_rows
from stancewire.training.trainer import file_sha256, train

log = logging.getLogger(__name__)

RANGE_PAIRS = 512  # training pairs that the int8 ranges are measured on
LARGEST_FILE = "90MB"  # of the torch weights
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")


def make_model(recipe: Recipe, *, data: Path, out: Path) -> Path:
    """Train `recipe` and return the model folder `out/model`: ONNX int8 (BERT only), torch fp16, tokenizer, card."""
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
    model = AutoModelForSequenceClassification.from_pretrained(weights, dtype=torch.float16)
    model.save_pretrained(folder, max_shard_size=LARGEST_FILE)
    for name in TOKENIZER_FILES:
        shutil.copy(weights / name, folder / name)
    if model.config.model_type == "bert":
        _add_onnx(recipe, folder, data=data, out=out)
    else:
        log.info("no ONNX file: the export knows BERT only, not %s", model.config.model_type)
    files = sorted(path.name for path in folder.iterdir() if path.suffix in (".onnx", ".safetensors"))
    card = ModelCard(
        id=recipe.id,
        window=recipe.window,
        pair=recipe.pair,
        files={name: file_sha256(folder / name) for name in files},
    )
    card.save(folder)
    replace(card, calibration=_calibrated(recipe, folder, data)).save(folder)
    return folder


def _add_onnx(recipe: Recipe, folder: Path, *, data: Path, out: Path) -> None:
    fp32 = export_fp32(folder, out / "model.fp32.onnx")
    pairs = [
        recipe.pair.pair(row.query) for row in _sample(recipe.stages[-1].data, data, recipe.seed, RANGE_PAIRS)
    ]
    quantize(
        fp32,
        folder / "model.onnx",
        weights=folder,
        pairs=pairs,
        window=recipe.window,
        keep_float=recipe.keep_float,
    )


def _calibrated(recipe: Recipe, folder: Path, data: Path) -> Calibration:
    """Fit the calibration on the recipe's dev data, each set with the same weight; none without such data."""
    if not recipe.calibration:
        return Calibration()
    classifier = OnnxClassifier(folder) if (folder / "model.onnx").is_file() else TorchClassifier(folder)
    scores, targets, importance = [], [], []
    for source in recipe.calibration:
        rows = read_rows(source, data, rng=Random(recipe.seed))
        scores.append(classifier.scores([recipe.pair.pair(row.query) for row in rows]))
        targets.append(np.asarray([row.target for row in rows]))
        importance.append(np.full(len(rows), 1 / len(rows)))
    return fit_calibration(np.concatenate(scores), np.concatenate(targets), np.concatenate(importance))


def _sample(sources: tuple[DataSource, ...], data: Path, seed: int, size: int) -> list[TrainingRow]:
    rows = [row for source in sources for row in read_rows(replace(source, passes=1), data, rng=Random(seed))]
    return Random(seed).sample(rows, min(size, len(rows)))
