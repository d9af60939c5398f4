"""Turns a parsed block into phrases: names, collective and role nouns, pronouns, and plural subjects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stancewire.entities.grammar import (
    PROPER,
    clause_of,
    cut_coordination,
    find_quoted,
    is_place,
    is_speaker,
    name_head,
    phrase_end,
    phrase_start,
    role_of,
)
from stancewire.entities.lexicon import (
    ACTS_TOO,
    ARTICLES,
    BARE_HOLDERS,
    GROUP_NOUNS,
    HOLDER_NOUNS,
    MEASURE_NOUNS,
    NEGATIVE_WORDS,
    ORGANISATION_NOUNS,
    PERSON_NOUNS,
    PLURAL_HOLDERS,
    QUANTIFIERS,
    STATE_NOUNS,
)
from stancewire.entities.names import FoundName
from stancewire.entities.phrases import Form, Phrase
from stancewire.types import HolderKind, Role, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

PRONOUNS = frozenset(
    {"he", "him", "his", "himself", "she", "her", "hers", "herself", "it", "its", "itself"}
    | {"they", "them", "their", "theirs", "themselves"}
)
_NOUN_TAGS = frozenset({"NN", "NNS", "NNP", "NNPS"})
_PROPER_LABELS = frozenset({"PERSON", "ORG", "NORP", "GPE", "LOC", "FAC"})
_INSIDE_NAMES = frozenset({"compound", "nmod", "amod", "npadvmod"})


class PhraseFinder:
    """Reads one block after the other; offsets and sentence numbers are those of the article."""

    def __init__(self, doc: Doc, names: list[FoundName], *, offset: int, first_sentence: int) -> None:
        """Take a parsed block that begins at `offset`, with the number of its first sentence."""
        self._doc = doc
        self._text = doc.text  # spaCy builds it anew at every call
        self._offset = offset
        self._names = [name for name in names if not _is_mere_place(doc, name)]
        self._sentence_of = _sentence_numbers(doc, first_sentence)
        self._quoted = find_quoted(doc)
        self._named = {i for name in self._names for i in range(name.start, name.end)}

    def find(self) -> Iterator[Phrase]:
        """Yield the block's phrases, names first."""
        for name in self._names:
            yield self._read_name(name)
        for token in self._doc:
            tag = token.tag_
            if tag in {"PRP", "PRP$"}:
                if token.lower_ in PRONOUNS:
                    yield self._read_pronoun(token)
            elif token.i not in self._named:
                phrase = self._read_noun(token, tag)
                if phrase:
                    yield phrase

    def _read_name(self, name: FoundName) -> Phrase:
        doc = self._doc
        head = name_head(doc, name.start, name.end)
        title = _title_before(doc, name, head)
        role = role_of(title or head)
        words, demonyms = _introduction(doc, name, head, title)
        start = name.start - 1 if _has_article(doc, name) else name.start
        span = _without_full_stop(self._span(start, name.end), doc[name.end - 1].text)
        return Phrase(
            span=span,
            text=self._text[span.start - self._offset : span.end - self._offset],
            form=Form.NAME,
            head=head.lower_,
            role=role,
            sentence=self._sentence_of[head.i],
            kind=name.kind,
            known_id=name.known_id,
            words=words,
            demonyms=demonyms,
            determiner="the" if start < name.start else None,
            is_plural=head.tag_ in {"NNS", "NNPS"},
            is_possessor=head.dep_ == "poss",
            is_speaker=is_speaker(title or head),
            is_quoted=self._quoted[head.i],
            clause=clause_of(title or head),
        )

    def _read_pronoun(self, token: Token) -> Phrase:
        return Phrase(
            span=self._span(token.i, token.i + 1),
            text=token.text,
            form=Form.PRONOUN,
            head=token.lower_,
            role=Role.MODIFIER if token.tag_ == "PRP$" else role_of(token),
            sentence=self._sentence_of[token.i],
            is_possessor=token.tag_ == "PRP$",
            is_speaker=is_speaker(token),
            is_quoted=self._quoted[token.i],
            clause=clause_of(token),
        )

    def _read_noun(self, token: Token, tag: str) -> Phrase | None:
        lower = token.lower_
        if tag in _NOUN_TAGS and lower in HOLDER_NOUNS and token.dep_ not in _INSIDE_NAMES:
            return self._read_phrase(token, lower)
        if tag in {"NNS", "NNPS"} and token.ent_type_ == "NORP" and token.dep_ not in _INSIDE_NAMES:
            return self._read_phrase(token, lower)
        if lower in MEASURE_NOUNS or lower in QUANTIFIERS:
            return self._read_quantity(token, lower)
        if tag == "NNS" and token.dep_ in {"nsubj", "nsubjpass"}:
            return self._make(token, token.i, token.i + 1, form=Form.THING, kind=None)
        return None

    def _read_phrase(self, token: Token, lower: str) -> Phrase | None:
        if token.dep_ in {"attr", "oprd"} or _is_predicate(token) or self._describes_a_name(token):
            return None
        start, end = phrase_start(token), phrase_end(token)
        end = cut_coordination(self._doc, token.i, end)
        if lower in ACTS_TOO and not self._has_name(token.i + 1, end) and end > token.i + 1:
            return None
        if self._is_title(token, end) or not self._counts_people(token, lower):
            return None
        start = self._start_after_name(start, token.i)
        kind = _kind_of(lower, self._has_demonym(start, token.i))
        return self._make(token, start, end, form=Form.NOUN, kind=kind)

    def _read_quantity(self, token: Token, lower: str) -> Phrase | None:
        """Read "a large segment of them", "some of the clerics", "others"; leave "dozens of houses" out."""
        if token.dep_ in {"det", "nummod", "amod", "attr", "predet", "advmod", "quantmod", "compound"}:
            return None
        of = next((child for child in token.rights if child.dep_ == "prep" and child.lower_ == "of"), None)
        if of is None:
            if lower in BARE_HOLDERS and token.dep_ == "nsubj" and lower not in MEASURE_NOUNS:
                return self._make(token, token.i, token.i + 1, form=Form.NOUN, kind=HolderKind.GROUP)
            return None
        whole = next((child for child in of.children if child.dep_ == "pobj"), None)
        if whole is None or not self._can_hold(whole):
            return None
        start = phrase_start(token)
        end = cut_coordination(self._doc, token.i, phrase_end(token))
        if any(self._doc[i].text == "(" for i in range(start, end)):
            return None
        kind = HolderKind.PERSON if lower in {"one", "each"} else HolderKind.GROUP
        return self._make(token, start, end, form=Form.NOUN, kind=kind)

    def _make(self, token: Token, start: int, end: int, *, form: Form, kind: HolderKind | None) -> Phrase:
        doc = self._doc
        first = doc[start]
        determiner = (
            first.lower_ if first.tag_ in {"DT", "PRP$", "PDT", "CD"} or first.dep_ == "det" else None
        )
        inner = [doc[i] for i in range(start, token.i)]
        return Phrase(
            span=self._span(start, end),
            text=doc[start:end].text,
            form=form,
            head=token.lower_,
            role=role_of(token),
            sentence=self._sentence_of[token.i],
            kind=kind,
            words=frozenset(word.lower_ for word in inner if word.tag_[:2] in {"JJ", "NN", "VB", "CD"}),
            demonyms=frozenset(word.lower_ for word in inner if word.ent_type_ in {"NORP", "GPE"}),
            determiner=determiner,
            is_plural=token.lower_ in PLURAL_HOLDERS or token.tag_ in {"NNS", "NNPS"},
            is_capital_by_place=_is_capital_by_place(first),
            is_open=end > token.i + 1,
            has_complement=end > token.i + 1 or any(word.dep_ == "poss" for word in token.lefts),
            is_possessor=token.dep_ == "poss",
            is_speaker=is_speaker(token),
            is_quoted=self._quoted[token.i],
            clause=clause_of(token),
            domain=self._domain(token) if form is Form.NOUN and end == start + 1 else None,
        )

    def _domain(self, token: Token) -> Span | None:
        """Return the noun phrase's head span in "within this sphere, some ..."."""
        if token.lower_ not in BARE_HOLDERS:
            return None
        for child in token.head.lefts:
            if child.dep_ == "prep" and child.lower_ in {"within", "among", "in", "inside"}:
                for noun in child.children:
                    if noun.dep_ == "pobj":
                        return self._span(phrase_start(noun), noun.i + 1)
        return None

    def _describes_a_name(self, token: Token) -> bool:
        """Say whether the noun is an apposition to a name, or has a name as its apposition."""
        if token.dep_ == "appos" and token.head.tag_ in PROPER:
            return True
        return any(child.dep_ == "appos" and child.i in self._named for child in token.rights)

    def _has_demonym(self, start: int, end: int) -> bool:
        return any(self._doc[i].ent_type_ in {"NORP", "GPE"} for i in range(start, end))

    def _is_title(self, token: Token, end: int) -> bool:
        """Say whether the phrase ends in the name it introduces: "Ambassador to Tehran Abdul Liwal"."""
        if token.tag_ != "NNP" or token.lower_ not in PERSON_NOUNS:
            return False
        people = (name for name in self._names if name.kind is HolderKind.PERSON)
        return any(token.i < name.start < end for name in people)

    def _counts_people(self, token: Token, lower: str) -> bool:
        """Say whether a "group of" something is one of people."""
        if lower not in GROUP_NOUNS and lower not in {"groups", "teams", "gangs"}:
            return True
        of = next((child for child in token.rights if child.dep_ == "prep" and child.lower_ == "of"), None)
        whole = next((child for child in of.children if child.dep_ == "pobj"), None) if of else None
        return whole is None or self._can_hold(whole)

    def _has_name(self, start: int, end: int) -> bool:
        return any(i in self._named for i in range(start, end))

    def _start_after_name(self, start: int, head: int) -> int:
        """Part two holders that the parser took for one: "the Taliban and | armed factions"."""
        for i in range(start + 1, head):
            if self._doc[i].lower_ in {"and", "or"} and i - 1 in self._named:
                return i + 1
        return start

    def _can_hold(self, token: Token) -> bool:
        if token.i in self._named or token.lower_ in {"them", "they", "those", "us", "whom"}:
            return token.lower_ != "whom"
        return token.lower_ in PLURAL_HOLDERS or token.lower_ in GROUP_NOUNS

    def _span(self, start: int, end: int) -> Span:
        last = self._doc[end - 1]
        return Span(start=self._offset + self._doc[start].idx, end=self._offset + last.idx + len(last))


