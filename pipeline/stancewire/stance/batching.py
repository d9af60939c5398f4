"""Turns pairs of texts into length-bucketed batches and puts the answers back in order.

A pair that is longer than the model's window is read in overlapping windows of its first text; nothing is cut
off. The window that says most clearly that there is a stance (lowest score of "none") answers for the pair.
Only a second text that leaves no room for a window is cut, with a warning.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from stancewire.buckets import WIDE, Batch, batches
from stancewire.stance.calibration import ANSWERS, Scores
from stancewire.tokens import OVERLAP
from stancewire.types import Span

log = logging.getLogger(__name__)

NONE = ANSWERS.index("none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What is read at once: a pair as tokens, or one window of a pair that is too long."""

    owner: int
    encoding: Encoding
    is_window: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Scores of shape (n, 4), and for each pair the part of its first text they are of, or None for all of it."""

    scores: Scores
    windows: tuple[Span | None, ...]


def score_pairs(
    pairs: Sequence[tuple[str, str]],
    *,
    tokenizer: Tokenizer,
    batch_size: int,
    score: Callable[[Batch], Scores],
    tokens: int = WIDE,
    pad_id: int = 0,
    keep: str | None = None,
) -> Scored:
    """Score `pairs`, in order.

    `tokenizer` has truncation to the window (strategy "only_first", stride OVERLAP) switched on. `keep` is a
    marker token: of a pair's windows, only those that have it count, where there are any (the holder's mention).
    """
    pieces = _pieces(pairs, tokenizer, keep)
    rows = np.zeros((len(pieces), len(ANSWERS)), dtype=np.float32)
    encodings = [piece.encoding for piece in pieces]
    for batch in batches(encodings, batch_size=batch_size, pad_id=pad_id, tokens=tokens):
        rows[list(batch.pieces)] = score(batch)
    found: list[list[int]] = [[] for _ in pairs]
    for number, piece in enumerate(pieces):
        found[piece.owner].append(number)
    best = [min(numbers, key=lambda number: _silence(rows[number])) for numbers in found]
    windows = [_window(pieces[number].encoding) if pieces[number].is_window else None for number in best]
    return Scored(scores=rows[best], windows=tuple(windows))


def _silence(row: NDArray[np.float32]) -> float:
    """Return how much the model is for "none" and against the likeliest stance."""
    return float(row[NONE] - row[:NONE].max())


def _window(encoding: Encoding) -> Span:
    """Return the part of the first text that a piece covers."""
    own = [
        place
        for place, sequence in zip(encoding.offsets, encoding.sequence_ids, strict=True)
        if sequence == 0
    ]
    return Span(start=min(start for start, _ in own), end=max(end for _, end in own))


def _pieces(pairs: Sequence[tuple[str, str]], tokenizer: Tokenizer, keep: str | None) -> list[Piece]:
    pieces: list[Piece] = []
    for owner, encoding in enumerate(tokenizer.encode_batch(_with_room(pairs, tokenizer))):
        windows = [encoding, *encoding.overflowing]
        if keep and len(windows) > 1:
            windows = [window for window in windows if keep in window.tokens] or windows
        pieces += [
            Piece(owner=owner, encoding=window, is_window=bool(encoding.overflowing)) for window in windows
        ]
    return pieces


def _with_room(pairs: Sequence[tuple[str, str]], tokenizer: Tokenizer) -> list[tuple[str, str]]:
    """Cut second texts that would leave the first no room for a window, and log how many were cut.

    The tokenizer can't split such a pair: it panics. No claim is so long, but a row to classify may be.
    """
    limits = tokenizer.truncation or {}
    window = limits["max_length"] - tokenizer.num_special_tokens_to_add(True)
    room = window - OVERLAP - 1
    fitting = [(first, _cut(first, second, window, room, tokenizer)) for first, second in pairs]
    cut = sum(len(one[1]) < len(two[1]) for one, two in zip(fitting, pairs, strict=True))
    if cut:
        log.warning("%d of %d statements cut to %d tokens, as many as fit the model", cut, len(pairs), room)
    return fitting


def _cut(first: str, second: str, window: int, room: int, tokenizer: Tokenizer) -> str:
    if len(second.encode()) <= room:  # no tokenizer makes more tokens than bytes
        return second
    offsets = tokenizer.encode(second, add_special_tokens=False).offsets
    taken = len(tokenizer.encode(first, add_special_tokens=False))
    if len(offsets) <= room or len(offsets) + taken <= window:
        return second
    return second[: offsets[room - 1][1]]
