"""Finds names in a parsed block: the registry's wordings first, then what the model's NER adds, cleaned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stancewire.entities.actors import ActorRegistry
from stancewire.entities.grammar import PROPER
from stancewire.entities.lexicon import (
    BODY_WORDS_IN_NAMES,
    EVENT_WORDS,
    HOLDER_NOUNS,
    ORGANISATION_NOUNS,
    SPEECH_VERBS,
    TITLES,
)
from stancewire.types import HolderKind

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token
    from spacy.tokens import Span as Tokens

_KINDS = {
    "PERSON": HolderKind.PERSON,
    "ORG": HolderKind.ORGANISATION,
    "NORP": HolderKind.GROUP,
    "GPE": HolderKind.STATE,
}
_SHORT = 5  # letters; wordings up to this length are matched with case, so that "who" is no WHO
_LONGEST_NAME = 12  # tokens
_EDGES = frozenset({"the", "a", "an", "'s", "’s", "'", "’", "and", "or", "of", "for", "in", "by"})
_HYPHENS = frozenset("-‐‑–")
_MANY = frozenset({"women", "men", "people", "children"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundName:
    """A name in tokens of one block; `known_id` where the wording is the registry's."""

    start: int
    end: int
    kind: HolderKind
    known_id: str | None = None
    is_metonym: bool = False


class NameFinder:
    """Finds the names of a block, longest first, without overlaps."""

    def __init__(self, nlp: Language, registry: ActorRegistry) -> None:
        """Build the matchers for every wording of `registry`."""
        from spacy.matcher import PhraseMatcher

        self._registry = registry
        self._cased = PhraseMatcher(nlp.vocab, attr="ORTH")
        self._caseless = PhraseMatcher(nlp.vocab, attr="LOWER")
        for wording, is_cased in _wordings(registry):
            matcher = self._cased if is_cased else self._caseless
            matcher.add(wording, [nlp.make_doc(wording)])

    def find(self, doc: Doc) -> list[FoundName]:
        """Return the names in text order."""
        known = _drop_overlaps(self._match(doc))
        taken: list[FoundName] = []
        for ent in doc.ents:
            found = self._clean(ent, known)
            if found:
                taken.append(found)
        names = _drop_overlaps([*taken, *known])
        names = _drop_overlaps([*names, *_unlabelled_bodies(doc, names)])
        return sorted([*names, *_unlabelled_speakers(doc, names)], key=lambda name: name.start)

    def _match(self, doc: Doc) -> list[FoundName]:
        found = []
        for matcher in (self._cased, self._caseless):
            for key, start, end in matcher(doc):
                name = self._known(doc, doc.vocab.strings[key], start, end)
                if name:
                    found.append(name)
        return found

    def _known(self, doc: Doc, wording: str, start: int, end: int) -> FoundName | None:
        is_capital = not wording.isascii() or any(letter.isupper() for letter in doc[start:end].text)
        if _is_glued(doc, start, end) or not is_capital:
            return None
        actor = self._registry.find(wording)
        metonym = None if actor else self._registry.find_metonym(wording)
        known = actor or metonym
        if known is None:
            return None
        return FoundName(start=start, end=end, kind=known.kind, known_id=known.id, is_metonym=actor is None)

    def _clean(self, ent: Tokens, known: list[FoundName]) -> FoundName | None:
        doc = ent.doc
        start, end = _trim(doc, ent.start, ent.end)
        end = _extend(doc, start, end, ent.label_)
        if end <= start or end - start > _LONGEST_NAME or _is_glued(doc, start, end):
            return None
        inside = [name for name in known if name.start < end and start < name.end]
        if any(name.start <= start and end <= name.end for name in inside):
            return None
        if inside and not _outgrows(doc, start, end, inside, ent.label_):
            return None
        actor = self._registry.find(doc[start:end].text)
        if actor:
            return FoundName(start=start, end=end, kind=actor.kind, known_id=actor.id)
        if ent.label_ not in _KINDS or not _looks_like_a_name(doc, start, end, ent.label_):
            return None
        kind = _kind_of(doc, start, end, ent.label_)
        if any(name.kind is HolderKind.PERSON for name in inside):
            kind = HolderKind.PERSON
        return FoundName(start=start, end=end, kind=kind)