def _sentence_numbers(doc: Doc, first: int) -> list[int]:
    numbers = [first] * len(doc)
    number = first - 1
    for sentence in doc.sents:
        if sentence.text.strip():
            number += 1
        for i in range(sentence.start, sentence.end):
            numbers[i] = max(number, first)
    return numbers


def _is_mere_place(doc: Doc, name: FoundName) -> bool:
    """Say whether a place doesn't act: "in Kabul", "KABUL - ", an unknown town that does nothing."""
    if name.kind is not HolderKind.STATE and not name.is_metonym:
        return False
    head = name_head(doc, name.start, name.end)
    role = role_of(head)
    if (name.is_metonym and role is not Role.SUBJECT) or is_place(head) or _is_dateline(doc, name):
        return True
    return name.known_id is None and role not in {Role.SUBJECT, Role.OBJECT} and head.dep_ != "poss"


def _is_dateline(doc: Doc, name: FoundName) -> bool:
    if not (doc[name.start].is_sent_start and doc[name.start].is_upper and name.end < len(doc)):
        return False
    return doc[name.end].text[0] in "-–—"


def _has_article(doc: Doc, name: FoundName) -> bool:
    before = doc[name.start - 1] if name.start else None
    return before is not None and before.lower_ == "the" and name.start <= before.head.i < name.end


