"""The archive run: paths in, a folder of record files out, every input article accounted for in the ledger.

What is finished is in the store at once: the same command again goes on where a run was cut off, works only on articles
that are new, and after a change of topics or models only on what that changes.
"""

from __future__ import annotations

import os
import platform
import socket
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from stancewire import __version__
from stancewire.aggregate import SCHEMA_VERSION
from stancewire.batch import BatchResult
from stancewire.counting import Unit
from stancewire.desk.report import REPORT, write_report
from stancewire.errors import StancewireError
from stancewire.exports import EXPORTS, Totals, write_exports
from stancewire.fingerprint import Fingerprint
from stancewire.log_file import open_log
from stancewire.readers.archive import read_pieces
from stancewire.readers.articles import encodable, text_digest
from stancewire.readers.columns import Columns
from stancewire.registry import load_reference
from stancewire.review.apply import apply
from stancewire.review.reviewed import Version
from stancewire.review.store import read_history
from stancewire.run_log import log_batch, log_end, log_exports, log_start
from stancewire.settings import Settings
from stancewire.stage_clock import StageClock
from stancewire.store.lock import locked
from stancewire.store.run_store import RunStore, StoredResult, article_key
from stancewire.types import Article, LedgerEntry, Outcome, Shard, Skip, StanceRecord
from stancewire.workers import Batch, Names, Workers
from stancewire.writers import CHECK_SHARDS
from stancewire.writers.jsonl import read_records
from stancewire.writers.manifest import write_manifest
from stancewire.writers.partial import make_folder

LONGEST_BATCH = 1000  # things read, where hardly any of them is new: they are committed together, too
LIBRARIES = ("spacy", "onnxruntime", "tokenizers", "trafilatura", "pyarrow", "torch", "transformers")

Progress = Callable[["RunReport"], None]


@dataclass(slots=True, kw_only=True)
class RunReport:
    """What a run did so far, and at its end what its files hold; counts add up: read = done + skipped + failed.

    `reused` of those that were read were finished by an earlier run into the same folder.
    """

    run_id: str
    out: Path
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)  # the reasons of those that failed, so far
    by_topic: Mapping[Unit, Counter[str]] = field(default_factory=dict)  # known at its end
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def has_failures(self) -> bool:
        """Say whether any article failed."""
        return self.counts[Outcome.FAILED] > 0

    def add(self, entry: LedgerEntry) -> None:
        """Count one thing that was read."""
        self.counts["read"] += 1
        self.counts[entry.outcome] += 1
        self.counts["records"] += entry.records
        if entry.reason:
            self.reasons[entry.reason] += 1
            if entry.outcome is Outcome.FAILED:
                self.failures[entry.reason] += 1

    def settle(self, totals: Totals) -> None:
        """Take over what the files hold: only at the end it is known which articles are there twice."""
        self.counts = Counter({"reused": self.counts["reused"], **totals.counts})
        self.reasons, self.by_topic = totals.reasons, totals.by_topic


def run(
    inputs: Sequence[str],
    workers: Workers,
    out: Path,
    *,
    settings: Settings,
    columns: Columns | None = None,
    started: datetime | None = None,
    progress: Progress | None = None,
) -> RunReport:
    """Extract the records of every article in `inputs` into files under `out`.

    `progress` is called after every article. Files appear when they are whole: a run that is cut off leaves its
    store, and the same call goes on from there. Raises StancewireError where another run is writing to `out`.
    """
    started = started or datetime.now(UTC)
    make_folder(out)
    if settings.shard_rows:
        load_reference(CHECK_SHARDS)(out, rows=settings.shard_rows)
    names = workers.names
    report = RunReport(run_id=names.fingerprint.run_id, out=out)
    clock = StageClock()
    with locked(out), _opened(out) as store:
        store.start(_facts(names, started, inputs))
        log_start(names, settings, inputs, out)
        own = [path for path in (out, open_log()) if path]
        pieces = read_pieces(inputs, columns=columns or Columns(), left_out=own, is_cut=workers.sees)
        _fill(store, pieces, workers, report, clock, size=settings.batch_articles, progress=progress)
        with clock.time("write"):
            store.drop_outdated(names.fingerprint)  # before the files: they may need the room
            report.settle(write_exports(store, out, shard_rows=settings.shard_rows))
        log_exports(EXPORTS, report.counts)
        report.seconds = dict(clock.seconds)
        manifest = _manifest(report, names, settings, started, inputs)
        if settings.report:
            _write_report(store, out, manifest, names)
        else:
            (out / REPORT).unlink(missing_ok=True)  # an earlier run's would contradict the records
        write_manifest(out / "manifest.json", manifest)
        store.note({"finished": datetime.now(UTC).isoformat(timespec="seconds")})
        log_end(report.run_id, report.counts, report.reasons, report.seconds)
    return report


def _fill(
    store: RunStore,
    pieces: Iterator[Article | Skip | Shard],
    workers: Workers,
    report: RunReport,
    clock: StageClock,
    *,
    size: int,
    progress: Progress | None,
) -> None:
    """Bring every article of the input into the store, with what came of it."""
    work = _Work(store, report.run_id, workers.tries_again)
    for batch, done in workers.work(_batches(pieces, work, clock, size=size), report.out):
        for stage, seconds in done.seconds.items():
            clock.seconds[stage] += seconds
        with clock.time("write"):
            entries = _commit(store, batch, done, report, made_by=workers.names.fingerprint)
        log_batch(entries, new=len(batch.new), seconds=done.seconds)
        work.finish(done.results)
        for entry in entries:
            report.add(entry)
            if progress:
                progress(report)


