"""Fine-tunes an encoder on a recipe's stages with the transformers Trainer: checkpoints, resume, dev scores."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
import transformers
from datasets import Dataset
from sklearn.metrics import f1_score
from torch.utils.data import Sampler
from transformers import (
    AutoTokenizer,
    DataCollatorWithPadding,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)

from stancewire.errors import ModelError
from stancewire.stance.calibration import ANSWERS
from stancewire.stance.torch_backend import MODEL, has_bf16
from stancewire.stance.unpack import load_weights
from stancewire.training.half import MasterAdamW
from stancewire.training.recipe import DataSource, EncoderSource, Recipe, Stage
from stancewire.training.rows import TrainingRow, read_rows
from stancewire.training.teacher import taught

log = logging.getLogger(__name__)
POOL = 20  # batches sorted by length together: padding stays under a tenth, batches still mix data sets


def train(recipe: Recipe, *, data: Path, out: Path) -> Path:
    """Run every stage of `recipe` that has not been finished under `out`; return the folder of the last one.

    `out/<stage>/` holds a stage's checkpoints while it runs and its weights when it is done, so that the same
    call after an interruption goes on where the last checkpoint was written.
    """
    out.mkdir(parents=True, exist_ok=True)  # "../teacher" is looked for from there
    transformers.set_seed(recipe.seed)
    folder: Path | str = locate_encoder(recipe.encoder, data=data, out=out)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.add_special_tokens({"additional_special_tokens": list(recipe.pair.markers)})
    dev = {Path(source.path).parent.name: _dev_set(source, recipe, data, tokenizer) for source in recipe.dev}
    for number, stage in enumerate(recipe.stages):
        done = out / stage.name / "final"
        if not (done / "config.json").exists():
            rows = _stage_rows(stage, recipe, data, out, seed=recipe.seed + number)
            _run_stage(stage, recipe, start=folder, out=out, tokenizer=tokenizer, rows=rows, dev=dev)
        folder = done
    return Path(folder)


def locate_encoder(source: EncoderSource, *, data: Path, out: Path) -> Path | str:
    """Return the folder of the pretrained encoder, checked against its sha256, or its hub name."""
    if source.package:
        folder = _package_folder(source.name, source.package) / (source.folder or "")
    elif source.weights:
        folder = out / source.weights
    elif source.folder:
        folder = data / source.folder
    else:
        return source.name
    if not (folder / "config.json").is_file():
        raise ModelError(f"encoder {source.name!r}: no config.json in {folder}; see models/README.md")
    if source.sha256 and not (folder / MODEL).is_file():
        raise ModelError(f"encoder {source.name!r}: sha256 is that of {MODEL}, and {folder} has none")
    if source.sha256 and (found := file_sha256(folder / MODEL)) != source.sha256:
        raise ModelError(
            f"{folder}: model.safetensors has sha256 {found}, the recipe expects {source.sha256}"
        )
    return folder


def _package_folder(name: str, package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            f"encoder {name!r}: package {package!r} is not installed; pip install 'stancewire[train]'"
        )
    return Path(spec.submodule_search_locations[0])


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file as hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _stage_rows(stage: Stage, recipe: Recipe, data: Path, out: Path, *, seed: int) -> list[TrainingRow]:
    rng = Random(seed)
    rows: list[TrainingRow] = []
    for source in stage.data:
        found = read_rows(source, data, rng=rng)
        log.info("stage %s: %d rows from %s", stage.name, len(found), source.path)
        if source.taught and recipe.teacher:
            found = taught(found, recipe.teacher, out, share=source.taught)
        rows += found
    rng.shuffle(rows)
    return rows


def _dev_set(source: DataSource, recipe: Recipe, data: Path, tokenizer: Any) -> Dataset:
    rows = read_rows(source, data, rng=Random(recipe.seed))
    if len(rows) > recipe.dev_rows:
        rows = Random(recipe.seed).sample(rows, recipe.dev_rows)
    return _tokenize(rows, recipe, tokenizer)


def _tokenize(rows: list[TrainingRow], recipe: Recipe, tokenizer: Any) -> Dataset:
    pairs = [recipe.pair.pair(row.query) for row in rows]
    encoded = tokenizer(
        [first for first, _ in pairs],
        [second for _, second in pairs],
        truncation="only_first",
        max_length=recipe.max_tokens,
    )
    cut = sum(len(ids) == recipe.max_tokens for ids in encoded["input_ids"])
    log.info("%d rows tokenized, %d of them cut at %d tokens", len(rows), cut, recipe.max_tokens)
    columns = {
        key: encoded[key] for key in ("input_ids", "token_type_ids", "attention_mask") if key in encoded
    }
    return Dataset.from_dict({**columns, "labels": [list(row.target) for row in rows]})


def _run_stage(
    stage: Stage,
    recipe: Recipe,
    *,
    start: Path | str,
    out: Path,
    tokenizer: Any,
    rows: list[TrainingRow],
    dev: dict[str, Dataset],
) -> None:
    names = dict(enumerate(ANSWERS))
    model = load_weights(
        start,
        dtype=torch.float32,  # a finished model's weights have 16 or 8 bits
        num_labels=len(ANSWERS),
        id2label=names,
        label2id={name: number for number, name in names.items()},
        attention_probs_dropout_prob=0.0,  # attention dropout costs a tenth of the speed on a CPU and gained nothing
        hidden_dropout_prob=stage.dropout,
        attn_implementation="eager",  # on a CPU, with its backward pass, a third faster than torch's fused attention
    )
    add_marks(model, tokenizer, dict(zip(recipe.pair.markers, recipe.encoder.marks, strict=False)))
    freeze(model, stage.frozen_layers)
    trainer = BucketTrainer(
        model=model,
        args=training_arguments(stage, recipe, out),
        train_dataset=_tokenize(rows, recipe, tokenizer),
        eval_dataset=dev or None,
        data_collator=DataCollatorWithPadding(tokenizer, pad_to_multiple_of=8),
        compute_metrics=_dev_scores,
        compute_loss_func=soft_cross_entropy,
        callbacks=[StopAfter(stage.stop_after)] if stage.stop_after else None,
    )
    run_stage(trainer, tokenizer, out / stage.name)


def run_stage(trainer: BucketTrainer, tokenizer: Any, folder: Path) -> None:
    """Train, from the last checkpoint in `folder` if there is one, and save what came of it in `folder/final`."""
    trainer.train(resume_from_checkpoint=any(folder.glob("checkpoint-*")))
    trainer.fill()
    trainer.save_model(str(folder / "final"))
    tokenizer.save_pretrained(folder / "final")
    (folder / "final" / "history.json").write_text(json.dumps(trainer.state.log_history, indent=1))


@torch.no_grad()
def add_marks(model: Any, tokenizer: Any, lenders: Mapping[str, str]) -> None:
    """Give `model` an embedding for each token added to `tokenizer`; `lenders` names the tokens to copy them from."""
    known = model.get_input_embeddings().num_embeddings
    weight = model.resize_token_embeddings(len(tokenizer), mean_resizing=False).weight
    for mark, lender in lenders.items():
        new, old = tokenizer.convert_tokens_to_ids([mark, lender])
        if new >= known:
            weight[new] = weight[old]


def freeze(model: Any, layers: int | None) -> None:
    """Leave the embeddings and the lowest `layers` layers as they are; None trains everything."""
    if layers is None:
        return
    for part in (model.base_model.embeddings, *model.base_model.encoder.layer[:layers]):
        part.requires_grad_(False)


class StopAfter(TrainerCallback):
    """Ends a stage after so many steps; the learning rate goes on as planned until there."""

    def __init__(self, steps: int) -> None:
        self._steps = steps

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Tell the trainer to stop."""
        control.should_training_stop = state.global_step >= self._steps


