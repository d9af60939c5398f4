"""Opens SQLite files for reading or writing, and turns what SQLite says into errors that name the file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from stancewire.errors import StancewireError

BUSY = 60.0  # seconds to wait for another process that reads or writes

Remedy = Callable[[str], str]
"""Returns what would help, from what SQLite says."""


@contextmanager
def named(path: Path, remedy: Remedy) -> Iterator[None]:
    """Where SQLite refuses inside, raise StancewireError that names the file and says what would help."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError):  # ours, not the user's
        raise
    except sqlite3.DatabaseError as error:
        raise StancewireError(f"{path}: {error}; {remedy(str(error))}") from error


def open_file(path: Path, *, read_only: bool, any_thread: bool = False) -> sqlite3.Connection:
    """Return a connection in which transactions are begun and ended in so many words."""
    target = path.resolve().as_uri()
    if read_only:
        # SQLite makes a file beside one that it reads, unless that is told not to change.
        is_live = os.access(path.parent, os.W_OK) or path.with_name(f"{path.name}-wal").exists()
        target += "?mode=ro" if is_live else "?mode=ro&immutable=1"
    connection = sqlite3.connect(target, uri=True, timeout=BUSY, check_same_thread=not any_thread)
    connection.isolation_level = None
    return connection
