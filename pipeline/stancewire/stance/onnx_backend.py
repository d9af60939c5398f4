"""The default backend: a model folder's ONNX file on ONNX Runtime, no torch needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stancewire.buckets import CACHED, Batch
from stancewire.onnx_session import open_session, run_session
from stancewire.stance.batching import Scored, score_pairs
from stancewire.stance.calibration import Scores
from stancewire.stance.card import load_card
from stancewire.stance.pairs import PairFormat
from stancewire.tokens import load_tokenizer
from stancewire.types import Weights

MODEL = "model.onnx"


class OnnxClassifier:
    """Weighs pairs with an ONNX cross-encoder; `threads` 0 means all cores."""

    def __init__(self, folder: Path, *, batch_size: int = 32, threads: int = 0, file: str = MODEL) -> None:
        self._card = load_card(folder)
        self._session = open_session(folder / file, threads=threads)
        self._inputs = {argument.name for argument in self._session.get_inputs()}
        self._tokenizer = load_tokenizer(folder, window=self._card.window)
        self._batch_size = batch_size
        self._file = file

    @property
    def name(self) -> str:
        """Return the model's id with the hash of its weights."""
        return self._card.name_of(self._file)

    @property
    def pair_format(self) -> PairFormat:
        """Return how questions are worded for this model."""
        return self._card.pair

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> list[Weights]:
        """Return one calibrated answer a pair, in order."""
        return self._card.weights(pairs, self._scored(pairs))

    def scores(self, pairs: Sequence[tuple[str, str]]) -> Scores:
        """Return the raw scores of `pairs`, shape (n, 4), as calibration and parity tests need them."""
        return self._scored(pairs).scores

    def _scored(self, pairs: Sequence[tuple[str, str]]) -> Scored:
        return score_pairs(
            pairs,
            tokenizer=self._tokenizer,
            batch_size=self._batch_size,
            score=self._score,
            tokens=CACHED,
            pad_id=self._card.pad_id,
            keep=self._card.pair.holder_marks[0] or None,
        )

    def _score(self, batch: Batch) -> Scores:
        return run_session(self._session, {name: getattr(batch, name) for name in self._inputs})
