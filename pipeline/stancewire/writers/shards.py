"""Records and ledger as folders of Parquet files of so many rows, for tools that read many files at once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

import pyarrow as pa

from stancewire.errors import InputError
from stancewire.types import LedgerEntry, StanceRecord
from stancewire.writers.ledger import as_ledger_row
from stancewire.writers.parquet import ParquetRows, ParquetWriter, text_field
from stancewire.writers.partial import refused

FOLDER = "shards"
MARK = "_made_by_stancewire"  # a file in the folders that are ours to replace; readers of Parquet folders skip the name
T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)

LEDGER_SCHEMA = pa.schema(
    [
        text_field("source"),
        text_field("outcome"),
        text_field("article_id", nullable=True),
        pa.field("records", pa.int64(), nullable=False),
        text_field("reason", nullable=True),
        text_field("detail", nullable=True),
        pa.field("counts", pa.map_(pa.string(), pa.int64()), nullable=False),
        pa.field("origins", pa.map_(pa.string(), pa.string()), nullable=False),
    ]
)
"""The columns of a ledger's shard, in the order of LedgerEntry."""


class ShardFolder:
    """Writes `shards/records-00000.parquet` ... and `shards/ledger-00000.parquet` ... under `out`, `rows` rows each.

    The folder takes its name when it is whole, in the place of an earlier run's. With 0 rows there is none: an earlier
    run's is removed, since it would contradict the other files. A folder of that name that no run made is left alone,
    and refused where shards are wanted.
    """

    def __init__(self, out: Path, *, rows: int) -> None:
        self._folder = out / FOLDER
        self._building = out / f"{FOLDER}.partial"
        self._is_wanted = rows > 0
        check_shards(out, rows=rows)
        self._make_anew()
        self._records = _Series[StanceRecord](self._building / "records", ParquetWriter, rows)
        self._ledger = _Series[LedgerEntry](self._building / "ledger", _LedgerShard, rows)

    def write(self, entry: LedgerEntry, records: Sequence[StanceRecord]) -> None:
        """Append what became of an article."""
        if self._is_wanted:
            self._ledger.write([entry])
            self._records.write(records)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for series in (self._records, self._ledger):
            series.end(is_whole=error is None)
        if error is None:
            self._take_place()

    def _make_anew(self) -> None:
        try:
            _remove(self._building)
            if self._is_wanted:
                self._building.mkdir()
                (self._building / MARK).touch()
        except OSError as error:
            raise refused(self._building, error) from error

    def _take_place(self) -> None:
        """Put the folder in the place of the old one; a run that ends in between writes both again."""
        try:
            _remove(self._folder)
            if self._is_wanted:
                self._building.rename(self._folder)
        except OSError as error:
            raise refused(self._folder, error) from error


class _Rows(Protocol[T_contra]):
    def write(self, rows: Sequence[T_contra]) -> None: ...

    def close(self) -> None: ...

    def abandon(self) -> None: ...


class _Series(Generic[T]):
    """Writes rows into one file after another, each full but the last; no rows are one empty file."""

    def __init__(self, stem: Path, open_file: Callable[[Path], Any], rows: int) -> None:
        self._stem, self._open, self._rows = stem, open_file, rows
        self._file: _Rows[T] | None = None
        self._number = self._held = 0

    def write(self, rows: Sequence[T]) -> None:
        while rows:
            part = rows[: self._rows - self._held]
            self._current().write(part)
            self._held += len(part)
            rows = rows[len(part) :]
            if self._held == self._rows:
                self._close()

    def end(self, *, is_whole: bool) -> None:
        if not is_whole:
            if self._file:
                self._file.abandon()
        elif self._rows and (self._file or not self._number):
            self._current()
            self._close()

    def _current(self) -> _Rows[T]:
        if self._file is None:
            self._file = self._open(self._stem.with_name(f"{self._stem.name}-{self._number:05}.parquet"))
        return self._file

    def _close(self) -> None:
        self._current().close()
        self._file, self._held, self._number = None, 0, self._number + 1


class _LedgerShard(ParquetRows):
    def __init__(self, path: Path) -> None:
        super().__init__(path, LEDGER_SCHEMA)

    def write(self, entries: Sequence[LedgerEntry]) -> None:
        rows = [as_ledger_row(entry) for entry in entries]
        self.append_rows(
            [row | {name: list(row[name].items()) for name in ("counts", "origins")} for row in rows]
        )


def check_shards(out: Path, *, rows: int) -> None:
    """Raise InputError where shards are wanted and something that no run made has the name of their folder."""
    for folder in (out / FOLDER, out / f"{FOLDER}.partial") if rows > 0 else ():
        if os.path.lexists(folder) and not _is_ours(folder):
            raise InputError(
                f"{folder}: is not a folder that a run made; move it, or choose another --out for --shards"
            )


def _is_ours(folder: Path) -> bool:
    return not folder.is_symlink() and (folder / MARK).is_file()


def _remove(folder: Path) -> None:
    if _is_ours(folder):
        shutil.rmtree(folder)
