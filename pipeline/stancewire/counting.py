"""How often a stance counts: once a record, once a story however many copies it has, or once an outlet."""

from __future__ import annotations

from enum import StrEnum
from hashlib import blake2b

from stancewire.types import StanceRecord


class Unit(StrEnum):
    """What a stance counts once for.

    RECORD: each record counts, those of copies, too.
    STORY: records of one cluster of copies with the same holder, topic and stance count once; a copy that differs in
    one of them counts for itself. A record without a cluster is a story of its own article.
    OUTLET: records of one outlet with the same holder, topic and stance count once, whatever the stories. Capitals make
    no other outlet; articles that name none count as one together.
    """

    RECORD = "record"
    STORY = "story"
    OUTLET = "outlet"


class Once:
    """Tells of each record in which units it counts; the order of the records doesn't change how many do.

    It remembers 8 bytes of a hash for each different record in each unit: some 200 MB for a million records.
    """

    def __init__(self) -> None:
        self._seen: set[bytes] = set()

    def units(self, record: StanceRecord) -> list[Unit]:
        """Return the units in which nothing that counts the same came before."""
        firsts = ((unit, place(record, unit)) for unit in (Unit.STORY, Unit.OUTLET))
        return [Unit.RECORD, *(unit for unit, where in firsts if self._is_first(record, unit, where))]

    def _is_first(self, record: StanceRecord, unit: Unit, where: str) -> bool:
        what = (unit, where, record.holder, record.holder_kind, record.topic, record.stance)
        key = blake2b("\0".join(what).encode("utf-8", "surrogatepass"), digest_size=8).digest()
        is_first = key not in self._seen
        self._seen.add(key)
        return is_first


def place(record: StanceRecord, unit: Unit) -> str:
    """Return where a record is, as the unit sees it: in one place a holder's stance on a topic counts once."""
    if unit is Unit.STORY:
        return record.cluster_id or record.article_id
    return (record.outlet or "").casefold() if unit is Unit.OUTLET else record.record_id
