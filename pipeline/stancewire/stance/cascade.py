"""Two models as one: a small one reads every pair, a large one those that the small one doesn't call silent.

In news nine of ten questions have the answer "none", and a small model is sure of many of them; so the large model is
spared those ("cascade", Viola and Jones 2001).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stancewire.errors import ModelError
from stancewire.stance.pairs import PairFormat
from stancewire.types import Weights

if TYPE_CHECKING:
    from stancewire.stance.models import QueryClassifier

# Chosen on the 1,438 dev questions about real news, of which 198 have a stance: at .94 the large model is asked 57 % of
# them and 10 of the stances are not among them; at .93 it is 52 % and 14, at .95 66 % and 7, at .96 89 % and 2. To
# choose anew, compare other values in tests/bench/figures.py.
SILENT = 0.94
# For sentences that only go on about their topic. Chosen on 60 coded real articles and the sample's dev part: at .6 the
# large model is asked 58 % of the 1,554 questions about the articles, at .94 86 %, and the records are no worse.
CARRIED_SILENT = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeClassifier:
    """Weighs pairs with `first`, and again with `second` where `first` gives "none" less than `silent`.

    Where a sentence only goes on about its topic, the bar is `carried_silent`. Both must word their pairs alike: make
    one with `cascade`.
    """

    first: QueryClassifier
    second: QueryClassifier
    silent: float = SILENT
    carried_silent: float = CARRIED_SILENT

    @property
    def name(self) -> str:
        """Return both names: "stancewire-small#0123456789ab+stancewire-base#ba9876543210"."""
        return f"{self.first.name}+{self.second.name}"

    @property
    def pair_format(self) -> PairFormat:
        """Return the wording that both share."""
        return self.first.pair_format

    def weigh(self, pairs: Sequence[tuple[str, str]], *, carried: Collection[int] = ()) -> list[Weights]:
        """Return one calibrated answer a pair, in order; which model gives it doesn't depend on its neighbours.

        `carried` are the places of the pairs whose sentence only goes on about its topic.
        """
        answers = self.first.weigh(pairs)
        doubtful = [
            number
            for number, weights in enumerate(answers)
            if weights.none < (self.carried_silent if number in carried else self.silent)
        ]
        again = self.second.weigh([pairs[number] for number in doubtful])
        for number, weights in zip(doubtful, again, strict=True):
            answers[number] = weights
        return answers


def cascade(first: QueryClassifier, second: QueryClassifier) -> CascadeClassifier:
    """Return both as one; raises ModelError where they word their pairs differently."""
    if first.pair_format != second.pair_format:
        raise ModelError(
            f"{first.name} and {second.name} can't follow each other: they word their pairs differently"
        )
    return CascadeClassifier(first=first, second=second)
