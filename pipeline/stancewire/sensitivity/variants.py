"""Makes the changed questions: for each question and perturbation its variants, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from stancewire.sensitivity.asked import Asked, Named
from stancewire.sensitivity.names import MASKS, Names, NewName, is_name, is_named_by
from stancewire.sensitivity.perturbations import Perturbation
from stancewire.sensitivity.rewrite import Replacement, rewrite
from stancewire.stance.pairs import StanceQuery
from stancewire.terms import compile_term
from stancewire.topics import compile_terms
from stancewire.types import Actor, Span, Topic

MASK = "X"  # reads as a noun ("rejected X"), a verb ("ready to X") and an adjective ("an X state") alike

NO_PARAPHRASE = "the topic has no paraphrases, which a codebook (--topics) may have"
NO_OPPOSITE = "the topic has no opposite in the codebook"
AUTHOR = "the holder is the author, whom the text doesn't name"
REFERENCE = "the holder is a pronoun or a description, not a name"
TOPICAL = "the topic itself is about this holder"
NO_NAME = "no name of the holder's kind to put there"
NOBODY_ELSE = "nobody else is named whom the topic isn't about"
NO_TERM = "no term of the topic stands in the text outside the holder's name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What variants are made from: wordings by topic, names, and how many names each holder tries."""

    paraphrases: Mapping[str, Sequence[str]]
    invented: Names
    known: Names
    swaps: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A changed question; `number` tells the variants of one perturbation apart, and joins those of one record."""

    perturbation: Perturbation
    number: int
    asked: Asked
    query: StanceQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A question that a perturbation doesn't fit, and why."""

    perturbation: Perturbation
    asked: Asked
    reason: str


def variants(
    asked: Asked, sources: Sources, perturbations: Collection[Perturbation]
) -> Iterator[Variant | LeftOut]:
    """Yield the question changed in each way, or why it can't be."""
    for perturbation in perturbations:
        made = _MAKERS[perturbation](asked, sources)
        if isinstance(made, str):
            yield LeftOut(perturbation=perturbation, asked=asked, reason=made)
            continue
        for number, query in enumerate(made):
            yield Variant(perturbation=perturbation, number=number, asked=asked, query=query)


def _paraphrases(asked: Asked, sources: Sources) -> list[StanceQuery] | str:
    wordings = sources.paraphrases.get(_topic(asked).id, ())
    return [replace(asked.query, topic=wording) for wording in wordings] or NO_PARAPHRASE


def _opposite(asked: Asked, sources: Sources) -> list[StanceQuery] | str:
    opposite = _topic(asked).opposite
    return [replace(asked.query, topic=opposite)] if opposite else NO_OPPOSITE


def _invented(asked: Asked, sources: Sources) -> list[StanceQuery] | str:
    return _swapped(asked, sources.invented, sources.swaps)


def _known(asked: Asked, sources: Sources) -> list[StanceQuery] | str:
    return _swapped(asked, sources.known, sources.swaps)


def _masked_holder(asked: Asked, sources: Sources) -> list[StanceQuery] | str:
    actor = _holder(asked)
    if isinstance(actor, str):
        return actor
    mask = MASKS[actor.kind]
    return [_renamed(asked, actor, NewName(full=mask, short=mask))]


def _swapped(asked: Asked, names: Names, count: int) -> list[StanceQuery] | str:
    actor = _holder(asked)
    if isinstance(actor, str):
        return actor
    chosen = names.choose(actor, asked.article.id, asked.article.text, count=count)
    return [_renamed(asked, actor, name) for name in chosen] or NO_NAME


def _holder(asked: Asked) -> Actor | str:
    """Return the holder as somebody who can be called otherwise, or why they can't."""
    holder = asked.question.holder
    if holder is None:
        return AUTHOR
    if not is_name(holder):
        return REFERENCE
    words = f"{holder.text} {holder.actor.name}"
    return TOPICAL if is_named_by(_topic(asked), words) else holder.actor


def _renamed(asked: Asked, actor: Actor, name: NewName) -> StanceQuery:
    own = [each for each in asked.named if each.mention.actor == actor and is_name(each.mention)]
    holder = asked.question.holder
    words = name.written_as(holder.text) if holder else None
    return rewrite(asked.query, [_put(each, name) for each in own], holder=words)


def _other_names(asked: Asked, sources: Sources) -> list[StanceQuery] | str:
    """Rename everybody but the holder and those the topic is about; in a variant, each has a name of their own."""
    holder, topic = asked.question.holder, _topic(asked)
    others = [
        each
        for each in asked.named
        if is_name(each.mention)
        and (holder is None or each.mention.actor != holder.actor)
        and not is_named_by(topic, f"{each.mention.text} {each.mention.actor.name}")
        and not (asked.query.mention and asked.query.mention.overlaps(each.span))
    ]
    if not others:
        return NOBODY_ELSE
    actors = {each.mention.actor for each in others}
    rounds = [
        [_put(each, names[each.mention.actor]) for each in others if each.mention.actor in names]
        for names in _rounds(actors, asked, sources)
    ]
    return [rewrite(asked.query, changes) for changes in rounds if changes] or NO_NAME


def _rounds(actors: Collection[Actor], asked: Asked, sources: Sources) -> list[dict[Actor, NewName]]:
    """Return who is called what, round by round: as nobody else in it, and as not in an earlier one.

    Where a kind has too few names for that, somebody keeps their own.
    """
    rounds: list[dict[Actor, NewName]] = []
    for _ in range(sources.swaps):
        names: dict[Actor, NewName] = {}
        for actor in sorted(actors, key=lambda each: (each.name, each.kind, each.id or "")):
            taken = {name.full for name in names.values()}
            taken |= {earlier[actor].full for earlier in rounds if actor in earlier}
            for name in sources.invented.choose(
                actor, asked.article.id, asked.article.text, count=1, taken=taken
            ):
                names[actor] = name
        rounds.append(names)
    return rounds


def _put(named: Named, name: NewName) -> Replacement:
    return Replacement(span=named.span, words=name.written_as(named.mention.text))


def _masked_topic(asked: Asked, sources: Sources) -> list[StanceQuery] | str:
    """Put X for the topic's terms: for the words that the codebook names, not for what stands between them."""
    mention = asked.query.mention
    spans = [
        span
        for span in _term_words(_topic(asked), asked.query.text)
        if mention is None or not span.overlaps(mention)
    ]
    changes = [Replacement(span=span, words=MASK) for span in spans]
    return [rewrite(asked.query, changes)] if changes else NO_TERM


def _term_words(topic: Topic, text: str) -> Iterator[Span]:
    for hit in compile_terms(topic).finditer(text):
        for part in _parts(topic):
            for found in compile_term(part).finditer(text, hit.start(), hit.end()):
                yield Span(start=found.start(), end=found.end())


@lru_cache(maxsize=64)
def _parts(topic: Topic) -> tuple[str, ...]:
    """Return what stands before and after the gaps of a topic's terms: "negotiat*" and "Taliban"."""
    parts = (part.strip() for term in topic.terms for part in term.replace("…", "...").split("..."))
    return tuple(dict.fromkeys(parts))


def _topic(asked: Asked) -> Topic:
    return asked.question.passage.topic


_MAKERS = {
    Perturbation.PARAPHRASE: _paraphrases,
    Perturbation.OPPOSITE: _opposite,
    Perturbation.INVENTED_NAME: _invented,
    Perturbation.KNOWN_NAME: _known,
    Perturbation.OTHER_NAMES: _other_names,
    Perturbation.MASKED_HOLDER: _masked_holder,
    Perturbation.MASKED_TOPIC: _masked_topic,
}
