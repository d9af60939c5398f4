"""From own annotations to a model folder: train, export, calibrate, measure, write the card."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from transformers import DataCollatorWithPadding

from stancewire.errors import ConfigError
from stancewire.evaluation.calibration import calibrate
from stancewire.evaluation.figures import Confusion
from stancewire.stance.calibration import ANSWERS, Calibration
from stancewire.stance.card import ModelCard, load_card
from stancewire.stance.models import judge, open_classifier
from stancewire.stance.onnx_backend import OnnxClassifier
from stancewire.stance.torch_backend import TorchClassifier
from stancewire.training.annotated import Annotated, AnnotatedFile, same_questions
from stancewire.training.calibrate import fit_calibration
from stancewire.training.export import weight_files, write_model
from stancewire.training.model_card import Figures, Tuned, write_readme
from stancewire.training.plan import CALIBRATED_FROM, Plan
from stancewire.training.settings import TuneSettings
from stancewire.training.starts import Start, load_start
from stancewire.training.trainer import soft_cross_entropy
from stancewire.training.tuner import begin, named_failures, stance_scores, tokenized, tune_model
from stancewire.writers.partial import PartialFile, make_folder

log = logging.getLogger(__name__)
MODEL, SETTINGS = "model", "training.json"
SAMPLE = 96  # pairs that show which channels of a model are large

Pairs = list[tuple[str, str]]


def tune(plan: Plan, *, out: Path, command: str) -> Tuned:
    """Train as planned and return what came of it, with the finished folder, `out/model`.

    The same call after an interruption goes on from the last checkpoint and gives the same weights; when all is done it
    only measures again. Raises ConfigError where `out` is of another training, ModelError for a full disk or memory.
    """
    make_folder(out)
    folder = out / MODEL
    kept = claim(out, plan.settings, plan.files, plan.start.place)
    if "steps" in kept:
        log.info("%s: trained before; nothing to do", folder)
    else:
        shutil.rmtree(folder, ignore_errors=True)
        kept |= _make(plan, out)
        write_down(out, kept)
        shutil.rmtree(out / "checkpoints", ignore_errors=True)
    made = Tuned(
        plan=plan,
        folder=folder,
        steps=kept["steps"],
        notes=(*plan.notes, *kept["notes"]),
        before=_figures(plan.start.name, plan.split.dev) if plan.start.can_answer else None,
        after=_figures(str(folder), plan.split.dev),
        command=command,
    )
    write_readme(made)
    return made


def claim(
    out: Path, settings: TuneSettings, files: Sequence[AnnotatedFile], place: Path | str
) -> dict[str, Any]:
    """Return what is written down of this training; raises ConfigError where `out` holds another one."""
    folder = Path(place)
    said = {
        **asdict(settings),
        "files": {file.path: file.sha256 for file in files},
        "weights": weight_files(folder) if folder.is_dir() else {},
    }
    now: dict[str, Any] = json.loads(json.dumps(said, default=str))
    path = out / SETTINGS
    if not path.is_file():
        write_down(out, now)
        return now
    try:
        before: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"{path}: can't be read: {error}; name another --out, or delete this one"
        ) from error
    if other := [key for key in now if before.get(key) != now[key]]:
        raise ConfigError(
            f"{out}: holds a training with another {other[0]}: {before.get(other[0])!r}, not {now[other[0]]!r};"
            " name another --out, or delete this one"
        )
    return before


def write_down(out: Path, values: Mapping[str, Any]) -> None:
    """Keep what is known of a training in `out`, whole or not at all; raises StancewireError where that can't be."""
    with PartialFile(out / SETTINGS) as file:
        file.append(json.dumps(values, indent=2, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


def _make(plan: Plan, out: Path) -> dict[str, Any]:
    """Train, and write the folder with its card; return how many steps it took and what to know of it."""
    settings, start = plan.settings, plan.start
    begin(settings.seed)
    rows = same_questions(plan.split.train)
    pairs = [start.pair.pair(row.query) for row in rows]
    model, tokenizer = load_start(start, dropout=settings.dropout, calibration=_folded(start, pairs))
    longest = min(settings.max_tokens, start.window)
    train, cut = tokenized(pairs, [row.target for row in rows], tokenizer, longest)
    held = [row.training_row() for row in plan.split.dev]
    held_pairs = [start.pair.pair(row.query) for row in held]
    dev = tokenized(held_pairs, [row.target for row in held], tokenizer, longest)[0] if held else None
    trained = tune_model(
        model,
        plan.schedule,
        train=train,
        dev=dev,
        collate=DataCollatorWithPadding(tokenizer, pad_to_multiple_of=8),
        loss=soft_cross_entropy,
        scores=stance_scores,
        out=out,
    )
    with named_failures(plan.schedule, out):
        _write(trained.model, tokenizer, plan, pairs, out)
    _calibrate(out / MODEL, held_pairs, np.asarray([row.target for row in held]))
    notes = [f"{cut} of {len(rows)} pairs were cut at {longest} tokens in training"] if cut else []
    if doubles := len(plan.split.train) - len(rows):
        notes.append(f"{doubles} examples repeat a question; its answers are put together as shares")
    return {"steps": trained.steps, "notes": notes, "history": list(trained.history)}


def _folded(start: Start, pairs: Pairs) -> Calibration | None:
    """Return the calibration of the kind of question that most pairs are: about a claim, or a name in the passage."""
    named = sum(map(start.pair.names_topic, pairs))
    return start.name_calibration if start.name_calibration and 2 * named > len(pairs) else start.calibration


def _write(model: Any, tokenizer: Any, plan: Plan, pairs: Pairs, out: Path) -> None:
    folder = out / MODEL
    with tempfile.TemporaryDirectory(dir=out) as scratch:
        weights = Path(scratch) / "weights"
        model.save_pretrained(weights)
        tokenizer.save_pretrained(weights)
        sample = Random(plan.settings.seed).sample(pairs, min(len(pairs), SAMPLE))
        config = write_model(weights, folder, fp32=Path(scratch) / "model.fp32.onnx", sample=sample)
    ModelCard(
        id=plan.settings.name,
        window=plan.start.window,
        pair=plan.start.pair,
        pad_id=config.pad_token_id or 0,
        files=weight_files(folder),
    ).save(folder)


def _calibrate(folder: Path, pairs: Pairs, targets: NDArray[np.float64]) -> None:
    """Fit the card's calibration on what was held back, where that is enough."""
    if len(pairs) < CALIBRATED_FROM:
        return
    classifier = OnnxClassifier(folder) if (folder / "model.onnx").is_file() else TorchClassifier(folder)
    fitted = fit_calibration(classifier.scores(pairs), targets, np.ones(len(pairs)))
    replace(load_card(folder), calibration=fitted).save(folder)


def _figures(model: str, rows: Sequence[Annotated]) -> Figures | None:
    """Return how a model answers the rows; None without rows."""
    if not rows:
        return None
    answers = list(judge([row.query for row in rows], open_classifier(model)))
    p = np.array([[getattr(each, answer) for answer in ANSWERS] for each in answers])
    gold, given = [row.stance.value for row in rows], [each.stance.value for each in answers]
    return Figures(
        confusion=Confusion.of(gold, given, labels=ANSWERS),
        calibration=calibrate(
            p / p.sum(axis=1, keepdims=True),
            gold=[ANSWERS.index(label) for label in gold],
            answers=[ANSWERS.index(label) for label in given],
        ),
    )
