"""Who does the work of a run: this process, several, or a cluster (ray_workers), each with a pipeline of its own.

Batches go out as fast as they are finished and no faster, so that memory stays flat however large the archive is.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol, Self

from stancewire.batch import BatchResult, extract_batch
from stancewire.errors import ConfigError, StancewireError
from stancewire.extract import Pipeline, open_pipeline
from stancewire.fingerprint import Fingerprint
from stancewire.settings import Engine, Settings
from stancewire.store.recall import StoreRecall
from stancewire.types import Article, Codebook, Skip

AHEAD = 2  # batches a worker: one that it works on, one that waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A stretch of the input: all that was read there, and those articles that there is no result of yet."""

    items: tuple[Article | Skip, ...]
    new: tuple[Article, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the records of a run are made by."""

    model: str
    attributor: str
    codebook: Codebook
    fingerprint: Fingerprint


class Workers(Protocol):
    """Does the work of a run; a context, at whose end nothing of it is left running."""

    @property
    def names(self) -> Names:
        """Return what the work is done with."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None: ...

    def work(self, batches: Iterable[Batch], folder: Path) -> Iterator[tuple[Batch, BatchResult]]:
        """Yield each batch with what came of it, as they are finished; the store in `folder` recalls."""
        ...


class InProcess:
    """Works here, with a pipeline that is open."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    @property
    def names(self) -> Names:
        """Return what the work is done with."""
        return names_of(self._pipeline)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Do nothing: the pipeline is the caller's."""

    def work(self, batches: Iterable[Batch], folder: Path) -> Iterator[tuple[Batch, BatchResult]]:
        """Yield each batch with what came of it, in order."""
        recall = StoreRecall(folder, self._pipeline.fingerprint)
        try:
            for batch in batches:
                yield batch, extract_batch(batch.new, self._pipeline, recall)
        finally:
            recall.close()


class Processes:
    """Works in `number` processes of this machine, one core each."""

    def __init__(self, codebook: Codebook, settings: Settings, *, number: int) -> None:
        """Start them; raises what opening the pipeline raises."""
        self._number = number
        # Not forked: the threads of ONNX Runtime don't survive that.
        self._pool = ProcessPoolExecutor(
            number,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(codebook, settings),
        )
        try:
            with _unbroken(()):
                self._names = self._pool.submit(_names_here).result()
        except BaseException:
            self.__exit__()
            raise

    @property
    def names(self) -> Names:
        """Return what the work is done with."""
        return self._names

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None = None, *_: object) -> None:
        """Stop the processes, in the middle of their work where something went wrong: they write nothing."""
        for process in list((self._pool._processes or {}).values()) if kind else ():
            process.terminate()
        self._pool.shutdown(cancel_futures=True)

    def work(self, batches: Iterable[Batch], folder: Path) -> Iterator[tuple[Batch, BatchResult]]:
        """Yield each batch with what came of it, as they are finished."""
        waiting: dict[Future[BatchResult], Batch] = {}
        run_id = self._names.fingerprint.run_id
        for batch in batches:
            if not batch.new:  # nothing to send anywhere
                yield batch, BatchResult()
                continue
            with _unbroken(waiting.values()):
                waiting[self._pool.submit(_work_here, batch.new, folder, run_id)] = batch
            if len(waiting) >= AHEAD * self._number:
                yield from self._finished(waiting)
        while waiting:
            yield from self._finished(waiting)

    def _finished(self, waiting: dict[Future[BatchResult], Batch]) -> Iterator[tuple[Batch, BatchResult]]:
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            with _unbroken(waiting.values()):
                result = future.result()
            yield waiting.pop(future), result


@contextmanager
def _unbroken(batches: Collection[Batch]) -> Iterator[None]:
    """Where a worker process died, raise an error that says in which articles the reason may lie."""
    try:
        yield
    except BrokenProcessPool as error:
        places = ", or ".join(f"from {batch.new[0].source} to {batch.new[-1].source}" for batch in batches)
        raise StancewireError(
            f"a worker process died{f' ({places})' if places else ''}, for want of memory perhaps; the same command "
            "goes on where this one stopped: free some, or try a smaller --workers"
        ) from error


def open_workers(codebook: Codebook, settings: Settings, *, articles: int | None = None) -> Workers:
    """Return workers for the settings' cores: one process each, but no more than `articles` make batches."""
    if settings.engine is Engine.RAY:
        return _open_ray(codebook, settings)
    cores = settings.workers or available_cores()
    number = cores if articles is None else min(cores, -(-articles // settings.batch_articles))
    if number > 1:
        return Processes(codebook, settings, number=number)
    return InProcess(open_pipeline(codebook, settings, threads=cores))


def _open_ray(codebook: Codebook, settings: Settings) -> Workers:
    try:
        from stancewire.ray_workers import RayActors
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"engine 'ray' needs the package {error.name!r}; install it: pip install 'stancewire[ray]'"
        ) from error
    return RayActors(codebook, settings, number=settings.workers)


def available_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def names_of(pipeline: Pipeline) -> Names:
    """Return what records are called to be made by, from the pipeline that makes them."""
    return Names(
        model=pipeline.classifier.name,
        attributor=pipeline.attributor.name,
        codebook=pipeline.codebook,
        fingerprint=pipeline.fingerprint,
    )


# What follows runs in the worker processes.


@cache
def _pipeline(codebook: Codebook, settings: Settings) -> Pipeline:
    return open_pipeline(codebook, settings, threads=1)


@cache
def _recall(folder: Path) -> StoreRecall:
    return StoreRecall(folder, _here().fingerprint)


_task: tuple[Codebook, Settings] | None = None


def _begin(codebook: Codebook, settings: Settings) -> None:
    """Note what to work with; the pipeline is opened by the first task, so that its errors reach the caller."""
    global _task
    _task = (codebook, settings)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent stops its workers itself
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the end of the parent, which may be killed without a word to its workers."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _here() -> Pipeline:
    assert _task is not None, "the pool begins every process with _begin"
    return _pipeline(*_task)


def _names_here() -> Names:
    return names_of(_here())


def _work_here(articles: tuple[Article, ...], folder: Path, run_id: str) -> BatchResult:
    pipeline = _here()
    if pipeline.fingerprint.run_id != run_id:
        raise ConfigError(
            "a model, an actor file or stancewire itself changed while the run began; begin it again"
        )
    return extract_batch(articles, pipeline, _recall(folder))