def _wordings(registry: ActorRegistry) -> Iterator[tuple[str, bool]]:
    for actor in registry:
        for name in (*actor.names, *actor.metonyms):
            for spelling in {name, name.replace("'", "’"), name.replace("’", "'")}:
                yield spelling, len(spelling) <= _SHORT
        for acronym in actor.acronyms:
            yield acronym, True


def _drop_overlaps(names: list[FoundName]) -> list[FoundName]:
    kept: list[FoundName] = []
    taken: set[int] = set()
    for name in sorted(names, key=lambda name: (name.start - name.end, name.start)):
        if taken.isdisjoint(range(name.start, name.end)):
            kept.append(name)
            taken.update(range(name.start, name.end))
    return sorted(kept, key=lambda name: name.start)


def _is_glued(doc: Doc, start: int, end: int) -> bool:
    """Say whether the words are part of a compound such as "anti-Taliban" or "U.S.-backed"."""
    before = start > 0 and doc[start - 1].text in _HYPHENS and not doc[start - 1].whitespace_
    if before and (start == 1 or not doc[start - 2].whitespace_):
        return True
    after = end < len(doc) and doc[end].text in _HYPHENS and not doc[end - 1].whitespace_
    return after and not doc[end].whitespace_


def _trim(doc: Doc, start: int, end: int) -> tuple[int, int]:
    while start < end and (doc[start].lower_ in _EDGES or not doc[start].text[0].isalnum()):
        start += 1
    while end > start and (doc[end - 1].lower_ in _EDGES or not doc[end - 1].text[-1].isalnum()):
        if doc[end - 1].text.endswith(".") and len(doc[end - 1]) > 1:
            break
        end -= 1
    return start, end


def _extend(doc: Doc, start: int, end: int, label: str) -> int:
    """Take in the "of Afghanistan" that NER cuts off "the National Freedom Party of Afghanistan"."""
    if label != "ORG" or end + 1 >= len(doc) or doc[end].lower_ != "of":
        return end
    if doc[end - 1].lower_ not in ORGANISATION_NOUNS or not start <= doc[end].head.i < end:
        return end
    last = end + 1
    while last < len(doc) and doc[last].tag_ == "NNP":
        last += 1
    return last if last > end + 1 else end


def _outgrows(doc: Doc, start: int, end: int, inside: list[FoundName], label: str) -> bool:
    """Say whether an entity with a known name inside is a longer name ("Bank of Afghanistan") of its own."""
    if label not in {"PERSON", "ORG"}:
        return False
    known = {i for name in inside for i in range(name.start, name.end)}
    extra = [doc[i] for i in range(start, end) if i not in known]
    if any(token.tag_[:2] in {"VB", "PR", "MD", "JJ", "RB", "CD", "WP", "WD"} for token in extra):
        return False
    if any(token.text in {",", ";", ":", "(", "“", '"'} for token in extra):
        return False
    content = [token for token in extra if token.tag_.startswith("NN") and token.lower_ not in TITLES]
    return bool(content) and all(token.text[0].isupper() for token in content)


def _looks_like_a_name(doc: Doc, start: int, end: int, label: str) -> bool:
    words = [doc[i] for i in range(start, end)]
    if not any(word.text[0].isupper() for word in words) and doc[start].text.isascii():
        return False
    if any(word.tag_.startswith("VB") and not word.text[0].isupper() for word in words):
        return False
    if any(word.tag_ in {"PRP$", "PRP", "WP", "VBZ", "MD"} for word in words):
        return False
    if label != "ORG" and any(word.like_num for word in words):
        return False
    lowered = {word.lower_ for word in words}
    if lowered & EVENT_WORDS and not lowered & BODY_WORDS_IN_NAMES:
        return False
    if label == "PERSON" and len(words) == 1 and words[0].dep_ == "compound" and words[0].head.is_lower:
        return False
    if lowered <= TITLES or (len(words) == 1 and words[0].lower_ in HOLDER_NOUNS):
        return False
    if "/" in doc[start:end].text:
        return False
    return label != "NORP" or _is_body_of_believers(words[-1])


def _is_body_of_believers(word: Token) -> bool:
    """Say whether a NORP word acts ("Hezbollah said"); plurals ("Afghans") are read as nouns."""
    if word.tag_ != "NNP" or word.dep_ in {"amod", "compound", "nmod", "npadvmod"}:
        return False
    return word.dep_ in {"nsubj", "nsubjpass"} or (word.i > 0 and word.nbor(-1).lower_ == "the")


