"""Finds who says what with a trained tagger: an ONNX file that labels tokens, and the nearest cue for each content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Encoding

from stancewire.attribution.card import load_card
from stancewire.attribution.linking import link
from stancewire.attribution.quotations import fill_quotations, mend_ends
from stancewire.attribution.tagging import LABELS, Scores, likeliest, spans_of
from stancewire.attribution.turns import attribute_turns, read_turns
from stancewire.buckets import CACHED, batches
from stancewire.errors import ConfigError, ModelError
from stancewire.onnx_session import open_session, run_session
from stancewire.resources import resource
from stancewire.tokens import OVERLAP, load_tokenizer
from stancewire.types import Attribution

MODEL = "model.onnx"
SHIPPED = "attribution"  # the folder in models/


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """A part of a text: its tokens, the number of its first one in the text, and the tokens' scores."""

    encoding: Encoding
    first: int
    scores: Scores

    def tokens(self) -> list[int]:
        """Return where its tokens are, [CLS] and [SEP] left out."""
        return [i for i, is_special in enumerate(self.encoding.special_tokens_mask) if not is_special]


class TaggerAttributor:
    """Attributes with the model in `folder`, the shipped one if None; `threads` 0 means all cores."""

    def __init__(self, folder: Path | None = None, *, batch_size: int = 32, threads: int = 0) -> None:
        folder = folder or _shipped()
        card = load_card(folder)
        self.name = card.name_of(MODEL)
        self._session = open_session(folder / MODEL, threads=threads)
        self._inputs = [argument.name for argument in self._session.get_inputs()]
        self._tokenizer = load_tokenizer(folder, window=card.window)
        self._batch_size, self._pad_id = batch_size, card.pad_id

    def attribute(self, texts: Sequence[str]) -> list[tuple[Attribution, ...]]:
        """Return the attributions of each text, in text order; those of an interview are its turns."""
        turns = [read_turns(text) for text in texts]
        read = iter(self._read([text for text, found in zip(texts, turns, strict=True) if not found]))
        return [
            tuple(attribute_turns(found)) if found else _attributed(text, next(read))
            for text, found in zip(texts, turns, strict=True)
        ]

    def scores(self, texts: Sequence[str]) -> list[Scores]:
        """Return the log-probabilities of each text's tokens, shape (tokens, LABELS)."""
        return [_joined(windows)[1] for windows in self._read(texts)]

    def _read(self, texts: Sequence[str]) -> list[list[_Window]]:
        """Return each text's windows, overlapping and in order."""
        whole = self._tokenizer.encode_batch(list(texts))
        parts = [[encoding, *encoding.overflowing] for encoding in whole]
        encodings = [encoding for windows in parts for encoding in windows]
        scores: dict[int, Scores] = {}
        for batch in batches(encodings, batch_size=self._batch_size, pad_id=self._pad_id, tokens=CACHED):
            found = run_session(self._session, {name: getattr(batch, name) for name in self._inputs})
            scores |= {number: found[row] for row, number in enumerate(batch.pieces)}
        number = 0
        read: list[list[_Window]] = []
        for windows in parts:
            read.append([])
            first = 0
            for encoding in windows:
                window = _Window(encoding=encoding, first=first, scores=scores[number][: len(encoding.ids)])
                read[-1].append(window)
                first += len(window.tokens()) - OVERLAP
                number += 1
        return read


def _shipped() -> Path:
    try:
        return resource("models", SHIPPED)
    except ConfigError as error:
        raise ModelError(
            f"models/{SHIPPED} is missing from this installation; reinstall it, or use 'rules' or a tagger's folder"
        ) from error


def _attributed(text: str, windows: Sequence[_Window]) -> tuple[Attribution, ...]:
    offsets, scores = _joined(windows)
    spans = fill_quotations(text, mend_ends(text, spans_of(likeliest(scores), offsets)))
    return link(text, sources=spans["source"], cues=spans["cue"], contents=spans["content"])


def _joined(windows: Sequence[_Window]) -> tuple[list[tuple[int, int]], Scores]:
    """Return the offsets and log-probabilities of a text's tokens, each from the window where it stands deepest."""
    best: dict[int, tuple[int, tuple[int, int], Scores]] = {}
    for window in windows:
        tokens = window.tokens()
        for count, i in enumerate(tokens):
            number, depth = window.first + count, min(count, len(tokens) - 1 - count)
            if number not in best or depth > best[number][0]:
                best[number] = depth, window.encoding.offsets[i], window.scores[i]
    chosen = [best[number] for number in sorted(best)]
    rows = np.array([scores for _, _, scores in chosen], dtype=np.float32).reshape(-1, len(LABELS))
    rows -= rows.max(axis=1, keepdims=True)
    return [offsets for _, offsets, _ in chosen], rows - np.log(np.exp(rows).sum(axis=1, keepdims=True))
