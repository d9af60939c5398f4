"""Whatever a file holds, a reader yields articles and skips that are whole, one for each piece, and raises nothing."""

from __future__ import annotations

import csv
import io
import os
from contextlib import chdir
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.fuzz import damage, seeds
from tests.fuzz.guided import ENDINGS
from tests.fuzz.promises import checked, read

from stancewire.readers.archive import READERS, read_articles
from stancewire.readers.estimate import estimate_articles
from stancewire.types import Article, Skip

# One ending for each way to read; the others are read by the same code.
PLAIN = (".txt", ".html", ".jsonl", ".csv", ".tsv", ".parquet", ".warc", ".arc")
PACKED = (".txt.gz", ".html.gz", ".jsonl.gz", ".csv.gz", ".warc.gz", ".arc.gz")
EXAMPLES = {".html": 25, ".html.gz": 25}  # trafilatura takes the time of ten other files

CHARSETS = (
    *("idna", "punycode", "undefined", "hex", "rot13", "unicode_escape", "utf-7", "utf-16", "utf_32"),
    *("mbcs", "utf-8-sig", "no-such"),
)
HTTP_HEADS = (
    "HTTP/1.1 200 OK",
    "HTTP/1.1 404",
    "HTTP/",
    "HTTP/1.1 2²0 x",
    "HTTP/1.1\xa0200",
    "GET / HTTP/1.0",
    "",
)
HTTP_LINES = (
    *("Content-Type: text/html", "Content-Type: text/html; charset=idna", "Content-Type: ;"),
    *("Content-Encoding: br", "Content-Encoding: gzip, br", "Content-Encoding: deflate"),
    *("Content-Encoding: zstd", "x", ":", "Transfer-Encoding: chunked"),
    *("Content-Type: text/html; charset=é", "Content-Type: text/plain; charset=hex"),
)
LINKED_NAMES = (
    *("@type", "@id", "@graph", "mainEntity", "name", "author", "publisher", "headline", "datePublished"),
    *("itemListElement", "item", "articleSection", "genre", "givenName", "byline"),
)
META_NAMES = (
    *("article:published_time", "author", "dc.creator", "og:site_name", "section"),
    *("og:title", "date", "og:url"),
)
LONG_TYPES = (
    *(pa.int64(), pa.date64(), pa.duration("us"), pa.time64("us"), pa.timestamp("ms"), pa.timestamp("ns")),
    *(pa.timestamp("us", "UTC"), pa.timestamp("us", "Nowhere/Land"), pa.timestamp("us", "+99:99")),
)
IN_PARTS = pa.struct({"a": pa.date32()})

every_reader = pytest.mark.parametrize("ending", PLAIN)
every_packed = pytest.mark.parametrize("ending", PACKED)


def test_every_reader_is_fuzzed() -> None:
    assert {READERS[ending] for ending in PLAIN} == set(READERS.values())
    assert {READERS[ending] for ending in ENDINGS} == set(READERS.values())


@pytest.mark.parametrize("ending", READERS)
def test_the_seeds_are_articles(folder: Path, ending: str) -> None:
    assert isinstance(read(seeds.seed(ending), path=folder / f"seed{ending}")[0], Article)


@every_reader
def test_any_bytes_are_read_without_an_error(folder: Path, ending: str) -> None:
    @settings(max_examples=30)
    @given(data=st.binary(max_size=200))
    def check(data: bytes) -> None:
        read(data, path=folder / f"any{ending}")

    check()


@every_reader
def test_a_damaged_file_is_read_without_an_error(folder: Path, ending: str) -> None:
    @settings(max_examples=EXAMPLES.get(ending, 60))
    @given(data=damage.damaged(seeds.seed(ending)))
    def check(data: bytes) -> None:
        read(data, path=folder / f"damaged{ending}")

    check()


@every_packed
def test_a_damaged_packed_file_is_read_without_an_error(folder: Path, ending: str) -> None:
    inside = seeds.seed(ending.removesuffix(".gz"))

    @settings(max_examples=EXAMPLES.get(ending, 40))
    @given(
        data=damage.damaged(seeds.seed(ending))
        | st.builds(damage.in_gzip, damage.damaged(inside), times=st.integers(0, 3), cut=st.integers(0, 12))
    )
    def check(data: bytes) -> None:
        read(data, path=folder / f"damaged{ending}")

    check()


@given(rows=st.lists(damage.rows_with_text | damage.values, min_size=1, max_size=4))
@settings(max_examples=120)
def test_each_json_line_is_an_article_or_a_skip(folder: Path, rows: list[object]) -> None:
    data = b"\n".join(map(damage.as_json, rows))
    assert len(read(data, path=folder / "rows.jsonl")) == len(rows)
    piped = read_articles(["-"], stdin=io.BytesIO(data))
    assert len(checked(piped, place="stdin")) == len(rows)


@given(rows=st.lists(st.tuples(damage.texts, damage.texts, damage.texts), max_size=4))
@settings(max_examples=80)
def test_each_row_of_a_table_is_an_article_or_a_skip(folder: Path, rows: list[tuple[str, str, str]]) -> None:
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([("text", "id", "title"), *rows])
    data = file.getvalue().encode("utf-8", "replace")
    found = read(data, path=folder / "rows.csv")
    is_refused = b"\0" in data
    assert len(found) == (1 if is_refused else max(1, sum(any(row) for row in rows)))


