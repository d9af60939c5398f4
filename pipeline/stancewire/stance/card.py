"""The machine-readable card of a model folder, `stancewire.json`: how to ask the model and how to read it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from stancewire.errors import ModelError
from stancewire.stance.calibration import Calibration
from stancewire.stance.pairs import PairFormat

CARD = "stancewire.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What a backend must know besides the weights.

    `window` is the longest pair in tokens that the model reads at once; longer texts are read in windows.
    `files` maps each file of weights to its sha256; the first 12 digits of one name the model in records.
    """

    id: str
    window: int
    pair: PairFormat = field(default_factory=PairFormat)
    calibration: Calibration = field(default_factory=Calibration)
    files: dict[str, str] = field(default_factory=dict)

    def name_of(self, file: str) -> str:
        """Return the id that records carry, "stancewire-small#0123456789ab"; of a file in parts, the parts' hash."""
        if file in self.files:
            return f"{self.id}#{self.files[file][:12]}"
        stem, dot, ending = file.partition(".")
        shards = sorted(
            name for name in self.files if name.startswith(f"{stem}-") and name.endswith(dot + ending)
        )
        if not shards:
            raise ModelError(
                f"{self.id}: the card lists no {file!r}; has {', '.join(self.files) or 'no files'}"
            )
        joined = "".join(self.files[name] for name in shards)
        return f"{self.id}#{hashlib.sha256(joined.encode()).hexdigest()[:12]}"

    def save(self, folder: Path) -> None:
        """Write the card into a model folder."""
        (folder / CARD).write_text(
            json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )


def load_card(folder: Path) -> ModelCard:
    """Read the card of a model folder; raises ModelError saying what is wrong with it."""
    path = folder / CARD
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return ModelCard(
            id=values["id"],
            window=int(values["window"]),
            pair=PairFormat.from_dict(values["pair"]),
            calibration=Calibration.from_dict(values["calibration"]),
            files=dict(values["files"]),
        )
    except FileNotFoundError as error:
        raise ModelError(f"{folder}: no {CARD}; a stancewire model folder has one") from error
    except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{path}: not a model card: {error!r}") from error
