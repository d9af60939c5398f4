"""The log of a run as a file: one JSON object a line, from every process that works on it.

Each process appends for itself, a line in one write, which the system puts whole at the end of a file on a local disk.
A queue to one process that writes was compared: a worker that is killed while it holds the queue's lock stops all
others, and what it had queued is lost, just when a log is wanted. python-json-logger and structlog make such lines,
too, and leave levels and the sharing of a file to their users, which is most of what is here.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from stancewire.errors import InputError, StancewireError

EVENT = "event"  # the field of what a log says of a run beside its warnings: "run-started", "article-failed"
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

log = logging.getLogger(__name__)


class JsonFormatter(logging.Formatter):
    """Makes a JSON object of a log record: time, level, logger, process, message, and the fields given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object on one line; what JSON doesn't know is in it as text."""
        fields: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
        }
        extra = {name: value for name, value in vars(record).items() if name not in _STANDARD | fields.keys()}
        fields |= extra
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False, default=str)


class LogFile(logging.Handler):
    """Appends log records to a file, each whole and at once; a file that can't be written any more is given up."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises OSError."""
        super().__init__()
        self.path = path
        self.setFormatter(JsonFormatter())
        self._file = path.open("ab", buffering=0)
        self._is_given_up = False

    def end_torn_line(self) -> None:
        """End the last line if it has no end, as where a disk became full; only before others write, too."""
        if not self.path.is_file() or not self.path.stat().st_size:
            return
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            is_torn = file.read() != b"\n"
        if is_torn:
            self._file.write(b"\n")

    def emit(self, record: logging.LogRecord) -> None:
        """Append a record."""
        if self._is_given_up:
            return
        try:
            # Half a surrogate pair, of a file's name say, is written as JSON's own \udXXX escape.
            self._file.write(self.format(record).encode("utf-8", "backslashreplace") + b"\n")
        except OSError as error:
            self._is_given_up = True
            log.warning("%s: can't be written: %s; the run goes on without a log", self.path, error.strerror)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        super().close()


@contextmanager
def logged_to(path: Path | None) -> Iterator[None]:
    """Append what is logged inside to `path`, from INFO for what is ours; an error that leaves it is logged, too.

    None changes nothing. The folder is made. Raises InputError where the file can't be opened.
    """
    if path is None:
        yield
        return
    root, ours = logging.getLogger(), logging.getLogger("stancewire")
    before = list(root.handlers), ours.level
    handler = join_log(path)
    try:
        handler.end_torn_line()
        yield
    except BaseException as error:
        is_bug = not isinstance(error, StancewireError | KeyboardInterrupt)
        said = str(error) or type(error).__name__
        log.error("run stopped: %s", said, exc_info=is_bug, extra={EVENT: "run-stopped"})
        raise
    finally:
        root.handlers[:], level = before
        ours.setLevel(level)
        handler.close()


def join_log(path: Path) -> LogFile:
    """Have this process append what it logs to `path`; what it says on the terminal stays as it is."""
    root, ours = logging.getLogger(), logging.getLogger("stancewire")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = LogFile(path.resolve())
    except OSError as error:
        raise InputError(f"--log {str(path)!r}: can't be opened: {error.strerror}") from error
    if not root.handlers and logging.lastResort:  # which Python asks only where there is no other handler
        root.addHandler(logging.lastResort)
    root.addHandler(handler)
    if ours.getEffectiveLevel() > logging.INFO:
        ours.setLevel(logging.INFO)
    return handler


def open_log() -> Path | None:
    """Return the file that this process logs to."""
    files = (each.path for each in logging.getLogger().handlers if isinstance(each, LogFile))
    return next(files, None)
