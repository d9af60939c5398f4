"""What the rules work on: words that may stand for an actor, freed from the parser's objects."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stancewire.types import HolderKind, Role, Span


class Form(StrEnum):
    """How the words stand for someone."""

    NAME = "name"
    NOUN = "noun"
    PRONOUN = "pronoun"
    THING = "thing"  # a plural subject that can't hold a stance, but that "they" can mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A noun phrase, name or pronoun; `words` are the lower-case nouns and adjectives that describe it.

    `known_id` is set where the registry's own wording was found. `is_capital_by_place` says that the first
    word is written large only because a sentence begins with it.
    """

    span: Span
    text: str
    form: Form
    head: str
    role: Role
    sentence: int
    kind: HolderKind | None = None
    known_id: str | None = None
    words: frozenset[str] = frozenset()
    demonyms: frozenset[str] = frozenset()
    determiner: str | None = None
    is_plural: bool = False
    is_capital_by_place: bool = False
    is_possessor: bool = False  # "their", "Dostum's": what it belongs to follows
    has_complement: bool = False  # goes on with "of ...", "for ..." or has a possessor
    is_open: bool = False  # goes on with "of ...", "for ..."
    is_speaker: bool = False  # subject of a verb of saying
    is_quoted: bool = False  # between quotation marks
    clause: int | None = None  # where the verb stands that the phrase belongs to
    domain: Span | None = None  # "within this sphere, some ...": where a bare "some" is taken from
