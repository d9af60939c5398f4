"""What a training on own annotations will be: its examples, what is held back, where it starts, how long it goes on."""

from __future__ import annotations

import math
from dataclasses import dataclass

from stancewire.errors import InputError
from stancewire.topics import load_codebook
from stancewire.training.annotated import Annotated, AnnotatedFile
from stancewire.training.settings import RATES, Schedule, TuneSettings
from stancewire.training.sources import (
    Split,
    check_rows,
    read_annotations,
    split_by_text,
    stances_of,
    without_texts_of,
)
from stancewire.training.starts import Start, open_start

FEW = 80  # examples: of fewer none is held back, since a fifth of them would tell little and be missed in training
SHARE = 0.2
CALIBRATED_FROM = 100  # held-back examples: five numbers are fitted to them
SMALL_BATCH, BATCH = 8, 16
SEEN = 80.0  # of n examples each is seen SEEN / sqrt(n) times, within EPOCHS; see docs/training.md
EPOCHS = (3.0, 20.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that is known before training; `notes` say in words what a reader of its figures should know."""

    settings: TuneSettings
    files: tuple[AnnotatedFile, ...]
    split: Split
    start: Start
    schedule: Schedule
    notes: tuple[str, ...]


def make_plan(settings: TuneSettings) -> Plan:
    """Read the annotations and look at the start.

    Raises ConfigError for a number that can't be, InputError for annotations that can't teach, and ModelError for a
    start that isn't one.
    """
    settings.check()
    codebook = load_codebook(settings.topics) if settings.topics else None
    files = read_annotations(settings.on, codebook=codebook, texts=settings.texts)
    rows = [row for file in files for row in file.rows]
    place = ", ".join(settings.on)
    check_rows(rows, place=place)
    held = read_annotations(settings.dev, codebook=codebook, texts=settings.texts)
    split = _split(settings, rows, [row for file in held for row in file.rows])
    check_rows(split.train, place=f"{place}, without what is held back")
    notes = [f"{file.path}: {note}" for file in (*files, *held) for note in file.notes]
    if settings.dev and (dropped := len(rows) - len(split.train)):
        notes.append(f"{dropped} examples are left out, since their texts are in {', '.join(settings.dev)}")
    return Plan(
        settings=settings,
        files=(*files, *held),
        split=split,
        start=open_start(settings.start),
        schedule=schedule_of(settings, rows=len(split.train)),
        notes=(*notes, *_notes(split)),
    )


def schedule_of(settings: TuneSettings, *, rows: int) -> Schedule:
    """Return how long and how fast so many rows are trained on, where the settings leave it open."""
    batch = settings.batch or (SMALL_BATCH if rows < FEW else BATCH)
    epochs = settings.epochs or min(EPOCHS[1], max(EPOCHS[0], SEEN / rows**0.5))
    return Schedule(
        method=settings.method,
        steps=max(1, math.ceil(math.ceil(rows / batch) * epochs)),
        rate=settings.rate or RATES[settings.method],
        batch=batch,
        max_tokens=settings.max_tokens,
        patience=settings.patience,
        seed=settings.seed,
    )


def _split(settings: TuneSettings, rows: list[Annotated], held: list[Annotated]) -> Split:
    if settings.dev:
        if not held:
            raise InputError(f"{', '.join(settings.dev)}: no examples to look at")
        return Split(train=without_texts_of(rows, held), dev=tuple(held))
    share = settings.dev_share
    if share is None:
        share = SHARE if len(rows) >= FEW else 0.0
    return split_by_text(rows, share=share, seed=settings.seed)


def _notes(split: Split) -> list[str]:
    notes = []
    if "none" not in stances_of(split.train):
        notes.append("no example says none: the model unlearns that a passage may hold no stance")
    if not split.dev:
        notes.append(
            "nothing is held back, so there are no figures, no early stopping and no calibration; measure on others"
            " (`stancewire classify`, then `stancewire evaluate`)"
        )
    elif len(split.dev) < CALIBRATED_FROM:
        notes.append(
            f"{len(split.dev)} examples are held back, too few to calibrate on ({CALIBRATED_FROM} are needed)"
        )
    return notes
