"""Trains the tagger that finds who says what, from articles with spans, and writes its model folder."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import torch
import transformers
from datasets import Dataset
from transformers import (
    AutoConfig,
    AutoModelForTokenClassification,
    AutoTokenizer,
    DataCollatorForTokenClassification,
)

from stancewire.attribution.card import TaggerCard, check_window
from stancewire.attribution.tagging import LABELS, PARTS, labels_of, likeliest, spans_of
from stancewire.errors import ConfigError, InputError, ModelError
from stancewire.tokens import OVERLAP
from stancewire.training.export import INPUTS, weight_files, write_model
from stancewire.training.recipe import DataSource, Recipe, Stage
from stancewire.training.rows import JsonRow, read_json_rows
from stancewire.training.trainer import (
    BucketTrainer,
    StopAfter,
    freeze,
    locate_encoder,
    run_stage,
    training_arguments,
)
from stancewire.types import Span

log = logging.getLogger(__name__)
FORMAT = "attribution"
IGNORED = -100  # torch's label of a token that isn't scored


def make_tagger(recipe: Recipe, *, data: Path, out: Path) -> Path:
    """Train `recipe` and return the model folder `out/model`: ONNX int8, torch fp16, tokenizer, card."""
    weights = train_tagger(recipe, data=data, out=out)
    folder = out / "model"
    config = write_model(
        weights, folder, fp32=out / "model.fp32.onnx", embeddings=recipe.embeddings, task="attribution"
    )
    TaggerCard(
        id=recipe.id, window=recipe.window, pad_id=config.pad_token_id, files=weight_files(folder)
    ).save(folder)
    return folder


def train_tagger(recipe: Recipe, *, data: Path, out: Path) -> Path:
    """Run every stage of `recipe` that has not been finished under `out`; return the folder of the last one."""
    out.mkdir(parents=True, exist_ok=True)
    transformers.set_seed(recipe.seed)
    folder: Path | str = locate_encoder(recipe.encoder, data=data, out=out)
    _check(recipe, folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    dev = {
        Path(source.path).parent.name: _windows(_rows(source, data), recipe.window, tokenizer)
        for source in recipe.dev
    }
    for number, stage in enumerate(recipe.stages):
        done = out / stage.name / "final"
        if not (done / "config.json").exists():
            rng = Random(recipe.seed + number)
            rows = [row for source in stage.data for row in _passes(_rows(source, data), source.passes, rng)]
            windows = _windows(rows, recipe.max_tokens, tokenizer)
            log.info("stage %s: %d articles in %d windows", stage.name, len(rows), len(windows))
            run_stage(
                _trainer(stage, recipe, folder, out, tokenizer, windows, dev), tokenizer, out / stage.name
            )
        folder = done
    return Path(folder)


def _check(recipe: Recipe, encoder: Path | str) -> None:
    """Raise ModelError before hours of training where no folder that can be opened would come of them."""
    for key in ("window", "max_tokens"):
        check_window(getattr(recipe, key), place=f"{recipe.id}: {key}")
    config = AutoConfig.from_pretrained(encoder)
    if config.model_type not in INPUTS:
        raise ModelError(
            f"{recipe.id}: an encoder of type {config.model_type} can't be exported; known: {', '.join(INPUTS)}"
        )
    if max(recipe.window, recipe.max_tokens) > config.max_position_embeddings:
        raise ModelError(
            f"{recipe.id}: windows are longer than the encoder's {config.max_position_embeddings} positions"
        )


def _trainer(
    stage: Stage,
    recipe: Recipe,
    start: Path | str,
    out: Path,
    tokenizer: Any,
    windows: Dataset,
    dev: dict[str, Dataset],
) -> BucketTrainer:
    names = dict(enumerate(LABELS))
    model = AutoModelForTokenClassification.from_pretrained(
        start,
        dtype=torch.float32,
        id2label=names,
        label2id={name: number for number, name in names.items()},
        attention_probs_dropout_prob=0.0,
        hidden_dropout_prob=stage.dropout,
        attn_implementation="eager",
        ignore_mismatched_sizes=True,  # an encoder may come with the head of another task
    )
    freeze(model, stage.frozen_layers)
    return BucketTrainer(
        model=model,
        args=training_arguments(stage, recipe, out),
        train_dataset=windows,
        eval_dataset=dev or None,
        data_collator=DataCollatorForTokenClassification(tokenizer, pad_to_multiple_of=8),
        compute_metrics=_dev_scores,
        compute_loss_func=token_cross_entropy,
        callbacks=[StopAfter(stage.stop_after)] if stage.stop_after else None,
    )


def token_cross_entropy(outputs: Any, labels: torch.Tensor, num_items_in_batch: Any = None) -> torch.Tensor:
    """Cross-entropy against the labels of the tokens, shape (batch, tokens), averaged over those that are scored."""
    scores = outputs["logits"].float()
    return torch.nn.functional.cross_entropy(scores.flatten(0, 1), labels.flatten(), ignore_index=IGNORED)


def _rows(source: DataSource, data: Path) -> list[JsonRow]:
    """Read the articles that somebody annotated; raises InputError naming a row that isn't of this format."""
    if source.format != FORMAT:
        raise ConfigError(f"{source.path}: unknown format {source.format!r}; known for this task: {FORMAT}")
    rows = read_json_rows(source, data)
    for number, row in enumerate(rows, start=1):
        if not isinstance(row.get("text"), str) or not isinstance(row.get("annotations"), dict):
            raise InputError(
                f"{source.path}: row {number}: text and annotations are needed; has {sorted(row)}"
            )
    return [row for row in rows if row["annotations"]]


