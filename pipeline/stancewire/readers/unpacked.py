"""A file's bytes, unpacked where they are gzip, that go on after damage at the next place worth reading."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Protocol

from stancewire.readers.decoding import unreadable

CHUNK = 65536
_MAGIC = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]", re.DOTALL)  # RFC 1952, 2.3: three bits of the flags are 0
_MAGIC_SIZE = 4
_PREVIEW = 16384  # bytes of a member, packed and unpacked, that show whether a record starts in it
_WITH_GZIP_HEAD = 31  # zlib's wbits for gzip, head and check sum included


class UnpackedFile:
    """Bytes to look at (`peek`) and to step over (`skip`), in runs; nothing past the end of a run is seen.

    A plain file is one run. In gzip a run ends where a member starts with a record (`starts`), so that a
    record which claims too many bytes can't swallow the next one, and where the file is damaged: `fault`
    then says how. `next_run` goes on after it. Raises InputError if the file can't be read at all.
    """

    def __init__(self, file: IO[bytes], *, source: str, starts: re.Pattern[bytes]) -> None:
        raw = _RawFile(file, source=source)
        head = raw.read_at(0, _MAGIC_SIZE)
        self._runs: _Runs = _GzipRuns(raw, starts=starts) if _MAGIC.match(head) else _PlainRun(raw)
        self._ahead = bytearray()
        self._passed = 0

    @property
    def fault(self) -> str | None:
        """Return what ended this run before its time, if anything did."""
        return self._runs.fault

    @property
    def place(self) -> str:
        """Return where in the file we are, for a message."""
        return self._runs.place(self._passed)

    def peek(self, size: int) -> bytes:
        """Return the next `size` bytes, or as many as this run has left."""
        while len(self._ahead) < size and (data := self._runs.more()):
            self._ahead += data
        return bytes(self._ahead[:size])

    def skip(self, size: int) -> None:
        """Step over `size` bytes that were peeked at."""
        self._passed += len(self._ahead[:size])
        del self._ahead[:size]

    def next_run(self) -> bool:
        """Leave what is left of this run and say whether there is another one."""
        self._ahead.clear()
        self._passed = 0
        return self._runs.next_run()


class _Runs(Protocol):
    """Where an UnpackedFile's bytes come from."""

    fault: str | None

    def more(self) -> bytes:
        """Return the next bytes of this run, b"" at its end."""
        ...

    def next_run(self) -> bool:
        """Go to the next run, if there is one."""
        ...

    def place(self, passed: int) -> str:
        """Return where in the file the byte number `passed` of this run is."""
        ...


class _RawFile:
    """Reads an open file and says by name if that fails."""

    def __init__(self, file: IO[bytes], *, source: str) -> None:
        self._file = file
        self._source = source

    def read(self) -> bytes:
        with self._named():
            return self._file.read(CHUNK)

    def read_at(self, place: int, size: int) -> bytes:
        """Return bytes from a place, and go back to where we were."""
        with self._named():
            was = self._file.tell()
            self._file.seek(place)
            data = self._file.read(size)
            self._file.seek(was)
            return data

    def go_to(self, place: int) -> None:
        with self._named():
            self._file.seek(place)

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise unreadable(self._source, error) from error


class _PlainRun:
    """A file that isn't packed: one run."""

    fault: str | None = None

    def __init__(self, raw: _RawFile) -> None:
        self._raw = raw

    def more(self) -> bytes:
        return self._raw.read()

    def next_run(self) -> bool:
        return False

    def place(self, passed: int) -> str:
        return f"byte {passed}"


class _GzipRuns:
    """The members of a gzip file, unpacked; a new run for each that starts with a record."""

    def __init__(self, raw: _RawFile, *, starts: re.Pattern[bytes]) -> None:
        self._raw = raw
        self._starts = starts
        self.fault: str | None = None
        self._next_start: int | None = None
        self._is_over = False
        self._enter(0)

    def more(self) -> bytes:
        while self.fault is None and self._next_start is None and not self._is_over:
            if self._unpacker.eof:
                if not self._go_on_to_next_member():
                    return b""
                continue
            packed = self._packed or self._raw.read()
            if not packed:
                self.fault = "its gzip is cut off"
                return b""
            self._read_up_to += 0 if self._packed else len(packed)
            if data := self._unpack(packed):
                return data
        return b""

    def next_run(self) -> bool:
        start = self._next_start
        if start is None and self.fault is not None:
            start = next(filter(self._has_record, self._members_after(self._member_start)), None)
        self._is_over, self.fault = start is None, None
        if start is not None:
            self._enter(start)
        return start is not None

    def place(self, passed: int) -> str:
        inside = f", {passed} bytes into what is packed there" if passed else ""
        return f"byte {self._run_start}{inside}"

    def _enter(self, start: int) -> None:
        self._raw.go_to(start)
        self._run_start = self._member_start = self._read_up_to = start
        self._packed = b""
        self._unpacker = zlib.decompressobj(_WITH_GZIP_HEAD)
        self._next_start = None
        self.fault = None

    def _unpack(self, packed: bytes) -> bytes:
        before = self._unpacker.copy()
        try:
            data = self._unpacker.decompress(packed)
        except zlib.error as error:
            self.fault = f"its gzip is broken: {error}"
            return _unpacked_before_error(before, packed)
        self._packed = self._unpacker.unused_data
        return data

    def _go_on_to_next_member(self) -> bool:
        """Say whether a member follows that goes on with this run; zero bytes at the end are padding."""
        while not (rest := self._packed.lstrip(b"\0")):
            self._packed = self._raw.read()
            self._read_up_to += len(self._packed)
            if not self._packed:
                return False
        start = self._read_up_to - len(rest)
        head = self._raw.read_at(start, _PREVIEW)
        text = _preview(head)
        if not text or self._starts.match(text) or b"WARC/".startswith(text[:5]):
            self._next_start = start  # also where it is no gzip or broken at once: this run is whole
            return False
        self._packed = rest
        self._member_start = start
        self._unpacker = zlib.decompressobj(_WITH_GZIP_HEAD)
        return True

    def _members_after(self, start: int) -> Iterator[int]:
        """Yield each place after `start` that looks like a member's start."""
        place = start + 1
        while len(window := self._raw.read_at(place, CHUNK + _MAGIC_SIZE - 1)) >= _MAGIC_SIZE:
            yield from (place + match.start() for match in _MAGIC.finditer(window))
            place += CHUNK

    def _has_record(self, start: int) -> bool:
        text = _preview(self._raw.read_at(start, _PREVIEW))
        return text is not None and self._starts.match(text) is not None


def _preview(packed: bytes) -> bytes | None:
    """Return the start of what a member holds, or None if it is broken there."""
    try:
        return zlib.decompressobj(_WITH_GZIP_HEAD).decompress(packed, _PREVIEW)
    except zlib.error:
        return None


def _unpacked_before_error(unpacker: zlib._Decompress, packed: bytes) -> bytes:
    """Return what bytes hold up to the one that zlib fails at: for all at once, it keeps nothing."""
    data = bytearray()
    try:
        for place in range(len(packed)):
            data += unpacker.decompress(packed[place : place + 1])
    except zlib.error:
        return bytes(data)
    return bytes(data)
