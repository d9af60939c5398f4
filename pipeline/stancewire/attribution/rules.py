"""Finds who says what by rules: quotation marks, cue verbs, "according to", and the turns of interviews.

A baseline that needs no model: rules find the plain cases and miss many (the quote rules that Newell et al. 2018
compare with find a tenth of PolNeAR's sources). It reads plain text, so it works without a parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stancewire.attribution.turns import attribute_turns, read_turns
from stancewire.types import Attribution, Span

CUES = (
    r"says?|said|told|tells|add(?:s|ed)|stat(?:es|ed)|claim(?:s|ed)|argu(?:es|ed)|insist(?:s|ed)|warn(?:s|ed)|"
    r"stress(?:es|ed)|not(?:es|ed)|announc(?:es|ed)|declar(?:es|ed)|assert(?:s|ed)|maintain(?:s|ed)|"
    r"believ(?:es?|ed)|thinks?|thought|emphasi[sz](?:es|ed)|explain(?:s|ed)|repl(?:ies|ied)|answer(?:s|ed)|"
    r"comment(?:s|ed)|remark(?:s|ed)|reiterat(?:es|ed)|underlin(?:es|ed)|point(?:s|ed) out|call(?:s|ed) for|"
    r"demand(?:s|ed)|urg(?:es|ed)|wrote|writes|ask(?:s|ed)|concede(?:s|d)|acknowledg(?:es|ed)|promis(?:es|ed)|"
    r"vow(?:s|ed)|den(?:ies|ied)|hopes?|hoped|expects?|expected|wants?|wanted"
)
NAME = r"(?:[A-Z][\w'’.-]{0,60}\w|[A-Z]\.)"  # longer ones are packed data, and took time by their square
WORD = r"(?!(?:and|or|who|that|which|but|if|as|is|are|was|were|be|been|cannot|would|will|had|not)\b)[\w'’-]+"
SOURCE = (
    rf"(?:(?:[Tt]he|[Aa]n?|[Tt]his|[Ss]ome|[Mm]any|[Oo]ne|[Tt]wo|[Aa]nother)\s+(?:{WORD}\s+){{0,4}}?{WORD}"
    rf"|{NAME}(?:\s+(?:{NAME}|of|the|for|al|bin|and|de)){{0,7}}|[Hh]e|[Ss]he|[Tt]hey|[Ww]e|I|[Oo]thers)"
)
# A mark that opens a quotation can't stand in it: of thousands that nothing closes, each would be read to the end.
QUOTE = re.compile(r"“(?P<curly>[^“”\n]{2,})”|\"(?P<plain>[^\"\n]{2,})\"|«(?P<angle>[^«»\n]{2,})»")
SPEECH = re.compile(
    rf"(?P<source>{SOURCE})(?:,[^,.\n]{{3,80}},)?\s+(?:has |have |had |also |\w+ly )*(?P<cue>{CUES})\b"
)
INVERTED = re.compile(rf"\b(?P<cue>{CUES})\s+(?P<source>{SOURCE})")
ACCORDING = re.compile(rf"(?P<cue>[Aa]ccording to)\s+(?P<source>{SOURCE})")
SENTENCE_END = re.compile(r"[.!?][\"”’)]*(?=\s|$)")
NEAR = 120  # characters between a quotation and the cue that introduces it


class RuleAttributor:
    """Attributes by rules alone."""

    name = "rules"

    def attribute(self, texts: Sequence[str]) -> list[tuple[Attribution, ...]]:
        """Return the attributions of each text, in the order of their contents."""
        return [tuple(_attributions(text)) for text in texts]


def _attributions(text: str) -> list[Attribution]:
    turns = read_turns(text)
    if turns:
        return list(attribute_turns(turns))
    found = list(_quoted(text))
    quotes = [span for attribution in found if attribution.is_direct for span in attribution.content]
    found += [item for item in _indirect(text) if not any(item.content[0].overlaps(span) for span in quotes)]
    return sorted(found, key=lambda attribution: attribution.content[0])


def _quoted(text: str) -> Iterator[Attribution]:
    last: Attribution | None = None
    for match in QUOTE.finditer(text):
        content = Span(start=match.start(), end=match.end())
        if len(match.group().split()) < 4:
            continue  # scare quotes and titles
        cue, source = _introduction(text, content)
        if source is None and last is not None and "\n" not in text[last.content[-1].end : content.start]:
            source, cue = (last.source or (None,))[0], None
        last = Attribution(
            source=(source,) if source else (), cue=(cue,) if cue else (), content=(content,), is_direct=True
        )
        yield last


def _introduction(text: str, content: Span) -> tuple[Span | None, Span | None]:
    """Return (cue, source) just after or before a quotation in its paragraph."""
    line_end = text.find("\n", content.end)
    after = content.end, min(content.end + NEAR, line_end if line_end >= 0 else len(text))
    for pattern in (SPEECH, INVERTED):
        match = pattern.search(text, *after)
        if match and match.start() - content.end <= 3:
            return _span(match, "cue"), _span(match, "source")
    before = max(0, content.start - NEAR, text.rfind("\n", 0, content.start) + 1), content.start
    matches = [*SPEECH.finditer(text, *before), *ACCORDING.finditer(text, *before)]
    if not matches:
        return None, None
    last = max(matches, key=lambda match: match.start())
    return _span(last, "cue"), _span(last, "source")


def _indirect(text: str) -> Iterator[Attribution]:
    for pattern in (SPEECH, ACCORDING):
        for match in pattern.finditer(text):
            end = SENTENCE_END.search(text, match.end())
            stop = end.end() if end else len(text)
            content = (
                _around(text, match, stop) if pattern is ACCORDING else _trimmed(text, match.end(), stop)
            )
            if len(content.of(text).split()) >= 3:
                yield Attribution(
                    source=(_span(match, "source"),),
                    cue=(_span(match, "cue"),),
                    content=(content,),
                    is_direct=False,
                )


def _around(text: str, match: re.Match[str], stop: int) -> Span:
    """Return the clause that "according to X" belongs to: what follows it, else what comes before it."""
    rest = text[match.end() : stop]
    if len(rest.split()) >= 3:
        return _trimmed(text, match.end(), stop)
    ends = [found.end() for found in SENTENCE_END.finditer(text, 0, match.start())]
    return _trimmed(text, ends[-1] if ends else 0, match.start())


def _trimmed(text: str, start: int, end: int) -> Span:
    words = text[start:end]
    return Span(start=end - len(words.lstrip()), end=start + len(words.rstrip()))


def _span(match: re.Match[str], group: str) -> Span:
    return Span(start=match.start(group), end=match.end(group))
