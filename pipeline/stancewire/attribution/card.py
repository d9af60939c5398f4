"""The machine-readable card of a tagger's folder, `stancewire.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from stancewire.attribution.tagging import LABELS
from stancewire.errors import ModelError
from stancewire.tokens import OVERLAP

CARD = "stancewire.json"
TASK = "attribution"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggerCard:
    """What a backend must know besides the weights.

    `window` is how many tokens the model reads at once, `pad_id` the token that fills short windows, `files` the
    sha256 of each file of weights.
    """

    id: str
    window: int
    pad_id: int = 0
    files: Mapping[str, str] = field(default_factory=dict)

    def name_of(self, file: str) -> str:
        """Return the id with the hash of the weights, "stancewire-attribution#0123456789ab"."""
        if file not in self.files:
            raise ModelError(
                f"{self.id}: the card lists no {file!r}; has {', '.join(self.files) or 'no files'}"
            )
        return f"{self.id}#{self.files[file][:12]}"

    def save(self, folder: Path) -> None:
        """Write the card into a model folder."""
        values = {"task": TASK, "labels": LABELS, **asdict(self)}
        (folder / CARD).write_text(json.dumps(values, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def load_card(folder: Path) -> TaggerCard:
    """Read the card of a model folder; raises ModelError saying what is wrong with it."""
    path = folder / CARD
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        task, labels = values["task"], tuple(values["labels"])
        card = TaggerCard(
            id=str(values["id"]),
            window=int(values["window"]),
            pad_id=int(values["pad_id"]),
            files=dict(values["files"]),
        )
    except OSError as error:
        raise ModelError(f"{folder}: no {CARD}; a model folder has one") from error
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{path}: not the card of an attribution tagger: {error!r}") from error
    if task != TASK or labels != LABELS:
        raise ModelError(f"{path}: task {task!r}, labels {labels}; a tagger has {TASK!r}, {LABELS}")
    check_window(card.window, place=str(path))
    return card


def check_window(window: int, *, place: str) -> None:
    """Raise ModelError where windows of so many tokens would be nothing but what they share."""
    if window <= 2 * OVERLAP:
        raise ModelError(
            f"{place}: a window of {window} tokens; windows share {OVERLAP}, so more than twice that"
        )
