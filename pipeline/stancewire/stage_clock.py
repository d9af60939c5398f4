"""Adds up the seconds that each stage of a run takes, for the manifest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class StageClock:
    """Seconds a stage, and counts of what went through."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.counts: Counter[str] = Counter()

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Add the seconds spent inside to `stage`."""
        start = perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] += perf_counter() - start

    def count(self, what: str, number: int) -> None:
        """Add `number` to a count."""
        self.counts[what] += number
