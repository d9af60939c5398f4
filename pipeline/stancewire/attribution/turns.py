"""Reads the turns of an interview: who asks, who answers, and which question an answer is to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stancewire.types import Attribution, Span

LABEL = re.compile(r"^(?P<label>[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*){0,3}): +(?=\S)", re.MULTILINE)
ASKING = ("q", "question", "interviewer", "presenter", "host", "moderator", "reporter", "journalist")
FEWEST_TURNS = 3  # two labelled lines may be a list; an interview goes back and forth


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One turn: the speaker's label and the words up to the next turn."""

    label: Span
    words: Span
    asks: bool


def read_turns(text: str) -> tuple[Turn, ...]:
    """Return the turns of an interview in order; an article without turns has none."""
    labels = list(LABEL.finditer(text))
    names = Counter(match["label"] for match in labels)
    if len(labels) < FEWEST_TURNS or len(names) < 2 or names.most_common(1)[0][1] < 2:
        return ()
    ends = [match.start() for match in labels[1:]] + [len(text)]
    words = [_trimmed(text, match.end(), end) for match, end in zip(labels, ends, strict=True)]
    asking = _asking(labels, words, text)
    return tuple(
        Turn(
            label=Span(start=match.start("label"), end=match.end("label")),
            words=said,
            asks=match["label"] in asking,
        )
        for match, said in zip(labels, words, strict=True)
    )


def attribute_turns(turns: Sequence[Turn]) -> Iterator[Attribution]:
    """Yield one attribution a turn; an answer carries the question before it as its prompt."""
    prompt: Span | None = None
    for turn in turns:
        yield Attribution(
            source=(turn.label,),
            cue=(),
            content=(turn.words,),
            is_direct=True,
            prompt=None if turn.asks else prompt,
        )
        prompt = turn.words if turn.asks else None


def _asking(labels: Sequence[re.Match[str]], words: Sequence[Span], text: str) -> set[str]:
    """Return the labels of those who ask: by the label's own word, or since most of their turns are questions."""
    turns, questions = Counter[str](), Counter[str]()
    for match, said in zip(labels, words, strict=True):
        turns[match["label"]] += 1
        questions[match["label"]] += said.of(text).rstrip('"” ').endswith("?")
    plain = {name for name in turns if name.casefold() in ASKING}
    return plain or {name for name in turns if questions[name] * 2 >= turns[name]}


def _trimmed(text: str, start: int, end: int) -> Span:
    return Span(start=start, end=start + len(text[start:end].rstrip()))
