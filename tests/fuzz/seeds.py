"""Small valid files, one for each ending that a reader knows: what fuzzing starts from."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import date

import brotli
import pyarrow as pa
import pyarrow.parquet as pq

PROSE = (
    "HERAT, Aug. 15 (VC) — The council met for a third day. Its members “agreed” on nothing 🙂, and said so.\n"
    "Farmers want the water shares written down. The governor, Zalmay Noori, does not.\n"
    "A vote is expected next week, and both sides say that they have the numbers for it."
)
ROWS: tuple[dict[str, object], ...] = (
    {
        "id": "a1",
        "text": PROSE,
        "title": "Council meets",
        "authors": ["Ada Holt", "Karim Safi"],
        "date": "2021-08-15T10:00:00+04:30",
        "lang": "en-GB",
        "url": "https://courier.example/2021/08/15/council",
        "outlet": "The Courier",
    },
    {"id": 2, "text": "One line.", "date": 1629014400},
    {"id": None, "text": "Une réunion a eu lieu.", "date": "15/08/2021", "genre": "report"},
)


def page(prose: str = PROSE) -> bytes:
    """Return a page with all the marks that a reader looks at."""
    linked = {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "NewsArticle",
                "headline": "Council meets for a third day",
                "datePublished": "2021-08-15T10:00:00+04:30",
                "author": [{"@type": "Person", "name": "Ada Holt"}, {"@id": "#k"}],
                "publisher": {"@type": "Organization", "name": "The Courier"},
                "articleSection": "Opinion",
            },
            {"@id": "#k", "@type": "Person", "givenName": "Karim", "familyName": "Safi"},
            {
                "@type": "BreadcrumbList",
                "itemListElement": [{"name": "Home"}, {"item": {"name": "Analysis"}}],
            },
        ],
    }
    paragraphs = "".join(f"<p>{line}</p>" for line in prose.split("\n"))
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Council meets | The Courier</title>
<meta property="og:site_name" content="The Courier"><meta name="author" content="By Ada Holt and Karim Safi (kas)">
<meta property="article:published_time" content="2021-08-15"><link rel="canonical" href="https://courier.example/2021/08/15/a">
<script type="application/ld+json">{json.dumps(linked)}</script></head>
<body><article><h1>Council meets for a third day</h1><time pubdate datetime="2021-08-15">15 August</time>
<div class="article-body">{paragraphs}</div></article><a href="/b">More</a></body></html>""".encode()


def json_lines() -> bytes:
    """Return three articles as JSON lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode()


def table(delimiter: str = ",") -> bytes:
    """Return three articles as separated values."""
    file = io.StringIO()
    names = list(ROWS[0])
    csv.writer(file, delimiter=delimiter).writerows(
        [names, *([row.get(name) for name in names] for row in ROWS)]
    )
    return file.getvalue().encode()


def parquet() -> bytes:
    """Return two articles as a Parquet table with a date and a time."""
    file = io.BytesIO()
    columns = {"id": [1, 2], "text": [PROSE, "One line."], "date": [date(2021, 8, 15), None]}
    pq.write_table(pa.table({**columns, "author": [["Ada Holt"], []]}), file)
    return file.getvalue()


def warc(body: bytes | None = None) -> bytes:
    """Return a web archive: a note, a page as it is, packed pages, a page in chunks, and a text."""
    sent = page() if body is None else body
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(sent), sent)
    html = "Content-Type: text/html; charset=utf-8"
    return b"".join(
        (
            warc_record("warcinfo", b"software: a crawler\r\n", "Content-Type: application/warc-fields"),
            warc_record("response", http(sent, html)),
            warc_record("response", http(gzip.compress(sent, mtime=0), html, "Content-Encoding: gzip")),
            warc_record("response", http(brotli.compress(sent), html, "Content-Encoding: br")),
            warc_record("response", http(chunked, html, "Transfer-Encoding: chunked")),
            warc_record("conversion", PROSE.encode(), "Content-Type: text/plain"),
        )
    )


def warc_record(kind: str, block: bytes, *more: str) -> bytes:
    """Return one record of a WARC file."""
    lines = ("WARC/1.0", f"WARC-Type: {kind}", "WARC-Target-URI: http://courier.example/a", *more)
    head = "".join(f"{line}\r\n" for line in (*lines, f"Content-Length: {len(block)}"))
    return head.encode() + b"\r\n" + block + b"\r\n\r\n"


def http(body: bytes, *more: str) -> bytes:
    """Return what a server sends."""
    return "".join(f"{line}\r\n" for line in ("HTTP/1.1 200 OK", *more)).encode() + b"\r\n" + body


def arc(body: bytes | None = None) -> bytes:
    """Return an ARC file: its head and a page."""
    sent = http(page() if body is None else body, "Content-Type: text/html")
    note = b"1 0 Archive\nURL IP-address Archive-date Content-type Archive-length\n"
    return b"".join(
        (
            b"filedesc://a.arc 0.0.0.0 20140216050221 text/plain %d\n%b\n" % (len(note), note),
            b"http://courier.example/a 192.0.2.1 20140216050221 text/html %d\n%b\n" % (len(sent), sent),
        )
    )


PLAIN: dict[str, bytes] = {
    ".txt": f"Council meets\n\n{PROSE}\n".encode(),
    ".html": page(),
    ".htm": page(),
    ".jsonl": json_lines(),
    ".ndjson": json_lines(),
    ".csv": table(),
    ".tsv": table("\t"),
    ".parquet": parquet(),
    ".warc": warc(),
    ".arc": arc(),
}


def seed(ending: str) -> bytes:
    """Return the valid file for an ending of `stancewire.readers.archive.READERS`."""
    plain = PLAIN[ending.removesuffix(".gz")]
    return gzip.compress(plain, mtime=0) if ending.endswith(".gz") else plain
