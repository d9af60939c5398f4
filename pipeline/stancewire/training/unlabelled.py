"""Finds questions in unlabelled news for a teacher to answer: sentences with two names, each asked about the other.

A small encoder learns far more from a large one's answers to many new sentences than from its answers to the labelled
ones, which the large one knows by heart ("transfer set", Hinton 2015). Names are told by their capitals alone: that
takes seconds where a parser takes hours, and a teacher answers "none" where two of them are no actors.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from random import Random
from typing import Any

from stancewire.types import Span

SHORTEST, LONGEST = 50, 400  # characters of a sentence: headlines and lists of names teach nothing
LONGEST_ACRONYM = 6  # letters; longer words in capitals are headlines and datelines

SENTENCE_END = re.compile(r"[.!?][\"”’)]*\s+(?=[\"“‘(A-Z])|\s*\n\s*")
TITLES = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Lt|Gen|Col|Sgt|St|Jr|Sr|vs|No|U\.S)\.$")
WORD = r"[^\W\d_][\w’'.-]*[^\W_]"
NAME = re.compile(rf"\b(?=[A-Z]){WORD}(?: (?:(?=[A-Z]){WORD}|[A-Z]\.))*")
NO_ACTORS = frozenset([*calendar.day_name, *calendar.month_name, "Mr", "Mrs", "Ms", "Dr", "President", "God"])

JsonRow = dict[str, Any]


def find_pairs(texts: Iterable[str], rng: Random) -> Iterator[JsonRow]:
    """Yield a directed row (`text`, `p`, `q`, no label) for each sentence of `texts` that has two names.

    A text may be a whole article. Of several names, two are drawn at random.
    """
    sentences = list(dict.fromkeys(sentence for text in texts for sentence in split_sentences(text)))
    capitals = _Capitals(sentences)
    for sentence in sentences:
        names = list(capitals.names(sentence))
        found = [(p, q) for p, q in combinations(names, 2) if p.of(sentence) != q.of(sentence)]
        if found:
            p, q = rng.choice(found)
            yield {"text": sentence, "p": [p.start, p.end], "q": [q.start, q.end]}


def split_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of `text` that are neither too short nor too long."""
    start = 0
    for match in [*SENTENCE_END.finditer(text), None]:
        end = match.end() if match else len(text)
        sentence = text[start:end].strip()
        if match and TITLES.search(sentence):
            continue
        if SHORTEST <= len(sentence) <= LONGEST:
            yield sentence
        start = end


class _Capitals:
    """Tells names by their capitals, and one that begins a sentence from a word that has a capital only there."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self._small: Counter[str] = Counter()
        self._capital: Counter[str] = Counter()
        for sentence in sentences:
            for word in re.findall(WORD, sentence)[1:]:
                counts = self._small if word[:1].islower() else self._capital
                counts[word.lower()] += 1

    def names(self, sentence: str) -> Iterator[Span]:
        """Yield the spans of the names in `sentence`, without a possessive ending."""
        for match in NAME.finditer(sentence):
            words, start = re.sub(r"['’]s$|['’]$", "", match[0]), match.start()
            if not re.search(r"\w", sentence[:start]) and self._is_common(words.split()[0]):
                first, _, words = words.partition(" ")
                start += len(first) + 1
            if words and words not in NO_ACTORS and not (words.isupper() and len(words) > LONGEST_ACRONYM):
                yield Span(start=start, end=start + len(words))

    def _is_common(self, word: str) -> bool:
        return self._capital[word.lower()] <= self._small[word.lower()]
