"""Whom an author's own words are booked to: the byline, or the outlet; and what sort of holder that is."""

from __future__ import annotations

import re

from stancewire.entities.lexicon import (
    GROUP_NOUNS,
    ORGANISATION_NOUNS,
    PLURAL_BODIES,
    PLURAL_GROUPS,
    STATE_NOUNS,
)
from stancewire.types import Article, HolderKind

AUTHOR = "author"  # the holder's name where neither byline nor outlet is known
STATEMENT = "statement"
_BODIES = GROUP_NOUNS | ORGANISATION_NOUNS | PLURAL_BODIES | PLURAL_GROUPS | STATE_NOUNS
_SEPARATORS = re.compile(r";|\sand\s")
_EZAFE = re.compile(
    r"[\w’']+-(?:e|i|ye)", re.IGNORECASE
)  # "Hezb-e Islami": a party, a paper; persons have none
_PARTICLES = frozenset(
    {"al", "bin", "bint", "da", "de", "del", "der", "di", "du", "ibn", "la", "ul", "van", "von"}
)
_WORDS_OF_A_NAME = range(2, 6)


def author_name(article: Article) -> str:
    """Return whom an author's own stance is booked to: the byline, else the outlet."""
    return article.author or article.outlet or AUTHOR


def author_kind(article: Article) -> HolderKind:
    """Return what sort of holder an author is.

    A statement speaks for who issued it: a person where its byline names only persons, else an organisation.
    """
    if article.genre != STATEMENT:
        return HolderKind.AUTHOR
    names = [name for name in _SEPARATORS.split(article.author or "") if name.strip()]
    is_by_persons = bool(names) and all(map(_is_persons, names)) and article.author != article.outlet
    return HolderKind.PERSON if is_by_persons else HolderKind.ORGANISATION


def _is_persons(byline: str) -> bool:
    """Say whether a byline is a person's name: some capitalised words, and none that bodies are called by.

    What follows a comma is what the person is: "Laila Noori, Ministry of Water". One word is taken for a body's name.
    """
    words = byline.partition(",")[0].split()
    if len(words) not in _WORDS_OF_A_NAME or any(map(_EZAFE.fullmatch, words)):
        return False
    small = {word.casefold().strip(".’'") for word in words}
    is_named = all(word[0].isupper() or word.casefold() in _PARTICLES for word in words)
    return is_named and not small & _BODIES
