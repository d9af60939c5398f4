"""What goes out to an actor and what comes back, as the one row of a table: Ray Data's blocks are tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from stancewire.batch import BatchResult
from stancewire.errors import StancewireError
from stancewire.store.packing import pack, unpack
from stancewire.types import Article, Shard, Skip
from stancewire.workers import Batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A batch for the way: what to work on, and what else was read there; or a shard that is still to be read.

    `name` tells it from every other of the run.
    """

    name: str
    new: tuple[Article, ...] = ()
    known: tuple[Article, ...] = ()
    skips: tuple[Skip, ...] = ()
    shard: Shard | None = None

    @classmethod
    def of(cls, batch: Batch, *, name: str) -> Parcel:
        """Return a batch's parcel; the order of things that are not new is lost, and means nothing."""
        new = set(map(id, batch.new))
        return cls(
            name=name,
            new=batch.new,
            known=tuple(item for item in batch.items if isinstance(item, Article) and id(item) not in new),
            skips=tuple(item for item in batch.items if isinstance(item, Skip)),
            shard=batch.shard,
        )

    @property
    def batch(self) -> Batch:
        """Return the batch that this is the parcel of."""
        return Batch(items=(*self.new, *self.known, *self.skips), new=self.new, shard=self.shard)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a parcel; `read` is what was in its shard."""

    result: BatchResult = field(default_factory=BatchResult)
    read: Parcel | None = None


def sent(parcel: Parcel, *, number: int) -> pa.Table:
    """Return the block that goes out; `number` is the parcel's place in its window."""
    return pa.table({"number": [number], "parcel": _cell(pack(parcel))})


def received(block: pa.Table) -> tuple[int, Parcel]:
    """Return what a block that went out holds."""
    (row,) = block.to_pylist()
    return row["number"], unpack(row["parcel"], Parcel)


def returned(number: int, answer: Answer | None, *, error: str | None) -> pa.Table:
    """Return the block that goes back: an answer, or what would be wrong with every parcel."""
    packed = _cell(pack(answer) if answer else None)
    return pa.table({"number": [number], "answer": packed, "error": pa.array([error], pa.string())})


def unpacked(row: dict[str, Any]) -> tuple[int, Answer]:
    """Return what a row that came back holds; raises StancewireError where it is an error."""
    if row["error"]:
        raise StancewireError(row["error"])
    return row["number"], unpack(row["answer"], Answer)


def _cell(value: bytes | None) -> pa.Array:
    return pa.array([value], pa.large_binary())
