"""Works on a cluster of machines: Ray Data hands batches to actors, each with a pipeline of its own.

The driver alone reads the input and writes the store. Batches go out and results come back packed, through Ray's object
store: actors see no file of the driver's, so that the machines need not share a file system. Shards of Parquet were
compared: they need one, or every shard read by the driver's machine and sent on, and Ray cuts and joins files by size,
where this way a batch is one block, and a block one task that Ray gives to another actor when its own is lost.

Ray Data takes a list of blocks, no stream that grows. So the input goes through in windows, the next one being read
while the cluster works on this one; memory holds two of them, however large the archive is.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import ray
from ray.data import ActorPoolStrategy, DataContext
from ray.exceptions import RayError

from stancewire.batch import BROKEN, BatchResult, extract_batch
from stancewire.errors import ConfigError, StancewireError
from stancewire.extract import Pipeline, open_pipeline
from stancewire.settings import Settings
from stancewire.store.packing import pack, unpack
from stancewire.store.recall import StoreRecall
from stancewire.types import Article, Codebook, Skip
from stancewire.workers import AHEAD, Batch, Names, available_cores, names_of

# Batches an actor and window. Actors open their pipelines anew for each window: at 64 articles a batch that is some
# seconds for every 16,384 articles (docs/scaling.md says how many, and what two windows take in memory).
WINDOW = 256
SHARE = 0.5  # of a core that an actor asks for, so that those of a lost machine find room on the ones that are left
REACH = 5.0  # seconds to wait for the cluster to answer at all
LOOPBACK = ("localhost", "127.0.0.1", "::1")
ON_GPU = ("torch:", "nli:")  # classifiers that take a GPU where there is one

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What every actor works with; `run_id` is what the driver's own code and models are known by."""

    codebook: Codebook
    settings: Settings
    run_id: str
    folder: Path


class RayActors:
    """Works in `number` actors of a Ray cluster, 0: one a core; the one at RAY_ADDRESS, else one started here.

    Nothing is recalled from the store: readings and answers are made anew where the records have to be.
    """

    tries_again: Collection[str] = (BROKEN,)  # one that kills actors would do so without end

    def __init__(
        self, codebook: Codebook, settings: Settings, *, number: int = 0, window: int = WINDOW
    ) -> None:
        """Open a pipeline to see that it can be, and reach the cluster; raises StancewireError where either fails."""
        self._names = names_of(open_pipeline(codebook, settings, threads=1))
        self._task = Task(
            codebook=codebook, settings=settings, run_id=self._names.fingerprint.run_id, folder=Path.cwd()
        )
        self._is_ours = _connect(number)
        self._number = number or cluster_cores()
        self._window = window

    @property
    def names(self) -> Names:
        """Return what the work is done with."""
        return self._names

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the cluster, and end it if it was started here."""
        if self._is_ours:
            ray.shutdown()

    def work(self, batches: Iterable[Batch], folder: Path) -> Iterator[tuple[Batch, BatchResult]]:
        """Yield each batch with what came of it, as they are finished; what `store` holds isn't looked at."""
        coming, length = iter(batches), self._window * self._number
        window: list[Any] = []
        yield from _fill(window, coming, length)
        while window:
            following: list[Any] = []
            for done in self._judged(window):
                yield done
                yield from _fill(following, coming, len(following) + 1)  # read on while the cluster works
            yield from _fill(following, coming, length)
            window = following

    def _judged(self, window: list[Any]) -> Iterator[tuple[Batch, BatchResult]]:
        """Yield the batches of a window with what came of them; each exactly once, whatever actors are lost.

        Ray Data spreads its actors over the machines, starts lost ones again and repeats their tasks without end.
        """
        results = ray.data.from_arrow_refs(window).map_batches(
            _Judge,
            fn_constructor_args=(self._task,),
            batch_size=None,  # a block, as it is
            batch_format="pyarrow",
            compute=ActorPoolStrategy(
                size=min(self._number, len(window)), max_tasks_in_flight_per_actor=AHEAD
            ),
            num_cpus=SHARE,
            num_gpus=_gpus(self._task.settings.model),
        )
        try:
            for block in results.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=1):
                for row in block.to_pylist():
                    yield _unpacked(ray.get(window[row["number"]])), _result(row)
        except RayError as error:
            raise StancewireError(
                f"Ray: {_first_line(error)}; the same command goes on where this one stopped"
            ) from error


def cluster_cores() -> int:
    """Return how many cores the machines of the cluster have together."""
    return max(1, int(ray.cluster_resources().get("CPU", 1)))


def _fill(window: list[Any], batches: Iterator[Batch], length: int) -> Iterator[tuple[Batch, BatchResult]]:
    """Put batches into the object store until `window` has `length` of them; yield those without work at once."""
    while len(window) < length and (batch := next(batches, None)):
        if batch.new:
            window.append(ray.put(_packed(batch, number=len(window))))
        else:
            yield batch, BatchResult()


