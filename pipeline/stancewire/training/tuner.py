"""Fine-tunes a loaded model on own rows: early stopping, checkpoints to go on from, TensorBoard, LoRA."""

from __future__ import annotations

import errno
import logging
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from datasets import Dataset
from safetensors import SafetensorError
from sklearn.metrics import f1_score
from tensorboardX import SummaryWriter
from torch.utils.data import Sampler
from transformers import EarlyStoppingCallback, PrinterCallback, Trainer, TrainerCallback, TrainingArguments
from transformers.integrations.integration_utils import TensorBoardCallback

from stancewire.errors import ConfigError, ModelError
from stancewire.stance.torch_backend import has_bf16
from stancewire.training.settings import Method, Schedule
from stancewire.training.trainer import BucketSampler

log = logging.getLogger(__name__)
CHECKS = 12  # times that a training is measured on dev and can be gone on from
STATE = "trainer_state.json"  # the last file of a checkpoint: one without it was cut short
FULL_DISK = ("No space left", "inline_container", "iostream error")  # in what safetensors and torch say of it
FULL_MEMORY = "can't allocate memory"
ROOM = 1.1  # a checkpoint's size against that of what is in it
LORA_SHARE = 0.05  # of a model's size that a checkpoint of LoRA takes at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A trained model, how many steps its weights took, and what was measured at each look."""

    model: Any
    steps: int
    history: tuple[Mapping[str, float], ...]


def tune_model(
    model: Any,
    schedule: Schedule,
    *,
    train: Dataset,
    dev: Dataset | None,
    collate: Any,
    loss: Any,
    scores: Any,
    out: Path,
) -> Trained:
    """Train `model`, from the last whole checkpoint under `out/checkpoints` if there is one.

    Raises ModelError where there is no room for a checkpoint or no memory for a batch; what is there by then stays.
    """
    folder = out / "checkpoints"
    _drop_broken(folder)
    check_room(out, model, schedule.method)
    if schedule.method is Method.LORA:
        model = _with_lora(model)
    tuner = _Tuner(
        model=model,
        args=_arguments(schedule, folder, has_dev=dev is not None),
        train_dataset=train,
        eval_dataset=dev,
        data_collator=collate,
        compute_metrics=scores,
        compute_loss_func=loss,
        callbacks=_callbacks(schedule, out, has_dev=dev is not None),
    )
    tuner.remove_callback(PrinterCallback)
    with named_failures(schedule, out):
        tuner.train(resume_from_checkpoint=any(folder.glob("checkpoint-*")))
    best = tuner.state.best_global_step if dev is not None else None
    whole: Any = tuner.model
    made = whole.merge_and_unload() if schedule.method is Method.LORA else whole
    return Trained(
        model=made.cpu(),
        steps=best or tuner.state.global_step,
        history=tuple(row for row in tuner.state.log_history if "eval_loss" in row),
    )


def _with_lora(model: Any) -> Any:
    try:
        from stancewire.training.lora import with_lora
    except ImportError as error:
        raise ConfigError(f"--method lora needs {error.name}; pip install 'stancewire[train]'") from error
    return with_lora(model)


def check_room(out: Path, model: Any, method: Method) -> None:
    """Raise ModelError where the disk has no room for what training writes: two checkpoints and the finished model."""
    size = sum(weight.numel() * weight.element_size() for weight in model.parameters())
    checkpoint = size * (LORA_SHARE if method is Method.LORA else 3)  # the weights, and two numbers for each
    needed, free = int(ROOM * (2 * checkpoint + 2 * size)), shutil.disk_usage(out).free
    if free < needed:
        raise ModelError(
            f"{out}: {free / 1e9:.2f} GB free, and checkpoints and the finished model take {needed / 1e9:.2f};"
            " make room, or name another --out"
            + ("" if method is Method.LORA else " (--method lora writes small checkpoints)")
        )


@contextmanager
def named_failures(schedule: Schedule, out: Path) -> Iterator[None]:
    """Turn torch's errors for a full disk and for full memory into one line that says what helps."""
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise ModelError(_out_of_memory(schedule, "the GPU's")) from error
    except (RuntimeError, OSError, SafetensorError, MemoryError) as error:
        if isinstance(error, MemoryError) or FULL_MEMORY in str(error):
            raise ModelError(_out_of_memory(schedule, "this machine's")) from error
        if getattr(error, "errno", None) == errno.ENOSPC or any(words in str(error) for words in FULL_DISK):
            raise ModelError(
                f"{out}: no room for a checkpoint or the model; make room, and the same command goes on from the last"
                " whole one"
            ) from error
        raise


