"""Looks at the memory of a benchmark while it runs."""

from __future__ import annotations

import threading

import psutil

LOOK_EVERY = 2.0  # seconds


class MemoryWatch(threading.Thread):
    """Looks at the resident memory of this process and its children, in GB: `now`, and the `most` of it.

    What processes share counts once where the system tells (Linux). A context, at whose end it stops looking.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._done = threading.Event()
        self.now = self.most = 0.0

    def __enter__(self) -> MemoryWatch:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self.join()

    def run(self) -> None:
        """Look until the context ends."""
        me = psutil.Process()
        while True:
            self.now = sum(map(_resident, [me, *me.children(recursive=True)])) / 1e9
            self.most = max(self.most, self.now)
            if self._done.wait(LOOK_EVERY):
                return


def _resident(process: psutil.Process) -> int:
    try:
        return int(getattr(process.memory_full_info(), "pss", 0)) or int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
