"""Tells what became of a file while it was read: of one that others write to, what was read may be no whole."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """What a file's contents are known by without reading them."""

    size: int
    modified: int  # nanoseconds; a file system may count in larger steps
    identity: tuple[int, int]  # of the file itself, whatever its name


def state_of(path: Path) -> FileState | None:
    """Return the state of a file; None of what is none, or isn't there, or is closed to us."""
    try:
        found = path.stat()
    except (OSError, ValueError):  # ValueError: a NUL in the name
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return FileState(size=found.st_size, modified=found.st_mtime_ns, identity=(found.st_dev, found.st_ino))


def what_changed(before: FileState, after: FileState | None) -> str | None:
    """Return what became of a file between two looks, in words; None: nothing."""
    if after is None:
        return "removed"
    if after.identity != before.identity:
        return "replaced by another file"
    if after.size != before.size:
        grown = "grown" if after.size > before.size else "cut short"
        return f"{grown}, from {before.size:,} to {after.size:,} bytes,"
    return "written to" if after.modified != before.modified else None
