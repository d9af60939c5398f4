"""Gives every name in an article its actor: one canonical name each, and never two people under one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stancewire.entities.actors import ActorRegistry, KnownActor, name_key
from stancewire.entities.lexicon import (
    EVENT_WORDS,
    FEMALE_TITLES,
    HOLDER_NOUNS,
    LASTING_TITLES,
    MALE_TITLES,
    TITLES,
)
from stancewire.entities.phrases import Phrase
from stancewire.types import Actor, HolderKind, Span

_POSSESSIVE = re.compile(r"['’]s?$")
_ACCOUNT = re.compile(r"\s+@\w+")  # "Noori @noori_office said"
_BRACKET = re.compile(r"\s*[(\[]\s*(?:the |or )?[\"“]?([A-Z][A-Za-z.\-]{1,9})[\"”]?\s*[)\]]")
_SMALL_WORDS = frozenset({"of", "for", "the", "and", "in", "on", "to", "de", "la", "a", "an"})
_SHORT_TITLE = re.compile(r"^(?:ex|then)-", re.IGNORECASE)


@dataclass(slots=True, kw_only=True)
class _Name:
    """One name phrase on its way to an actor."""

    phrase: Phrase
    bare: str  # without "the", possessive and titles
    title: str | None  # the last title before the name, in lower case
    kind: HolderKind
    known: KnownActor | None = None

    @property
    def words(self) -> list[str]:
        return name_key(self.bare).split()

    @property
    def is_full(self) -> bool:
        return self.kind is HolderKind.PERSON and len(self.words) > 1


def name_actors(names: Sequence[Phrase], text: str, registry: ActorRegistry) -> dict[Span, Actor]:
    """Return the actor of each name phrase of one article; `names` are in text order.

    A bare surname goes to the last full name with that surname before it (else to the only one after it);
    a registry person is reached by a bare surname only through a fuller name in the same article. Full names
    that differ in a word are different people, even when one seems to shorten the other.
    """
    read = [_read_name(phrase, registry) for phrase in names if phrase.kind]
    _settle_kinds(read)
    persons = [name for name in read if name.kind is HolderKind.PERSON]
    others = [name for name in read if name.kind is not HolderKind.PERSON]
    return _name_persons(persons, registry) | _name_others(others, text, registry)


def learn_words(names: Iterable[Phrase], text: str) -> dict[str, HolderKind]:
    """Return single words that the article itself introduces as names: surnames and bracketed acronyms."""
    learned: dict[str, HolderKind] = {}
    for phrase in names:
        if phrase.kind is HolderKind.PERSON:
            words = strip_name(phrase.text)[0].split()
            if len(words) > 1 and len(words[-1]) > 3 and words[-1].istitle() and _is_surname(words[-1]):
                learned[words[-1]] = HolderKind.PERSON
        elif phrase.kind is HolderKind.ORGANISATION and len(phrase.text.split()) > 1:
            acronym = _acronym_after(phrase, text)
            if acronym:
                learned[acronym] = HolderKind.ORGANISATION
    return learned


def _is_surname(word: str) -> bool:
    return word.lower() not in HOLDER_NOUNS | EVENT_WORDS | TITLES


def strip_name(text: str) -> tuple[str, str | None]:
    """Return the name without article, titles and possessive, and its last title in lower case."""
    words = _POSSESSIVE.sub("", _ACCOUNT.sub("", " ".join(text.split()))).strip(' ,;:"“”').split()
    while words and words[0].lower() in {"the", "a", "an"}:
        words = words[1:]
    title = None
    while len(words) > 1 and _SHORT_TITLE.sub("", words[0].lower()) in TITLES:
        title, words = words[0], words[1:]
    if title and len(words) == 1 and title.lower() in LASTING_TITLES:
        return f"{title} {words[0]}", title.lower()
    return " ".join(words), title.lower() if title else None


def _read_name(phrase: Phrase, registry: ActorRegistry) -> _Name:
    kind = phrase.kind or HolderKind.ORGANISATION
    words = _ACCOUNT.sub("", " ".join(phrase.text.split()))
    whole = _POSSESSIVE.sub("", re.sub(r"^(?:the|an?)\s+", "", words, flags=re.IGNORECASE))
    bare, title = strip_name(phrase.text) if kind is HolderKind.PERSON else (whole, None)
    known = registry.get(phrase.known_id) if phrase.known_id else registry.find(whole) or registry.find(bare)
    if known is not None and known.kind is HolderKind.PERSON and kind is not HolderKind.PERSON:
        bare, title = strip_name(phrase.text)
    if title is None and kind is HolderKind.PERSON:
        title = next((word for word in phrase.words if word in FEMALE_TITLES | MALE_TITLES), None)
    return _Name(phrase=phrase, bare=bare, title=title, kind=known.kind if known else kind, known=known)


def _settle_kinds(names: list[_Name]) -> None:
    """Give one wording one kind: the registry's, else what most of its places say."""
    votes: dict[str, Counter[HolderKind]] = {}
    for name in names:
        votes.setdefault(name_key(name.bare), Counter())[name.kind] += 1000 if name.known else 1
    surnames = {name.words[-1] for name in names if name.is_full}
    for name in names:
        if name.known:
            continue
        name.kind = votes[name_key(name.bare)].most_common(1)[0][0]
        if len(name.words) == 1 and name.words[0] in surnames and not name.bare.isupper():
            name.kind = HolderKind.PERSON
        if name.kind is HolderKind.PERSON:
            name.bare, title = strip_name(name.bare)
            name.title = name.title or title


