"""From stance records to discourse networks: statements counted by period, then compared actor by actor."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from stancewire.counting import Once
from stancewire.networks.coalitions import coalitions, signed_modularity
from stancewire.networks.layout import positions
from stancewire.networks.model import (
    Actor,
    Affiliation,
    Contradiction,
    Method,
    Normalisation,
    Period,
    PeriodNetworks,
    Tie,
    Weight,
)
from stancewire.types import HolderKind, Stance, StanceRecord

UNDATED = "undated"
DEFAULT = Method()
SIDES = (Stance.FAVOR, Stance.AGAINST)

Floats = npt.NDArray[np.float64]
_Key = tuple[str, HolderKind]
_Named = Callable[[int, int], tuple[str, ...]]


def discourse_networks(
    records: Iterable[StanceRecord], method: Method = DEFAULT
) -> tuple[PeriodNetworks, ...]:
    """Return the networks of each period that has records, in order of time, the undated ones last.

    The order of the records changes nothing.
    """
    found: dict[str, Statements] = defaultdict(Statements)
    for record in records:
        day = _day(record)
        found[_period(day, method.by)].add(record, day, method)
    ordered = sorted(found.items(), key=lambda item: (item[0] == UNDATED, item[0]))
    return tuple(networks_of(period, statements, method) for period, statements in ordered)


@dataclass(slots=True)
class Statements:
    """What one period's actors say, each statement counted once in the method's unit.

    `counts` are by actor, topic and stance; `ids` has all actors, `beyond` counts further ones, less active than these;
    `days` are the first and the last. Who counts otherwise than record by record can fill it, and ask `networks_of`.
    """

    counts: Counter[tuple[_Key, str, Stance]] = field(default_factory=Counter)
    ids: dict[_Key, str | None] = field(default_factory=dict)
    days: tuple[date, date] | None = None
    beyond: int = 0
    _once: Once = field(default_factory=Once)

    def add(self, record: StanceRecord, day: date | None, method: Method) -> None:
        """Count a record, of this day."""
        if day:
            first, last = self.days or (day, day)
            self.days = (min(first, day), max(last, day))
        key = (record.holder, record.holder_kind)
        self.ids[key] = max(self.ids.get(key) or "", record.holder_id or "") or None
        if method.unit in self._once.units(record):
            self.counts[key, record.topic, record.stance] += 1

    def most_active(self, limit: int) -> list[tuple[_Key, int]]:
        """Return the actors with most statements and how many, the most active first, then by name."""
        activity: Counter[_Key] = Counter()
        for (key, _, _), number in self.counts.items():
            activity[key] += number
        return sorted(activity.items(), key=lambda item: (-item[1], item[0]))[:limit]


def networks_of(period: str, statements: Statements, method: Method = DEFAULT) -> PeriodNetworks:
    """Return the networks of one period of which the statements are counted."""
    kept = statements.most_active(method.limit)
    topics = sorted({topic for _, topic, _ in statements.counts})
    said = _counted(statements, kept, topics)
    weighed = _weighed(said[:, :, :2], method)
    congruence, conflict = _compared(weighed, method)
    net = congruence - conflict
    camps, lone = coalitions(net, [activity for _, activity in kept])
    places = positions(net, method.seed)
    first, last = _ends(period, statements.days)
    actors = tuple(
        Actor(
            name=key[0],
            kind=key[1],
            id=statements.ids[key],
            activity=activity,
            topics=int((said[index].sum(axis=1) > 0).sum()),
            coalition=None if index in lone else camps[index],
            x=places[index][0],
            y=places[index][1],
        )
        for index, (key, activity) in enumerate(kept)
    )
    return PeriodNetworks(
        period=period,
        first=first,
        last=last,
        actors=actors,
        affiliations=tuple(_affiliations(said, topics)),
        congruence=tuple(_ties(congruence, _shared(weighed, topics, same=True))),
        conflict=tuple(_ties(conflict, _shared(weighed, topics, same=False))),
        coalitions=len({actor.coalition for actor in actors} - {None}),
        polarisation=signed_modularity(net, camps),
        left_out=len(statements.ids) + statements.beyond - len(kept),
    )


def _counted(statements: Statements, kept: list[tuple[_Key, int]], topics: list[str]) -> Floats:
    """Return statements by actor, topic and stance (favor, against, neutral)."""
    rows = {key: index for index, (key, _) in enumerate(kept)}
    columns = {topic: index for index, topic in enumerate(topics)}
    stances = {stance: index for index, stance in enumerate((*SIDES, Stance.NEUTRAL))}
    said = np.zeros((len(rows), len(columns), len(stances)))
    for (key, topic, stance), number in statements.counts.items():
        if key in rows:
            said[rows[key], columns[topic], stances[stance]] = number
    return said


def _weighed(sides: Floats, method: Method) -> Floats:
    """Return what counts of each actor's two sides of each topic."""
    weighed = sides.copy()
    if method.contradiction is Contradiction.SUBTRACT:
        weighed = np.maximum(weighed - weighed[:, :, ::-1], 0)
    elif method.contradiction is Contradiction.DROP:
        weighed[(weighed > 0).all(axis=2)] = 0
    return (weighed > 0).astype(np.float64) if method.weight is Weight.TOPICS else weighed


