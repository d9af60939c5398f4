"""Who does the work of a run: this process, others, or a cluster (cluster/), each with a pipeline of its own.

Batches go out as fast as they are finished and no faster, so that memory stays flat however large the archive is.

An article may end the process that works on it: by a crash in a library, or because the system ends a process that
takes too much memory. Nothing in that process can say so. So an archive is worked on in other processes than the one
that writes the store, if only in one: what was in work is tried again, and the article that ends a process of its own
is named and left out.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol, Self

from stancewire.batch import BROKEN, KILLED, BatchResult, extract_batch, joined, killed
from stancewire.errors import ConfigError, StancewireError
from stancewire.extract import Pipeline, open_pipeline
from stancewire.fingerprint import Fingerprint
from stancewire.log_file import join_log, open_log
from stancewire.settings import Engine, Settings
from stancewire.store.recall import StoreRecall, StoreRows
from stancewire.types import Article, Codebook, Shard, Skip

AHEAD = 2  # batches a worker: one that it works on, one that waits
# Deaths in a row, nothing finished between them, until the machine is taken to be at fault and not an article. Two are
# spent on finding the first article of a batch; so this bears three such articles one after another. Chosen.
PATIENCE = 5

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A stretch of the input: all that was read there, and those articles that there is no result of yet.

    With a `shard` nothing was read yet, and whoever works on it does.
    """

    items: tuple[Article | Skip, ...]
    new: tuple[Article, ...]
    shard: Shard | None = None


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

    @property
    def tries_again(self) -> Collection[str]:
        """Return for which reasons an article that failed in an earlier run is worked on again."""
        ...

    def sees(self, path: Path) -> bool:
        """Say whether whoever works can read a file, so that it may be given out in shards."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None: ...

    def work(self, batches: Iterable[Batch], folder: Path) -> Iterator[tuple[Batch, BatchResult]]:
        """Yield each batch with what came of it, as they are finished; the store in `folder` recalls."""
        ...


class InProcess:
    """Works here, with a pipeline that is open; so an article that killed a process would kill this one."""

    tries_again: Collection[str] = (BROKEN,)

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

    def sees(self, path: Path) -> bool:
        """Say no: reading is a hundredth of the work, and done here."""
        return False

    def work(self, batches: Iterable[Batch], folder: Path) -> Iterator[tuple[Batch, BatchResult]]:
        """Yield each batch with what came of it, in order."""
        recall = StoreRecall(StoreRows(folder), self._pipeline.fingerprint)
        try:
            for batch in batches:
                yield batch, extract_batch(batch.new, self._pipeline, recall)
        finally:
            recall.close()


class Processes:
    """Works in `number` processes of this machine, one core each; where one dies, the run goes on."""

    tries_again: Collection[str] = (BROKEN, KILLED)

    def __init__(self, codebook: Codebook, settings: Settings, *, number: int) -> None:
        """Start them; raises what opening the pipeline raises."""
        self._number = number
        self._task = (codebook, settings)
        self._deaths = 0
        self._pool = self._begun()
        try:
            self._names = self._opened()
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

    def sees(self, path: Path) -> bool:
        """Say no: the process that writes the store reads as well, and waits for these most of the time."""
        return False

    def work(self, batches: Iterable[Batch], folder: Path) -> Iterator[tuple[Batch, BatchResult]]:
        """Yield each batch with what came of it, as they are finished.

        Raises StancewireError where processes die one after another with nothing finished between.
        """
        waiting: dict[Future[BatchResult], Batch] = {}
        for batch in batches:
            if not batch.new:  # nothing to send anywhere
                yield batch, BatchResult()
                continue
            waiting[self._sent(batch.new, folder)] = batch
            if len(waiting) >= AHEAD * self._number:
                yield from self._finished(waiting, folder)
        while waiting:
            yield from self._finished(waiting, folder)

    def _sent(self, articles: tuple[Article, ...], folder: Path) -> Future[BatchResult]:
        """Return what will come of articles: BrokenProcessPool where a process died, before or after this."""
        try:
            return self._pool.submit(_work_here, articles, folder, self._names.fingerprint.run_id)
        except BrokenProcessPool as error:
            lost: Future[BatchResult] = Future()
            lost.set_exception(error)
            return lost

    def _finished(
        self, waiting: dict[Future[BatchResult], Batch], folder: Path
    ) -> Iterator[tuple[Batch, BatchResult]]:
        done = wait(waiting, return_when=FIRST_COMPLETED).done
        if any(map(_is_lost, done)):
            done = wait(waiting).done  # with one process the pool lets all go
        lost = [waiting.pop(future) for future in list(waiting) if future in done and _is_lost(future)]
        for future in done & waiting.keys():
            result = future.result()
            self._deaths = 0
            yield waiting.pop(future), result
        if lost:
            self._begin_again([article for batch in lost for article in batch.new])
        # What ended processes is no article's fault until one ends well.
        tried: list[tuple[Batch, BatchResult]] = []
        for batch in lost:
            tried.append((batch, self._alone(batch.new, folder)))
            if not self._deaths:
                yield from tried
                tried.clear()
        yield from tried

    def _alone(self, articles: tuple[Article, ...], folder: Path) -> BatchResult:
        """Return what comes of articles while nothing else is worked on, one by one where they end a process."""
        try:
            result = self._sent(articles, folder).result()
        except BrokenProcessPool:
            how = self._begin_again(articles)
            if len(articles) == 1:
                return killed(articles[0], how)
            return joined(self._alone((article,), folder) for article in articles)
        self._deaths = 0
        return result

    def _begin_again(self, lost: Sequence[Article]) -> str:
        """Put new processes in the place of those of which one died, and return how it did."""
        processes = list((self._pool._processes or {}).values())
        self._pool.shutdown()
        how = _ending([process.exitcode for process in processes])
        self._deaths += 1
        place = f"{lost[0].source} to {lost[-1].source}" if len(lost) > 1 else lost[0].source
        if self._deaths > PATIENCE:
            raise _died(f"{self._deaths} worker processes died one after another, the last at {place}")
        log.warning("a worker process died (%s) in the work on %s, which is tried again", how, place)
        self._pool = self._begun()
        self._opened()
        return how

    def _begun(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._number,
            # Not forked: the threads of ONNX Runtime don't survive that.
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(*self._task, open_log()),
        )

    def _opened(self) -> Names:
        """Open a pipeline in one process: where that dies, it is no article's fault."""
        try:
            return self._pool.submit(_names_here).result()
        except BrokenProcessPool as error:
            raise _died("a worker process died while it loaded the models") from error


