"""What comparing coders tells: figures for each field and set of coders, and what they disagree on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stancewire.agreement.bootstrap import Bootstrap, Figure
from stancewire.agreement.fields import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldAgreement:
    """How far coders agree on one field.

    `agreement` is the share of equal values; of "record found" and evidence, where nobody can count what nobody
    found, it is how much of what one coder has the others have too. `alpha` is Krippendorff's, of evidence for
    unitizing; `kappa` is Cohen's for two coders, Fleiss' for more. `prevalence` gives each coder's shares of values:
    of evidence, of marked characters.
    """

    field: Field
    asked: str
    units: int
    articles: int
    agreement: Figure
    alpha: Figure
    kappa: Figure
    prevalence: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A set of coders on the articles that they share: two by two, or people together where there are three."""

    coders: tuple[str, ...]
    articles: int
    fields: tuple[FieldAgreement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The best evidence that a coder gave, for whoever decides."""

    coder: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One unit on whose `field` coders differ, with the value of each (None: not asked, or not coded)."""

    article_id: str
    topic: str
    holder: str | None
    field: Field
    values: Mapping[str, str | None]
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coder:
    """Who was compared, with how much."""

    name: str
    source: str
    is_model: bool
    articles: int
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Everything that a comparison of coders tells."""

    coders: tuple[Coder, ...]
    comparisons: tuple[Comparison, ...]
    disagreements: tuple[Disagreement, ...]
    notes: tuple[str, ...]
    metric: str
    bootstrap: Bootstrap