def _batches(
    pieces: Iterator[Article | Skip | Shard], work: _Work, clock: StageClock, *, size: int
) -> Iterator[Batch]:
    """Cut the input into batches of `size` articles that are new; those in work are not new a second time."""
    items: list[Article | Skip] = []
    new: list[Article] = []
    while True:
        with clock.time("read"):
            item = next(pieces, None)
        if item is None:
            break
        if isinstance(item, Shard):
            yield Batch(items=(), new=(), shard=item)
            continue
        items.append(item)
        if isinstance(item, Article) and work.begin(article_key(item)):
            new.append(item)
        if len(new) == size or len(items) == max(size, LONGEST_BATCH):
            yield Batch(items=tuple(items), new=tuple(new))
            items, new = [], []
    if items:
        yield Batch(items=tuple(items), new=tuple(new))


class _Work:
    """Knows which articles somebody has worked on, or is about to.

    One that failed in a stage in an earlier run is tried again, once: the reason may have lain with the machine.
    """

    def __init__(self, store: RunStore, run_id: str, tries_again: Collection[str]) -> None:
        self._store, self._run_id, self._tries_again = store, run_id, tries_again
        self._in_work: set[bytes] = set()
        self._failed: set[bytes] = set()

    def begin(self, key: bytes) -> bool:
        """Say whether nobody has worked on an article, or is about to; from now on somebody is."""
        known = self._store.result(key, made_by=self._run_id)
        if key in self._in_work or key in self._failed or (known and known.reason not in self._tries_again):
            return False
        self._in_work.add(key)
        return True

    def finish(self, results: Iterable[StoredResult]) -> None:
        """Take note of what is in the store now."""
        for result in results:
            self._in_work.discard(result.key)
            if result.entry.reason in self._tries_again:
                self._failed.add(result.key)


def _commit(
    store: RunStore, batch: Batch, done: BatchResult, report: RunReport, *, made_by: Fingerprint
) -> list[LedgerEntry]:
    """Write a batch in one piece; return what to count: which of two articles with one id stays, only the end tells."""
    made = {result.key: result.entry for result in done.results}
    entries: list[LedgerEntry] = []
    with store.transaction():
        store.save(done.results, made_by=made_by, readings=done.readings, answers=done.answers)
        for item in batch.items:
            if isinstance(item, Skip):
                store.add_skip(item)
                entries.append(_entry_of(item))
            elif not store.add_article(item, digest=text_digest(item.text)[:8]):
                entries.append(_duplicate(item))
            else:
                key = article_key(item)
                known = made.get(key) or store.result(key, made_by=report.run_id)
                report.counts["reused"] += known is not None and key not in made
                # Where it isn't known yet, a later batch that works on the same article was first.
                entries.append(
                    replace(known, source=item.source, article_id=item.id) if known else _duplicate(item)
                )
        store.note({"updated": datetime.now(UTC).isoformat(timespec="seconds")})
    return entries


def _entry_of(skip: Skip) -> LedgerEntry:
    return LedgerEntry(
        source=skip.source,
        outcome=skip.outcome,
        article_id=skip.article_id,
        reason=skip.reason,
        detail=skip.detail,
    )


def _duplicate(article: Article) -> LedgerEntry:
    return LedgerEntry(
        source=article.source, outcome=Outcome.SKIPPED, article_id=article.id, reason="duplicate"
    )


@contextmanager
def _opened(out: Path) -> Iterator[RunStore]:
    store = RunStore(out)
    try:
        yield store
    except BaseException:
        # The error that led here is the one to tell, not that there is no room still.
        with suppress(StancewireError):
            store.close()
        raise
    store.close()


def _facts(names: Names, started: datetime, inputs: Sequence[str]) -> dict[str, str]:
    return {
        "run_id": names.fingerprint.run_id,
        "model": names.model,
        "attributor": names.attributor,
        "codebook": names.codebook.name,
        "inputs": "\n".join(map(encodable, inputs)),
        "started": started.isoformat(timespec="seconds"),
        "process": str(os.getpid()),
        "host": socket.gethostname(),
    }


def _write_report(store: RunStore, out: Path, manifest: dict[str, object], names: Names) -> None:
    write_report(
        out / REPORT,
        records=apply(records_of(out), read_history(out), Version.MERGED),
        articles=(article for fate in store.fates() if (article := fate.article)),
        manifest=manifest,
        name=out.resolve().name,
        codebook=names.codebook,
    )


def _manifest(
    report: RunReport, names: Names, settings: Settings, started: datetime, inputs: Sequence[str]
) -> dict[str, object]:
    return {
        "run_id": report.run_id,
        "started": started,
        "inputs": [encodable(given) for given in inputs],
        "counts": dict(report.counts),
        "reasons": dict(report.reasons),
        "records_by_topic": dict(report.by_topic[Unit.RECORD]),
        "records_by_topic_per_story": dict(report.by_topic[Unit.STORY]),
        "records_by_topic_per_outlet": dict(report.by_topic[Unit.OUTLET]),
        "seconds": {stage: round(value, 3) for stage, value in report.seconds.items()},
        "model": names.model,
        "attributor": names.attributor,
        "codebook": names.codebook.name,
        "topics": [asdict(topic) for topic in names.codebook.topics],
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
