"""Counts and what follows from them: shares, precision and recall, confusion matrices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def rate(self) -> float | None:
        """Return the share as a number from 0 to 1, or None of nothing."""
        return self.hits / self.of if self.of else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """True positives, false positives and false negatives; figures that would divide by zero are None."""

    right: int
    spurious: int
    missing: int

    @property
    def precision(self) -> float | None:
        """Return the share of what was given that is right."""
        return Share(hits=self.right, of=self.right + self.spurious).rate

    @property
    def recall(self) -> float | None:
        """Return the share of what was wanted that was given."""
        return Share(hits=self.right, of=self.right + self.missing).rate

    @property
    def f1(self) -> float | None:
        """Return the harmonic mean of precision and recall; 0 where nothing is right."""
        return Share(hits=2 * self.right, of=2 * self.right + self.spurious + self.missing).rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """How often each gold label (rows) was answered with each label (columns)."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, gold: Sequence[str], answers: Sequence[str], *, labels: Sequence[str]) -> Confusion:
        """Count pairs of gold label and answer; both must be among `labels`."""
        pairs = Counter(zip(gold, answers, strict=True))
        if strange := {label for pair in pairs for label in pair} - set(labels):
            raise ValueError(f"labels {sorted(strange)} are not among {list(labels)}")
        counts = tuple(tuple(pairs[wanted, given] for given in labels) for wanted in labels)
        return cls(labels=tuple(labels), counts=counts)

    @property
    def total(self) -> int:
        """Return how many pairs were counted."""
        return sum(map(sum, self.counts))

    @property
    def accuracy(self) -> float | None:
        """Return the share answered with the gold label; over single labels this equals micro-F1."""
        return Share(hits=sum(row[index] for index, row in enumerate(self.counts)), of=self.total).rate

    @property
    def support(self) -> Mapping[str, int]:
        """Return how often each label occurs in gold."""
        return {label: sum(row) for label, row in zip(self.labels, self.counts, strict=True)}

    @property
    def f1(self) -> Mapping[str, float | None]:
        """Return each label's F1; None for a label that occurs neither in gold nor among the answers."""
        return {label: self.hits(label).f1 for label in self.labels}

    @property
    def macro_f1(self) -> float | None:
        """Return the mean F1 of the labels that occur in gold."""
        scores = [self.f1[label] or 0.0 for label, count in self.support.items() if count]
        return sum(scores) / len(scores) if scores else None

    def hits(self, label: str) -> Hits:
        """Return the hits of one label against the rest."""
        index = self.labels.index(label)
        right = self.counts[index][index]
        given = sum(row[index] for row in self.counts)
        return Hits(right=right, spurious=given - right, missing=sum(self.counts[index]) - right)
