"""Makes one content of a quotation that is too long for a tagger to see both of its marks at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from stancewire.types import Span

LONG = (
    800  # characters, about 180 tokens: shorter ones fit into a window, and the tagger knows where they end
)
QUOTATION = re.compile(r"“[^“”\n]*”|«[^«»\n]*»|\"[^\"\n]*\"")


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
