"""The values of discourse networks: actors, ties and periods, and the method that they are made by.

Source of the method: Leifeld, "Discourse Network Analysis: Policy Debates as Dynamic Networks", in The Oxford
Handbook of Political Networks (2017); the formulas are those of his Discourse Network Analyzer (DNA 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stancewire.counting import Unit
from stancewire.errors import ConfigError
from stancewire.types import HolderKind


class Period(StrEnum):
    """How long one network's stretch of time is."""

    WHOLE = "whole"
    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"


class Weight(StrEnum):
    """What a tie counts.

    TOPICS: the topics that two actors share, once each (DNA: duplicates ignored across the range of time).
    STATEMENTS: over shared topics, one actor's statements times the other's (DNA: all duplicates kept).
    """

    TOPICS = "topics"
    STATEMENTS = "statements"


class Normalisation(StrEnum):
    """What a tie's weight is divided by, so that actors who say much don't agree with everybody.

    AVERAGE: the mean of the two actors' counts. JACCARD: what they share on a side plus what only one of them has.
    COSINE: the product of the two vectors' lengths. (DNA 3 divides by the product of their sums where it says cosine.)
    """

    NONE = "none"
    AVERAGE = "average"
    JACCARD = "jaccard"
    COSINE = "cosine"


class Contradiction(StrEnum):
    """What counts of an actor who is both for and against a topic in one period.

    SEPARATE: both sides stand, as two statements. SUBTRACT: only the larger side, less the smaller; nothing where they
    are equal. DROP: neither.
    """

    SEPARATE = "separate"
    SUBTRACT = "subtract"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How networks are made of records; raises ConfigError for what can't be.

    `unit` is what a stance counts once for, within a period. Ties lighter than `min_weight`, after normalisation, are
    left out. `limit` keeps the actors with most statements of each period: ties grow with its square, and 150 is
    more than a picture can show. `seed` only moves the layout.
    """

    by: Period = Period.WHOLE
    unit: Unit = Unit.STORY
    weight: Weight = Weight.TOPICS
    normalisation: Normalisation = Normalisation.AVERAGE
    contradiction: Contradiction = Contradiction.SEPARATE
    min_weight: float = 0.0
    limit: int = 150
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.min_weight >= 0:
            raise ConfigError(f"min_weight: {self.min_weight!r}; must be a number from 0")
        if self.limit < 1:
            raise ConfigError(f"limit: {self.limit!r}; must be a whole number from 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A node: a holder, told apart by name and kind.

    `activity` counts statements in the method's unit, neutral ones included; `topics` the topics they are about.
    `coalition` numbers the camps from 0, the most active first; None stands alone. x and y lie between 0 and 1.
    """

    name: str
    kind: HolderKind
    id: str | None
    activity: int
    topics: int
    coalition: int | None
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Affiliation:
    """A tie between an actor and a topic, with its statements as counted, before contradictions are settled."""

    actor: int
    topic: str
    favor: int
    against: int
    neutral: int

    @property
    def weight(self) -> int:
        """Return favor less against: the sign is the side."""
        return self.favor - self.against


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A tie between two actors, as places in `PeriodNetworks.actors`, first < second; `topics` are the reason."""

    first: int
    second: int
    weight: float
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodNetworks:
    """The networks of one stretch of time.

    `period` names it ("2023", "2023-Q3", "2023-09", "whole", or "undated" for records without a date); `first` and
    `last` are its first and last day, for "whole" those of the records, None where nothing is dated.
    `congruence`: same stance on a shared topic. `conflict`: opposite stances. Neutral takes no side and makes no tie.
    `polarisation` is the signed modularity of the coalitions (`networks.coalitions`): 0 for one camp, .5 for two
    equal camps that agree only within and differ only across; None where there is no tie.
    `left_out` counts actors beyond the method's limit.
    """

    period: str
    first: date | None
    last: date | None
    actors: tuple[Actor, ...]
    affiliations: tuple[Affiliation, ...]
    congruence: tuple[Tie, ...]
    conflict: tuple[Tie, ...]
    coalitions: int
    polarisation: float | None
    left_out: int
