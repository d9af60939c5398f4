"""News articles in, stance records out: who takes which stance on what, by which words.

The names below are loaded on use, so that `import stancewire` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stancewire.topics import load_codebook
    from stancewire.types import Article, StanceRecord

__version__ = "0.1.0"

_EXPORTS = {
    "Article": "stancewire.types:Article",
    "StanceRecord": "stancewire.types:StanceRecord",
    "load_codebook": "stancewire.topics:load_codebook",
}

__all__ = ["Article", "StanceRecord", "__version__", "load_codebook"]


def __getattr__(name: str) -> object:
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, attribute = _EXPORTS[name].partition(":")
    return getattr(import_module(module), attribute)  # not by registry: it would cost its imports


def __dir__() -> list[str]:
    return sorted(__all__)
