"""What a sensitivity test tells: for each topic and perturbation how many records change, and which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from stancewire.agreement.bootstrap import Figure
from stancewire.sensitivity.perturbations import Change, Expected, Perturbation
from stancewire.types import HolderKind, Stance, Weights

ALL = "all topics"


class Sturdiness(StrEnum):
    """What a sensitivity test says of a topic."""

    FRAGILE = "fragile"  # for some perturbation the whole interval lies above a threshold
    STURDY = "sturdy"  # for each perturbation the whole interval lies below both
    UNSURE = "can't tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a test says of one topic, and the figures that say so."""

    topic: str
    sturdiness: Sturdiness
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One side of an example: the words that were judged, and what came of them."""

    text: str
    holder: str | None
    topic: str
    weights: Weights
    record: Stance  # NONE: no record


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A record under one variant of one perturbation, with the question that did most for what became of it."""

    article_id: str
    topic: str
    holder: str
    kind: HolderKind
    perturbation: Perturbation
    variant: int
    change: Change
    questions: int  # that the record is made of; the one shown below did most for the change
    moved: float  # how far its answer moved: total variation distance, 0 to 1
    before: Answer
    after: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How one topic fared under one perturbation.

    `records` are those compared, each once for each variant (`variants` is the most of one record); a record counts
    where it is there before or after. `changed` is the share that did not do what was expected, `flipped` the share
    that turned into its opposite. Of the `answers` to single questions that have a stance before or after,
    `answers_changed` are those whose likeliest stance isn't as expected. `left_out` counts the questions that the
    perturbation doesn't fit, by reason.
    """

    topic: str
    perturbation: Perturbation
    expected: Expected
    questions: int
    variants: int
    records: int
    articles: int
    counts: Mapping[Change, int]
    changed: Figure
    flipped: Figure
    answers: int
    answers_changed: int
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindTally:
    """How holders of one kind fared under one perturbation, all topics together."""

    kind: str
    perturbation: Perturbation
    records: int
    articles: int
    changed: Figure
    flipped: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingTally:
    """How a topic's records fared under one paraphrase of its claim."""

    topic: str
    wording: str
    records: int
    articles: int
    changed: Figure
    flipped: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """All that a sensitivity test tells."""

    model: str
    codebook: str
    inputs: tuple[str, ...]
    articles: int
    articles_asked: int
    questions: int
    judged: int
    seed: int
    samples: int
    swaps: int
    verdicts: tuple[Verdict, ...]
    tallies: tuple[Tally, ...]
    wordings: tuple[WordingTally, ...]
    kinds: tuple[KindTally, ...]
    cases: tuple[Case, ...]
    notes: tuple[str, ...]
