"""The records of a run by their number: where each line of records.jsonl begins is known, the rest stays on disk."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Lock

import msgspec
import numpy as np

from stancewire.errors import InputError
from stancewire.types import StanceRecord
from stancewire.writers.rows import from_row

_CHUNK = 1 << 24
_NEWLINE = 10


class Lines:
    """An open records.jsonl; a run that replaces the file meanwhile changes nothing here. Raises InputError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        self._decoder = msgspec.json.Decoder(StanceRecord)
        self._file = path.open("rb")
        starts, at = [np.zeros(1, dtype=np.int64)], 0
        while chunk := self._file.read(_CHUNK):
            starts.append(np.flatnonzero(np.frombuffer(chunk, dtype=np.uint8) == _NEWLINE) + at + 1)
            at += len(chunk)
        self._starts = np.concatenate(starts)
        if at != self._starts[-1]:
            self._file.close()
            raise InputError(f"{path}: ends in the middle of a line; run again to write it anew")

    def __len__(self) -> int:
        return len(self._starts) - 1

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def record(self, number: int) -> StanceRecord:
        """Return the record of a line, counted from 0; raises InputError naming the line where it can't be read."""
        start, end = (int(each) for each in self._starts[number : number + 2])
        with self._lock:
            self._file.seek(start)
            line = self._file.read(end - start)
        try:
            return self._decoder.decode(line)
        except msgspec.MsgspecError:  # damaged, or with half a surrogate pair: the slow way says which
            return self._read(line, f"{self.path}:{number + 1}")

    def _read(self, line: bytes, place: str) -> StanceRecord:
        try:
            return from_row(json.loads(line), place=place)
        except ValueError as error:
            raise InputError(f"{place}: not JSON: {error}; run again to write it anew") from error
