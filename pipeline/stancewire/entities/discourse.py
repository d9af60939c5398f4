"""Remembers whom an article has spoken of, for the rules that look back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from stancewire.entities.lexicon import FEMALE_TITLES, MALE_TITLES
from stancewire.entities.phrases import Form, Phrase
from stancewire.types import Actor, HolderKind, Role, Span

HE = frozenset({"he", "him", "his", "himself"})
SHE = frozenset({"she", "her", "hers", "herself"})
IT = frozenset({"it", "its", "itself"})
NOBODY = Actor(name="", kind=HolderKind.GROUP)  # stands for plural subjects that can't hold a stance


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A phrase that has its actor."""

    phrase: Phrase
    actor: Actor

    @property
    def is_subject(self) -> bool:
        """Say whether the phrase is a subject."""
        return self.phrase.role is Role.SUBJECT


@dataclass(slots=True, kw_only=True)
class Discourse:
    """What was said of whom so far; phrases come in the order in which they end.

    The dictionaries go by `key_of(actor)`: `words` describe a person (titles, appositions), `demonyms` say
    where it is from, `female` what pronoun or title it had, `domains` what a "some" is part of; `called_they`
    has the bodies that were a "they". `subjects` are the persons who act in a clause, also those to come.
    """

    text: str
    seen: list[Seen] = field(default_factory=list)
    words: dict[str, set[str]] = field(default_factory=dict)
    demonyms: dict[str, set[str]] = field(default_factory=dict)
    female: dict[str, bool] = field(default_factory=dict)
    domains: dict[str, Actor] = field(default_factory=dict)
    called_they: set[str] = field(default_factory=set)
    with_article: set[str] = field(default_factory=set)
    subjects: dict[tuple[int, int | None], Actor] = field(default_factory=dict)

    def remember(self, phrase: Phrase, actor: Actor) -> None:
        """Take note of a phrase and of what it says about its actor."""
        self.seen.append(Seen(phrase=phrase, actor=actor))
        key = key_of(actor)
        if phrase.form is Form.PRONOUN:
            self._remember_pronoun(phrase, key)
            return
        self.words.setdefault(key, set()).update(phrase.words)
        self.demonyms.setdefault(key, set()).update(phrase.demonyms)
        if phrase.form is Form.NOUN and phrase.kind is HolderKind.PERSON:
            self.words[key].add(phrase.head)
        if phrase.words & FEMALE_TITLES or phrase.words & MALE_TITLES:
            self.female.setdefault(key, bool(phrase.words & FEMALE_TITLES))
        # Not "the Islamic Republic of Iran": that makes no "the Iran".
        if phrase.determiner == "the" and " ".join(phrase.text.split()[1:]) == actor.name:
            self.with_article.add(actor.name)

    def remember_subjects(self, phrases: Iterable[Phrase], names: Mapping[Span, Actor]) -> None:
        """Take note beforehand of the named persons who act, for "for his part, Qureshi said"."""
        for phrase in phrases:
            if phrase.form is Form.NAME and phrase.role is Role.SUBJECT:
                actor = names[phrase.span]
                if actor.kind is HolderKind.PERSON:
                    self.subjects.setdefault((phrase.sentence, phrase.clause), actor)

    def in_sentence(self, phrase: Phrase, distance: int) -> list[Seen]:
        """Return what was seen before `phrase` in the sentence `distance` back and can be the same as it."""
        wanted = phrase.sentence - distance
        found = []
        for seen in reversed(self.seen):
            if seen.phrase.sentence < wanted:
                break
            is_before = seen.phrase.sentence == wanted and seen.phrase.span.end <= phrase.span.start
            if is_before and not _shares_clause(seen.phrase, phrase):
                found.append(seen)
        return sorted(found, key=lambda seen: seen.phrase.span.start)

    def back(self, phrase: Phrase, reach: int) -> Iterator[Seen]:
        """Yield who was spoken of before `phrase`, last first, up to `reach` sentences back."""
        for seen in reversed(self.seen):
            if seen.phrase.sentence < phrase.sentence - reach:
                return
            if seen.phrase.span.end <= phrase.span.start and seen.actor is not NOBODY:
                yield seen

    def last(self, phrase: Phrase, reach: int, fits: Callable[[Seen], bool]) -> Actor | None:
        """Return the last actor before `phrase` whose phrase fits."""
        return next((seen.actor for seen in self.back(phrase, reach) if fits(seen)), None)

    def inside(self, span: Span) -> list[Seen]:
        """Return what was seen inside `span`, the last to end first."""
        found = []
        for seen in reversed(self.seen):
            if seen.phrase.span.end <= span.start:
                break
            if span.covers(seen.phrase.span) and seen.actor is not NOBODY:
                found.append(seen)
        return found

    def _remember_pronoun(self, phrase: Phrase, key: str) -> None:
        if phrase.head in HE | SHE:
            self.female.setdefault(key, phrase.head in SHE)
        elif phrase.head not in IT:
            self.called_they.add(key)


def key_of(actor: Actor) -> str:
    """Return what two mentions of one actor share."""
    return actor.id or f"{actor.kind}:{actor.name.lower()}"


def choose(seen: Sequence[Seen], *, distance: int) -> Actor | None:
    """Return the subject, the nearest here or the first of an earlier sentence; else the only actor."""
    subjects = [each for each in seen if each.is_subject]
    if subjects:
        chosen = subjects[0 if distance else -1]
        return None if any(acts_beside(each, chosen) for each in subjects) else chosen.actor
    return seen[-1].actor if len({key_of(each.actor) for each in seen}) == 1 else None


def acts_beside(one: Seen, other: Seen) -> bool:
    """Say whether two actors share a verb ("Iran and Pakistan agreed"), so that neither alone is meant."""
    is_same_clause = one.phrase.clause is not None and one.phrase.clause == other.phrase.clause
    is_same_sentence = one.phrase.sentence == other.phrase.sentence  # clauses count from each line break
    return is_same_sentence and is_same_clause and key_of(one.actor) != key_of(other.actor)


def are_akin(words: Iterable[str], others: Collection[str]) -> bool:
    """Say whether a word shares its stem with another: "uzbek", "uzbekistan"; not "austria", "australia"."""
    return any(_stem(word, other) == _stem(other, word) for word in words for other in others)


def _stem(word: str, other: str) -> str:
    return word[: max(4, min(len(word), len(other)) - 1)]


def _shares_clause(earlier: Phrase, pronoun: Phrase) -> bool:
    """Say whether it can't be the pronoun, being the subject of its clause: "they stopped them"."""
    if pronoun.form is not Form.PRONOUN or pronoun.is_possessor or pronoun.head.endswith(("self", "selves")):
        return False
    if earlier.sentence != pronoun.sentence or pronoun.clause is None or earlier.clause != pronoun.clause:
        return False
    return earlier.role is Role.SUBJECT and pronoun.role is not Role.SUBJECT