def _out_of_memory(schedule: Schedule, whose: str) -> str:
    return (
        f"{whose} memory is full with batches of {schedule.batch} pairs of up to {schedule.max_tokens} tokens;"
        f" lower --batch (now {schedule.batch}) or --max-tokens (now {schedule.max_tokens})"
        + ("" if schedule.method is Method.LORA else ", or train with --method lora")
    )


def stance_scores(prediction: Any) -> dict[str, float]:
    """Return macro-F1 over the labels that are in gold."""
    given, gold = (np.argmax(each, axis=-1) for each in (prediction.predictions, prediction.label_ids))
    score = f1_score(gold, given, average="macro", labels=sorted(set(gold)), zero_division=0)
    return {"macro_f1": float(score)}


class _Tuner(Trainer):
    """A Trainer whose batches are evenly long and come in random order."""

    def _get_train_sampler(self, train_dataset: Any = None) -> Sampler[int]:
        dataset: Any = train_dataset if train_dataset is not None else self.train_dataset
        lengths = [len(ids) for ids in dataset["input_ids"]]
        return BucketSampler(lengths, batch=self.args.train_batch_size, seed=self.args.seed)


class _Progress(TrainerCallback):
    """Logs a line each time that the model is looked at."""

    def on_evaluate(self, args: Any, state: Any, control: Any, metrics: Any = None, **_: Any) -> None:
        """Say the step and what was measured."""
        named = {key.removeprefix("eval_"): value for key, value in (metrics or {}).items()}
        shown = ", ".join(f"{key} {named[key]:.3f}" for key in named if key == "loss" or key.endswith("_f1"))
        log.info("step %d of %d: dev %s", state.global_step, state.max_steps, shown)


def _callbacks(schedule: Schedule, out: Path, *, has_dev: bool) -> list[TrainerCallback]:
    curves: Any = TensorBoardCallback
    callbacks: list[TrainerCallback] = [
        curves(tb_writer=SummaryWriter(logdir=str(out / "tensorboard"))),
        _Progress(),
    ]
    if has_dev:
        callbacks.append(EarlyStoppingCallback(early_stopping_patience=schedule.patience))
    return callbacks


def _arguments(schedule: Schedule, folder: Path, *, has_dev: bool) -> TrainingArguments:
    on_gpu = torch.cuda.is_available()
    every = max(1, schedule.steps // CHECKS)
    return TrainingArguments(
        output_dir=str(folder),
        max_steps=schedule.steps,
        per_device_train_batch_size=schedule.batch,
        per_device_eval_batch_size=64,
        learning_rate=schedule.rate,
        weight_decay=schedule.weight_decay,
        warmup_steps=schedule.warmup,
        lr_scheduler_type="linear",
        use_cpu=not on_gpu,
        bf16=has_bf16(),
        full_determinism=on_gpu,
        eval_strategy="steps" if has_dev else "no",
        eval_steps=every,
        save_strategy="best" if has_dev else "steps",
        save_steps=max(1, schedule.steps // 4),
        save_total_limit=1,
        load_best_model_at_end=has_dev,
        metric_for_best_model="eval_loss" if has_dev else None,
        greater_is_better=False if has_dev else None,
        logging_steps=every,
        seed=schedule.seed,
        data_seed=schedule.seed,
        disable_tqdm=True,
        report_to=[],
        dataloader_num_workers=0,
    )


def _drop_broken(folder: Path) -> None:
    """Take away checkpoints that a kill or a full disk cut short."""
    for checkpoint in folder.glob("checkpoint-*"):
        if not (checkpoint / STATE).is_file():
            log.warning("%s: cut short, so it is left out", checkpoint)
            shutil.rmtree(checkpoint)


def begin(seed: int) -> None:
    """Begin all random numbers of a training at `seed`, and keep transformers from talking of itself."""
    talk: Any = transformers.logging
    talk.set_verbosity_error()
    talk.disable_progress_bar()
    transformers.set_seed(seed)


def tokenized(
    pairs: Sequence[tuple[str, str]], targets: Sequence[Sequence[float]], tokenizer: Any, max_tokens: int
) -> tuple[Dataset, int]:
    """Return pairs as a trainer reads them, and how many of them were cut at `max_tokens`."""
    encoded = tokenizer(
        [first for first, _ in pairs],
        [second for _, second in pairs],
        truncation="only_first",
        max_length=max_tokens,
        return_overflowing_tokens=False,
    )
    cut = sum(len(ids) >= max_tokens for ids in encoded["input_ids"])
    return Dataset.from_dict({**encoded, "labels": [list(target) for target in targets]}), cut
