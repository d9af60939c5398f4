"""Names holders that have no name: "remaining members of the High Council", "residents"."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from stancewire.entities.lexicon import ARTICLES, DEMONSTRATIVES
from stancewire.entities.phrases import Form, Phrase
from stancewire.types import Actor, HolderKind, Span

_SPACE = re.compile(r"\s+")
_ARTICLE = re.compile(r"^the\s+", re.IGNORECASE)
_PREPOSITION = re.compile(r"\b(in|of|for|at|from|to|on|with|against)\b")
_AFTER_PREPOSITION = re.compile(r"\b(?:of|for|from|with|to|against|within|among|between|in|and|or|by)\s+$")
_LEADING = re.compile(rf"^(?:{'|'.join(sorted(ARTICLES | DEMONSTRATIVES))})\s+", re.IGNORECASE)
_QUOTES = re.compile(r"[“”\"]")


def name_collective(
    phrase: Phrase, text: str, inner: Mapping[Span, tuple[Phrase, Actor]], *, with_article: Collection[str]
) -> str:
    """Return the canonical name of a collective or role phrase, in its own words.

    References inside are replaced by whom they mean ("this council" by the council's name); an owner moves
    behind ("their opponents", "the Taliban's opponents": "opponents of the Taliban"). `with_article` holds
    the names that the text writes with "the". Nothing is added that the text doesn't say.
    """
    owner, pieces = None, []
    position = phrase.span.start
    for span, (part, actor) in _outermost(phrase, inner):
        before = text[position : span.start]
        rest = text[span.end : phrase.span.end]
        moves = part.form is Form.PRONOUN or not _PREPOSITION.search(
            rest
        )  # "the veterans' league in London" stays
        if part.is_possessor and moves and owner is None and not before.strip(' \t“"'):
            owner = _in_running_text(part, actor, with_article, text)
            before = ""
        elif part.form is Form.NAME and not _AFTER_PREPOSITION.search(before):
            before += _ARTICLE.sub("", part.span.of(text))  # "a local Taliban official" keeps its words
        else:
            before += _in_running_text(part, actor, with_article, text)
        pieces.append(before)
        position = span.end
    pieces.append(text[position : phrase.span.end])
    name = _tidy("".join(pieces), drop_possessive=owner is not None)
    if phrase.is_capital_by_place and name.split()[:1] == phrase.text.split()[:1] and not name[:2].isupper():
        name = name[0].lower() + name[1:]
    return f"{name} of {owner}" if owner else name


def _outermost(
    phrase: Phrase, inner: Mapping[Span, tuple[Phrase, Actor]]
) -> list[tuple[Span, tuple[Phrase, Actor]]]:
    """Return the parts inside the phrase in text order, without parts of parts."""
    inside = sorted(
        (span for span in inner if phrase.span.covers(span) and span != phrase.span),
        key=lambda span: (span.start, -span.end),
    )
    kept: list[Span] = []
    for span in inside:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return [(span, inner[span]) for span in kept]


def _in_running_text(part: Phrase, actor: Actor, with_article: Collection[str], text: str) -> str:
    if part.form is Form.NOUN and actor.id is None and actor.kind in {HolderKind.GROUP, HolderKind.PERSON}:
        words = part.span.of(text).split()
        if words and words[0].lower() in ARTICLES and actor.name in part.span.of(text):
            return f"{words[0].lower()} {actor.name}"
        return f"the {actor.name}" if actor.name in with_article else actor.name
    if actor.kind in {HolderKind.PERSON, HolderKind.STATE}:
        needs_article = actor.name in with_article or actor.name.startswith("United ")
    else:
        needs_article = part.determiner == "the" or actor.name in with_article
    return f"the {actor.name}" if needs_article else actor.name


def _tidy(words: str, *, drop_possessive: bool) -> str:
    if drop_possessive:
        words = re.sub(r"^\s*['’]s?\s*", "", words)
    words = _SPACE.sub(" ", _QUOTES.sub("", words)).strip(" ,;:")
    return _LEADING.sub("", words)