def _is_lost(future: Future[BatchResult]) -> bool:
    return isinstance(future.exception(), BrokenProcessPool)


def _ending(codes: Iterable[int | None]) -> str:
    """Return how the first process ended that the pool didn't end itself, which it does by SIGTERM."""
    told = [code for code in codes if code]
    code = next((code for code in told if code != -signal.SIGTERM), -signal.SIGTERM if told else 0)
    if code >= 0:
        return f"exit code {code}"
    return f"by {signal.Signals(-code).name}" if -code in set(signal.Signals) else f"by signal {-code}"


def _died(said: str) -> StancewireError:
    return StancewireError(
        f"{said}, for want of memory perhaps; the same command goes on where this one stopped: free some, or try a "
        "smaller --workers"
    )


def open_workers(codebook: Codebook, settings: Settings, *, articles: int | None = None) -> Workers:
    """Return workers for the settings' cores: one process each, but no more than `articles` make batches.

    What is a batch at most is worked on here, by all of them.
    """
    if settings.engine is Engine.RAY:
        return _open_ray(codebook, settings)
    cores = settings.workers or available_cores()
    batches = None if articles is None else -(-articles // settings.batch_articles)
    if batches is not None and batches < 2:
        return InProcess(open_pipeline(codebook, settings, threads=cores))
    return Processes(codebook, settings, number=min(cores, batches or cores))


def _open_ray(codebook: Codebook, settings: Settings) -> Workers:
    try:
        from stancewire.cluster.actors import RayActors
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
    return StoreRecall(StoreRows(folder), _here().fingerprint)


_task: tuple[Codebook, Settings] | None = None


def _begin(codebook: Codebook, settings: Settings, log_file: Path | None) -> None:
    """Note what to work with; the pipeline is opened by the first task, so that its errors reach the caller."""
    global _task
    _task = (codebook, settings)
    if log_file:
        join_log(log_file)
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
