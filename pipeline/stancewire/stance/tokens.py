"""Loads a classifier's tokenizer: of a pair, the text is cut into windows, never the claim."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer

from stancewire import tokens
from stancewire.stance.batching import OVERLAP


def load_tokenizer(folder: Path, *, window: int) -> Tokenizer:
    """Return the tokenizer of `folder`; first texts overflow into windows of `window` tokens a pair."""
    return tokens.load_tokenizer(folder, window=window, overlap=OVERLAP, cut="only_first")