def _packed(batch: Batch, *, number: int) -> pa.Table:
    """Return a batch as one row; the order of things that are not new is lost, and means nothing."""
    new = set(map(id, batch.new))
    known = tuple(item for item in batch.items if isinstance(item, Article) and id(item) not in new)
    skips = tuple(item for item in batch.items if isinstance(item, Skip))
    packed = {"new": pack(batch.new), "known": pack(known), "skips": pack(skips)}
    row = {name: pa.array([value], pa.large_binary()) for name, value in packed.items()}
    return pa.table({"number": [number], **row})


def _unpacked(table: pa.Table) -> Batch:
    (row,) = table.to_pylist()
    new = unpack(row["new"], tuple[Article, ...])
    known = unpack(row["known"], tuple[Article, ...])
    return Batch(items=(*new, *known, *unpack(row["skips"], tuple[Skip, ...])), new=new)


def _result(row: dict[str, Any]) -> BatchResult:
    if row["error"]:
        raise StancewireError(row["error"])
    return unpack(row["result"], BatchResult)


def _gpus(model: str) -> int:
    """Return how many GPUs an actor takes: one, where the model can use one and the cluster has any."""
    return int(model.startswith(ON_GPU) and ray.cluster_resources().get("GPU", 0) > 0)


def _first_line(error: Exception) -> str:
    return next((line for line in str(error).splitlines() if line.strip()), type(error).__name__).strip()


def _connect(number: int) -> bool:
    """Join the cluster at RAY_ADDRESS, or start one here; return whether to leave it, or end it, afterwards.

    No other cluster is joined, though one may be running: it may be that of another run, and end with it.
    """
    if ray.is_initialized():
        return False
    _silence()
    address = os.environ.get("RAY_ADDRESS")
    common: dict[str, Any] = {"log_to_driver": _is_verbose(), "logging_level": _level()}
    if not address:
        # On loopback, since whoever reaches a Ray cluster can run code there.
        with _muted():
            ray.init(
                address="local",
                num_cpus=number or available_cores(),
                include_dashboard=False,
                _node_ip_address="127.0.0.1",
                **common,
            )
        return True
    _check_reachable(address)
    try:
        with _muted():
            ray.init(address=address, **common)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise StancewireError(_unreachable(address, _first_line(error).partition(". ")[0])) from error
    return True


def _silence() -> None:
    """Keep Ray from talking, to the terminal and to its makers; a user who set these knows why."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # else a warning about GPUs
    if (
        not _is_verbose()
    ):  # else an error for every window: that Ray Data's actors have arguments, and may start again
        os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    logging.getLogger("ray.data").setLevel(_level())
    context = DataContext.get_current()
    context.enable_progress_bars = _is_verbose()
    context.print_on_execution_start = _is_verbose()


@contextmanager
def _muted() -> Iterator[None]:
    """Keep Ray's C++ from saying at its start that it was told to say less."""
    kept = os.dup(2)
    try:
        if not _is_verbose():
            with Path(os.devnull).open("wb") as nowhere:
                os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _is_verbose() -> bool:
    return logging.getLogger().isEnabledFor(logging.INFO)  # a log file asks our own loggers for more


def _level() -> int:
    return logging.INFO if _is_verbose() else logging.ERROR


def _check_reachable(address: str) -> None:
    """Look whether anything listens at the address: Ray itself would try for eight minutes."""
    if "://" in address:
        raise ConfigError(
            f"RAY_ADDRESS {address!r}: must be host:port or 'auto'; run stancewire on a machine of the cluster"
        )
    host, _, port = address.rpartition(":")
    if address == "auto" or not port.isdigit():
        return
    if host in LOOPBACK:  # Ray, too, goes to the address that other machines know this one by
        host = ray.util.get_node_ip_address()
    try:
        socket.create_connection((host, int(port)), timeout=REACH).close()
    except OSError as error:
        raise StancewireError(_unreachable(address, error.strerror or str(error))) from error


def _unreachable(address: str, said: str) -> str:
    return (
        f"RAY_ADDRESS {address!r}: no Ray cluster answers there: {said}; start one, or unset it to work here"
    )


# What follows runs in the actors.


class _Judge:
    """Works on one batch a call; what would fail for every batch goes back to the driver as words."""

    def __init__(self, task: Task) -> None:
        self._task = task
        with suppress(OSError):  # relative names of models and actors: where there is such a folder here
            os.chdir(task.folder)

    def __call__(self, table: pa.Table) -> pa.Table:
        """Return the result of the batch that the table's row is."""
        (row,) = table.to_pylist()
        result, error = None, None
        try:
            result = pack(self._extract(unpack(row["new"], tuple[Article, ...])))
        except StancewireError as failed:
            error = str(failed)
        return pa.table(
            {
                "number": [row["number"]],
                "result": pa.array([result], pa.large_binary()),
                "error": pa.array([error], pa.string()),
            }
        )

    def _extract(self, articles: tuple[Article, ...]) -> BatchResult:
        return extract_batch(articles, self._pipeline, StoreRecall(None, self._pipeline.fingerprint))

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
