"""What a converter returns: the rows of one part, and how many were left out for which reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from stancewire.public_sets.clone import Clone

Row = dict[str, Any]  # as `stancewire train` reads it; corpora/cards has the keys of each set


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """The rows of one part of a set."""

    rows: list[Row]
    left_out: Counter[str] = field(default_factory=Counter)


Converter = Callable[[Clone, str], Converted]
"""Takes a clone and the name of a part ("train", "dev"); raises InputError naming file and line."""
