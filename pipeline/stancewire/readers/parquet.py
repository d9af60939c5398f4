"""Parquet tables: one article a row, read batch by batch."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stancewire.errors import InputError
from stancewire.readers.articles import article_from_row, no_text, skip
from stancewire.readers.columns import DEFAULT_COLUMNS, Columns
from stancewire.types import Article, Skip

log = logging.getLogger(__name__)

# What Arrow raises for what Python has no value for: a year over 9999, a time zone that nobody knows (a KeyError).
_NO_VALUES = (ValueError, OverflowError, KeyError)
# What Arrow and the system raise for a damaged file; the last for a column's name.
_DAMAGE = (pa.ArrowException, OSError, UnicodeDecodeError)
_BATCH = 256  # rows in memory at a time: a megabyte or two of news, and reading is as fast as with 64K


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Rows `offset` to `offset + rows` of a row group, whose first row is number `first` of its file."""

    group: int
    first: int
    offset: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParquetReader:
    """Reads a Parquet file without ever holding more than a batch of it; only the columns needed are read."""

    columns: Columns = DEFAULT_COLUMNS

    def read(self, path: Path) -> Iterator[Article | Skip]:
        """Yield the file's articles in order, and a Skip in the place of each that can't be read.

        A source like "news.parquet:17" gives the row, counted from 1. Where a row group is damaged, its other rows are
        one Skip, which names them, and the next group is read.
        """
        try:
            with _opened(path) as file:
                needed = self._needed(file, path)
                self._warn_of_missing(file, path)
                for stretch in _groups(file):
                    yield from self._read_stretch(file, stretch, needed, path)
        except InputError as error:
            yield skip(str(path), error)

    def cut(self, path: Path, *, rows: int) -> tuple[Stretch, ...]:
        """Return the file as stretches of at most so many rows; raises InputError where it can't be read."""
        with _opened(path) as file:
            self._needed(file, path)
            self._warn_of_missing(file, path)
            if file.metadata.num_rows > path.stat().st_size:  # no news is that short
                raise InputError(f"{path}: more rows than bytes; write it again", reason="damaged")
            return tuple(
                replace(group, offset=offset, rows=min(rows, group.rows - offset))
                for group in _groups(file)
                for offset in range(0, group.rows, rows)
            )

    def read_stretch(self, path: Path, stretch: Stretch, *, source: str) -> Iterator[Article | Skip]:
        """Yield what `read` yields of some rows, `path` being called `source` there.

        A row group can't be entered in its middle: what comes before in it is decoded and left.
        """
        try:
            with _opened(path) as file:
                yield from self._read_stretch(file, stretch, self._needed(file, path), Path(source))
        except InputError as error:
            yield skip(source, error)

    def _needed(self, file: pq.ParquetFile, path: Path) -> list[str]:
        """Return the columns to read; raises InputError where there is nothing to read."""
        names = list(file.schema_arrow.names)
        held = self.columns.held_by(names)
        if not held["text"]:
            raise no_text(names, columns=self.columns, source=str(path))
        told, there = file.metadata.num_rows, [group.rows for group in _groups(file)]
        if told != sum(there) or any(rows < 0 for rows in there):
            said = f"damaged: it says that it has {told} rows, and {sum(there)} in its groups"
            raise InputError(f"{path}: {said}; write it again", reason="damaged")
        if told == 0:
            raise InputError(f"{path}: no rows; must be one an article", reason="empty")
        return [name for group in held.values() for name in group]

    def _warn_of_missing(self, file: pq.ParquetFile, path: Path) -> None:
        self.columns.warn_of_missing(file.schema_arrow.names, source=str(path))

    def _read_stretch(
        self, file: pq.ParquetFile, stretch: Stretch, needed: list[str], path: Path
    ) -> Iterator[Article | Skip]:
        done = 0  # rows of the group
        end = stretch.offset + stretch.rows
        batches = file.iter_batches(batch_size=_BATCH, row_groups=[stretch.group], columns=needed)
        while done < end:
            try:
                batch, said = next(batches, None), "it ends before them"
            except _DAMAGE as error:
                batch, said = None, _first_line(error)
            if batch is None:
                if done >= stretch.offset:  # else that is told with the rows before
                    yield _lost(file, stretch, done, path, said)
                return
            start, done = done, done + batch.num_rows
            wanted = batch.slice(max(stretch.offset - start, 0), end - max(start, stretch.offset))
            yield from self._read_batch(wanted, path, first=stretch.first + max(start, stretch.offset))

    def _read_batch(self, batch: pa.RecordBatch, path: Path, *, first: int) -> Iterator[Article | Skip]:
        rows = _as_rows(_in_microseconds(batch), path=path, first=first)
        for number, row in enumerate(rows, start=first):
            yield self._read_row(row, source=f"{path}:{number}")

    def _read_row(self, row: dict[str, object] | UnicodeDecodeError, *, source: str) -> Article | Skip:
        try:
            if isinstance(row, UnicodeDecodeError):
                raise InputError(f"{source}: not UTF-8 ({row}); write it as UTF-8", reason="encoding")
            return article_from_row(row, columns=self.columns, source=source)
        except InputError as error:
            return skip(source, error)


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    """Open a file; what is wrong with it as a whole, then or later, is an InputError."""
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            yield file
    except _DAMAGE as error:
        said = f"damaged or not Parquet ({_first_line(error)})"
        raise InputError(f"{path}: {said}; write it again", reason="damaged") from error


def _groups(file: pq.ParquetFile) -> Iterator[Stretch]:
    """Yield the row groups, whole."""
    first = 1
    for group in range(file.metadata.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        yield Stretch(group=group, first=first, offset=0, rows=rows)
        first += rows


def _lost(file: pq.ParquetFile, stretch: Stretch, done: int, path: Path, why: str) -> Skip:
    """Return what to say of the rest of a row group of which `done` rows could be read."""
    start = stretch.first + done
    end = stretch.first + file.metadata.row_group(stretch.group).num_rows - 1
    said = f"rows {start} to {end} are damaged ({why}); write the file again"
    return skip(f"{path}:{start}", InputError(f"{path}:{start}: {said}", reason="damaged"))


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _as_rows(
    batch: pa.RecordBatch, *, path: Path, first: int
) -> Iterator[dict[str, object] | UnicodeDecodeError]:
    """Yield a batch's rows, or what is wrong with one: Arrow doesn't check that its strings are UTF-8."""
    try:
        rows = batch.to_pylist()
    except _NO_VALUES:
        for number in range(batch.num_rows):
            try:
                yield {
                    name: _value(column[number], name, source=f"{path}:{first + number}")
                    for name, column in zip(batch.schema.names, batch.columns, strict=True)
                }
            except UnicodeDecodeError as error:
                yield error
    else:
        yield from rows


def _value(cell: pa.Scalar, name: str, *, source: str) -> object:
    """Return a cell's value; None for a day after 9999, say, or a time in a zone that isn't known."""
    try:
        return cell.as_py()
    except UnicodeDecodeError:
        raise
    except _NO_VALUES as error:
        said = "%s: its %s can't be read (%s); left out"
        log.warning(said, source, name, error, extra={"source": source})
        return None


def _in_microseconds(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch with nanoseconds as microseconds, as they can't become Python values."""
    fields = [
        field.with_type(pa.timestamp("us", tz=field.type.tz)) if _is_in_nanoseconds(field.type) else field
        for field in batch.schema
    ]
    return batch.cast(pa.schema(fields), safe=False)


def _is_in_nanoseconds(kind: pa.DataType) -> bool:
    return bool(pa.types.is_timestamp(kind) and kind.unit == "ns")