def _name_persons(names: list[_Name], registry: ActorRegistry) -> dict[Span, Actor]:
    full = [name for name in names if (name.is_full and not _is_titled_surname(name)) or name.known]
    actors: dict[Span, Actor] = {}
    for name in names:
        if name.known and (len(name.words) > 1 or _may_be_known_by(name, full, registry)):
            actors[name.phrase.span] = _known_actor(name.known)
        elif name.is_full and not _is_titled_surname(name):
            actors[name.phrase.span] = _unknown_person(_longest_form(name, full))
        else:
            match = _match_short(name, full)
            actors[name.phrase.span] = _actor_of(match, full) if match else _unknown_person(name)
    return actors


def _is_titled_surname(name: _Name) -> bool:
    """Say whether the name is one word with a lasting title, "Mullah Omar"."""
    return len(name.words) == 2 and name.words[0] in LASTING_TITLES


def _may_be_known_by(name: _Name, full: list[_Name], registry: ActorRegistry) -> bool:
    """Say whether a one-word alias is safe: nobody else of that surname, in the registry or the article."""
    bearers = registry.find_by_surname(name.words[-1])
    if any(bearer is not name.known for bearer in bearers):
        return any(other.known is name.known and len(other.words) > 1 for other in full)
    return all(other.known is name.known for other in full if name.words[-1] in other.words)


def _match_short(name: _Name, full: list[_Name]) -> _Name | None:
    """Return the full name that a short one ("Massoud", "Mullah Omar") stands for, where that is clear."""
    word = name.words[-1]
    bearers = [other for other in full if other.words[-1] == word and len(other.words) > 1]
    bearers = bearers or _given_name_bearers(word, full)
    bearers = [other for other in bearers if not _titles_differ(name, other)]
    if not bearers:
        return None
    titled = [other for other in bearers if name.title and other.title == name.title]
    before = [other for other in bearers if other.phrase.span.start < name.phrase.span.start]
    if titled and len({_person_key(other) for other in titled}) == 1:
        return titled[-1]
    if before:
        return before[-1]
    return bearers[0] if len({_person_key(other) for other in bearers}) == 1 else None


def _given_name_bearers(word: str, full: list[_Name]) -> list[_Name]:
    """Return the bearers of a first name if they are all one person ("Saddam" for "Saddam Hussein")."""
    found = [other for other in full if other.words[0] == word and len(other.words) > 1]
    return found if len({_person_key(other) for other in found}) == 1 else []


