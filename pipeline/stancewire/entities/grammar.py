"""Small questions to a dependency parse: what a noun does in its clause and how far its phrase goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancewire.entities.lexicon import (
    PERSON_NOUNS,
    PLURAL_HOLDERS,
    SPEECH_NOUNS,
    SPEECH_VERBS,
    SPOKESPERSONS,
    VERBS_WITH_OF,
)
from stancewire.types import Role

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

MAX_PHRASE = 20  # tokens; a longer noun phrase is a parse gone wrong
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
_OBJECTS = frozenset({"dobj", "iobj", "dative", "attr", "oprd"})
_MODIFIERS = frozenset({"appos", "compound", "nmod", "amod", "nounmod", "npadvmod"})
_LEFT = frozenset(
    {"det", "amod", "compound", "nummod", "poss", "nmod", "quantmod", "predet", "npadvmod", "punct"}
)
_HEAD_PREPOSITIONS = frozenset({"of", "for", "from", "with", "to", "against", "within", "among", "between"})
PROPER = frozenset({"NNP", "NNPS"})
_NOMINAL = frozenset({"NN", "NNS", "NNP", "NNPS", "PRP", "DT", "CD", "JJ", "JJS"})
_OPENERS = frozenset({"det", "amod", "nummod", "poss"})
_PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})


def role_of(token: Token) -> Role:
    """Return what the phrase headed by `token` does in its clause."""
    dep = token.dep_
    if dep == "conj":
        return role_of(token.head) if token.head.dep_ != "ROOT" and token.head != token else Role.OTHER
    if dep in _SUBJECTS:
        return Role.SUBJECT
    if dep == "poss":
        return Role.SUBJECT if token.head.lower_ in SPEECH_NOUNS else Role.MODIFIER
    if dep == "pobj":
        return _role_after_preposition(token.head)
    if dep == "appos":
        return role_of(token.head) if _names_its_holder(token) else Role.MODIFIER
    if dep in _OBJECTS:
        return Role.OBJECT
    return Role.MODIFIER if dep in _MODIFIERS else Role.OTHER


def name_head(doc: Doc, start: int, end: int) -> Token:
    """Return the noun that ties a name to its clause: "Council" in "High Council for the Rescue"."""
    for token in doc[start:end]:
        if not start <= token.head.i < end and token.tag_ not in {"IN", "DT", ",", "``", "''", "HYPH"}:
            return token
    return doc[start:end].root


def is_speaker(token: Token) -> bool:
    """Say whether `token` is the subject of a verb of saying or thinking."""
    return token.dep_ == "nsubj" and token.head.lower_ in SPEECH_VERBS


def is_place(token: Token) -> bool:
    """Say whether `token` only says where something is ("in Kabul")."""
    while token.dep_ == "conj" and token.head != token:
        token = token.head
    return token.dep_ == "pobj" and token.head.lower_ in {
        "in", "at", "across", "within", "inside", "near", "around", "throughout", "outside", "into", "onto",
        "over", "through",
    }  # fmt: skip


def clause_of(token: Token) -> int | None:
    """Return the index of the verb that governs `token`."""
    for _ in range(8):
        if token.head == token:
            return None
        token = token.head
        if token.tag_.startswith("VB"):
            return token.i
    return None


def find_quoted(doc: Doc) -> list[bool]:
    """Return for each token whether it stands between quotation marks; the block ends an open one."""
    quoted, is_open = [], False
    for token in doc:
        if token.text == "“":
            is_open = True
        elif token.text == "”":
            is_open = False
        elif token.text in {'"', "''", "``"}:
            is_open = token.i == 0 or bool(token.nbor(-1).whitespace_)
        quoted.append(is_open)
    return quoted


def phrase_start(head: Token) -> int:
    """Return the index of the first token of the phrase headed by `head`."""
    start = head.i
    for child in reversed(list(head.lefts)):
        if child.dep_ not in _LEFT or (child.dep_ == "punct" and not _joins(child)):
            break
        start = child.left_edge.i
    doc = head.doc
    while start < head.i and (doc[start].is_punct or doc[start].dep_ in {"cc", "preconj"}):
        start += 1
    return start


def phrase_end(head: Token, *, is_top: bool = True) -> int:
    """Return the index after the last token: "of ..." is in, relative clauses and appositions are out."""
    end = head.i + 1
    for child in head.rights:
        if child.i < end:
            continue
        if child.i != end:
            break
        if child.dep_ == "prep" and _belongs(child, is_top=is_top) and not _goes_to_verb(head, child):
            end = _preposition_end(child)
        elif not is_top and child.dep_ == "cc" and child.lower_ == "and":
            end = _conjunct_end(head, child)
            break
        else:
            break
    return min(end, head.i + MAX_PHRASE)


def cut_coordination(doc: Doc, start: int, end: int) -> int:
    """Return where a phrase ends that swallowed another: "talks with the Taliban | and armed factions"."""
    if doc[end - 1].lower_ not in PLURAL_HOLDERS:
        return end
    for i in range(end - 2, start + 1, -1):
        if doc[i].dep_ == "prep":
            return end
        if doc[i].lower_ in {"and", "or"}:
            return i if doc[i - 1].tag_ in PROPER else end
    return end


def _role_after_preposition(preposition: Token) -> Role:
    if preposition.dep_ == "agent":
        return Role.SUBJECT
    if preposition.lower_ == "to" and preposition.head.lower_ == "according":
        return Role.SUBJECT
    holder = preposition.head
    if preposition.lower_ in {"by", "from", "of"} and holder.lower_ in SPEECH_NOUNS:
        return Role.SUBJECT
    if preposition.lower_ in {"of", "for"} and holder.dep_ == "appos" and holder.lower_ in PERSON_NOUNS:
        return Role.MODIFIER if holder.lower_ in SPOKESPERSONS else Role.AFFILIATION
    return Role.MODIFIER if holder.tag_ in _NOMINAL else Role.OTHER


def _names_its_holder(token: Token) -> bool:
    """Say whether a name stands beside its description: "the spokesman, Zabihullah Mujahid,"."""
    if token.tag_ not in PROPER:
        return False
    return token.head.tag_ in {"NN", "NNS"} or token.head.lower_ in PERSON_NOUNS


def _joins(token: Token) -> bool:
    return token.text in {"-", "–", "‑", "“", '"', "‘", "'", ","} and not token.whitespace_


def _belongs(preposition: Token, *, is_top: bool) -> bool:
    if preposition.lower_ in _HEAD_PREPOSITIONS:
        return is_top or preposition.lower_ not in {"from", "among", "within"}
    if preposition.lower_ != "in":
        return False
    return any(child.ent_type_ in _PLACE_LABELS for child in preposition.children)


def _goes_to_verb(noun: Token, preposition: Token) -> bool:
    """Say whether "of" goes to the verb before the noun: "assured the minister of its support".

    The parser likes to tie it to the noun, as it has to in "warned the ambassador of Iran".
    """
    if preposition.lower_ != "of" or noun.dep_ not in {"dobj", "dative"}:
        return False
    return noun.head.lower_ in VERBS_WITH_OF and any(
        child.dep_ == "pcomp" or any(left.dep_ == "poss" for left in child.lefts)
        for child in preposition.children
    )


def _preposition_end(preposition: Token) -> int:
    end = preposition.i + 1
    for child in preposition.children:
        if child.dep_ in {"pobj", "pcomp"} and child.i >= end:
            end = max(end, phrase_end(child, is_top=False))
    return end if end > preposition.i + 1 else preposition.i


def _conjunct_end(head: Token, conjunction: Token) -> int:
    for child in head.rights:
        if child.dep_ == "conj" and child.i > conjunction.i:
            if child.lower_ in PLURAL_HOLDERS and any(left.dep_ in _OPENERS for left in child.lefts):
                return conjunction.i  # "... and several members" is a holder of its own
            return phrase_end(child, is_top=False)
    return conjunction.i
