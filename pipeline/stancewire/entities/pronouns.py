"""Finds out whom "he", "she", "it" and "they" mean, where the text makes it clear."""

from __future__ import annotations

from stancewire.entities.discourse import HE, IT, NOBODY, SHE, Discourse, Seen, acts_beside, choose, key_of
from stancewire.entities.lexicon import EVENT_WORDS, STATE_BODY_WORDS
from stancewire.entities.phrases import Form, Phrase
from stancewire.types import Actor, HolderKind, Role

# Sentences looked back, by hand on a dozen real articles: farther away, more are wrong than right.
_HE_REACH = 2
_SPEAKER_REACH = 4  # "he added" may come after a quotation of some sentences
_THEY_REACH = 1
_BODIES = frozenset({HolderKind.ORGANISATION, HolderKind.STATE})


def resolve_pronoun(discourse: Discourse, phrase: Phrase) -> Actor | None:
    """Return the actor, or None where it isn't clear."""
    if phrase.head in HE | SHE:
        return _find_ahead(discourse, phrase) or _find_person(discourse, phrase)
    if phrase.head in IT:
        return _find_body(discourse, phrase)
    return _find_group(discourse, phrase)


def _find_ahead(discourse: Discourse, phrase: Phrase) -> Actor | None:
    """Find the subject that "for his part, ..." leads up to."""
    if not phrase.is_possessor or discourse.in_sentence(phrase, 0):
        return None
    return discourse.subjects.get((phrase.sentence, phrase.clause))


def _find_person(discourse: Discourse, phrase: Phrase) -> Actor | None:
    is_female = phrase.head in SHE
    goes_on = phrase.is_speaker and not phrase.is_quoted
    for distance in range((_SPEAKER_REACH if goes_on else _HE_REACH) + 1):
        near = [
            seen
            for seen in discourse.in_sentence(phrase, distance)
            if seen.actor.kind is HolderKind.PERSON
            and (phrase.is_quoted or not seen.phrase.is_quoted)
            and discourse.female.get(key_of(seen.actor), is_female) is is_female
        ]
        if near:
            return choose(near, distance=distance)
    return None


def _find_body(discourse: Discourse, phrase: Phrase) -> Actor | None:
    """Find who "it" is: only as a speaker or an owner, and only a subject; mostly "it" is no one."""
    if not (phrase.is_speaker or phrase.is_possessor):
        return None
    for distance in range(1 if phrase.is_possessor else 2):
        near = discourse.in_sentence(phrase, distance)
        bodies = [seen for seen in near if seen.is_subject and seen.actor.kind in _BODIES]
        if bodies:
            return choose(bodies, distance=distance)
    return None


def _find_group(discourse: Discourse, phrase: Phrase) -> Actor | None:
    for distance in range(_THEY_REACH + 1):
        near = discourse.in_sentence(phrase, distance)
        groups = [seen for seen in near if _may_be_they(discourse, seen)]
        has_subject = any(seen.is_subject for seen in groups)
        if _is_joint(near) or (not has_subject and any(seen.actor is NOBODY for seen in near)):
            return None
        if groups:
            return _widen(discourse, phrase, choose(groups, distance=distance))
    return None


def _is_joint(near: list[Seen]) -> bool:
    """Say whether several act together ("Tehran and New Delhi"): "they" are then all of them."""
    actors = [seen for seen in near if seen.is_subject and seen.actor is not NOBODY]
    named = [seen for seen in actors if seen.phrase.form is not Form.PRONOUN]
    return any(acts_beside(one, other) for one in named for other in named)


def _may_be_they(discourse: Discourse, seen: Seen) -> bool:
    if seen.actor is NOBODY:
        return False
    if seen.actor.kind is not HolderKind.ORGANISATION:
        return seen.actor.kind is HolderKind.GROUP
    if not seen.is_subject and key_of(seen.actor) not in discourse.called_they:
        return False
    return not set(seen.actor.name.lower().split()) & (STATE_BODY_WORDS | EVENT_WORDS)


def _widen(discourse: Discourse, phrase: Phrase, actor: Actor | None) -> Actor | None:
    """Take "a segment of them" after "some ..., others ..." from the whole they are part of."""
    if actor is None or phrase.role not in {Role.MODIFIER, Role.AFFILIATION} or phrase.is_possessor:
        return actor
    return discourse.domains.get(key_of(actor), actor)
