"""From a classifier's raw scores to probabilities that can be trusted: one temperature, one offset a class.

Temperature scaling (Guo et al. 2017) with class offsets ("bias-corrected temperature scaling", Alexandari et
al. 2020), fitted on dev data by `training.calibrate` and stored in the model's card.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stancewire.types import Span, Weights

Scores = NDArray[np.float32]  # shape (n, 4), columns in the order of ANSWERS

ANSWERS = ("favor", "against", "neutral", "none")  # the order of every score and target vector


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """p = softmax(scores / temperature + offsets)."""

    temperature: float = 1.0
    offsets: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)

    def apply(self, scores: Scores) -> NDArray[np.float64]:
        """Return probabilities of shape (n, 4); rows sum to 1."""
        shifted = scores.astype(np.float64) / self.temperature + np.asarray(self.offsets)
        grown = np.exp(shifted - shifted.max(axis=1, keepdims=True))
        probabilities: NDArray[np.float64] = grown / grown.sum(axis=1, keepdims=True)
        return probabilities

    def weights(self, scores: Scores, windows: Sequence[Span | None] | None = None) -> list[Weights]:
        """Return the calibrated answer to each row of scores, with the window that each was read from."""
        return [
            Weights(
                favor=float(row[0]),
                against=float(row[1]),
                neutral=float(row[2]),
                none=float(row[3]),
                window=window,
            )
            for row, window in zip(self.apply(scores), windows or [None] * len(scores), strict=True)
        ]

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> Calibration:
        """Read the numbers back from a model's card."""
        offsets = values.get("offsets", (0.0,) * len(ANSWERS))
        if not isinstance(offsets, list | tuple) or len(offsets) != len(ANSWERS):
            raise ValueError(f"offsets: {len(ANSWERS)} numbers are needed, got {offsets!r}")
        favor, against, neutral, none = (float(value) for value in offsets)
        temperature = values.get("temperature", 1.0)
        return cls(temperature=float(str(temperature)), offsets=(favor, against, neutral, none))
