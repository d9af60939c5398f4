"""The ledger: one line an input article, so that nothing vanishes from a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stancewire.types import LedgerEntry
from stancewire.writers.jsonl import json_line
from stancewire.writers.partial import PartialFile


class LedgerWriter(PartialFile):
    """Writes one ledger entry a line: what became of an input article, and why."""

    def write(self, entries: Sequence[LedgerEntry]) -> None:
        """Append entries."""
        self.append(b"".join(json_line(as_ledger_row(entry)) for entry in entries))


def as_ledger_row(entry: LedgerEntry) -> dict[str, Any]:
    """Return the entry as a dictionary ready for JSON, in the order of LedgerEntry."""
    return {
        "source": entry.source,
        "outcome": entry.outcome.value,
        "article_id": entry.article_id,
        "records": entry.records,
        "reason": entry.reason,
        "detail": entry.detail,
        "counts": dict(entry.counts),
        "origins": entry.origins.known(),
    }