def _titles_differ(one: _Name, other: _Name) -> bool:
    first, second = one.title or "", other.title or ""
    return (first in FEMALE_TITLES and second in MALE_TITLES) or (
        first in MALE_TITLES and second in FEMALE_TITLES
    )


def _longest_form(name: _Name, full: list[_Name]) -> _Name:
    """Return the longest form of the same full name: "Rashid Dostum" is the end of "Abdul Rashid Dostum"."""
    words = _without_initials(name.words)
    longer = [
        other for other in full if _ends_with(_without_initials(other.words), words) and not other.known
    ]
    keys = {" ".join(_without_initials(other.words)) for other in longer} - {" ".join(words)}
    if len(keys) > 1:
        longer = [other for other in longer if _without_initials(other.words) == words]
    return max(longer, key=lambda other: (len(other.words), len(other.bare)), default=name)


def _ends_with(words: list[str], ending: list[str]) -> bool:
    return len(words) >= len(ending) and words[-len(ending) :] == ending


def _without_initials(words: list[str]) -> list[str]:
    return (
        [words[0], *(word for word in words[1:-1] if len(word) > 1), *words[-1:]] if len(words) > 2 else words
    )


def _person_key(name: _Name) -> str:
    return name.known.id if name.known else " ".join(_without_initials(name.words))


def _actor_of(name: _Name, full: list[_Name]) -> Actor:
    return _known_actor(name.known) if name.known else _unknown_person(_longest_form(name, full))


def _unknown_person(name: _Name) -> Actor:
    return Actor(name=name.bare, kind=HolderKind.PERSON)


def _known_actor(known: KnownActor) -> Actor:
    return Actor(name=known.name, kind=known.kind, id=known.id)


def _name_others(names: list[_Name], text: str, registry: ActorRegistry) -> dict[Span, Actor]:
    acronyms = _find_acronyms(names, text)
    by_key = {name_key(name.bare): name for name in names}
    actors: dict[Span, Actor] = {}
    for name in names:
        whole = acronyms.get(name.bare.replace(".", ""), name) if name.known is None else name
        whole = _longest_body(whole, by_key)
        known = whole.known or registry.find(whole.bare)
        actors[name.phrase.span] = _known_actor(known) if known else Actor(name=whole.bare, kind=whole.kind)
    return actors


def _find_acronyms(names: list[_Name], text: str) -> Mapping[str, _Name]:
    """Return the names behind acronyms: in brackets after the name, or its initials if it alone has them."""
    acronyms: dict[str, _Name] = {}
    by_initials: dict[str, list[_Name]] = {}
    for name in names:
        if name.kind is HolderKind.ORGANISATION and len(name.words) > 1:
            bracketed = _acronym_after(name.phrase, text)
            if bracketed:
                acronyms.setdefault(bracketed.replace(".", ""), name)
            for initials in _initials(name.bare):
                by_initials.setdefault(initials, []).append(name)
    for initials, bearers in by_initials.items():
        if len({name_key(bearer.bare) for bearer in bearers}) == 1 and len(initials) > 2:
            acronyms.setdefault(initials, bearers[0])
    return acronyms


def _acronym_after(phrase: Phrase, text: str) -> str | None:
    match = _BRACKET.match(text, phrase.span.end)
    if not match or sum(letter.isupper() for letter in match.group(1)) < 2:
        return None
    return match.group(1)


def _initials(name: str) -> set[str]:
    words = re.split(r"[\s\-]+", name)
    large = "".join(word[0] for word in words if word and word.lower() not in _SMALL_WORDS)
    every = "".join(word[0] for word in words if word)
    return {large.upper(), every.upper()}


def _longest_body(name: _Name, by_key: Mapping[str, _Name]) -> _Name:
    """Return the longer name that a short form ("the High Council") begins, if there is just one."""
    if name.kind is not HolderKind.ORGANISATION or len(name.words) < 2:
        return name
    start = " ".join(name.words) + " "
    longer = [other for key, other in by_key.items() if key.startswith(start) and other.kind is name.kind]
    if name.known and any(other.known is not name.known for other in longer):
        return name
    return longer[0] if len(longer) == 1 else name
