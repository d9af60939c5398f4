"""What an actor does: read a shard or take the articles it is given, work on them, and say so.

An article may end the process that works on it. Ray starts that again and repeats what it was at, without end. So a
parcel that was begun before is worked on article by article, and one that was begun twice alone is named and left out.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import ray

from stancewire.batch import KILLED, BatchResult, extract_batch, joined, killed
from stancewire.cluster.parcels import Answer, Parcel, received, returned
from stancewire.cluster.registrar import AskedRows
from stancewire.errors import ConfigError, StancewireError
from stancewire.extract import Pipeline, open_pipeline
from stancewire.readers.archive import read_shard
from stancewire.settings import Settings
from stancewire.store.recall import StoreRecall
from stancewire.store.run_store import article_key
from stancewire.types import Article, Codebook, Outcome, Shard, Skip

IN_VAIN = 2  # times that an article is begun alone, or a shard, until it is left out: once may be the machine's fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What every actor works with; `run_id` is what the driver's own code and models are known by."""

    codebook: Codebook
    settings: Settings
    run_id: str
    folder: Path


class Judge:
    """Works on one parcel a call; what would fail for every parcel goes back to the driver as words."""

    def __init__(self, task: Task, registrar: Any) -> None:
        self._task, self._registrar = task, registrar
        with suppress(OSError):  # relative names of models and actors: where there is such a folder here
            os.chdir(task.folder)

    def __call__(self, block: pa.Table) -> pa.Table:
        """Return the answer to the parcel that the block is."""
        number, parcel = received(block)
        try:
            return returned(number, self._answer(parcel), error=None)
        except StancewireError as failed:
            return returned(number, None, error=str(failed))

    def _answer(self, parcel: Parcel) -> Answer:
        with self._begun(parcel.name) as times:
            read = self._read(parcel.name, parcel.shard) if parcel.shard else None
            new = (read or parcel).new
            parts = self._one_by_one(new) if times else self._in_batches(new)
            return Answer(result=joined(parts), read=read)

    def _read(self, name: str, shard: Shard) -> Parcel:
        """Return what is in a shard, each article once, those apart that there is a result of."""
        with self._begun(f"reading {name}") as times:
            items = [_unread(shard)] if times >= IN_VAIN else list(read_shard(shard))
        articles = [item for item in items if isinstance(item, Article)]
        keys = [article_key(article) for article in articles]
        known = set(ray.get(self._registrar.known.remote(keys)))
        parts: dict[bool, list[Article]] = {True: [], False: []}
        for article, key in zip(articles, keys, strict=True):
            parts[key in known].append(article)
            known.add(key)
        skips = tuple(item for item in items if isinstance(item, Skip))
        return Parcel(name=name, new=tuple(parts[False]), known=tuple(parts[True]), skips=skips)

    def _in_batches(self, articles: tuple[Article, ...]) -> Iterator[BatchResult]:
        size = self._task.settings.batch_articles
        for start in range(0, len(articles), size):
            yield self._extract(articles[start : start + size])

    def _one_by_one(self, articles: tuple[Article, ...]) -> Iterator[BatchResult]:
        for article in articles:
            with self._begun(f"article {article_key(article).hex()}") as times:
                yield killed(article, "twice") if times >= IN_VAIN else self._extract((article,))

    @contextmanager
    def _begun(self, name: str) -> Iterator[int]:
        """Give how often the work inside was begun in vain; where this process ends in it, once more."""
        yield ray.get(self._registrar.begin.remote(name))
        self._registrar.finish.remote(name)

    def _extract(self, articles: tuple[Article, ...]) -> BatchResult:
        return extract_batch(articles, self._pipeline, self._recall)

    @cached_property
    def _recall(self) -> StoreRecall:
        return StoreRecall(AskedRows(self._registrar), self._pipeline.fingerprint)

    @cached_property
    def _pipeline(self) -> Pipeline:
        """Return the pipeline; opened by the first batch, so that its errors reach the driver."""
        pipeline = open_pipeline(self._task.codebook, self._task.settings, threads=1)
        if pipeline.fingerprint.run_id != self._task.run_id:
            raise ConfigError(
                f"{socket.gethostname()}: has another version of stancewire, of its libraries or of the model than the "
                "machine that drives the run; install the same on all"
            )
        return pipeline


def _unread(shard: Shard) -> Skip:
    first = shard.first + shard.offset
    place, last = f"{shard.source}:{first}", first + shard.rows - 1
    said = f"{place}: reading rows {first} to {last} ended the process, twice; write the file again"
    return Skip(source=place, reason=KILLED, detail=said, outcome=Outcome.FAILED)
