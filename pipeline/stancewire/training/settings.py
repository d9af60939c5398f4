"""What a training on own annotations is told: the files, where it starts, and every number that was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from stancewire.errors import ConfigError


class Method(StrEnum):
    """What is trained: all weights, or small matrices beside them (Hu et al. 2021, "LoRA"), merged in at the end."""

    FULL = "full"
    LORA = "lora"


RATES = {Method.FULL: 5e-5, Method.LORA: 1e-3}


@dataclass(frozen=True, slots=True, kw_only=True)
class TuneSettings:
    """Own annotations and how to train on them.

    `on` and `dev` are files or folders (`training.sources.FORMS`), `topics` the codebook whose ids or claims are their
    topics, `texts` the articles that coders' records point into. Without `dev`, `dev_share` of the examples is held
    back (None: a fifth, of 80 or more). `name` is the new model's. What is None follows from the number of examples
    (`training.plan.schedule_of`). `patience` is how many looks at the held-back examples, of twelve, may bring
    nothing before training ends.
    """

    on: tuple[str, ...]
    name: str
    dev: tuple[str, ...] = ()
    dev_share: float | None = None
    topics: Path | None = None
    texts: tuple[str, ...] = ()
    start: str = "small"
    method: Method = Method.FULL
    seed: int = 0
    epochs: float | None = None
    rate: float | None = None
    batch: int | None = None
    max_tokens: int = 192
    patience: int = 3
    dropout: float = 0.1

    def check(self) -> None:
        """Raise ConfigError for a number that can't be."""
        limits = {
            "dev_share": (0, 0.9),
            "epochs": (0.01, 1000),
            "rate": (1e-9, 1),
            "batch": (1, 4096),
            "max_tokens": (16, 8192),
            "patience": (1, 1000),
        }
        for name, (low, high) in limits.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise ConfigError(f"--{name.replace('_', '-')} {value}; must be from {low} to {high}")
        if self.dev and self.dev_share:
            raise ConfigError("--dev and --dev-share: held back is a file or a share, not both")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How long and how fast a model is trained; `steps` are the most."""

    method: Method
    steps: int
    rate: float
    batch: int
    max_tokens: int
    patience: int
    seed: int
    warmup: float = 0.1
    weight_decay: float = 0.01
