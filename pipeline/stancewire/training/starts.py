"""What own training starts from: a model folder, any encoder, or an NLI model, with a head that gives our answers."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from torch import nn
from transformers import AutoConfig, AutoTokenizer

from stancewire.buckets import BUCKET
from stancewire.errors import ConfigError, ModelError
from stancewire.model_folders import find_model
from stancewire.resources import resource
from stancewire.stance.calibration import ANSWERS, Calibration
from stancewire.stance.card import CARD, ModelCard, load_card
from stancewire.stance.nli_backend import FORMAT
from stancewire.stance.pairs import PairFormat
from stancewire.stance.unpack import load_weights
from stancewire.training.trainer import add_marks

log = logging.getLogger(__name__)
WINDOW = 256  # tokens that a model reads at once if its card doesn't say otherwise
LENDERS = ("@", "@", "#", "#")  # tokens whose embeddings new marks start with, where the encoder has them
LIKENED = {"entail": "favor", "contradict": "against", "neutral": "none"}  # how an NLI model's labels begin
NO_WORD = -2.0  # what "neutral" costs at first where a model has no word for it: a log-probability
SHIPPED_LICENCE = "Apache-2.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A model to train on.

    `place` is its folder or hub name. `heads` says which of its outputs each of our answers begins with; an answer
    without one begins with none. `calibration` and `name_calibration` are those of its card.
    """

    name: str
    place: Path | str
    pair: PairFormat
    window: int
    heads: Mapping[str, int] = field(default_factory=dict)
    calibration: Calibration | None = None
    name_calibration: Calibration | None = None
    licence: str | None = None

    @property
    def can_answer(self) -> bool:
        """Say whether `--model` takes it as it is."""
        return self.calibration is not None or (bool(self.heads) and self.pair == FORMAT)

    @property
    def kind(self) -> str:
        """Say in words what it is."""
        if self.calibration:
            return "stance classifier"
        return "classifier" if self.heads else "encoder without a head for stances"


def open_start(name: str) -> Start:
    """Return the start called `name`: a shipped model, a folder, or a hub name; raises ModelError saying what it isn't.

    A folder with a card of ours asks as its card says. A model with the labels of NLI is asked as NLI models are, and
    any other encoder as ours are.
    """
    folder = find_model(name)
    if folder is None and "/" not in name:
        raise ModelError(f"{name!r}: no shipped model, folder or hub name ('owner/model') is called so")
    place = folder or name
    config = _config(place, name)
    if folder and (folder / CARD).is_file():
        return _carded(name, folder, config)
    labels = {str(label): int(number) for number, label in config.id2label.items()}
    heads = _ours(labels) or _likened(labels)
    is_nli = bool(heads) and "entail" in " ".join(labels).lower()
    if not heads and not all(label.startswith("LABEL_") for label in labels):
        log.warning("%s: its labels are %s, none of ours; its head is left out", name, ", ".join(labels))
    return Start(
        name=name,
        place=place,
        pair=FORMAT if is_nli else PairFormat(),
        window=_window(config),
        heads=heads,
        licence=_licence(folder) if folder else None,
    )


def load_start(start: Start, *, dropout: float, calibration: Calibration | None) -> tuple[Any, Any]:
    """Return the model, with one output for each of ANSWERS, and its tokenizer.

    Its scores are changed as `calibration` says, so that what is trained begins with calibrated answers. Raises
    ModelError where transformers can't load it.
    """
    try:
        tokenizer = AutoTokenizer.from_pretrained(start.place)
        model = load_weights(start.place, dtype=torch.float32, **_options(start.place, dropout))
    except (OSError, ValueError, SafetensorError) as error:
        raise ModelError(
            f"{start.name}: can't be loaded to train on: {str(error).splitlines()[0]}"
        ) from error
    _set_head(model, start, calibration)
    tokenizer.add_special_tokens({"additional_special_tokens": list(start.pair.markers)})
    known = tokenizer.get_vocab()
    marks = zip(start.pair.markers, LENDERS, strict=False)
    add_marks(model, tokenizer, {mark: lender for mark, lender in marks if lender in known})
    return model, tokenizer


def _config(place: Path | str, name: str) -> Any:
    try:
        config = AutoConfig.from_pretrained(place)
    except (OSError, ValueError) as error:
        raise ModelError(f"{name!r}: no such model: {str(error).splitlines()[0]}") from error
    architecture = " ".join(config.architectures or ())
    if "TokenClassification" in architecture:
        raise ModelError(
            f"{name}: {architecture} marks words; stances want an encoder or a sequence classifier"
            " (for a tagger: --task attribution)"
        )
    return config