def arrays(count: int) -> st.SearchStrategy[Any]:
    """Return columns whose types and values Python may not be able to hold, each made from numbers or bytes."""
    numbers = st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), min_size=count, max_size=count)
    small = st.lists(st.none() | st.integers(-(2**31), 2**31 - 1), min_size=count, max_size=count)
    words = st.lists(st.none() | st.binary(max_size=8), min_size=count, max_size=count)
    types = st.sampled_from(LONG_TYPES)
    return st.one_of(
        st.builds(lambda given, kind: pa.array(given, pa.int64()).view(kind), numbers, types),
        st.builds(lambda given: pa.array(given, pa.int32()).view(pa.date32()), small),
        st.builds(lambda given: pa.array(given, pa.binary()).view(pa.string()), words),
        st.builds(lambda given: pa.array([[each] for each in given], pa.list_(pa.timestamp("us"))), numbers),
        st.builds(lambda given: pa.array([{"a": each} for each in given], IN_PARTS), small),
        st.builds(lambda given: pa.array(given, pa.binary()), words),
        st.just(pa.nulls(count)),
    )


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    """Return a table with some odd columns and, mostly, texts."""
    count = draw(st.integers(1, 3))
    text = pa.array([f"Text {number}." for number in range(count)])
    usual = st.sampled_from((text, text, text.dictionary_encode(), pa.array([b"x"] * count)))
    first = draw(usual | arrays(count))
    names = draw(st.lists(damage.fields, max_size=3))
    return pa.table([first, *(draw(arrays(count)) for _ in names)], names=["text", *names])


@given(table=tables())
@settings(max_examples=80)
def test_each_row_of_a_parquet_table_is_an_article_or_a_skip(folder: Path, table: pa.Table) -> None:
    file = io.BytesIO()
    pq.write_table(table, file)
    assert len(read(file.getvalue(), path=folder / "rows.parquet")) == table.num_rows


@given(
    head=st.sampled_from(HTTP_HEADS),
    lines=st.lists(st.sampled_from(HTTP_LINES), max_size=3),
    body=damage.damaged(seeds.page()) | st.binary(max_size=40),
)
@settings(max_examples=50)
def test_each_response_of_a_crawl_is_an_article_or_a_skip(
    folder: Path, head: str, lines: list[str], body: bytes
) -> None:
    block = "\r\n".join((head, *lines, "", "")).encode("latin-1") + body
    good = seeds.http(seeds.page(), "Content-Type: text/html")
    data = seeds.warc_record("response", block) + seeds.warc_record("response", good)
    found = read(data, path=folder / "pages.warc")
    assert [each.source.rpartition(":")[2] for each in found] == ["1", "2"]


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_page_may_state_any_charset(folder: Path, charset: str) -> None:
    stated = seeds.page().replace(b'"utf-8"', f'"{charset}"'.encode())
    page = stated.replace("—".encode(), b"\x97 \\ud800 \\q +2AA-")
    read(page, path=folder / "charset.html")
    head = f"Content-Type: text/html; charset={charset}"
    read(seeds.warc_record("response", seeds.http(page, head)), path=folder / "charset.warc")


linked_data = st.recursive(
    damage.plain_values,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(LINKED_NAMES), inner, max_size=5)
    ),
    max_leaves=12,
)
metas = st.tuples(st.sampled_from(META_NAMES), damage.plain_values.map(str))


@given(
    thing=linked_data,
    metas=st.lists(metas, max_size=3),
    link=st.sampled_from(("http://[", "http://a/2021/13/45/", "//", "http://a:b/", "mailto:x")),
)
@settings(max_examples=40)
@example(thing={"headline": damage.ODD_TEXTS[-1]}, metas=[], link="")
def test_a_page_may_say_anything_of_itself(
    folder: Path, thing: object, metas: list[tuple[str, str]], link: str
) -> None:
    said = {"@type": "NewsArticle", **thing} if isinstance(thing, dict) else thing
    marks = "".join(f'<meta property="{name}" content="{escape(content)}">' for name, content in metas)
    marks += f'<link rel="canonical" href="{link}">'
    marks += f'<script type="application/ld+json">{damage.as_json(said).decode()}</script>'
    page = seeds.page().replace(b"<head>", b"<head>" + marks.encode("utf-8", "replace").replace(b"\0", b""))
    assert len(read(page, path=folder / "says.html")) == 1


file_names = st.binary(min_size=1, max_size=20).filter(lambda name: not set(name) & set(b"/\0."))


@given(name=file_names)
@settings(max_examples=40)
@example(name=b"a\nb")
@example(name=b"a\rb")
@example(name=b"\xff\xc2\x85")
@example(name=b"[a-")
@example(name=b"*")
def test_a_file_may_have_any_name(folder: Path, name: bytes) -> None:
    path = Path(os.fsdecode(os.fsencode(folder) + b"/" + name + b".jsonl"))
    try:
        assert len(read(b'{"text": "One."}\nnot JSON\n', path=path)) == 2
    finally:
        path.unlink(missing_ok=True)


@given(
    given=st.text(st.characters(exclude_characters="/."), max_size=30)
    | st.sampled_from(("\0/*", "a" * 300, "**", "[", "a\nb", "\ud800", "~", "-"))
)
@settings(max_examples=40)
def test_an_input_may_be_called_anything(given: str) -> None:
    with TemporaryDirectory() as empty, chdir(empty):
        (skip,) = checked(read_articles([given], stdin=io.BytesIO()), place="")
        assert "\0" in given or estimate_articles([given]) is None
    assert isinstance(skip, Skip)
