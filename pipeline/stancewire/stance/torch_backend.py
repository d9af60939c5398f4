"""Weighs pairs with a model folder's weights in torch: CUDA where there is one, bf16 where that is faster."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from stancewire.buckets import WIDE, Batch
from stancewire.errors import ModelError
from stancewire.stance.batching import Scored, score_pairs
from stancewire.stance.calibration import Scores
from stancewire.stance.card import load_card
from stancewire.stance.pairs import PairFormat
from stancewire.tokens import load_tokenizer
from stancewire.types import Weights

try:
    import torch
    from safetensors import SafetensorError

    from stancewire.stance.unpack import ONNX, is_onnx_alone, load_weights
except ImportError as error:
    raise ModelError(
        "the torch backend needs torch and transformers; pip install 'stancewire[train]'"
    ) from error

MODEL = "model.safetensors"
BF16_CAPABILITIES = ("amx_bf16", "avx512_bf16", "bf16")  # of a CPU: Intel, AMD; ARM
Precision = Literal["auto", "bf16", "fp32"]
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class TorchClassifier:
    """Weighs pairs with torch; `precision` is "auto", "bf16" or "fp32"."""

    def __init__(
        self, folder: Path, *, batch_size: int = 32, threads: int = 0, precision: Precision = "auto"
    ) -> None:
        self._card = load_card(folder)
        if threads:
            torch.set_num_threads(threads)
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        try:
            model = load_weights(folder, dtype=_dtype(precision))
        except (OSError, ValueError, SafetensorError) as error:
            raise ModelError(f"{folder}: torch can't load its weights: {error}") from error
        self._model = model.to(self._device).eval()
        self._inputs = _INPUTS if getattr(model.config, "type_vocab_size", 0) else _INPUTS[:2]
        self._tokenizer = load_tokenizer(folder, window=self._card.window)
        self._batch_size = batch_size
        self._file = ONNX if is_onnx_alone(folder) else MODEL

    @property
    def name(self) -> str:
        """Return the model's id with the hash of its weights; unpacked ones are those of the ONNX file."""
        return self._card.name_of(self._file)

    @property
    def pair_format(self) -> PairFormat:
        """Return how questions are worded for this model."""
        return self._card.pair

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> list[Weights]:
        """Return one calibrated answer a pair, in order."""
        return self._card.weights(pairs, self._scored(pairs))

    def scores(self, pairs: Sequence[tuple[str, str]]) -> Scores:
        """Return the raw scores of `pairs`, shape (n, 4)."""
        return self._scored(pairs).scores

    def _scored(self, pairs: Sequence[tuple[str, str]]) -> Scored:
        return score_pairs(
            pairs,
            tokenizer=self._tokenizer,
            batch_size=self._batch_size,
            score=self._score,
            tokens=WIDE,
            pad_id=self._model.config.pad_token_id,
            keep=self._card.pair.holder_marks[0] or None,
        )

    def _score(self, batch: Batch) -> Scores:
        given = {name: torch.from_numpy(getattr(batch, name)).to(self._device) for name in self._inputs}
        with torch.inference_mode():
            logits = self._model(**given).logits
        return np.asarray(logits.float().cpu().numpy(), dtype=np.float32)


def has_bf16() -> bool:
    """Return whether this machine has bfloat16 in hardware; without it, it is slower than float32."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(name) for name in BF16_CAPABILITIES)


def _dtype(precision: Precision) -> torch.dtype:
    return torch.bfloat16 if precision == "bf16" or (precision == "auto" and has_bf16()) else torch.float32
