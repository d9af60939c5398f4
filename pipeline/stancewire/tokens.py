"""Loads a model folder's tokenizer, set to cut long texts into windows instead of truncating them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from tokenizers import Tokenizer

from stancewire.errors import ModelError


def load_tokenizer(
    folder: Path, *, window: int, overlap: int, cut: Literal["only_first", "longest_first"]
) -> Tokenizer:
    """Return the tokenizer of `folder`; longer inputs overflow into windows of `window` tokens with `overlap`.

    `cut` is which text of a pair overflows.
    """
    path = folder / "tokenizer.json"
    if not path.is_file():
        raise ModelError(f"{folder}: no tokenizer.json; a model folder has one")
    try:
        tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
    except Exception as error:  # tokenizers raises no narrower class
        raise ModelError(f"{path}: not a tokenizer file: {error}") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(window, stride=overlap, strategy=cut)
    return tokenizer
