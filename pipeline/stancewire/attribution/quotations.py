"""Mends the ends of spans by punctuation.

One content of a quotation that is too long for a tagger to see both of its marks at once; none that ends with the mark
that opens the next; no cue that ends with a full stop.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from stancewire.types import Span

# Characters, about 180 tokens: the tagger sees both marks of shorter quotations, and knows where they end.
LONG = 800
QUOTATION = re.compile(r"“[^“”\n]*”|«[^«»\n]*»|\"[^\"\n]*\"")

NEXT_OPENING = re.compile(r"\s+[“«„‹‘\"']\s*\Z")


def mend_ends(text: str, spans: Mapping[str, Sequence[Span]]) -> dict[str, list[Span]]:
    """Return `spans` without what can't end them: of a content, a space and an opening mark; of a cue, a stop or comma.

    Of the 19,833 cues of PolNeAR's train part 15 end with either, 367 with a colon.
    """
    found = {part: list(some) for part, some in spans.items()}
    found["content"] = [
        Span(start=span.start, end=span.start + match.start())
        if (match := NEXT_OPENING.search(span.of(text))) and match.start()
        else span
        for span in found["content"]
    ]
    found["cue"] = [
        Span(start=span.start, end=span.start + len(words)) if (words := span.of(text).rstrip(".,")) else span
        for span in found["cue"]
    ]
    return found


def fill_quotations(text: str, spans: Mapping[str, Sequence[Span]]) -> dict[str, list[Span]]:
    """Return `spans` with each long quotation that has a content in it as one content.

    What else overlaps such a quotation is left out: the spans of a text don't overlap.
    """
    whole = [span for span in _long_quotations(text) if any(span.overlaps(one) for one in spans["content"])]
    if not whole:
        return {part: list(found) for part, found in spans.items()}
    left = {part: [one for one in found if not _overlaps_any(one, whole)] for part, found in spans.items()}
    left["content"] = sorted([*left["content"], *whole])
    return left


def _long_quotations(text: str) -> list[Span]:
    found = [Span(start=match.start(), end=match.end()) for match in QUOTATION.finditer(text)]
    return [span for span in found if span.end - span.start > LONG]


def _overlaps_any(span: Span, quotations: Sequence[Span]) -> bool:
    return any(quotation.overlaps(span) for quotation in quotations)
