"""What an earlier run found and this one need not find again: readings by article, answers by question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from stancewire.types import Article, Reading, Weights


class Recall(Protocol):
    """Remembers readings and answers; keys of answers are hashes of all that an answer depends on."""

    def reading(self, article: Article) -> Reading | None:
        """Return the reading of this very text, or None."""
        ...

    def keep_reading(self, reading: Reading) -> None:
        """Remember a reading."""
        ...

    def answers(self, keys: Sequence[bytes]) -> dict[bytes, Weights]:
        """Return those answers that are known."""
        ...

    def keep_answers(self, answers: dict[bytes, Weights]) -> None:
        """Remember answers."""
        ...


class NoRecall:
    """Remembers nothing."""

    def reading(self, article: Article) -> Reading | None:
        """Return None."""
        return None

    def keep_reading(self, reading: Reading) -> None:
        """Do nothing."""

    def answers(self, keys: Sequence[bytes]) -> dict[bytes, Weights]:
        """Return nothing."""
        return {}

    def keep_answers(self, answers: dict[bytes, Weights]) -> None:
        """Do nothing."""
