"""What is changed in a question, and what should come of it.

The tests are those of behavioural testing (Ribeiro, Wu, Guestrin and Singh 2020, "Beyond Accuracy: Behavioral Testing
of NLP Models with CheckList", ACL): changes that must not move the answer, and changes that must move it one way.
"""

from __future__ import annotations

from enum import StrEnum

from stancewire.types import Stance


class Perturbation(StrEnum):
    """One way to change a question."""

    PARAPHRASE = "paraphrase"
    OPPOSITE = "opposite"
    INVENTED_NAME = "invented-name"
    KNOWN_NAME = "known-name"
    OTHER_NAMES = "other-names"
    MASKED_HOLDER = "masked-holder"
    MASKED_TOPIC = "masked-topic"


class Expected(StrEnum):
    """What should become of a record."""

    SAME = "same"
    REVERSED = "reversed"  # favor and against change places
    GONE = "gone"  # no stance is left to find


MEANINGS = {
    Perturbation.PARAPHRASE: "the claim in other words (`paraphrases` of the topic); the record should stay",
    Perturbation.OPPOSITE: "the topic's `opposite` is asked; favor and against should change places",
    Perturbation.INVENTED_NAME: "the holder has an invented name of the same kind; the record should stay",
    Perturbation.KNOWN_NAME: "the holder has the name of a known actor of the same kind; the record should stay",
    Perturbation.OTHER_NAMES: "all others who are named have invented names of their kind; the record should stay",
    Perturbation.MASKED_HOLDER: "the holder is called Person A, Organisation A ...; the record should stay",
    Perturbation.MASKED_TOPIC: "X stands for the topic's terms; a record that stays needs no topic (a shortcut)",
}
_EXPECTED = {Perturbation.OPPOSITE: Expected.REVERSED, Perturbation.MASKED_TOPIC: Expected.GONE}
_REVERSED = {Stance.FAVOR: Stance.AGAINST, Stance.AGAINST: Stance.FAVOR}


def expected_of(perturbation: Perturbation) -> Expected:
    """Return what should become of a record under a perturbation."""
    return _EXPECTED.get(perturbation, Expected.SAME)


class Change(StrEnum):
    """What became of a record, beside what should have."""

    AS_EXPECTED = "as expected"
    FLIPPED = "flipped"  # the polar stance that is opposite to the one expected
    BLURRED = "blurred"  # to or from neutral
    LOST = "lost"  # a record before, none after
    GAINED = "gained"  # none before, a record after
    STAYED = "stayed"  # a record that should have gone is there still


def change_of(before: Stance, after: Stance, expected: Expected) -> Change | None:
    """Say what became of a record (Stance.NONE: there is none); None where there is nothing to compare."""
    if before is Stance.NONE and (after is Stance.NONE or expected is Expected.GONE):
        return None
    if expected is Expected.GONE:
        return Change.AS_EXPECTED if after is Stance.NONE else Change.STAYED
    right = _REVERSED.get(before, before) if expected is Expected.REVERSED else before
    if after is right:
        return Change.AS_EXPECTED
    if before is Stance.NONE:
        return Change.GAINED
    if after is Stance.NONE:
        return Change.LOST
    return Change.BLURRED if Stance.NEUTRAL in (right, after) else Change.FLIPPED