class BucketTrainer(Trainer):
    """A Trainer, in bfloat16 where the machine has it, whose batches are evenly long and come in random order.

    The library's own length grouping serves each stretch of batches from long to short, so that data sets of
    different length take turns and undo each other's work.
    """

    def create_optimizer(self, model: Any = None) -> torch.optim.Optimizer:
        """Return the one optimizer, which keeps the full weights."""
        if self.optimizer is None:
            model = model or self.model
            self.optimizer = self._masters = MasterAdamW(
                model,
                lr=self.args.learning_rate,
                weight_decay=self.args.weight_decay,
                decayed=set(self.get_decay_parameter_names(model)),
                compute_dtype=torch.bfloat16 if has_bf16() else torch.float32,
            )
        return self.optimizer

    def fill(self) -> None:
        """Give the model its weights in full precision, when it is trained."""
        self._masters.fill()

    def _get_train_sampler(self, train_dataset: Any = None) -> Sampler[int]:
        dataset: Any = train_dataset if train_dataset is not None else self.train_dataset
        lengths = [len(ids) for ids in dataset["input_ids"]]
        return BucketSampler(lengths, batch=self.args.train_batch_size, seed=self.args.seed)


class BucketSampler(Sampler[int]):
    """Yields row numbers so that each consecutive batch holds rows of about equal length."""

    def __init__(self, lengths: Sequence[int], *, batch: int, seed: int) -> None:
        self._lengths, self._batch, self._seed, self._epoch = list(lengths), batch, seed, 0

    def set_epoch(self, epoch: int) -> None:
        """Take another order, the same one whenever this epoch is gone through: accelerate calls this."""
        self._epoch = epoch

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[int]:
        rng = Random(f"{self._seed} {self._epoch}")
        order = list(range(len(self._lengths)))
        rng.shuffle(order)
        pool = POOL * self._batch
        batches: list[list[int]] = []
        for start in range(0, len(order), pool):
            members = sorted(order[start : start + pool], key=self._lengths.__getitem__)
            batches += [members[at : at + self._batch] for at in range(0, len(members), self._batch)]
        last = batches.pop()  # may be short: it has to stay last, or all later batches would be shifted
        rng.shuffle(batches)
        return iter([number for batch in [*batches, last] for number in batch])


