"""Small disks that really fill up or can't be written: file systems in memory, where those may be mounted."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A file system of its own at `path`."""

    path: Path

    @property
    def used(self) -> int:
        """Return how many bytes are taken."""
        found = os.statvfs(self.path)
        return (found.f_blocks - found.f_bfree) * found.f_frsize

    def resize(self, size: int) -> None:
        """Give it so many bytes."""
        _call("mount", "-o", f"remount,rw,size={size}", str(self.path))

    def close_to_writers(self) -> None:
        """Let nobody write to it, root neither."""
        _call("mount", "-o", "remount,ro", str(self.path))


def mounted(path: Path, size: int) -> Disk | None:
    """Return a new disk at a folder; None where none may be mounted here."""
    try:
        _call("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path))
    except (OSError, subprocess.CalledProcessError):
        return None
    return Disk(path=path)


def unmount(disk: Disk) -> None:
    """Take a disk away, whoever still has a file of it open."""
    _call("umount", "-l", str(disk.path))


def _call(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)
