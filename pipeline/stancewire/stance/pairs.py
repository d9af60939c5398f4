"""How a stance question becomes the two texts that a cross-encoder reads.

The first text is the passage with the holder (and the target, where the topic is a name that occurs in it)
between markers; the second is a statement that the holder agrees with the topic. The wording is data: it is
stored in the model's card and travels with the weights.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from stancewire.types import Span

Mark = tuple[Span, tuple[str, str]]  # what is marked, and the marks before and after it

MAX_TARGET_WORDS = 6  # longer topics are claims, which are not looked for word by word in the passage


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceQuery:
    """One question to a classifier, free of articles: `holder` None means the author of `text`.

    `is_carried` says that the sentence asked about only goes on about its topic, so that a stance there is rare.
    """

    text: str
    topic: str
    holder: str | None = None
    mention: Span | None = None
    is_carried: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFormat:
    """The wording of a pair, as a model was trained with."""

    holder_marks: tuple[str, str] = ("[H]", "[/H]")
    target_marks: tuple[str, str] = ("[T]", "[/T]")
    statement: str = "{holder} supports: {topic}"
    author: str = "The author"

    @property
    def markers(self) -> tuple[str, ...]:
        """Return the marker tokens that a tokenizer must know."""
        return tuple(mark for mark in (*self.holder_marks, *self.target_marks) if mark)

    def pair(self, query: StanceQuery) -> tuple[str, str]:
        """Return (marked passage, statement) for `query`."""
        holder = query.holder or self.author
        return insert_marks(query.text, self._marks(query)), self.statement.format(
            holder=holder, topic=query.topic
        )

    def original(self, query: StanceQuery, window: Span) -> Span:
        """Return where in `query.text` a window of the marked passage lies."""
        marks = self._marks(query)
        return Span(start=_unmarked(window.start, marks), end=_unmarked(window.end, marks))

    def names_topic(self, pair: tuple[str, str]) -> bool:
        """Say whether a pair's topic is a name (or other words) that its passage has, and marks as the target.

        Most such questions are about two actors, and answered otherwise than those about a claim: "none" is rarer.
        """
        opening, closing = map(re.escape, self.target_marks)
        marked = re.finditer(rf"{opening} (.+?) {closing}", pair[0]) if opening else ()
        return any(match[1].casefold() in pair[1].casefold() for match in marked)

    def _marks(self, query: StanceQuery) -> list[Mark]:
        mention = query.mention if query.mention else find_words(query.holder, query.text)
        marks = [(mention, self.holder_marks)] if mention and query.holder and self.holder_marks[0] else []
        target = self._target(query, taken=mention)
        if target:
            marks.append((target, self.target_marks))
        return marks

    def as_dict(self) -> dict[str, object]:
        """Return what the model's card stores."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> PairFormat:
        """Read the wording back from a model's card."""
        return cls(
            holder_marks=_two(values["holder_marks"]),
            target_marks=_two(values["target_marks"]),
            statement=str(values["statement"]),
            author=str(values["author"]),
        )

    def _target(self, query: StanceQuery, *, taken: Span | None) -> Span | None:
        if not self.target_marks[0] or len(query.topic.split()) > MAX_TARGET_WORDS:
            return None
        return find_words(query.topic, query.text, avoid=taken)


def find_words(words: str | None, text: str, *, avoid: Span | None = None) -> Span | None:
    """Return the first place where `words` stand in `text` as whole words, in any case, outside `avoid`."""
    if not words or not words.strip():
        return None
    pattern = rf"(?<!\w){re.escape(words.strip())}(?!\w)"
    for match in re.finditer(pattern, text, re.IGNORECASE):
        span = Span(start=match.start(), end=match.end())
        if avoid is None or not span.overlaps(avoid):
            return span
    return None


def insert_marks(text: str, marks: list[Mark]) -> str:
    """Return `text` with each span between its pair of marks."""
    for span, (opening, closing) in sorted(marks, key=lambda mark: mark[0].start, reverse=True):
        words = span.of(text)
        text = f"{text[: span.start]}{opening} {words} {closing}{text[span.end :]}"
    return text


def _unmarked(position: int, marks: list[Mark]) -> int:
    """Return the place in a text of a position in the same text with marks; inside a mark, that of its word."""
    added = 0
    for span, (opening, closing) in sorted(marks, key=lambda mark: mark[0].start):
        for place, mark in ((span.start, opening), (span.end, closing)):
            past = position - (place + added)
            if past <= 0:
                return position - added
            if past < len(mark) + 1:
                return place
            added += len(mark) + 1
    return position - added


def _two(value: object) -> tuple[str, str]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise ValueError(f"two marks are needed, got {value!r}")
    return str(value[0]), str(value[1])
