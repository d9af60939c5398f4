"""Finds out whom a description means ("this council", "the minister"), or keeps it as an actor of its own."""

from __future__ import annotations

from stancewire.entities.collectives import name_collective
from stancewire.entities.discourse import Discourse, Seen, are_akin, choose, key_of
from stancewire.entities.lexicon import (
    BARE_HOLDERS,
    DEMONSTRATIVES,
    EVENT_WORDS,
    GENERIC_ORGANISATION,
    GENERIC_PERSONS,
    GENERIC_SEGMENT,
    GROUP_NOUNS,
    NUMBERS,
    ORGANISATION_NOUNS,
    PEOPLE_NOUNS,
    PERSON_NOUNS,
    PLURAL_STATES,
    RANKS,
    STATE_BODY_WORDS,
    STATE_NOUNS,
)
from stancewire.entities.phrases import Form, Phrase
from stancewire.types import Actor, HolderKind, Role

# Sentences looked back: a word of the name is a strong tie, a word for its kind a weak one.
_FAR = 30
_NEAR = 3
_BODIES = frozenset({HolderKind.ORGANISATION, HolderKind.GROUP})
_IMPERSONAL = PEOPLE_NOUNS | GROUP_NOUNS | ORGANISATION_NOUNS | STATE_NOUNS


def resolve_description(discourse: Discourse, phrase: Phrase) -> tuple[Actor, bool] | None:
    """Return the actor and whether the words point back to one; None where they single nobody out."""
    if phrase.has_complement:
        return _resolve_owned(discourse, phrase)
    if phrase.determiner in DEMONSTRATIVES | {"the"}:
        actor = _find_described(discourse, phrase)
        if actor:
            return actor, True
        if phrase.determiner in DEMONSTRATIVES and not phrase.is_plural:
            return None
    own = _own_actor(discourse, phrase)
    if phrase.head in BARE_HOLDERS:
        _note_domain(discourse, phrase, own)
    return (own, False) if _says_somebody(phrase) else None


def _own_actor(discourse: Discourse, phrase: Phrase) -> Actor:
    inner = {seen.phrase.span: (seen.phrase, seen.actor) for seen in discourse.inside(phrase.span)}
    name = name_collective(phrase, discourse.text, inner, with_article=discourse.with_article)
    return Actor(name=name, kind=phrase.kind or HolderKind.GROUP)


def _resolve_owned(discourse: Discourse, phrase: Phrase) -> tuple[Actor, bool] | None:
    """Take "the spokesman for the group" as its own, or as the person already introduced so."""
    if phrase.head in STATE_NOUNS or _counts_states(phrase):
        return None
    actor = None
    if phrase.kind is HolderKind.PERSON and phrase.determiner == "the":
        actor = _find_person_by_words(discourse, phrase, with_all_words=False)
        if actor and not _was_introduced_with(discourse, actor, phrase):
            actor = None
    if phrase.kind is HolderKind.PERSON and phrase.demonyms and not phrase.is_open:
        actor = actor or _find_person_nearby(discourse, phrase)
    return (actor, True) if actor else (_own_actor(discourse, phrase), False)


def _was_introduced_with(discourse: Discourse, actor: Actor, phrase: Phrase) -> bool:
    """Say whether the person's introduction named what the description belongs to."""
    known = discourse.words.get(key_of(actor), set())
    parts = [seen.actor.name.lower() for seen in discourse.inside(phrase.span)]
    return any(are_akin(part.split(), known) for part in parts)


def _find_described(discourse: Discourse, phrase: Phrase) -> Actor | None:
    if phrase.kind is HolderKind.PERSON:
        person = _find_person_by_words(discourse, phrase, with_all_words=True)
        return person or _find_person_nearby(discourse, phrase)
    if phrase.kind is HolderKind.STATE and phrase.head in STATE_NOUNS:
        return _find_state(discourse, phrase)
    is_bare = phrase.determiner in DEMONSTRATIVES or not phrase.words
    return _find_by_head(discourse, phrase) if is_bare else None


def _find_person_by_words(discourse: Discourse, phrase: Phrase, *, with_all_words: bool) -> Actor | None:
    """Find the last person introduced as such: same noun, no other nationality."""
    wanted = phrase.words - RANKS - phrase.demonyms
    for seen in discourse.back(phrase, _FAR):
        if seen.actor.kind is not HolderKind.PERSON or seen.phrase.form is not Form.NAME:
            continue
        words = discourse.words.get(key_of(seen.actor), set())
        demonyms = discourse.demonyms.get(key_of(seen.actor), set())
        if phrase.head not in words or (with_all_words and not wanted <= words):
            continue
        if not demonyms or not phrase.demonyms or are_akin(phrase.demonyms, demonyms):
            return seen.actor
    return None


