"""Parquet tables: one article a row, read batch by batch."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
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
_BATCH = 256  # rows in memory at a time: a megabyte or two of news, and reading is as fast as with 64K


@dataclass(frozen=True, slots=True, kw_only=True)
class ParquetReader:
    """Reads a Parquet file without ever holding more than a batch of it; only the columns needed are read."""

    columns: Columns = DEFAULT_COLUMNS

    def read(self, path: Path) -> Iterator[Article | Skip]:
        """Yield the file's articles in order, and a Skip in the place of each that can't be read.

        A source like "news.parquet:17" gives the row, counted from 1.
        """
        try:
            for number, row in enumerate(self._rows(path), start=1):
                yield self._read_row(row, source=f"{path}:{number}")
        except InputError as error:
            yield skip(str(path), error)

    def _rows(self, path: Path) -> Iterator[dict[str, object] | UnicodeDecodeError]:
        try:
            with pq.ParquetFile(path, page_checksum_verification=True) as file:
                names = list(file.schema_arrow.names)
                if not self.columns.held_by(names)["text"]:
                    raise no_text(names, columns=self.columns, source=str(path))
                if file.metadata.num_rows == 0:
                    raise InputError(f"{path}: no rows; must be one an article", reason="empty")
                needed = [name for held in self.columns.held_by(names).values() for name in held]
                first = 1
                for batch in file.iter_batches(batch_size=_BATCH, columns=needed):
                    yield from _as_rows(_in_microseconds(batch), path=path, first=first)
                    first += batch.num_rows
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:  # the last for a column's name
            said = f"damaged or not Parquet ({(str(error) or type(error).__name__).splitlines()[0]})"
            raise InputError(f"{path}: {said}; write it again", reason="damaged") from error

    def _read_row(self, row: dict[str, object] | UnicodeDecodeError, *, source: str) -> Article | Skip:
        try:
            if isinstance(row, UnicodeDecodeError):
                raise InputError(f"{source}: not UTF-8 ({row}); write it as UTF-8", reason="encoding")
            return article_from_row(row, columns=self.columns, source=source)
        except InputError as error:
            return skip(source, error)


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