def _compared(weighed: Floats, method: Method) -> tuple[Floats, Floats]:
    """Return the congruence and the conflict of each pair of actors, normalised, without those too light."""
    flat = weighed.reshape(len(weighed), -1)
    crossed = weighed[:, :, ::-1].reshape(len(weighed), -1)
    norm = _norm(flat, method.normalisation)
    matrices = []
    for other in (flat, crossed):
        matrix = np.divide(flat @ other.T, norm, out=np.zeros_like(norm), where=norm > 0)
        np.fill_diagonal(matrix, 0)
        matrix[matrix < method.min_weight] = 0
        matrices.append(matrix)
    return matrices[0], matrices[1]


def _norm(flat: Floats, normalisation: Normalisation) -> Floats:
    """Return what each pair's weight is divided by."""
    if normalisation is Normalisation.AVERAGE:
        sums = flat.sum(axis=1)
        return np.asarray((sums[:, None] + sums[None, :]) / 2)
    if normalisation is Normalisation.JACCARD:
        has = (flat > 0).astype(np.float64)
        alone = flat @ (1 - has).T
        return np.asarray(alone + alone.T + flat @ flat.T)
    if normalisation is Normalisation.COSINE:
        lengths = np.sqrt((flat * flat).sum(axis=1))
        return np.asarray(lengths[:, None] * lengths[None, :])
    return np.ones((len(flat), len(flat)))


def _affiliations(said: Floats, topics: list[str]) -> Iterator[Affiliation]:
    for actor, topic in zip(*np.nonzero(said.sum(axis=2)), strict=True):
        favor, against, neutral = (int(number) for number in said[actor, topic])
        yield Affiliation(
            actor=int(actor), topic=topics[topic], favor=favor, against=against, neutral=neutral
        )


def _shared(weighed: Floats, topics: list[str], *, same: bool) -> _Named:
    """Return a function that names the topics on which two actors stand on the same side, or on opposite ones."""
    favor = [frozenset(np.flatnonzero(actor[:, 0] > 0).tolist()) for actor in weighed]
    against = [frozenset(np.flatnonzero(actor[:, 1] > 0).tolist()) for actor in weighed]

    def named(first: int, second: int) -> tuple[str, ...]:
        ours, theirs = (favor, against) if same else (against, favor)
        common = (favor[first] & ours[second]) | (against[first] & theirs[second])
        return tuple(topics[index] for index in sorted(common))

    return named


def _ties(matrix: Floats, named: _Named) -> Iterator[Tie]:
    for first, second in zip(*np.nonzero(np.triu(matrix)), strict=True):
        yield Tie(
            first=int(first),
            second=int(second),
            weight=round(float(matrix[first, second]), 6),
            topics=named(first, second),
        )


def _day(record: StanceRecord) -> date | None:
    try:
        return date.fromisoformat(record.published or "")
    except ValueError:
        return None


def _period(day: date | None, by: Period) -> str:
    if by is Period.WHOLE:
        return by.value
    if day is None:
        return UNDATED
    if by is Period.YEAR:
        return f"{day:%Y}"
    return f"{day:%Y}-Q{(day.month + 2) // 3}" if by is Period.QUARTER else f"{day:%Y-%m}"


def _ends(period: str, days: tuple[date, date] | None) -> tuple[date | None, date | None]:
    """Return the first and last day of a period, of the whole those of its records."""
    if days is None:
        return None, None
    day = days[0]
    if period == Period.WHOLE:
        return days
    if "Q" in period:
        end = (day.month + 2) // 3 * 3
        start = end - 2
    else:
        start, end = (day.month, day.month) if "-" in period else (1, 12)
    return date(day.year, start, 1), date(day.year, end, monthrange(day.year, end)[1])
