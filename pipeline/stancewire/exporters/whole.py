"""Files that a library builds by name, under their real name only once they are whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from stancewire.errors import StancewireError
from stancewire.writers.partial import PartialFile

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip file can say


@contextmanager
def built(out: Path) -> Iterator[Path]:
    """Yield the path of an empty file to build at; it takes the place of `out` when the block ends without an error.

    Raises StancewireError that names the file where the system refuses.
    """
    with PartialFile(out) as file:
        try:
            yield file.building
        except (OSError, sqlite3.OperationalError) as error:
            raise StancewireError(
                f"{out}: can't be written: {error}; make room, or choose a folder that can be written"
            ) from error


def add_to_zip(archive: ZipFile, name: str, data: bytes) -> None:
    """Write one member of a zip file, the same bytes for the same data whenever it is written."""
    archive.writestr(_entry(name), data)


def open_in_zip(archive: ZipFile, name: str) -> IO[bytes]:
    """Open one member of a zip file to write it bit by bit, of any size."""
    return archive.open(_entry(name), "w", force_zip64=True)


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, date_time=_EPOCH)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
