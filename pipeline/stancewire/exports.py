"""The files that a run leaves, written from its store: the same bytes for the same input, however the run went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancewire.copies import cluster_name, clusters
from stancewire.counting import Once, Unit
from stancewire.registry import load_reference
from stancewire.store.run_store import Fate, RunStore
from stancewire.types import StanceRecord
from stancewire.writers import SHARDS, WRITERS
from stancewire.writers.ledger import LedgerWriter

if TYPE_CHECKING:
    from stancewire.writers.shards import ShardFolder

LEDGER = "ledger.jsonl"
EXPORTS = (*(f"records.{name}" for name in WRITERS), LEDGER)
"""The files that write_exports leaves."""


@dataclass(slots=True, kw_only=True)
class Totals:
    """What the files hold; it adds up: read = done + skipped + failed."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    by_topic: Mapping[Unit, Counter[str]] = field(default_factory=lambda: {unit: Counter() for unit in Unit})
    _once: Once = field(default_factory=Once)

    def add(self, fate: Fate, records: tuple[StanceRecord, ...]) -> None:
        """Count one line of the ledger."""
        entry = fate.entry
        self.counts["read"] += 1
        self.counts[entry.outcome] += 1
        self.counts["records"] += len(records)
        self.counts["questions"] += entry.counts.get("questions", 0)
        for record in records:
            for unit in self._once.units(record):
                self.by_topic[unit][record.topic] += 1
        if entry.reason:
            self.reasons[entry.reason] += 1


def write_exports(store: RunStore, out: Path, *, shard_rows: int = 0) -> Totals:
    """Write ledger and record files into `out`, each in one piece, and return what they hold.

    With `shard_rows` both are there once more, as Parquet files of so many rows each (writers.shards).

    An earlier run's manifest goes first: it doesn't vouch for what now comes.
    """
    (out / "manifest.json").unlink(missing_ok=True)
    totals = Totals()
    found = find_clusters(store)
    stories: set[str | None] = set()
    with ExitStack() as stack:
        writers = [_opened(stack, name, out) for name in WRITERS]
        ledger = stack.enter_context(LedgerWriter(out / LEDGER))
        shards = stack.enter_context(_shards(out, rows=shard_rows))
        for fate in store.fates():
            records = clustered(fate, found)
            totals.add(fate, records)
            stories.update(record.cluster_id for record in records)
            ledger.write([fate.entry])
            shards.write(fate.entry, records)
            for writer in writers if records else ():
                writer.write(records)
    totals.counts["stories"] = len(stories)
    return totals


def find_clusters(store: RunStore) -> dict[str, str]:
    """Return the cluster of copies that each article with records belongs to."""
    return clusters(_sketches(store))


def clustered(fate: Fate, found: Mapping[str, str]) -> tuple[StanceRecord, ...]:
    """Return an article's records, with the cluster that its copies share; without copies it is one of its own."""
    return tuple(
        replace(record, cluster_id=found.get(record.article_id) or cluster_name([record.article_id]))
        for record in fate.records
    )


def _sketches(store: RunStore) -> Iterator[tuple[str, bytes]]:
    for fate in store.fates(with_records=False):
        if fate.sketch and fate.entry.article_id:
            yield fate.entry.article_id, fate.sketch


def _shards(out: Path, *, rows: int) -> ShardFolder:
    folder: ShardFolder = load_reference(SHARDS)(out, rows=rows)
    return folder


def _opened(stack: ExitStack, name: str, out: Path) -> Any:
    return stack.enter_context(load_reference(WRITERS[name])(out / f"records.{name}"))
