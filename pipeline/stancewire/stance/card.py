"""The machine-readable card of a model folder, `stancewire.json`: how to ask the model and how to read it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from stancewire.errors import ModelError
from stancewire.stance.batching import Scored
from stancewire.stance.calibration import Calibration
from stancewire.stance.pairs import PairFormat
from stancewire.types import Weights

CARD = "stancewire.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What a backend must know besides the weights.

    `window` is the longest pair in tokens that the model reads at once; longer texts are read in windows. `pad_id` is
    the token that fills short pairs. `calibration` is for questions about claims, `name_calibration` for those whose
    topic is a name in the passage (None: the same one). `files` maps each file of weights to its sha256; the first 12
    digits of one name the model in records.
    """

    id: str
    window: int
    pad_id: int = 0
    pair: PairFormat = field(default_factory=PairFormat)
    calibration: Calibration = field(default_factory=Calibration)
    name_calibration: Calibration | None = None
    files: dict[str, str] = field(default_factory=dict)

    def name_of(self, file: str) -> str:
        """Return the id that records carry, "stancewire-small#0123456789ab"; of a file in parts, the parts' hash."""
        parts = self._parts(file)
        if not parts:
            raise ModelError(
                f"{self.id}: the card lists no {file!r}; has {', '.join(self.files) or 'no files'}"
            )
        if len(parts) == 1:
            return f"{self.id}#{self.files[parts[0]][:12]}"
        joined = "".join(self.files[name] for name in parts)
        return f"{self.id}#{hashlib.sha256(joined.encode()).hexdigest()[:12]}"

    def weights(self, pairs: Sequence[tuple[str, str]], scored: Scored) -> list[Weights]:
        """Return the calibrated answers to `pairs` from their scores, in order."""
        claims = self.calibration.weights(scored.scores, scored.windows)
        if self.name_calibration is None:
            return claims
        names = self.name_calibration.weights(scored.scores, scored.windows)
        return [
            name if self.pair.names_topic(pair) else claim
            for pair, claim, name in zip(pairs, claims, names, strict=True)
        ]

    def save(self, folder: Path) -> None:
        """Write the card into a model folder."""
        (folder / CARD).write_text(
            json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )

    def _parts(self, file: str) -> list[str]:
        stem, dot, ending = file.partition(".")
        shard = re.compile(rf"{re.escape(stem)}-\d.*{re.escape(dot + ending)}|{re.escape(file)}(\.\d+)?")
        return sorted(name for name in self.files if shard.fullmatch(name))


def load_card(folder: Path) -> ModelCard:
    """Read the card of a model folder; raises ModelError saying what is wrong with it."""
    path = folder / CARD
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        named = values.get("name_calibration")
        return ModelCard(
            id=values["id"],
            window=int(values["window"]),
            pad_id=int(values.get("pad_id", 0)),
            pair=PairFormat.from_dict(values["pair"]),
            calibration=Calibration.from_dict(values["calibration"]),
            name_calibration=Calibration.from_dict(named) if named else None,
            files=dict(values["files"]),
        )
    except FileNotFoundError as error:
        raise ModelError(f"{folder}: no {CARD}; a stancewire model folder has one") from error
    except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{path}: not a model card: {error!r}") from error
