"""Own annotations for tests: sentences with a holder and a stance on one dam, and a tiny model to start from.

The tiny model spells letter by letter, so that stances are put in signs that it can tell apart within seconds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests import tiny_bert

from stancewire.stance.calibration import ANSWERS
from stancewire.stance.card import ModelCard

TOPIC = "The dam should be built."
SAID = {"favor": "is for ++++++++", "against": "is against --------", "none": "saw the dam"}
HOLDERS = ("Ms Noori", "The council", "Omar Rahimi")
WINDOW = 128

Row = dict[str, Any]


def rows(count: int, stances: Iterable[str] = ("favor", "against", "none")) -> list[Row]:
    """Return so many different questions, the stances in turn."""
    wanted = list(stances)
    made = []
    for number in range(count):
        stance, holder = wanted[number % len(wanted)], HOLDERS[number // len(wanted) % len(HOLDERS)]
        text = f"{holder} {SAID.get(stance, 'is unsure')} on day {number}."
        made.append(
            {
                **{"text": text, "holder": holder, "start": 0, "end": len(holder)},
                **{"topic": TOPIC, "stance": stance},
            }
        )
    return made


def write(path: Path, made: Iterable[Mapping[str, Any]]) -> Path:
    """Write rows as JSON lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in made), encoding="utf-8")
    return path


def save_start(folder: Path, *, seed: int = 0) -> Path:
    """Save a tiny stance classifier with its card, as `stancewire train` leaves one."""
    tiny_bert.save_bert(folder, list(ANSWERS), seed=seed, positions=WINDOW)
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    ModelCard(id="tiny", window=WINDOW, files={"model.safetensors": digest}).save(folder)
    return folder
