"""One run a folder: a lock that the system lets go of when its process ends, however it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from stancewire.errors import StancewireError

LOCK = ".run.lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other runs out of the folder; raises StancewireError where one is writing to it."""
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StancewireError(
            f"{folder}: another run is writing here; wait for it, or choose another --out"
        ) from error
    except OSError as error:
        said = error.strerror or error
        raise StancewireError(
            f"{folder}: can't be written: {said}; choose a folder that can be written"
        ) from error
    try:
        yield
    finally:
        lock.release()


def is_locked(folder: Path) -> bool | None:
    """Say whether a run is writing to the folder; None where that can't be told, as it can't be written."""
    if not (folder / LOCK).exists():
        return False
    try:
        with FileLock(folder / LOCK, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return None