def _kind_of(doc: Doc, start: int, end: int, label: str) -> HolderKind:
    if label != "ORG" and {doc[i].lower_ for i in range(start, end)} & ORGANISATION_NOUNS:
        return HolderKind.ORGANISATION if end - start > 1 else _KINDS[label]
    return _KINDS[label]


def _unlabelled_bodies(doc: Doc, names: list[FoundName]) -> Iterator[FoundName]:
    """Yield bodies that NER left out or cut: "the Movement for a Federal Homeland", "the Peasants' League"."""
    known = {i for name in names if name.known_id for i in range(name.start, name.end)}
    for token in doc:
        if token.tag_ not in PROPER or token.lower_ not in ORGANISATION_NOUNS or token.dep_ == "compound":
            continue
        start, end = _body_start(doc, token.i), _body_end(doc, token.i + 1)
        if not token.text[0].isupper() or any(name.start <= start and end <= name.end for name in names):
            continue
        words = [doc[i] for i in range(start, end) if doc[i].text[0].isupper() and doc[i].lower_ != "the"]
        if len(words) > 1 and known.isdisjoint(range(start, end)) and end - start <= _LONGEST_NAME:
            yield FoundName(start=start, end=end, kind=HolderKind.ORGANISATION)


def _body_start(doc: Doc, start: int) -> int:
    """Go back over capitalised words, and over whose body it is where they are many: "Peasants'"."""
    while start > 0 and not doc[start].is_sent_start:
        before = doc[start - 1]
        if before.ent_type_ in {"DATE", "TIME"}:  # "on Tuesday Parliament rejected it"
            break
        is_name = before.tag_ in PROPER or (before.tag_ == "JJ" and before.text[0].isupper())
        is_many = before.tag_ == "POS" and start > 1 and _are_many(doc[start - 2], before)
        if not is_name and not is_many:
            break
        start -= 1
    return start


def _are_many(owner: Token, mark: Token) -> bool:
    """Say whether the owners are many, who name a body of theirs: "Peasants'", "Women's"; not "Iran's"."""
    return owner.text[0].isupper() and (len(mark) == 1 or owner.lower_ in _MANY)


def _body_end(doc: Doc, end: int) -> int:
    """Go on over "of the Homeland", "for a Federal Homeland": names of bodies have their capitals to the end."""
    while end + 1 < len(doc) and doc[end].lower_ in {"of", "for"}:
        last = end + 1
        if doc[last].lower_ in {"the", "a", "an"}:
            last += 1
        first = last
        while last < len(doc) and doc[last].text[0].isupper() and doc[last].tag_ in {*PROPER, "JJ"}:
            last += 1
        if last == first or doc[last - 1].tag_ not in PROPER:
            break
        end = last
    return end


def _unlabelled_speakers(doc: Doc, names: list[FoundName]) -> Iterator[FoundName]:
    """Yield proper nouns that NER left out although they say something: "Haque added that ..."."""
    taken = {i for name in names for i in range(name.start, name.end)}
    for token in doc:
        if token.dep_ != "nsubj" or token.tag_ != "NNP" or token.i in taken or token.ent_type_:
            continue
        if token.head.lower_ not in SPEECH_VERBS or token.lower_ in HOLDER_NOUNS | EVENT_WORDS | TITLES:
            continue
        start = token.i
        while (
            start > 0
            and doc[start - 1].tag_ == "NNP"
            and start - 1 not in taken
            and not doc[start - 1].ent_type_
        ):
            start -= 1
        if token.text[0].isupper() and token.is_alpha and not _is_glued(doc, start, token.i + 1):
            kind = HolderKind.ORGANISATION if token.is_upper else HolderKind.PERSON
            yield FoundName(start=start, end=token.i + 1, kind=kind)


def find_learned(doc: Doc, names: list[FoundName], learned: Mapping[str, HolderKind]) -> list[FoundName]:
    """Return words that the article introduced as names elsewhere and that were missed here."""
    taken = {i for name in names for i in range(name.start, name.end)}
    return [
        FoundName(start=token.i, end=token.i + 1, kind=learned[token.text])
        for token in doc
        if token.text in learned and token.i not in taken and not _is_glued(doc, token.i, token.i + 1)
    ]
