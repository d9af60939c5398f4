"""A small deterministic classifier that counts cue words near the holder: for tests, docs and quick trials.

It needs no model file and gives the same answer everywhere, and it is honest about what it is: it looks for
words of support and rejection after the marked holder, turns them round at a negation, and says none otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stancewire.stance.pairs import PairFormat
from stancewire.types import Weights

FAVOR = r"support|back(s|ed|ing)?\b|favou?r|welcom|endors|call(s|ed|ing)? for|urg|advoca|in favou?r|agree|necessity"
AGAINST = r"oppos|reject|against|condemn|refus|denounc|critici[sz]|resist|rul(es|ed) out|no longer"
NEUTRAL = r"not (yet )?taken a (stance|position)|undecided|neither .{0,40} nor|no position"
NEGATION = r"(\b(not|never|no|without|cannot)|n['’]t)\W+(\w+\W+){0,2}$"
REACH = 200  # characters after the holder that are looked at: about one sentence


class LexiconClassifier:
    """Counts cue words; the fake that ships."""

    name = "lexicon#1"
    pair_format = PairFormat()

    def __init__(self, *, batch_size: int = 0, threads: int = 0) -> None:
        """Take the options that every backend takes; they change nothing here."""

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> list[Weights]:
        """Return one answer a pair, in order."""
        return [_weigh(passage) for passage, _ in pairs]


def _weigh(passage: str) -> Weights:
    closing = PairFormat().holder_marks[1]
    heard = passage.split(closing, 1)[-1][:REACH] if closing in passage else passage
    if re.search(NEUTRAL, heard, re.IGNORECASE):
        return Weights(favor=0.1, against=0.1, neutral=0.7, none=0.1)
    supports, opposes = _count(FAVOR, heard), _count(AGAINST, heard)
    favor, against = supports[0] + opposes[1], opposes[0] + supports[1]
    if favor == against:
        return Weights(favor=0.1, against=0.1, neutral=0.1, none=0.7)
    if favor > against:
        return Weights(favor=0.8, against=0.1, neutral=0.0, none=0.1)
    return Weights(favor=0.1, against=0.8, neutral=0.0, none=0.1)


def _count(cue: str, text: str) -> tuple[int, int]:
    """Return how often `cue` occurs plainly and how often after a negation."""
    plain = turned = 0
    for match in re.finditer(cue, text, re.IGNORECASE):
        if re.search(NEGATION, text[: match.start()], re.IGNORECASE):
            turned += 1
        else:
            plain += 1
    return plain, turned
