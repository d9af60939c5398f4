"""Loads a model folder's tokenizer, set to cut long texts into windows instead of truncating them."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer

from stancewire.errors import ModelError

OVERLAP = 64  # tokens shared by neighbouring windows: longer than most sentences


def load_tokenizer(folder: Path, *, window: int) -> Tokenizer:
    """Return the tokenizer of `folder`; a text, or the first of a pair, overflows into windows of `window` tokens."""
    path = folder / "tokenizer.json"
    if not path.is_file():
        raise ModelError(f"{folder}: no tokenizer.json; a model folder has one")
    try:
        tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
    except Exception as error:  # tokenizers raises no narrower class
        raise ModelError(f"{path}: not a tokenizer file: {error}") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(window, stride=OVERLAP, strategy="only_first")
    return tokenizer
