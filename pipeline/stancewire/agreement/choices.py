"""What can be decided of coders' disagreements, and the columns of the list in which it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stancewire.agreement.fields import Field
from stancewire.evaluation.gold import STANCES
from stancewire.types import Voice

COLUMN, CHOICES = "decision", "choices"
FOLLOWS = "none: which records there are settles it"
YES_NO = ("yes", "no")
KNOWN: Mapping[Field, tuple[str, ...]] = {
    Field.FOUND: YES_NO,
    Field.STANCE: tuple(stance.value for stance in STANCES),
    Field.ATTRIBUTION: tuple(voice.value for voice in Voice),
    Field.HEDGED: YES_NO,
    Field.CONDITIONAL: YES_NO,
    Field.CHANGED: YES_NO,
    Field.EVIDENCE: (),
}
"""What can be decided of each field, besides a coder's name; of evidence only that: it is that coder's then."""


def choices_of(field: Field, coders: Sequence[str]) -> tuple[str, ...]:
    """Return what can be decided of a field; nothing where the decision on other rows settles it."""
    return (*KNOWN[field], *coders) if field in KNOWN else ()
