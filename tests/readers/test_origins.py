"""Where each reader has an article's title, outlet, author, date, language and genre from."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stancewire.readers.archive import read_articles
from stancewire.readers.columns import Columns
from stancewire.readers.html import article_from_page
from stancewire.types import Article, Origins

PAGES = Path(__file__).parent / "pages"
PARAGRAPH = (
    "The provincial council spent a third day on the draft water treaty, and its members left the chamber as divided "
    "as they had come. A vote is expected next week, and both sides say that they have the numbers for it."
)
URL = "https://courier.example/water"
ROW = {
    "text": "The council met.",
    "Headline": "Council meets",
    "publisher": "Valley Courier",
    "authors": "Mina Rahmani",
    "link": URL,
    "date": "2024-08-15",
    "lang": "en",
}
OF_ROW = {
    "title": "column Headline",
    "outlet": "column publisher",
    "author": "column authors",
    "url": "column link",
    "published": "column date",
    "language": "column lang",
}


def read(path: Path, **columns: tuple[str, ...]) -> Article:
    (article,) = read_articles([str(path)], columns=Columns(**columns))
    assert isinstance(article, Article), article
    return article


def page(head: str = "", *, body: str = "", lang: str = "", title: str = "A river") -> bytes:
    return (
        f"<html{lang}><head><title>{title}</title>{head}</head>"
        f"<body><article><h1>A river</h1>{body}<p>{PARAGRAPH}</p><p>{PARAGRAPH[::-1]}</p></article></body></html>"
    ).encode()


def of_page(head: str = "", **parts: str) -> Origins:
    return article_from_page(page(head, **parts), source="a.html", today=date(2026, 8, 1)).origins


def linked(**values: object) -> str:
    thing = {"@type": "NewsArticle", **values}
    return f'<script type="application/ld+json">{json.dumps(thing)}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def tables(folder: Path) -> Iterator[Path]:
    (folder / "a.jsonl").write_text(json.dumps(ROW))
    (folder / "a.csv").write_text(",".join(ROW) + "\n" + ",".join(ROW.values()) + "\n")
    pq.write_table(pa.Table.from_pylist([ROW]), folder / "a.parquet")
    yield from (folder / f"a.{ending}" for ending in ("jsonl", "csv", "parquet"))


def test_table_names_the_column_of_each(tmp_path: Path) -> None:
    for path in tables(tmp_path):
        assert read(path).origins.known() == OF_ROW, path.suffix


def test_column_that_is_empty_or_holds_no_date_is_no_origin(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        json.dumps({"text": "It rained.", "title": None, "headline": "Rain", "author": " "})
    )
    assert read(tmp_path / "a.jsonl").origins.known() == {"title": "column headline"}
    (tmp_path / "b.jsonl").write_text(json.dumps({"text": "It rained.", "date": "soon"}))
    assert read(tmp_path / "b.jsonl").origins == Origins()


def test_named_column_is_the_origin_as_it_was_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "It rained.", "By": "Mina Rahmani"}))
    assert read(tmp_path / "a.jsonl", author=("by",)).origins == Origins(author="column By")


def test_text_file_names_the_line_or_the_words_before_the_prose(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Council meets\n\nBamyan Post The council met and its members spoke.\n")
    article = read(tmp_path / "a.txt")
    assert (article.title, article.outlet) == ("Council meets", "Bamyan Post")
    assert article.origins == Origins(title="first line", outlet="text")
    (tmp_path / "b.txt").write_text("The council met.")
    assert read(tmp_path / "b.txt").origins == Origins()


def test_page_names_the_mark_of_each() -> None:
    head = (
        linked(headline="A river", datePublished="2024-05-01", articleSection="Opinion")
        + meta("author", "Mina Rahmani")
        + meta("og:site_name", "Valley Courier")
        + f'<link rel="canonical" href="{URL}">'
    )
    assert of_page(head, lang=' lang="en"') == Origins(
        title="JSON-LD headline",
        outlet="meta og:site_name",
        author="meta author",
        url="link canonical",
        published="JSON-LD datePublished",
        language="html lang",
        genre="JSON-LD articleSection",
    )


@pytest.mark.parametrize(
    ("field", "head", "parts", "origin"),
    [
        ("title", "", {}, "h1"),
        ("title", meta("og:title", "A river in the valley"), {}, "meta og:title"),
        ("outlet", linked(publisher={"name": "Valley Courier"}), {}, "JSON-LD publisher"),
        ("outlet", meta("og:url", URL), {}, "page"),
        ("author", linked(author={"@type": "Person", "name": "Mina Rahmani"}), {}, "JSON-LD author"),
        ("author", meta("citation_author", "Rahmani, Mina"), {}, "meta citation_author"),
        ("author", "", {"body": '<p class="author">Mina Rahmani</p>'}, "byline"),
        ("url", meta("og:url", URL), {}, "meta og:url"),
        ("published", meta("article:published_time", "2024-05-01"), {}, "meta article:published_time"),
        (
            "published",
            "",
            {"body": '<time class="published" datetime="2024-05-01"></time>'},
            "marked in the text",
        ),
        ("published", meta("og:url", f"{URL}/2024/05/01/a"), {}, "URL"),
        ("language", '<meta http-equiv="content-language" content="en">', {}, "meta content-language"),
        ("language", "", {"lang": ' xml:lang="en"'}, "html xml:lang"),
        ("genre", linked(**{"@type": "OpinionNewsArticle"}), {}, "JSON-LD @type"),
        ("genre", meta("article:section", "Opinion"), {}, "meta article:section"),
        ("genre", meta("og:url", "https://courier.example/opinion/a"), {}, "URL"),
    ],
)
def test_mark_of_a_page_is_named(field: str, head: str, parts: dict[str, str], origin: str) -> None:
    assert of_page(head, **parts).known()[field] == origin


def test_page_without_marks_has_only_its_title() -> None:
    assert of_page() == Origins(title="h1")


def test_first_of_dates_that_disagree_is_the_origin() -> None:
    head = meta("article:published_time", "2024-05-03") + linked(datePublished="2024-05-01")
    assert of_page(head).published == "JSON-LD datePublished"


def warc(path: Path, block: bytes, *, kind: str = "response") -> Path:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {URL}\r\nContent-Type: text/plain\r\n"
    path.write_bytes(f"{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n")
    return path


def test_web_archive_names_the_url_of_its_record(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    article = read(warc(tmp_path / "a.warc", head + page()))
    assert (article.url, article.origins.url) == (URL, "WARC-Target-URI")
    stated = page('<link rel="canonical" href="https://courier.example/river">')
    article = read(warc(tmp_path / "b.warc", head + stated))
    assert (article.url, article.origins.url) == ("https://courier.example/river", "link canonical")
    article = read(warc(tmp_path / "c.warc", PARAGRAPH.encode(), kind="conversion"))
    assert article.origins == Origins(url="WARC-Target-URI")


@pytest.mark.parametrize("path", sorted(PAGES.glob("*")), ids=lambda path: path.name)
def test_every_metadatum_has_an_origin_and_nothing_else_has(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / f"{path.name}.gz"
    copy.write_bytes(gzip.compress(path.read_bytes()))
    articles = [found for found in read_articles([str(copy)]) if isinstance(found, Article)]
    for article in articles:
        held = {each.name for each in fields(Origins) if getattr(article, each.name) is not None}
        assert set(article.origins.known()) == held
