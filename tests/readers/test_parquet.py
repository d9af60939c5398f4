from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stancewire.readers.columns import Columns
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


ROWS = [f"Article {n}: " + "words and more words. " * 50 for n in range(1, 701)]


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """Return a file of seven groups of a hundred rows, of which the sixth is damaged from its beginning."""
    path = tmp_path / "news.parquet"
    pq.write_table(pa.table({"text": ROWS}), path, row_group_size=100)
    data = bytearray(path.read_bytes())
    middle = pq.ParquetFile(path).metadata.row_group(5).column(0).dictionary_page_offset
    data[middle : middle + 2000] = bytes(2000)
    path.write_bytes(data)
    return path


def test_a_damaged_row_group_is_named_by_its_rows_and_the_next_is_read(damaged: Path) -> None:
    found = list(ParquetReader().read(damaged))
    (skip,) = [item for item in found if isinstance(item, Skip)]
    assert (skip.reason, skip.source) == ("damaged", f"{damaged}:501")
    assert skip.detail.startswith(f"{damaged}:501: rows 501 to 600 are damaged (")
    assert "write the file again" in skip.detail
    texts = [item.text for item in found if isinstance(item, Article)]
    assert texts == [*ROWS[:500], *ROWS[600:]]


def test_no_damaged_byte_in_the_list_of_rows_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "news.parquet"
    pq.write_table(pa.table({"text": ["One.", "Two."]}), path, store_schema=False)
    data = path.read_bytes()
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    for place in range(footer, len(data) - 8):
        for value in (0, 1, 13, 127):  # 13 is -7 as Parquet writes whole numbers
            path.write_bytes(data[:place] + bytes([value]) + data[place + 1 :])
            found = list(ParquetReader().read(path))
            assert sum(isinstance(item, Article) for item in found) == 2 or any(
                isinstance(item, Skip) for item in found
            ), (place, value)


@pytest.mark.parametrize("rows", [1, 30, 100, 256, 1000])
def test_stretches_hold_what_the_file_holds(damaged: Path, rows: int) -> None:
    reader = ParquetReader()
    stretches = reader.cut(damaged, rows=rows)
    assert max(stretch.rows for stretch in stretches) == min(rows, 100)
    chosen = [
        stretch for stretch in stretches if stretch.first in (401, 501, 601)
    ]  # one opens the file for each
    found = [item for stretch in chosen for item in reader.read_stretch(damaged, stretch, source="named")]
    whole = list(reader.read(damaged))[400:]
    assert [repr(item) for item in found] == [repr(item).replace(str(damaged), "named") for item in whole]


def test_a_file_that_has_gone_when_a_stretch_is_read_is_named(damaged: Path) -> None:
    reader = ParquetReader()
    stretch = reader.cut(damaged, rows=100)[0]
    damaged.unlink()
    (skip,) = reader.read_stretch(damaged, stretch, source="named")
    assert isinstance(skip, Skip)
    assert skip.reason == "damaged"


def test_column_that_an_option_names_and_the_table_has_not_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "news.parquet"
    pq.write_table(pa.table({"text": ["Words."]}), path)
    list(ParquetReader(columns=Columns.parse(["outlet=zeitung"])).read(path))
    assert caplog.messages == [f"{path}: no column 'zeitung' for outlet; has ['text']"]
