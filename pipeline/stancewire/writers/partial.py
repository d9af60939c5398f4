"""A file that takes its real name only once it is whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from stancewire.errors import InputError, StancewireError


class PartialFile:
    """Writes bytes to `<name>.partial` beside `path` and renames it on `close`.

    A run that is interrupted leaves the `.partial` file, which the next run overwrites; what stood under
    `path` before stays untouched until the new file is on disk. Used with `with`, an exception abandons it. A library
    that wants a name to write to gets `building`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.building = path.with_name(f"{path.name}.partial")
        try:
            self._handle = self.building.open("wb")
        except OSError as error:
            raise refused(path, error) from error

    def append(self, data: bytes) -> None:
        """Write bytes and hand them to the system, so that a killed process keeps what it wrote."""
        with self._named():
            self._handle.write(data)
            self._handle.flush()

    def close(self) -> None:
        """Put the file on disk and give it its name; a second call does nothing."""
        if self._handle.closed:
            return
        with self._named():
            self._handle.flush()
            os.fsync(self._handle.fileno())
            self._handle.close()
            self.building.replace(self.path)
            _sync_folder(self.path.parent)

    def abandon(self) -> None:
        """Stop without giving the file its name; the `.partial` file stays for whoever wants to look."""
        # The error that led here is the one to tell, not that the last bytes don't fit either.
        with suppress(OSError):
            self._handle.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        else:
            self.abandon()

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Where the system refuses, abandon the file with an error that names it."""
        try:
            yield
        except OSError as error:
            self.abandon()
            raise refused(self.path, error) from error


def make_folder(folder: Path, *, option: str = "--out") -> None:
    """Make the folder that an option names, before hours of work; raises InputError where that can't be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{option} {str(folder)!r}: can't make this folder: {error.strerror}") from error


def refused(path: Path, error: OSError) -> StancewireError:
    """Return the error that names what the system didn't let us write, and what would help."""
    remedy = "make room, or choose a folder that can be written"
    return StancewireError(f"{path}: can't be written: {error.strerror or error}; {remedy}")


def _sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut, where folders can be opened (not on Windows)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
