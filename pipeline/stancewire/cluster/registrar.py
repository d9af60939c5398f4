"""What actors ask the driver's machine: what its store holds, and how often a piece of work was begun in vain.

One actor of its own answers, beside the driver, since nobody else sees the store's file: no disk need be shared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from stancewire.fingerprint import Fingerprint
from stancewire.store.recall import StoreRows
from stancewire.store.run_store import RunStore


class Registrar:
    """Reads the store in `folder`, which the driver writes, and counts work that was begun and not finished."""

    def __init__(self, folder: Path, run_id: str, tries_again: Collection[str]) -> None:
        self._rows = StoreRows(folder)
        self._store = RunStore(folder, read_only=True)
        self._run_id, self._tries_again = run_id, tries_again
        self._begun: Counter[str] = Counter()

    def reading(self, key: bytes) -> bytes | None:
        """Return a packed reading, or None."""
        return self._rows.reading(key)

    def answers(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return those packed answers that are there."""
        return self._rows.answers(keys)

    def known(self, keys: Sequence[bytes]) -> frozenset[bytes]:
        """Return those articles that this run, or one like it, has worked on."""
        return self._store.known(keys, made_by=self._run_id, but_for=self._tries_again)

    def begin(self, name: str) -> int:
        """Note that a piece of work begins; return how often it had begun and not been finished."""
        self._begun[name] += 1
        return self._begun[name] - 1

    def finish(self, name: str) -> None:
        """Note that a piece of work ended well."""
        self._begun.pop(name, None)


def open_registrar(folder: Path, fingerprint: Fingerprint, tries_again: Collection[str]) -> Any:
    """Return the actor, on this machine whatever its share of the work is; it starts again where it dies."""
    here = ray.get_runtime_context().get_node_id()
    kept_here = NodeAffinitySchedulingStrategy(node_id=here, soft=False)
    options = {"num_cpus": 0, "max_restarts": -1, "max_task_retries": -1, "scheduling_strategy": kept_here}
    return ray.remote(**options)(Registrar).remote(folder.resolve(), fingerprint.run_id, tuple(tries_again))


class AskedRows:
    """Looks a store's rows up by asking the registrar."""

    def __init__(self, registrar: Any) -> None:
        self._registrar = registrar

    def reading(self, key: bytes) -> bytes | None:
        """Return a packed reading, or None."""
        found: bytes | None = ray.get(self._registrar.reading.remote(key))
        return found

    def answers(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return those packed answers that are there."""
        found: dict[bytes, bytes] = ray.get(self._registrar.answers.remote(list(keys))) if keys else {}
        return found

    def close(self) -> None:
        """Do nothing: the store is the registrar's."""