def _find_person_nearby(discourse: Discourse, phrase: Phrase) -> Actor | None:
    """Find "the Iranian diplomat", "the official": the only person, of that nation, just spoken of."""
    if phrase.head not in GENERIC_PERSONS or phrase.is_plural or "former" in phrase.words:
        return None
    if not phrase.demonyms and not phrase.words <= RANKS:
        return None
    reach = _NEAR if phrase.demonyms else 1
    near = {
        key_of(seen.actor): seen.actor
        for seen in discourse.back(phrase, reach)
        if seen.actor.kind is HolderKind.PERSON
        and (not phrase.demonyms or are_akin(phrase.demonyms, discourse.demonyms.get(key_of(seen.actor), ())))
    }
    return next(iter(near.values())) if len(near) == 1 else None


def _find_state(discourse: Discourse, phrase: Phrase) -> Actor | None:
    """Find whom "this country" means, and "the country" where it acts."""
    if phrase.is_plural or phrase.words or (phrase.role is not Role.SUBJECT and phrase.determiner != "this"):
        return None
    for distance in range(2):
        near = discourse.in_sentence(phrase, distance)
        states = [seen for seen in near if seen.actor.kind is HolderKind.STATE]
        if states:
            return choose(states, distance=distance)
    return None


def _find_by_head(discourse: Discourse, phrase: Phrase) -> Actor | None:
    """Find "this council" by a name with that word, "this sphere" by that noun, "the group" by kind."""
    if phrase.head in GENERIC_SEGMENT:
        part = discourse.last(phrase, _NEAR, _is_part)
        if part:
            return part
    named = discourse.last(phrase, _FAR, lambda seen: _has_word(seen, phrase))
    if named or phrase.head not in GENERIC_ORGANISATION or phrase.is_plural:
        return named
    return discourse.last(phrase, _NEAR, _is_movement)


def _is_part(seen: Seen) -> bool:
    is_noun = seen.phrase.form is Form.NOUN and seen.phrase.has_complement
    return is_noun and seen.actor.kind is HolderKind.GROUP


def _has_word(seen: Seen, phrase: Phrase) -> bool:
    if seen.actor.kind is HolderKind.PERSON or seen.phrase.form is Form.PRONOUN:
        return False
    if seen.phrase.form is Form.NAME:
        return phrase.head in seen.actor.name.lower().replace("-", " ").split()
    return seen.phrase.head == phrase.head and seen.phrase.is_plural == phrase.is_plural


def _is_movement(seen: Seen) -> bool:
    """Say whether it is a named body that can be called "the group"."""
    if seen.phrase.form is not Form.NAME or seen.actor.kind not in _BODIES:
        return False
    return not set(seen.actor.name.lower().split()) & (STATE_BODY_WORDS | EVENT_WORDS)


def _note_domain(discourse: Discourse, phrase: Phrase, own: Actor) -> None:
    """Remember what "some" and the "others" after it are taken from."""
    if phrase.domain:
        whole = discourse.inside(phrase.domain)
        if whole:
            discourse.domains[key_of(own)] = whole[-1].actor
    elif phrase.head == "others":
        known = discourse.domains
        before = [seen.actor for seen in discourse.back(phrase, 1) if key_of(seen.actor) in known]
        if before:
            known[key_of(own)] = known[key_of(before[0])]


def _counts_states(phrase: Phrase) -> bool:
    """Say whether the words count states and name none: "our two countries"."""
    is_bare = phrase.head in PLURAL_STATES and not phrase.is_open
    return is_bare and bool(phrase.words) and phrase.words <= NUMBERS


def _says_somebody(phrase: Phrase) -> bool:
    """Say whether the words single somebody out: "the group" alone, or "people" at large, don't."""
    if phrase.kind is HolderKind.PERSON and phrase.head in PERSON_NOUNS:
        return True
    if phrase.head in STATE_NOUNS and not phrase.is_plural:
        return False
    if _counts_states(phrase):
        return False
    has_words = bool(phrase.words) or phrase.determiner not in {None, "the", "a", "an", *DEMONSTRATIVES}
    return has_words or phrase.head not in _IMPERSONAL
