"""The folder that a run left, opened for reading: its records in each version, its articles, codebook and manifest."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from stancewire.errors import InputError
from stancewire.review.apply import apply, lost
from stancewire.review.history import History
from stancewire.review.reviewed import Reviewed, Version
from stancewire.review.store import read_history
from stancewire.store.database import FILE
from stancewire.store.run_store import RunStore
from stancewire.types import Article, Codebook, StanceRecord, Topic
from stancewire.writers.jsonl import read_records

RECORDS = "records.jsonl"
MANIFEST = "manifest.json"
logger = logging.getLogger(__name__)


class RunFolder:
    """A finished run's folder; nothing in it is changed by reading.

    Raises InputError where there is no finished run.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        for name in (MANIFEST, RECORDS):
            if not (path / name).is_file():
                raise InputError(
                    f"{path}: no finished run here (no {name}); must be the --out folder of `stancewire run`,"
                    " and `stancewire status` says whether one is under way"
                )

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """Return what the run says of itself; raises InputError where that is no JSON."""
        path = self.path / MANIFEST
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise InputError(f"{path}: not JSON: {error}; run again to write it anew") from error
        if not isinstance(manifest, dict):
            raise InputError(f"{path}: {type(manifest).__name__}; must be an object")
        return manifest

    @cached_property
    def codebook(self) -> Codebook:
        """Return the topics that the run asked about."""
        name, _, digest = str(self.manifest["codebook"]).partition("#")
        book, _, version = name.partition("@")
        topics = msgspec.convert(self.manifest["topics"], tuple[Topic, ...])
        return Codebook(id=book, version=version, topics=topics, digest=digest)

    def records(self, version: Version = Version.MERGED) -> Iterator[StanceRecord]:
        """Yield the records of one version of the table, in the order of the run's files."""
        return (each.record for each in self.reviewed(version))

    def reviewed(self, version: Version = Version.MERGED) -> Iterator[Reviewed]:
        """Yield the records of one version of the table with who reviewed them.

        After the run's come those that people added, and those they accepted or corrected that the run, done again,
        doesn't find any more: `machine` is None there, and a warning says how many they are.
        """
        history = self.history()
        seen: list[str] = []
        yield from apply(_noting(read_records(self.path / RECORDS), history, seen), history, version)
        if version is not Version.MACHINE and (gone := lost(seen, history)):
            logger.warning(
                "%s: %d reviewed records aren't found by this run any more; they stay as people left them",
                self.path,
                len(gone),
            )

    def history(self) -> History:
        """Return what people decided so far; raises an error that names the file where that can't be read."""
        return read_history(self.path)

    def articles(self) -> Iterator[Article]:
        """Yield the articles that have records, by source."""
        store = RunStore(self.path, read_only=True)
        try:
            yield from (article for fate in store.fates() if (article := fate.article))
        finally:
            store.close()

    def article(self, article_id: str) -> Article | None:
        """Return one article; None where it has no record, or the run's store is gone."""
        if not (self.path / FILE).is_file():
            return None
        store = RunStore(self.path, read_only=True)
        try:
            return store.article(article_id)
        finally:
            store.close()


def _noting(records: Iterator[StanceRecord], history: History, seen: list[str]) -> Iterator[StanceRecord]:
    """Yield the records, and note the ids of those that somebody decided on."""
    for record in records:
        if history.on_record(record.record_id):
            seen.append(record.record_id)
        yield record
