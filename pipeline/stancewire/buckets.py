"""Batches of token sequences that are all padded to one length, which depends on nothing but the sequence itself.

Each sequence is padded to the next multiple of BUCKET tokens and only shares a batch with those of the same padded
length. So what it is computed with never depends on its neighbours, and the answer is the same for every batch size;
padding waste stays under BUCKET tokens a sequence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding

BUCKET = 8  # 4 % of the computed tokens are padding at 8, 8 % at 16, on passages of news (tests/bench)
# Tokens in a batch at most. CACHED: what stands between two layers stays in the cache of a core. In batches of 3,072
# the models took 1.3 to 1.4 times as long a token as in those of 384; 192 and 768 are about as fast as that
# (tests/bench/roofline.py). WIDE is for torch, which may run on a GPU; more took more memory and was no faster.
CACHED = 512
WIDE = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Pieces of equal padded length: int64 arrays of shape (pieces, tokens), and the pieces' numbers."""

    input_ids: NDArray[np.int64]
    attention_mask: NDArray[np.int64]
    token_type_ids: NDArray[np.int64]
    pieces: tuple[int, ...]


def batches(encodings: Sequence[Encoding], *, batch_size: int, pad_id: int, tokens: int) -> Iterator[Batch]:
    """Yield the encodings in batches of at most `batch_size`, or `tokens`, the longest first; each occurs once.

    One that is longer than `tokens` is a batch of its own.
    """
    buckets: dict[int, list[int]] = {}
    for number, encoding in enumerate(encodings):
        buckets.setdefault(-(-len(encoding.ids) // BUCKET) * BUCKET, []).append(number)
    for length in sorted(buckets, reverse=True):
        numbers = buckets[length]
        size = min(batch_size, max(1, tokens // length))
        for start in range(0, len(numbers), size):
            chosen = numbers[start : start + size]
            yield _batch([encodings[number] for number in chosen], tuple(chosen), length, pad_id)


def _batch(encodings: Sequence[Encoding], numbers: tuple[int, ...], length: int, pad_id: int) -> Batch:
    shape = (len(encodings), length)
    ids, mask, types = np.full(shape, pad_id, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for row, encoding in enumerate(encodings):
        size = len(encoding.ids)
        ids[row, :size], mask[row, :size], types[row, :size] = encoding.ids, 1, encoding.type_ids
    return Batch(input_ids=ids, attention_mask=mask, token_type_ids=types, pieces=numbers)
