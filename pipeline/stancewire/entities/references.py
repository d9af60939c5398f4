"""Gives every phrase of an article its actor and makes the mentions; what stays unclear is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stancewire.entities.descriptions import resolve_description
from stancewire.entities.discourse import NOBODY, Discourse
from stancewire.entities.pairs import find_pair
from stancewire.entities.phrases import Form, Phrase
from stancewire.entities.pronouns import resolve_pronoun
from stancewire.types import Actor, Mention, Span


def find_mentions(phrases: Sequence[Phrase], names: Mapping[Span, Actor], text: str) -> list[Mention]:
    """Return the mentions in text order, larger before inner ones; `names` has the actors of the names.

    Words for two ("both countries") are two mentions in the same place.
    """
    discourse = Discourse(text=text)
    discourse.remember_subjects(phrases, names)
    mentions = []
    for phrase in sorted(phrases, key=_reading_order):
        if phrase.form is Form.THING:
            discourse.remember(phrase, NOBODY)
            continue
        pair = find_pair(discourse, phrase)
        if pair:
            discourse.remember(phrase, NOBODY)
            mentions += [_mention(phrase, actor, is_reference=True) for actor in pair]
            continue
        found = _resolve(discourse, phrase, names)
        if found:
            actor, is_reference = found
            discourse.remember(phrase, actor)
            mentions.append(_mention(phrase, actor, is_reference=is_reference))
    return sorted(mentions, key=lambda mention: (mention.span.start, -mention.span.end))


def _reading_order(phrase: Phrase) -> tuple[int, int]:
    """Sort inner phrases before those around them, so that "members of this council" can use the council."""
    return phrase.span.end, -phrase.span.start


def _resolve(discourse: Discourse, phrase: Phrase, names: Mapping[Span, Actor]) -> tuple[Actor, bool] | None:
    if phrase.form is Form.NAME:
        return names[phrase.span], False
    if phrase.form is Form.PRONOUN:
        actor = resolve_pronoun(discourse, phrase)
        return (actor, True) if actor else None
    return resolve_description(discourse, phrase)


def _mention(phrase: Phrase, actor: Actor, *, is_reference: bool) -> Mention:
    return Mention(
        span=phrase.span, text=phrase.text, actor=actor, role=phrase.role, is_reference=is_reference
    )