def _passes(rows: list[JsonRow], passes: float, rng: Random) -> list[JsonRow]:
    whole, part = divmod(passes, 1)
    return rows * int(whole) + rng.sample(rows, round(part * len(rows)))


def spans_in(row: JsonRow) -> dict[str, list[Span]]:
    """Return the spans of an article's first annotator by part, each once, in text order."""
    said = next(iter(row["annotations"].values()))
    return {
        part: sorted({Span(start=start, end=end) for item in said for start, end in item[part]})
        for part in PARTS
    }


def _windows(rows: Sequence[JsonRow], window: int, tokenizer: Any) -> Dataset:
    """Cut articles into windows of at most `window` tokens, with a label for each token of the text."""
    columns: dict[str, list[list[int]]] = {"input_ids": [], "attention_mask": [], "labels": []}
    for row in rows:
        encoded = tokenizer(
            row["text"],
            truncation=True,
            max_length=window,
            stride=OVERLAP,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        spans = spans_in(row)
        for number, ids in enumerate(encoded["input_ids"]):
            labels = labels_of(encoded["offset_mapping"][number], spans)
            special = encoded["special_tokens_mask"][number]
            columns["input_ids"].append(ids)
            columns["attention_mask"].append(encoded["attention_mask"][number])
            columns["labels"].append(
                [IGNORED if skip else label for label, skip in zip(labels, special, strict=True)]
            )
    return Dataset.from_dict(columns)


def _dev_scores(prediction: Any) -> dict[str, float]:
    """Return the F1 of exact spans by part, window by window."""
    right: Counter[str] = Counter()
    size: Counter[str] = Counter()
    for scores, labels in zip(prediction.predictions, prediction.label_ids, strict=True):
        kept = labels != IGNORED
        logs = torch.log_softmax(torch.from_numpy(scores[kept]).float(), dim=-1).numpy()
        found, gold = (_by_part(numbers) for numbers in (likeliest(logs), labels[kept].tolist()))
        for part in PARTS:
            right[part] += len(found[part] & gold[part])
            size[part] += len(found[part]) + len(gold[part])
    return {f"{part}_f1": 2 * right[part] / size[part] if size[part] else 0.0 for part in PARTS}


def _by_part(labels: Sequence[int]) -> dict[str, set[Span]]:
    """Return the spans that labels spell, counted in tokens."""
    spans = spans_of(labels, [(i, i + 1) for i in range(len(labels))])
    return {part: set(found) for part, found in spans.items()}
