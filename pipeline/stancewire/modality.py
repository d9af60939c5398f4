"""Finds the words that say how firmly a stance is put: hedged, conditional, or changed.

Cue lists after the uncertainty cues of the CoNLL-2010 shared task (Farkas et al. 2010), cut to those that bear on
a stance in news. They look at the evidence sentence only; negated and nested cues are not told apart yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from stancewire.types import Cue, CueKind, Evidence, Stance

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
_ONCE = "(supported|opposed|backed|favou?red|rejected|called|argued|hoped)"
_HAD = "had (previously|earlier|long|recently|once|first|initially)"
CHANGES = re.compile(
    rf"\b(no longer|any ?more|used to|once {_ONCE}|"
    r"revers(ed|al)|changed (his|her|its|their) (mind|position|stance|view)|"
    rf"{_HAD}|previously|formerly (supported|opposed)|"
    r"dropped (his|her|its|their)|abandoned (his|her|its|their)|came round|come round|turned against|"
    r"withdr(ew|awn) (his|her|its|their) (support|objection|opposition)|lost hope|"
    r"after years of (opposing|supporting))\b",
    re.IGNORECASE,
)

ABOUT_AS_STRONG = (
    0.05  # in probability; by hand: a hedge at .93 gives way to .91 without, one at .91 not to .63
)

# What was so before: the stance of such a sentence gives way to the opposite one of a later sentence.
EARLIER = re.compile(
    rf"\b(used to|(once|formerly) {_ONCE}|{_HAD}|"
    r"had (told|said|called|vowed|promised|pledged|insisted|argued|supported|opposed|rejected|backed|hoped))\b",
    re.IGNORECASE,
)

NO_SIDE = re.compile(
    r"\b(not|never|neither|nor|no|without|yet to)\b.{0,40}\b(stance|position|sides?|decision|decided|view)\b|"
    r"\b(undecided|neutral|divided|weigh(s|ed|ing)?|(has|have) yet to)\b",
    re.IGNORECASE,
)
CONTRAST = re.compile(r"[,;]\s+(?=(but|although|though|yet|while|whereas)\b)", re.IGNORECASE)

PATTERNS = {CueKind.HEDGED: HEDGES, CueKind.CONDITIONAL: CONDITIONS, CueKind.CHANGED: CHANGES}


def find_earlier(start: int, quote: str) -> Cue | None:
    """Return the words that put what a sentence says into the past; `start` is its place in the text."""
    match = EARLIER.search(quote)
    if match is None:
        return None
    return Cue(
        kind=CueKind.CHANGED, start=start + match.start(), end=start + match.end(), quote=match.group()
    )


def find_cues(evidence: Sequence[Evidence], *, stance: Stance | None = None) -> tuple[Cue, ...]:
    """Return the words that put a stance less than firmly, in its evidence, which comes strongest first.

    A stance is conditional where its strongest evidence is, hedged where that is and no other about as strong states it
    firmly; changed where any of it says so. That somebody takes no side is hedged only in the clause that says so.
    """
    found = (
        cue
        for number, item in enumerate(evidence)
        for kind, pattern in PATTERNS.items()
        if kind is CueKind.CHANGED or (number == 0 and not (kind is CueKind.HEDGED and _is_firm(evidence)))
        for cue in _cues(item, kind, pattern)
        if kind is not CueKind.HEDGED or stance is not Stance.NEUTRAL or _is_of_no_side(cue, item)
    )
    return tuple(dict.fromkeys(found))  # pieces of evidence may overlap


def _is_of_no_side(cue: Cue, item: Evidence) -> bool:
    """Say whether a hedge stands in the clause that says that somebody takes no side, or no clause says so."""
    edges = [0, *(match.start() for match in CONTRAST.finditer(item.quote)), len(item.quote)]
    place = cue.start - item.start
    clauses = list(pairwise(edges))
    saying = [clause for clause in clauses if NO_SIDE.search(item.quote, *clause)]
    return not saying or any(start <= place < end for start, end in saying)


def _is_firm(evidence: Sequence[Evidence]) -> bool:
    """Say whether a piece of evidence about as strong as the strongest has no hedge."""
    return any(
        not HEDGES.search(item.quote) for item in evidence[1:] if item.p >= evidence[0].p - ABOUT_AS_STRONG
    )


def _cues(item: Evidence, kind: CueKind, pattern: re.Pattern[str]) -> Iterator[Cue]:
    for match in pattern.finditer(item.quote):
        start = item.start + match.start()
        yield Cue(kind=kind, start=start, end=start + len(match.group()), quote=match.group())
