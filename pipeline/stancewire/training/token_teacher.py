"""Lets a larger tagger label the windows of training texts too, so that a small one learns its doubts."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModelForTokenClassification, AutoTokenizer

from stancewire.attribution.card import load_card
from stancewire.attribution.tagging import LABELS
from stancewire.errors import ModelError
from stancewire.stance.torch_backend import has_bf16
from stancewire.tokens import OVERLAP

log = logging.getLogger(__name__)
BATCH = 16  # windows
LOGGED = 1000  # windows between two lines of the log

Chances = NDArray[np.float16]
Offsets = Sequence[tuple[int, int]]


class TokenTeacher:
    """A finished tagger in `folder`; its answers are kept in `answers`, so that no text is read twice."""

    def __init__(self, folder: Path, *, answers: Path) -> None:
        """Open it; raises ModelError where there is no tagger."""
        self.name = load_card(folder).id
        self._answers = answers
        self._tokenizer = AutoTokenizer.from_pretrained(folder)
        self._model = AutoModelForTokenClassification.from_pretrained(
            folder, dtype=torch.bfloat16 if has_bf16() else torch.float32
        ).eval()

    def chances(self, texts: Sequence[str], *, window: int, offsets: Sequence[Offsets]) -> list[Chances]:
        """Return the probabilities of LABELS for the tokens of each window, shape (tokens, labels).

        `texts` are cut into windows of `window` tokens as the pupil cuts them, whose tokens have `offsets`, window by
        window. Raises ModelError where the teacher reads other tokens than its pupil.
        """
        encoded = self._tokenizer(
            list(texts),
            truncation=True,
            max_length=window,
            stride=OVERLAP,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
        )
        if encoded["offset_mapping"] != [list(places) for places in offsets]:
            raise ModelError(
                f"{self.name}: reads other tokens than the encoder that it teaches; both need one vocabulary"
            )
        sizes = [len(ids) for ids in encoded["input_ids"]]
        book = self._answers / f"{self._key(encoded['input_ids'])}.npy"
        if book.is_file():
            log.info("%s knows these %d windows", self.name, len(sizes))
            rows = np.load(book)
        else:
            rows = np.concatenate(self._read(encoded))
            _keep(rows, book)
        return np.split(rows, np.cumsum(sizes)[:-1])

    def _key(self, windows: Sequence[Sequence[int]]) -> str:
        told = hashlib.sha256(self.name.encode())
        for ids in windows:
            told.update(np.asarray([*ids, -1], dtype=np.int32).tobytes())
        for weight in self._model.classifier.parameters():
            told.update(weight.detach().float().numpy().tobytes())
        return told.hexdigest()[:16]

    def _read(self, encoded: Any) -> list[Chances]:
        """Return the answers in the order of the windows; long ones are read with long ones."""
        order = sorted(range(len(encoded["input_ids"])), key=lambda i: len(encoded["input_ids"][i]))
        found: dict[int, Chances] = {}
        for number, batch in enumerate(_batches(order)):
            padded = self._tokenizer.pad(
                {"input_ids": [encoded["input_ids"][i] for i in batch]}, return_tensors="pt"
            )
            with torch.inference_mode():
                scores = self._model(**padded).logits.float().softmax(-1).numpy().astype(np.float16)
            found |= {i: row[: len(encoded["input_ids"][i])] for i, row in zip(batch, scores, strict=True)}
            if number % (LOGGED // BATCH) == 0:
                log.info("%s: %d of %d windows", self.name, len(found), len(order))
        return [found[i] for i in range(len(order))]


def _batches(order: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(order), BATCH):
        yield order[start : start + BATCH]


def _keep(rows: Chances, book: Path) -> None:
    book.parent.mkdir(parents=True, exist_ok=True)
    partial = book.with_suffix(".part.npy")
    np.save(partial, rows)
    partial.replace(book)


def mixed(own: NDArray[np.float32], theirs: Chances, share: float) -> NDArray[np.float32]:
    """Return targets that are `share` parts the teacher's and otherwise their own; tokens without a label keep none."""
    scored = own.sum(axis=-1, keepdims=True) > 0
    assert own.shape == theirs.shape == (*own.shape[:-1], len(LABELS))
    return np.where(scored, share * theirs.astype(np.float32) + (1 - share) * own, own)
