"""Which records a table is made of, and how many each option leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from stancewire.errors import ConfigError, InputError
from stancewire.tables.periods import published_day
from stancewire.types import HolderKind, Stance, StanceRecord, Topic, Voice

_HINTS = 5  # names to suggest: a line's worth
_SPELT_OUT = 50_000  # names that are looked through for a likeness: half a second's worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Restrictions of the records: any of the values within a field, all of the fields; an empty one restricts nothing.

    `topics` are ids. `holders` and `outlets` are parts of names, whatever the capitals; a holder's id in the actor
    registry fits, too. `first` and `last` are days that still belong; records without a date lie between no two days.
    """

    topics: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    kinds: tuple[HolderKind, ...] = ()
    stances: tuple[Stance, ...] = ()
    voices: tuple[Voice, ...] = ()
    first: date | None = None
    last: date | None = None
    min_confidence: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.min_confidence <= 1:
            raise ConfigError(f"min-confidence is {self.min_confidence}; must be a number from 0 to 1")
        if self.first and self.last and self.first > self.last:
            raise ConfigError(f"from {self.first} to {self.last} are no days; the first must come first")


class Selected:
    """Iterates once over the records that a selection keeps; afterwards it knows what was left out, and why.

    Raises InputError at the end if a holder or outlet asked for is in no record, with names like it.
    """

    def __init__(self, records: Iterable[StanceRecord], selection: Selection) -> None:
        self.left_out: Counter[str] = Counter()
        self.read = 0
        self._records, self._by = records, selection
        self._holders = _Names("--holder", selection.holders)
        self._outlets = _Names("--outlet", selection.outlets)

    def __iter__(self) -> Iterator[StanceRecord]:
        for record in self._records:
            self.read += 1
            if option := self._reason(record):
                self.left_out[option] += 1
            else:
                yield record
        if self.read:
            self._holders.check()
            self._outlets.check()

    def _reason(self, record: StanceRecord) -> str | None:
        """Return the first option that leaves the record out."""
        is_named = self._holders.fit(record.holder, record.holder_id)
        is_carried = self._outlets.fit(record.outlet or "")
        by = self._by
        if by.topics and record.topic not in by.topics:
            return "--topic"
        if not is_named:
            return "--holder"
        if not is_carried:
            return "--outlet"
        if by.kinds and record.holder_kind not in by.kinds:
            return "--kind"
        if by.stances and record.stance not in by.stances:
            return "--stance"
        if by.voices and record.attribution not in by.voices:
            return "--attribution"
        if reason := self._wrong_time(record):
            return reason
        return "--min-confidence" if record.confidence < by.min_confidence else None

    def _wrong_time(self, record: StanceRecord) -> str | None:
        first, last = self._by.first, self._by.last
        if not first and not last:
            return None
        if not (day := published_day(record.published)):
            return "--from and --to (no date)"
        return "--from and --to" if (first and day < first) or (last and day > last) else None


class _Names:
    """Names that fit what was asked for, each looked at once."""

    def __init__(self, option: str, asked: Sequence[str]) -> None:
        self._option = option
        self._asked = {each: each.casefold() for each in asked}
        self._hit: set[str] = set()
        self._known: dict[str, bool] = {}

    def fit(self, name: str, id_: str | None = None) -> bool:
        if not self._asked:
            return True
        if (known := self._known.get(name)) is None:
            folded = (name.casefold(), (id_ or "").casefold())
            hits = [each for each, part in self._asked.items() if part in folded[0] or part == folded[1]]
            self._hit.update(hits)
            known = self._known[name] = bool(hits)
        return known

    def check(self) -> None:
        for each in self._asked:
            if each not in self._hit:
                names = {name.casefold()[:200]: name for name in sorted(self._known)[:_SPELT_OUT]}
                likely = (
                    get_close_matches(each.casefold()[:200], names, _HINTS, 0.4) or sorted(names)[:_HINTS]
                )
                hints = ", ".join(repr(names[name][:60]) for name in likely)
                raise InputError(f"{self._option} {each!r} is in no record; there are {hints}")


def topic_ids(asked: Iterable[str], topics: Sequence[Topic]) -> tuple[str, ...]:
    """Return the ids of topics given by id or name, whatever the capitals; ConfigError names the known ones."""
    known = {name.casefold(): topic.id for topic in topics for name in (topic.name, topic.id)}
    for each in asked:
        if each.casefold() not in known:
            raise ConfigError(f"--topic {each!r}; known: {', '.join(topic.id for topic in topics)}")
    return tuple(known[each.casefold()] for each in asked)