def _without_full_stop(span: Span, last_word: str) -> Span:
    """Return the span without a full stop that the tokenizer left on "ISIS-K."; "U.S." keeps its own."""
    if last_word.endswith(".") and last_word.count(".") == 1 and len(last_word) > 4:
        return Span(start=span.start, end=span.end - 1)
    return span


def _title_before(doc: Doc, name: FoundName, head: Token) -> Token | None:
    """Return the "Ambassador" of "Ambassador to Tehran Abdul Liwal", which the parser takes for the head."""
    if (
        name.kind is not HolderKind.PERSON
        or head.dep_ != "pobj"
        or not name.start
        or head.head.i >= name.start - 1
    ):
        return None
    title = head.head.head
    is_title = title.tag_ == "NNP" and title.lower_ in PERSON_NOUNS
    return title if is_title and doc[name.start - 1].tag_ == "NNP" else None


def _introduction(
    doc: Doc, name: FoundName, head: Token, title: Token | None
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the describing words around a person's name: titles, appositions, "X is the leader of"."""
    if name.kind is not HolderKind.PERSON:
        return frozenset(), frozenset()
    around = [child for child in head.lefts if child.i < name.start]
    around += [child for child in head.children if child.dep_ == "appos"]
    if title is not None:
        around.append(title)
    if head.dep_ == "appos":
        around.append(head.head)
    if head.dep_ == "nsubj" and head.head.lower_ in {"is", "was"}:
        around += [child for child in head.head.rights if child.dep_ == "attr"]
    described: list[Token] = [doc[i] for i in range(name.start, name.end - 1)]
    for token in around:
        described.append(token)
        described += [child for child in token.lefts if child.i not in range(name.start, name.end)]
        described += [below for child in token.lefts if child.dep_ == "compound" for below in child.lefts]
    words = frozenset(token.lower_ for token in described if token.tag_[:2] in {"NN", "JJ"})
    demonyms = frozenset(token.lower_ for token in described if token.ent_type_ in {"NORP", "GPE"})
    return words, demonyms


def _is_predicate(token: Token) -> bool:
    """Say whether the noun only says what someone is: "as president", or is denied: "no country"."""
    while token.dep_ == "conj" and token.head != token:
        token = token.head
    if token.dep_ == "pobj" and token.head.lower_ in {"as", "like", "than"}:
        return True
    first = token.doc[phrase_start(token)]
    return first.lower_ in NEGATIVE_WORDS or _is_indefinite_body(token, first)


def _is_indefinite_body(token: Token, first: Token) -> bool:
    """Say whether it is any one body ("form an inclusive government"), which holds no stance."""
    if token.lower_ not in ORGANISATION_NOUNS | GROUP_NOUNS | STATE_NOUNS or token.tag_ in {"NNS", "NNPS"}:
        return False
    if (
        any(child.dep_ == "prep" and child.lower_ == "of" for child in token.rights)
        and first.lower_ in ARTICLES
    ):
        return token.lower_ in ORGANISATION_NOUNS - GROUP_NOUNS and first.lower_ != "the"
    is_open = first.lower_ in {"a", "an"} or first == token
    return is_open and not is_speaker(token) and token.lower_ not in {"opposition", "police"}


def _kind_of(lower: str, has_demonym: bool) -> HolderKind:
    if lower in PLURAL_HOLDERS or lower not in HOLDER_NOUNS:
        return HolderKind.GROUP
    if lower in PERSON_NOUNS:
        return HolderKind.PERSON
    if lower in STATE_NOUNS or (lower in {"government", "administration"} and has_demonym):
        return HolderKind.STATE
    return HolderKind.GROUP if lower in GROUP_NOUNS else HolderKind.ORGANISATION


def _is_capital_by_place(first: Token) -> bool:
    return bool(first.is_sent_start) and first.tag_ not in PROPER and first.ent_type_ not in _PROPER_LABELS
