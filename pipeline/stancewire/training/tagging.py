"""Trains the tagger that finds who says what, from articles with spans, and writes its model folder."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
import transformers
from datasets import Dataset
from numpy.typing import NDArray
from transformers import AutoConfig, AutoModelForTokenClassification, AutoTokenizer

from stancewire.attribution.card import TaggerCard, check_window
from stancewire.attribution.tagging import LABELS, PARTS, labels_of, likeliest, spans_of
from stancewire.errors import ConfigError, InputError, ModelError
from stancewire.tokens import OVERLAP
from stancewire.training.export import INPUTS, weight_files, write_model
from stancewire.training.recipe import DataSource, Recipe, Stage
from stancewire.training.rows import JsonRow, read_json_rows
from stancewire.training.token_teacher import TokenTeacher, mixed
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
FORMAT, UNLABELLED = "attribution", "unlabelled"
SAMPLE = 48  # texts that show which channels of a model are large
PADDED = 8  # a batch's windows are padded to a multiple of so many tokens


def make_tagger(recipe: Recipe, *, data: Path, out: Path) -> Path:
    """Train `recipe` and return the model folder `out/model`: ONNX int8, torch fp16, tokenizer, card."""
    weights = train_tagger(recipe, data=data, out=out)
    folder = out / "model"
    config = write_model(
        weights,
        folder,
        fp32=out / "model.fp32.onnx",
        sample=[(row["text"],) for source in recipe.dev for row in _rows(source, data)[:SAMPLE]],
        embeddings=recipe.embeddings,
        task="attribution",
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
    teacher = TokenTeacher(out / recipe.teacher.weights, answers=out / "answers") if recipe.teacher else None
    dev = {
        Path(source.path).parent.name: cut_windows(_rows(source, data), recipe.window, tokenizer).dataset()
        for source in recipe.dev
    }
    for number, stage in enumerate(recipe.stages):
        done = out / stage.name / "final"
        if not (done / "config.json").exists():
            rng = Random(recipe.seed + number)
            windows = _Windows()
            for source in stage.data:
                rows = _passes(_rows(source, data), source.passes, rng)
                found = cut_windows(rows, recipe.max_tokens, tokenizer)
                log.info(
                    "stage %s: %d texts of %s in %d windows",
                    stage.name,
                    len(rows),
                    source.path,
                    len(found.ids),
                )
                if source.taught and teacher:
                    found.ask(teacher, recipe.max_tokens, share=source.taught)
                windows.add(found)
            trainer = _trainer(stage, recipe, folder, out, tokenizer, windows.dataset(), dev)
            run_stage(trainer, tokenizer, out / stage.name)
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
        data_collator=partial(padded, tokenizer),
        compute_metrics=span_scores,
        compute_loss_func=token_cross_entropy,
        callbacks=[StopAfter(stage.stop_after)] if stage.stop_after else None,
    )


def padded(tokenizer: Any, windows: Sequence[dict[str, Any]]) -> dict[str, torch.Tensor]:
    """Return a batch of windows; what fills them up has no label."""
    fields = [{key: row[key] for key in row if key != "labels"} for row in windows]
    batch: dict[str, torch.Tensor] = dict(
        tokenizer.pad(fields, pad_to_multiple_of=PADDED, return_tensors="pt")
    )
    labels = torch.zeros((*batch["input_ids"].shape, len(LABELS)))
    for number, row in enumerate(windows):
        labels[number, : len(row["labels"])] = torch.as_tensor(row["labels"], dtype=torch.float32)
    return {**batch, "labels": labels}


def token_cross_entropy(outputs: Any, labels: torch.Tensor, num_items_in_batch: Any = None) -> torch.Tensor:
    """Cross-entropy against targets of shape (batch, tokens, labels), averaged over the tokens that have one."""
    log_p = torch.log_softmax(outputs["logits"].float(), dim=-1)
    return -(labels * log_p).sum() / labels.sum().clamp(min=1)


def _rows(source: DataSource, data: Path) -> list[JsonRow]:
    """Read the articles that somebody annotated, or texts for a teacher; raises InputError naming what is none."""
    if source.format not in (FORMAT, UNLABELLED):
        raise ConfigError(
            f"{source.path}: unknown format {source.format!r}; known for this task: {FORMAT}, {UNLABELLED}"
        )
    rows = read_json_rows(source, data)
    needed = {"text": str} if source.format == UNLABELLED else {"text": str, "annotations": dict}
    for number, row in enumerate(rows, start=1):
        if not all(isinstance(row.get(key), kind) for key, kind in needed.items()):
            raise InputError(
                f"{source.path}: row {number}: {' and '.join(needed)} must be there; has {sorted(row)}"
            )
    if source.format == UNLABELLED:
        return [{"text": row["text"], "annotations": {"": []}} for row in rows]
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


@dataclass(slots=True)
class _Windows:
    """Stretches of texts: their tokens' numbers and places, and the target of each token, shape (tokens, LABELS).

    A token that isn't scored, such as [CLS], has a target of zeros.
    """

    texts: list[str] = field(default_factory=list)
    ids: list[list[int]] = field(default_factory=list)
    offsets: list[list[tuple[int, int]]] = field(default_factory=list)
    targets: list[NDArray[np.float32]] = field(default_factory=list)

    def add(self, other: _Windows) -> None:
        """Append the windows of other texts."""
        for mine, theirs in (
            (self.texts, other.texts),
            (self.ids, other.ids),
            (self.offsets, other.offsets),
            (self.targets, other.targets),
        ):
            mine.extend(theirs)  # type: ignore[arg-type]

    def ask(self, teacher: TokenTeacher, window: int, *, share: float) -> None:
        """Make the targets `share` parts what a teacher says."""
        said = teacher.chances(self.texts, window=window, offsets=self.offsets)
        self.targets = [mixed(own, theirs, share) for own, theirs in zip(self.targets, said, strict=True)]

    def dataset(self) -> Dataset:
        """Return them for a trainer."""
        return Dataset.from_dict(
            {
                "input_ids": self.ids,
                "attention_mask": [[1] * len(ids) for ids in self.ids],
                "labels": self.targets,
            }
        )


def cut_windows(rows: Sequence[JsonRow], window: int, tokenizer: Any) -> _Windows:
    """Cut articles into windows of at most `window` tokens, with the target of each token of the text."""
    found = _Windows(texts=[row["text"] for row in rows])
    one_hot = np.eye(len(LABELS), dtype=np.float32)
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
            offsets = encoded["offset_mapping"][number]
            skipped = np.asarray(encoded["special_tokens_mask"][number], dtype=bool)
            found.ids.append(ids)
            found.offsets.append(offsets)
            found.targets.append(one_hot[labels_of(offsets, spans)] * ~skipped[:, None])
    return found


def span_scores(prediction: Any) -> dict[str, float]:
    """Return the F1 of exact spans by part, window by window."""
    right: Counter[str] = Counter()
    size: Counter[str] = Counter()
    for scores, labels in zip(prediction.predictions, prediction.label_ids, strict=True):
        kept = labels.sum(axis=-1) > 0  # the trainer fills up with negative numbers
        logs = torch.log_softmax(torch.from_numpy(scores[kept]).float(), dim=-1).numpy()
        found, gold = (
            _by_part(numbers) for numbers in (likeliest(logs), labels[kept].argmax(axis=-1).tolist())
        )
        for part in PARTS:
            right[part] += len(found[part] & gold[part])
            size[part] += len(found[part]) + len(gold[part])
    return {f"{part}_f1": 2 * right[part] / size[part] if size[part] else 0.0 for part in PARTS}


def _by_part(labels: Sequence[int]) -> dict[str, set[Span]]:
    """Return the spans that labels spell, counted in tokens."""
    spans = spans_of(labels, [(i, i + 1) for i in range(len(labels))])
    return {part: set(found) for part, found in spans.items()}