def training_arguments(stage: Stage, recipe: Recipe, out: Path) -> TrainingArguments:
    """Return the transformers arguments of a stage."""
    on_gpu = torch.cuda.is_available()
    return TrainingArguments(
        output_dir=str(out / stage.name),
        num_train_epochs=stage.epochs,
        per_device_train_batch_size=stage.batch_size,
        per_device_eval_batch_size=64,
        learning_rate=stage.learning_rate,
        weight_decay=stage.weight_decay,
        warmup_steps=stage.warmup,
        lr_scheduler_type="linear",
        use_cpu=not on_gpu,
        eval_strategy="steps" if recipe.dev else "no",
        eval_steps=recipe.dev_every,
        save_steps=recipe.dev_every,
        save_total_limit=2,
        logging_steps=50,
        seed=recipe.seed,
        data_seed=recipe.seed,
        report_to=[],
        remove_unused_columns=True,
        dataloader_num_workers=0,
    )


def soft_cross_entropy(outputs: Any, labels: torch.Tensor, num_items_in_batch: Any = None) -> torch.Tensor:
    """Cross-entropy against target distributions of shape (batch, 4), averaged over the batch."""
    log_p = torch.log_softmax(outputs["logits"].float(), dim=-1)
    return -(labels * log_p).sum(dim=-1).mean()


def _dev_scores(prediction: Any) -> dict[str, float]:
    guessed = np.argmax(prediction.predictions, axis=-1)
    right = np.argmax(prediction.label_ids, axis=-1)
    return {
        "macro_f1": float(
            f1_score(right, guessed, average="macro", labels=sorted(set(right)), zero_division=0)
        ),
        "micro_f1": float((guessed == right).mean()),
    }
