"""The driver: it alone writes the store. Batches go out and answers come back packed, through Ray's object store.

Ray Data takes a list of blocks, no stream that grows. So the input goes through in windows, the next one being read
while the cluster works on this one; memory holds two of them, however large the archive is. A batch is one block, and a
block one task, which Ray gives to another actor when its own is lost.

Parquet files that every machine sees go out as shards, some rows each, which actors read themselves; everything else
the driver reads and sends, so that the machines need not share a file system.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, Self

import ray
from ray.data import ActorPoolStrategy
from ray.exceptions import RayError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from stancewire.batch import BROKEN, KILLED, BatchResult
from stancewire.cluster.connection import connect, first_line
from stancewire.cluster.judge import Judge, Task
from stancewire.cluster.parcels import Parcel, received, sent, unpacked
from stancewire.cluster.registrar import open_registrar
from stancewire.errors import StancewireError
from stancewire.extract import open_pipeline
from stancewire.settings import Settings
from stancewire.types import Codebook
from stancewire.workers import AHEAD, Batch, Names, names_of

# Batches an actor and window. Actors open their pipelines anew for each window: at 64 articles a batch that is some
# seconds for every 16,384 articles (docs/scaling.md says how many, and what two windows take in memory).
WINDOW = 256
SHARE = 0.5  # of a core that an actor asks for, so that those of a lost machine find room on the ones that are left
ON_GPU = ("torch:", "nli:")  # classifiers that take a GPU where there is one

log = logging.getLogger(__name__)


class RayActors:
    """Works in `number` actors of a Ray cluster, 0: one a core; the one at RAY_ADDRESS, else one started here."""

    tries_again: Collection[str] = (BROKEN, KILLED)

    def __init__(
        self, codebook: Codebook, settings: Settings, *, number: int = 0, window: int = WINDOW
    ) -> None:
        """Open a pipeline to see that it can be, and reach the cluster; raises StancewireError where either fails."""
        self._names = names_of(open_pipeline(codebook, settings, threads=1))
        self._task = Task(
            codebook=codebook, settings=settings, run_id=self._names.fingerprint.run_id, folder=Path.cwd()
        )
        self._is_ours = connect(number)
        self._number = number or cluster_cores()
        self._window = window
        self._unseen: set[str] = set()
        self._serial = count()

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

    def sees(self, path: Path) -> bool:
        """Say whether every machine of the cluster has the file at its place, and the others of its folder so far."""
        whole = os.path.abspath(path)
        folder = os.path.dirname(whole)
        if folder in self._unseen:
            return False
        if not _is_seen(whole):
            self._unseen.add(folder)
            log.info("%s isn't on every machine of the cluster; the driver reads what is there", folder)
        return folder not in self._unseen

    def work(self, batches: Iterable[Batch], folder: Path) -> Iterator[tuple[Batch, BatchResult]]:
        """Yield each batch with what came of it, as they are finished; the store in `folder` recalls."""
        registrar = open_registrar(folder, self._names.fingerprint, self.tries_again)
        try:
            yield from self._worked(iter(batches), registrar)
        finally:
            ray.kill(registrar)

    def _worked(self, coming: Iterator[Batch], registrar: Any) -> Iterator[tuple[Batch, BatchResult]]:
        length = self._window * self._number
        window: list[Any] = []
        yield from self._fill(window, coming, length)
        while window:
            following: list[Any] = []
            for done in self._judged(window, registrar):
                yield done
                yield from self._fill(
                    following, coming, len(following) + 1
                )  # read on while the cluster works
            yield from self._fill(following, coming, length)
            window = following

    def _fill(
        self, window: list[Any], batches: Iterator[Batch], length: int
    ) -> Iterator[tuple[Batch, BatchResult]]:
        """Put batches into the object store until `window` has `length` of them; yield those without work at once."""
        while len(window) < length and (batch := next(batches, None)):
            if batch.new or batch.shard:
                parcel = Parcel.of(batch, name=f"parcel {next(self._serial)}")
                window.append(ray.put(sent(parcel, number=len(window))))
            else:
                yield batch, BatchResult()

    def _judged(self, window: list[Any], registrar: Any) -> Iterator[tuple[Batch, BatchResult]]:
        """Yield the batches of a window with what came of them; each exactly once, whatever actors are lost.

        Ray Data spreads its actors over the machines, starts lost ones again and repeats their tasks without end.
        """
        results = ray.data.from_arrow_refs(window).map_batches(
            Judge,
            fn_constructor_args=(self._task, registrar),
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
                for number, answer in map(unpacked, block.to_pylist()):
                    parcel = answer.read or received(ray.get(window[number]))[1]
                    yield parcel.batch, answer.result
        except RayError as error:
            raise StancewireError(
                f"Ray: {first_line(error)}; the same command goes on where this one stopped"
            ) from error


def cluster_cores() -> int:
    """Return how many cores the machines of the cluster have together."""
    return max(1, int(ray.cluster_resources().get("CPU", 1)))


def _gpus(model: str) -> int:
    """Return how many GPUs an actor takes: one, where the model can use one and the cluster has any."""
    return int(model.startswith(ON_GPU) and ray.cluster_resources().get("GPU", 0) > 0)


def _is_seen(path: str) -> bool:
    """Say whether all machines that work have a file of the same size there."""
    workers = [
        node["NodeID"] for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU", 0) > 0
    ]
    look = ray.remote(num_cpus=0)(_size)
    kept = [NodeAffinitySchedulingStrategy(node_id=node, soft=False) for node in workers]
    try:
        sizes = ray.get([look.options(scheduling_strategy=there).remote(path) for there in kept])
    except RayError:  # a machine was lost meanwhile
        return False
    return set(sizes) == {_size(path)} and sizes[0] is not None


def _size(path: str) -> int | None:
    try:
        return os.stat(path).st_size
    except OSError:
        return None