def _carded(name: str, folder: Path, config: Any) -> Start:
    card: ModelCard = load_card(folder)
    labels = {str(label): int(number) for number, label in config.id2label.items()}
    if set(labels) != set(ANSWERS):
        raise ModelError(
            f"{folder}: its labels are {', '.join(labels)}; a stance classifier of ours has {', '.join(ANSWERS)}"
        )
    return Start(
        name=name,
        place=folder,
        pair=card.pair,
        window=card.window,
        heads=labels,
        calibration=card.calibration,
        name_calibration=card.name_calibration,
        licence=SHIPPED_LICENCE if _is_shipped(folder) else _licence(folder),
    )


def _is_shipped(folder: Path) -> bool:
    try:
        return resource("models").resolve() in folder.resolve().parents
    except ConfigError:
        return False


def _licence(folder: Path) -> str | None:
    """Return the licence in the front matter of a folder's README.md, where there is one."""
    readme = folder / "README.md"
    if not readme.is_file():
        return None
    lines = readme.read_text(encoding="utf-8", errors="replace").splitlines()
    if not lines or lines[0].strip() != "---":
        return None
    for line in lines[1:]:
        key, _, value = line.partition(":")
        if line.strip() == "---":
            return None
        if key.strip() == "license" and value.strip():
            return value.strip().strip("\"'")
    return None


def _window(config: Any) -> int:
    """Return how many tokens to read at once: not more than the encoder has positions for."""
    positions = getattr(config, "max_position_embeddings", None) or WINDOW
    window = min(WINDOW, int(positions))
    return window - window % BUCKET


def _ours(labels: Mapping[str, int]) -> dict[str, int]:
    """Return the outputs of a model whose labels are stances, by our names; empty where favor or against is missing."""
    found = {label.lower(): number for label, number in labels.items() if label.lower() in ANSWERS}
    return found if {"favor", "against"} <= found.keys() else {}


def _likened(labels: Mapping[str, int]) -> dict[str, int]:
    """Return the outputs of an NLI model by the answers that they are likened to; empty where it is none."""
    found = {
        answer: number
        for label, number in labels.items()
        for beginning, answer in LIKENED.items()
        if label.lower().startswith(beginning)
    }
    return found if {"favor", "against"} <= found.keys() else {}


def _options(place: Path | str, dropout: float) -> dict[str, Any]:
    """Return the settings of a model that this one knows."""
    config = AutoConfig.from_pretrained(place)
    wanted = {"attention_probs_dropout_prob": 0.0, "hidden_dropout_prob": dropout}
    options: dict[str, Any] = {key: value for key, value in wanted.items() if hasattr(config, key)}
    if not torch.cuda.is_available():
        options["attn_implementation"] = "eager"  # faster on a CPU, with its backward pass
    return options


@torch.no_grad()
def _set_head(model: Any, start: Start, calibration: Calibration | None) -> None:
    """Give the model an output for each of ANSWERS, begun with those of `start.heads`."""
    name, old = _last_layer(model)
    new = nn.Linear(old.in_features, len(ANSWERS))
    torch.nn.init.normal_(new.weight, std=0.02)
    torch.nn.init.zeros_(new.bias)
    scale = 1 / calibration.temperature if calibration else 1.0
    for row, answer in enumerate(ANSWERS):
        source = start.heads.get(answer, start.heads.get("none"))
        if source is None:
            continue
        new.weight[row] = old.weight[source] * scale
        new.bias[row] = old.bias[source] * scale if old.bias is not None else 0.0
        if answer not in start.heads:
            new.bias[row] += NO_WORD
        if calibration:
            new.bias[row] += calibration.offsets[row]
    parent, _, child = name.rpartition(".")
    setattr(model.get_submodule(parent), child, new)
    model.num_labels = len(ANSWERS)
    model.config.id2label = dict(enumerate(ANSWERS))
    model.config.label2id = {answer: number for number, answer in enumerate(ANSWERS)}
    model.config.problem_type = None


def _last_layer(model: Any) -> tuple[str, nn.Linear]:
    """Return the layer that gives the scores, and its name."""
    layers = [
        (name, part)
        for name, part in model.named_modules()
        if isinstance(part, nn.Linear) and part.out_features == model.config.num_labels
    ]
    if not layers:
        raise ModelError(
            f"{model.config.model_type}: no layer with {model.config.num_labels} outputs that could be replaced"
        )
    return layers[-1]
