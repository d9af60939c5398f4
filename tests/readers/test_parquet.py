from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stancewire.readers.parquet import ParquetReader
from stancewire.types import Article, Skip


def read(path: Path, table: pa.Table) -> list[Article | Skip]:
    pq.write_table(table, path / "news.parquet", row_group_size=100)
    return list(ParquetReader().read(path / "news.parquet"))


def test_rows_are_read_over_batches_and_named_by_number(tmp_path: Path) -> None:
    found = read(tmp_path, pa.table({"id": range(700), "text": [f"Article {n}." for n in range(700)]}))
    assert [article.text for article in found if isinstance(article, Article)][-1] == "Article 699."
    assert found[-1].source == f"{tmp_path / 'news.parquet'}:700"


def test_dates_and_times_of_any_unit_are_days(tmp_path: Path) -> None:
    moment = datetime(2024, 8, 15, 22, 30, tzinfo=UTC)
    nanoseconds = int(moment.timestamp()) * 10**9 + 1
    for values in (
        pa.array([date(2024, 8, 15)]),
        pa.array([nanoseconds], pa.timestamp("ns", tz="UTC")),
        pa.array([nanoseconds], pa.timestamp("ns")),
        pa.array(["2024-08-15"]),
    ):
        (article,) = read(tmp_path, pa.table({"text": ["Words."], "published": values}))
        assert isinstance(article, Article)
        assert article.published == date(2024, 8, 15)


@pytest.mark.parametrize(
    "values",
    [
        pa.array([2**31 - 1, 18993], pa.int32()).view(pa.date32()),
        pa.array([2**62, 1640995199000], pa.int64()).view(pa.timestamp("ms")),
        pa.array([[2**62], [1640995199 * 10**6]], pa.list_(pa.timestamp("us"))),
        pa.array([0, 0], pa.timestamp("us", tz="Nowhere/Land")),
    ],
    ids=lambda values: str(values.type),
)
def test_a_date_that_no_calendar_has_is_none_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, values: pa.Array
) -> None:
    first, second = read(tmp_path, pa.table({"text": ["One.", "Two."], "published": values}))
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.published, second.text) == (None, "Two.")
    assert "published" in caplog.text


def test_a_column_whose_name_is_no_utf_8_is_damage(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["Words."], "xxxx": [1]}), tmp_path / "news.parquet")
    data = (tmp_path / "news.parquet").read_bytes().replace(b"xxxx", b"\x98xxx")
    (tmp_path / "news.parquet").write_bytes(data)
    (skip,) = ParquetReader().read(tmp_path / "news.parquet")
    assert isinstance(skip, Skip)
    assert skip.reason == "damaged"


def test_null_and_nan_are_none(tmp_path: Path) -> None:
    nan = float("nan")
    (article,) = read(tmp_path, pa.table({"text": ["Words."], "title": [None], "outlet": [nan], "id": [nan]}))
    assert isinstance(article, Article)
    assert (article.title, article.outlet, article.id[:7]) == (None, None, "sha256-")


def test_a_null_text_is_named_and_the_next_row_is_read(tmp_path: Path) -> None:
    skip, article = read(tmp_path, pa.table({"text": [None, "Words."]}))
    assert isinstance(skip, Skip)
    assert skip.reason == "empty"
    assert skip.source.endswith("news.parquet:1")
    assert isinstance(article, Article)


def test_a_text_column_of_numbers_is_bad_text(tmp_path: Path) -> None:
    (skip,) = read(tmp_path, pa.table({"text": [17]}))
    assert isinstance(skip, Skip)
    assert skip.reason == "bad-text"


def test_a_table_without_text_is_one_failure(tmp_path: Path) -> None:
    (skip,) = read(tmp_path, pa.table({"id": ["a", "b"], "title": ["c", "d"]}))
    assert isinstance(skip, Skip)
    assert skip.reason == "no-text"
    assert "no text; has ['id', 'title']; name the column with --column text=NAME" in skip.detail


def test_a_table_without_rows_is_empty(tmp_path: Path) -> None:
    (skip,) = read(tmp_path, pa.table({"text": pa.array([], pa.string())}))
    assert isinstance(skip, Skip)
    assert skip.reason == "empty"


def test_a_row_in_no_utf_8_is_named_and_the_next_is_read(tmp_path: Path) -> None:
    column = pa.array([b"One.", b"Tw\xf6.", b"Three."]).view(pa.binary()).cast(pa.binary())
    strings = pa.StringArray.from_buffers(3, *column.buffers()[1:])
    first, skip, third = read(tmp_path, pa.table({"text": strings}))
    assert isinstance(first, Article)
    assert isinstance(third, Article)
    assert isinstance(skip, Skip)
    assert skip.reason == "encoding"
    assert skip.detail.startswith(f"{tmp_path / 'news.parquet'}:2: not UTF-8 (")


def test_a_file_damaged_midway_keeps_the_articles_before(tmp_path: Path) -> None:
    rows = [f"Article {n}: " + "words and more words. " * 50 for n in range(700)]
    read(tmp_path, pa.table({"text": rows}))
    path = tmp_path / "news.parquet"
    data = bytearray(path.read_bytes())
    middle = pq.ParquetFile(path).metadata.row_group(5).column(0).dictionary_page_offset
    data[middle : middle + 2000] = bytes(2000)
    path.write_bytes(data)
    *kept, skip = ParquetReader().read(path)
    assert kept
    assert all(isinstance(article, Article) for article in kept)
    assert isinstance(skip, Skip)
    assert skip.reason == "damaged"
    assert "write it again" in skip.detail
