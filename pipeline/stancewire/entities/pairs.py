"""Finds out which two "the two countries" or "both ministers" are."""

from __future__ import annotations

from collections.abc import Iterable

from stancewire.entities.discourse import Discourse, Seen, acts_beside, key_of
from stancewire.entities.lexicon import DEMONSTRATIVES, PLURAL_PERSONS, PLURAL_STATES
from stancewire.entities.phrases import Form, Phrase
from stancewire.types import Actor, HolderKind

_REACH = 3  # sentences looked back, as for other descriptions
_OTHERS = frozenset({"other", "remaining", "more", "last", "same"})
_SIDES = frozenset({"parties", "governments"})
_BODIES = frozenset({HolderKind.STATE, HolderKind.ORGANISATION})


def find_pair(discourse: Discourse, phrase: Phrase) -> tuple[Actor, Actor] | None:
    """Return the two actors, in the order of the text; None where the words mean no pair, or more than two fit.

    Where more than two fit, two that act together ("Iran and Pakistan praised Turkey") are meant.
    """
    kinds = _kinds(phrase)
    if not kinds:
        return None
    for reach in range(_REACH + 1):
        near = [seen for seen in discourse.back(phrase, reach) if seen.actor.kind in kinds]
        for fitting in (near, [seen for seen in near if _acts_with_another(seen, near)]):
            actors = _distinct(fitting)
            if len(actors) == 2:
                return actors[1], actors[0]
        if near and len(_distinct(near)) > 2:
            return None
    return None


def _kinds(phrase: Phrase) -> frozenset[HolderKind]:
    """Return what kinds of actors the two can be: none where the words don't say "both" or "the two"."""
    is_definite = phrase.determiner in DEMONSTRATIVES | {"the"} and "two" in phrase.words
    if phrase.form is not Form.NOUN or not (is_definite or phrase.determiner == "both"):
        return frozenset()
    if phrase.is_open or phrase.demonyms or phrase.words & _OTHERS:  # "the two Arab states", "the other two"
        return frozenset()
    if phrase.head in PLURAL_STATES:
        return frozenset({HolderKind.STATE})
    if phrase.head in _SIDES:
        return _BODIES
    return frozenset({HolderKind.PERSON}) if phrase.head in PLURAL_PERSONS else frozenset()


def _acts_with_another(seen: Seen, near: Iterable[Seen]) -> bool:
    return seen.is_subject and any(other.is_subject and acts_beside(seen, other) for other in near)


def _distinct(found: Iterable[Seen]) -> list[Actor]:
    """Return each actor once, the last seen first."""
    return list({key_of(seen.actor): seen.actor for seen in found}.values())
