"""What a log says of a run beside its warnings: start, batches, what was left out and why, files, end."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from stancewire.log_file import EVENT
from stancewire.settings import Settings
from stancewire.types import LedgerEntry, Outcome
from stancewire.workers import Names

log = logging.getLogger(__name__)


def log_start(names: Names, settings: Settings, inputs: Sequence[str], out: Path) -> None:
    """Log that a run began, and what it is set to do."""
    said = {
        EVENT: "run-started",
        "run_id": names.fingerprint.run_id,
        "inputs": list(inputs),
        "out": str(out),
        "model": names.model,
        "attributor": names.attributor,
        "codebook": names.codebook.name,
        "settings": asdict(settings),
    }
    log.info("%s started", names.fingerprint.run_id, extra=said)


def log_batch(entries: Sequence[LedgerEntry], *, new: int, seconds: Mapping[str, float]) -> None:
    """Log that a batch is in the store: each article that failed or was skipped, then the counts.

    `new` of the articles were worked on now. Which of two articles with one id is left out, only the ledger tells.
    """
    counts = Counter(str(entry.outcome) for entry in entries)
    records = sum(entry.records for entry in entries)
    for entry in entries:
        if entry.outcome is not Outcome.DONE:
            _log_left_out(entry)
    log.info(
        "batch of %d finished, %d of them new: %d records",
        *(len(entries), new, records),
        extra={
            EVENT: "batch-finished",
            "counts": {"read": len(entries), "new": new, "records": records, **counts},
            "seconds": _rounded(seconds),
        },
    )


def log_exports(files: Iterable[str], counts: Mapping[str, int]) -> None:
    """Log that the files are there, and what they hold."""
    names = list(files)
    said = {EVENT: "exports-written", "files": names, "counts": dict(counts)}
    log.info("%s written", ", ".join(names), extra=said)


def log_end(
    run_id: str, counts: Mapping[str, int], reasons: Mapping[str, int], seconds: Mapping[str, float]
) -> None:
    """Log that a run is finished."""
    said = {EVENT: "run-finished", "run_id": run_id, "counts": dict(counts), "reasons": dict(reasons)}
    log.info("%s finished", run_id, extra=said | {"seconds": _rounded(seconds)})


def _log_left_out(entry: LedgerEntry) -> None:
    is_failed = entry.outcome is Outcome.FAILED
    # An entry out of the store has its detail without its source.
    detail = (entry.detail or entry.reason or "").removeprefix(f"{entry.source}: ").removeprefix(": ")
    said = {
        EVENT: f"article-{entry.outcome}",
        "source": entry.source,
        "article_id": entry.article_id,
        "reason": entry.reason,
    }
    log.log(logging.WARNING if is_failed else logging.INFO, "%s: %s", entry.source, detail, extra=said)


def _rounded(seconds: Mapping[str, float]) -> dict[str, float]:
    return {stage: round(value, 3) for stage, value in seconds.items()}
