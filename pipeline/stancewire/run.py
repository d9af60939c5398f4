"""The archive run: paths in, a folder of record files out, every input article accounted for in the ledger."""

from __future__ import annotations

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from stancewire import __version__
from stancewire.aggregate import SCHEMA_VERSION
from stancewire.errors import InputError
from stancewire.extract import ArticleResult, Pipeline, extract
from stancewire.readers.archive import read_articles
from stancewire.readers.columns import Columns
from stancewire.registry import load_reference
from stancewire.settings import Settings
from stancewire.stage_clock import StageClock
from stancewire.types import Article, Outcome, StanceRecord
from stancewire.writers import WRITERS
from stancewire.writers.jsonl import read_records
from stancewire.writers.ledger import LedgerWriter
from stancewire.writers.manifest import write_manifest
from stancewire.writers.report import write_report

REPORT_CHARACTERS = 20_000_000  # article text kept for the report: a page over 20 MB opens slowly everywhere
LIBRARIES = ("spacy", "onnxruntime", "tokenizers", "trafilatura", "pyarrow", "torch", "transformers")

Progress = Callable[["RunReport"], None]


@dataclass(slots=True, kw_only=True)
class RunReport:
    """What a run did so far; its counts add up: read = done + skipped + failed."""

    run_id: str
    out: Path
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    by_topic: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def has_failures(self) -> bool:
        """Say whether any article failed."""
        return self.counts[Outcome.FAILED] > 0

    def add(self, result: ArticleResult) -> None:
        """Count one article's result."""
        self.counts["read"] += 1
        self.counts[result.entry.outcome] += 1
        self.counts["records"] += len(result.records)
        self.by_topic.update(record.topic for record in result.records)
        if result.entry.reason:
            self.reasons[result.entry.reason] += 1


def run(
    inputs: Sequence[str],
    pipeline: Pipeline,
    out: Path,
    *,
    settings: Settings,
    columns: Columns | None = None,
    started: datetime | None = None,
    progress: Progress | None = None,
) -> RunReport:
    """Extract the records of every article in `inputs` into files under `out`.

    `started` names the run (default: now); `progress` is called after every article. Files appear when they are
    whole: a run that is cut off leaves only *.partial behind.
    """
    started = started or datetime.now(UTC)
    _make_folder(out)
    report = RunReport(run_id=run_id(started, pipeline, settings), out=out)
    clock = StageClock()
    articles = read_articles(inputs, columns=columns or Columns())
    results = extract(articles, pipeline, run_id=report.run_id, chunk=settings.batch_articles, clock=clock)
    shown = _write(results, report, clock, progress)
    report.counts.update(clock.counts)
    report.seconds = dict(clock.seconds)
    manifest = _manifest(report, pipeline, settings, started, inputs)
    if settings.report:
        write_report(
            out / "report.html",
            records=records_of(out),
            articles=shown,
            manifest=manifest,
            codebook=pipeline.codebook,
        )
    write_manifest(out / "manifest.json", manifest)
    return report


def run_id(started: datetime, pipeline: Pipeline, settings: Settings) -> str:
    """Return the name of a run: when it started, and a hash of what it was set to do."""
    made_of = [
        pipeline.classifier.name,
        pipeline.attributor.name,
        pipeline.codebook.name,
        asdict(settings),
        __version__,
    ]
    digest = hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()
    return f"{started:%Y%m%dT%H%M%SZ}-{digest[:8]}"


def _write(
    results: Iterator[ArticleResult], report: RunReport, clock: StageClock, progress: Progress | None
) -> list[Article]:
    """Write every result as it comes; return the articles with records, for the report, up to its limit."""
    kept: list[Article] = []
    size = 0
    with ExitStack() as stack:
        writers = [_opened(stack, name, report.out) for name in WRITERS]
        ledger = stack.enter_context(LedgerWriter(report.out / "ledger.jsonl"))
        for result in results:
            report.add(result)
            with clock.time("write"):
                ledger.write([result.entry])
                for writer in writers:
                    writer.write(result.records)
            if result.article and result.records and size < REPORT_CHARACTERS:
                kept.append(result.article)
                size += len(result.article.text)
            if progress:
                progress(report)
    return kept


def _opened(stack: ExitStack, name: str, out: Path) -> Any:
    return stack.enter_context(load_reference(WRITERS[name])(out / f"records.{name}"))


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--out {str(out)!r}: can't make this folder: {error.strerror}") from error


def _manifest(
    report: RunReport, pipeline: Pipeline, settings: Settings, started: datetime, inputs: Sequence[str]
) -> dict[str, object]:
    return {
        "run_id": report.run_id,
        "started": started,
        "inputs": list(inputs),
        "counts": dict(report.counts),
        "reasons": dict(report.reasons),
        "records_by_topic": dict(report.by_topic),
        "seconds": {stage: round(value, 3) for stage, value in report.seconds.items()},
        "model": pipeline.classifier.name,
        "attributor": pipeline.attributor.name,
        "codebook": pipeline.codebook.name,
        "topics": [asdict(topic) for topic in pipeline.codebook.topics],
        "settings": asdict(settings),
        "schema_version": SCHEMA_VERSION,
        "versions": {"stancewire": __version__, "python": platform.python_version()} | _versions(),
    }


def _versions() -> dict[str, str]:
    found = {}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found


def records_of(out: Path) -> Iterator[StanceRecord]:
    """Yield the records that a run wrote under `out`."""
    return read_records(out / "records.jsonl")
