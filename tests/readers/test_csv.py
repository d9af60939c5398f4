from __future__ import annotations

from pathlib import Path

import pytest

from stancewire.readers.columns import Columns
from stancewire.readers.csv import CsvReader
from stancewire.types import Article, Skip


def read(path: Path, content: str | bytes) -> list[Article | Skip]:
    file = path / "news.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(CsvReader().read(file))


def texts(found: list[Article | Skip]) -> list[str]:
    return [article.text for article in found if isinstance(article, Article)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_in_the_header(tmp_path: Path, delimiter: str) -> None:
    rows = [["id", "text", "title"], ["a", '"One, or; two."', "T"]]
    (article,) = read(tmp_path, "\n".join(map(delimiter.join, rows)))
    assert isinstance(article, Article)
    assert (article.id, article.text, article.title) == ("a", "One, or; two.", "T")


def test_a_table_of_one_column_is_read(tmp_path: Path) -> None:
    assert texts(read(tmp_path, 'text\nOne\n"Two, and more"\n')) == ["One", "Two, and more"]


def test_a_text_over_several_lines_is_named_by_its_first(tmp_path: Path) -> None:
    first, second = read(tmp_path, 'id,text\r\na,"One.\r\n\r\nTwo ""quoted""."\r\n\r\nb,Three.\r\n')
    assert isinstance(first, Article)
    assert first.text == 'One.\n\nTwo "quoted".'
    assert (first.source, second.source) == (f"{tmp_path / 'news.csv'}:2", f"{tmp_path / 'news.csv'}:6")


def test_a_table_without_text_is_one_failure(tmp_path: Path) -> None:
    (skip,) = read(tmp_path, "id,title\na,b\nc,d\n")
    assert isinstance(skip, Skip)
    assert skip.reason == "no-text"
    assert skip.detail == (
        f"{tmp_path / 'news.csv'}: no text; has ['id', 'title']; name the column with --column text=NAME"
    )


def test_a_header_without_rows_is_empty(tmp_path: Path) -> None:
    (skip,) = read(tmp_path, "id,text\n")
    assert isinstance(skip, Skip)
    assert skip.detail == f"{tmp_path / 'news.csv'}: no rows under the header; must be one an article"


def test_a_row_with_another_number_of_fields_is_named_and_the_next_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, "id,text\na,One, or two.\nb\nc,Three.\n")
    assert texts(found) == ["Three."]
    many, few = (skip for skip in found if isinstance(skip, Skip))
    assert (many.reason, few.reason) == ("bad-row", "bad-row")
    assert many.detail.endswith(
        "news.csv:2: 3 fields; must be 2, as in the header (quote fields with delimiters)"
    )
    assert ":3: 1 fields; must be 2" in few.detail


def test_an_empty_text_is_named_and_the_next_row_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, "id,text\na,\nb, \nc,Three.\n")
    assert texts(found) == ["Three."]
    assert [skip.reason for skip in found if isinstance(skip, Skip)] == ["empty", "empty"]


def test_wrong_quotes_are_named_and_the_next_row_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, 'id,text\na,"One" or two.\nb,Three.\n')
    assert texts(found) == ["Three."]
    skip = found[0]
    assert isinstance(skip, Skip)
    assert skip.reason == "bad-row"
    assert ":2: ',' expected after '\"'; a field that holds quotes" in skip.detail


def test_a_quote_that_never_ends_does_not_swallow_the_rest_silently(tmp_path: Path) -> None:
    first, skip = read(tmp_path, 'id,text\na,One.\nb,"Two.\nc,Three.\n')
    assert isinstance(first, Article)
    assert isinstance(skip, Skip)
    assert skip.detail.startswith(f"{tmp_path / 'news.csv'}:3: unexpected end of data")


def test_a_text_longer_than_the_csv_default_is_read(tmp_path: Path) -> None:
    long = "The council met. " * 20_000
    assert texts(read(tmp_path, f"id,text\na,{long}\n")) == [long]


def test_a_table_in_latin_1_is_read(tmp_path: Path) -> None:
    text = "Le président a déclaré que la réforme n'était pas négociable. " * 3
    assert texts(read(tmp_path, f"id,text\na,{text}\n".encode("latin-1"))) == [text]


def test_one_row_in_no_encoding_is_named_and_the_next_is_read(tmp_path: Path) -> None:
    rows = ["id,text\na,Für uns.\nb,Für ü".encode(), b"\xff\xc3 uns.\nc,Three.\n"]
    found = read(tmp_path, b"".join(rows))
    assert texts(found) == ["Für uns.", "Three."]
    assert isinstance(found[1], Skip)
    assert found[1].reason == "encoding"
    assert found[1].source.endswith(":3")


def test_a_unit_separator_in_a_cell_divides_nothing(tmp_path: Path) -> None:
    (article,) = read(tmp_path, "id,text\na,Caf\u00e9\x1fbar.\n")
    assert isinstance(article, Article)
    assert (article.id, article.text) == ("a", "Caf\u00e9\x1fbar.")


def test_column_that_an_option_names_and_the_table_has_not_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "news.csv"
    path.write_text("id,text,paper\n1,Words.,Post\n", encoding="utf-8")
    (article,) = CsvReader(columns=Columns.parse(["outlet=zeitung", "text=text"])).read(path)
    assert isinstance(article, Article)
    assert caplog.messages == [f"{path}: no column 'zeitung' for outlet; has ['id', 'text', 'paper']"]
