"""Reads how firmly a stance is put: hedged, conditional, or changed, from cue words in its evidence.

Cue lists after the uncertainty cues of the CoNLL-2010 shared task (Farkas et al. 2010), cut to those that bear on
a stance in news. They look at the evidence sentence only; negated and nested cues are not told apart yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

HEDGES = re.compile(
    r"\b(it (seems|appears)|seems? to|appears? to|(is|are|was|were) (un)?likely|(un)?likely to|"
    r"(?-i:may)|might|could be|"
    r"reportedly|apparently|presumably|perhaps|possibly|probably|is said to|are said to|is believed to|"
    r"hinted|signal(l)?ed|suggested that|is expected to|are expected to)\b",
    re.IGNORECASE,
)
CONDITIONS = re.compile(
    r"\b(only if|if|unless|provided (that)?|on (the )?condition|contingent (up)?on|as long as|"
    r"conditional (up)?on|depends on|depending on|in case)\b(?! not\b)",
    re.IGNORECASE,
)
CHANGES = re.compile(
    r"\b(no longer|any ?more|used to|once (supported|opposed|backed|favou?red|rejected|called|argued|hoped)|"
    r"revers(ed|al)|changed (his|her|its|their) (mind|position|stance|view)|"
    r"had (previously|earlier|long|recently|once|first|initially)|previously|formerly (supported|opposed)|"
    r"dropped (his|her|its|their)|abandoned (his|her|its|their)|came round|come round|turned against|"
    r"withdr(ew|awn) (his|her|its|their) (support|objection|opposition)|lost hope|"
    r"after years of (opposing|supporting))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Modality:
    """The three flags of a stance record."""

    hedged: bool = False
    conditional: bool = False
    changed: bool = False


def read_modality(quotes: Iterable[str]) -> Modality:
    """Return the flags for a stance that rests on `quotes`, its evidence sentences, strongest first.

    A stance is hedged or conditional where its strongest evidence is; changed where any of it says so.
    """
    quotes = list(quotes)
    first = quotes[0] if quotes else ""
    return Modality(
        hedged=bool(HEDGES.search(first)),
        conditional=bool(CONDITIONS.search(first)),
        changed=any(CHANGES.search(quote) for quote in quotes),
    )
