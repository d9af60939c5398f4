from __future__ import annotations

import gzip
import random
import zlib
from datetime import date
from pathlib import Path

import brotli
import pytest

from stancewire.readers import crawl_records
from stancewire.readers.archive import read_articles
from stancewire.readers.estimate import estimate_articles
from stancewire.readers.warc import WarcReader
from stancewire.types import Article, Outcome, Skip

CRLF = "\r\n"


def page(name: str = "Herat", *, head: str = "") -> bytes:
    prose = (
        f"<p>The council of {name} met for a third day and agreed on nothing, and said so at some length.</p>"
        f"<p>Farmers near {name} want the water shares written down, while the governor does not want that.</p>"
        "<p>A vote is expected next week, and both sides say that they have the numbers for it.</p>"
    )
    return f"<html><head><title>x</title>{head}</head><body><article>{prose}</article></body></html>".encode()


def http(body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/html") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers, "", ""]
    return CRLF.join(lines).encode() + body


def record(
    block: bytes,
    *headers: str,
    kind: str = "response",
    url: str = "http://news.example/a",
    length: object = None,
) -> bytes:
    stated = len(block) if length is None else length
    lines = ["WARC/1.0", f"WARC-Type: {kind}", f"WARC-Target-URI: {url}", "WARC-Date: 2024-09-30T00:00:00Z"]
    return CRLF.join([*lines, *headers, f"Content-Length: {stated}", "", ""]).encode() + block + b"\r\n\r\n"


def fetched(name: str) -> bytes:
    return record(http(page(name)), url=f"http://news.example/{name}")


def arc_record(block: bytes, url: str = "http://news.example/a") -> bytes:
    return f"{url} 192.0.2.1 20140216050221 text/html {len(block)}\n".encode() + block + b"\n"


def read(tmp_path: Path, *parts: bytes, name: str = "news.warc") -> list[Article | Skip]:
    path = tmp_path / name
    path.write_bytes(b"".join(parts))
    return list(WarcReader().read(path))


def brief(found: list[Article | Skip]) -> list[str]:
    """Return where an article is about, or why it was left out."""
    return [
        next(name for name in ("Herat", "Kabul", "Ghazni", "Balkh") if name in item.text)
        if isinstance(item, Article)
        else item.reason
        for item in found
    ]


def read_one(tmp_path: Path, block: bytes, **stated: str) -> Article | Skip:
    (found,) = read(tmp_path, record(block, **stated))
    return found


def test_each_page_is_an_article_named_by_file_and_record_number(tmp_path: Path) -> None:
    info = record(b"software: x", kind="warcinfo")
    first, second = read(tmp_path, info, fetched("Herat"), fetched("Kabul"))
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert [first.source, second.source] == [f"{tmp_path / 'news.warc'}:{n}" for n in (2, 3)]


def test_the_url_is_where_it_was_fetched_unless_the_page_states_its_own(tmp_path: Path) -> None:
    own = page(head='<link rel="canonical" href="https://news.example/own">')
    fetched_from, stated = read(tmp_path, record(http(page())), record(http(own)))
    assert isinstance(fetched_from, Article)
    assert isinstance(stated, Article)
    assert (fetched_from.url, stated.url) == ("http://news.example/a", "https://news.example/own")


def test_the_day_of_the_crawl_is_no_day_of_publication(tmp_path: Path) -> None:
    dated = page(head='<meta property="article:published_time" content="2024-08-15">')
    without, stated = read(tmp_path, record(http(page())), record(http(dated)))
    assert isinstance(without, Article)
    assert isinstance(stated, Article)
    assert (without.published, stated.published) == (None, date(2024, 8, 15))


@pytest.mark.parametrize("name", ["news.warc", "news.warc.gz"])
def test_a_file_is_unpacked_by_what_it_is_not_by_its_name(tmp_path: Path, name: str) -> None:
    plain = fetched("Herat") + fetched("Kabul")
    assert brief(read(tmp_path, plain, name=name)) == ["Herat", "Kabul"]
    assert brief(read(tmp_path, gzip.compress(plain), name=name)) == ["Herat", "Kabul"]
    members = [gzip.compress(fetched("Herat")), gzip.compress(fetched("Kabul"))]
    assert brief(read(tmp_path, *members, name=name)) == ["Herat", "Kabul"]


def test_a_record_may_go_over_several_parts_of_the_gzip(tmp_path: Path) -> None:
    plain = fetched("Herat") + fetched("Kabul")
    parts = [gzip.compress(plain[start : start + 100]) for start in range(0, len(plain), 100)]
    assert brief(read(tmp_path, *parts)) == ["Herat", "Kabul"]


def test_zero_bytes_after_the_gzip_are_no_damage(tmp_path: Path) -> None:
    assert brief(read(tmp_path, gzip.compress(fetched("Herat")), b"\0" * 512)) == ["Herat"]


def test_arc_is_read_likewise(tmp_path: Path) -> None:
    head = b"filedesc://a.arc 0.0.0.0 20140216050221 text/plain 75\n1 0 LiveWeb Capture\n"
    head += b"URL IP-address Archive-date Content-type Archive-length\n\n"
    (article,) = read(tmp_path, head, arc_record(http(page())), name="a.arc")
    assert isinstance(article, Article)
    assert (article.url, article.source) == ("http://news.example/a", f"{tmp_path / 'a.arc'}:2")


@pytest.mark.parametrize("kind", ["warcinfo", "request", "metadata"])
def test_what_a_crawler_notes_for_itself_stays_out_of_the_ledger(tmp_path: Path, kind: str) -> None:
    assert brief(read(tmp_path, record(b"a note", kind=kind), fetched("Herat"))) == ["Herat"]


def test_answers_to_dns_stay_out_of_the_ledger(tmp_path: Path) -> None:
    note = record(b"20240930\nnews.example. 300 IN A 192.0.2.1", url="dns:news.example")
    assert brief(read(tmp_path, note, fetched("Herat"))) == ["Herat"]


def test_an_archive_of_nothing_but_notes_is_left_out_by_name(tmp_path: Path) -> None:
    (skip,) = read(tmp_path, record(b"a note", kind="request"))
    assert isinstance(skip, Skip)
    assert (skip.reason, skip.outcome) == ("no-page", Outcome.SKIPPED)
    assert skip.detail.endswith("left out: 1 records, none of a page")


@pytest.mark.parametrize(
    ("kind", "reason"), [("revisit", "revisit"), ("respXnse", "record-type"), ("", "record-type")]
)
def test_other_records_are_left_out_and_counted(tmp_path: Path, kind: str, reason: str) -> None:
    skip = read_one(tmp_path, http(b""), kind=kind)
    assert isinstance(skip, Skip)
    assert (skip.reason, skip.outcome) == (reason, Outcome.SKIPPED)


def test_a_part_of_a_page_is_left_out(tmp_path: Path) -> None:
    assert brief(read(tmp_path, record(http(page()), "WARC-Segment-Number: 1"))) == ["segmented"]


@pytest.mark.parametrize("status", ["301 Moved Permanently", "404 Not Found", "503", "gone"])
def test_a_page_with_another_status_than_2xx_is_left_out(tmp_path: Path, status: str) -> None:
    skip = read_one(tmp_path, http(page(), status=status))
    assert isinstance(skip, Skip)
    assert (skip.reason, skip.outcome) == ("http-status", Outcome.SKIPPED)
    assert f"HTTP status {status.split()[0]!r}: http://news.example/a" in skip.detail


@pytest.mark.parametrize("kind", ["image/png", "text/css", "application/json", "application/pdf", ""])
def test_what_is_no_page_is_left_out_by_its_content_type(tmp_path: Path, kind: str) -> None:
    skip = read_one(tmp_path, http(b'{"not": "a page"}', kind=kind))
    assert isinstance(skip, Skip)
    assert (skip.reason, skip.outcome) == ("content-type", Outcome.SKIPPED)


@pytest.mark.parametrize(
    "opening", [b"", b"\xef\xbb\xbf \n", b"<!-- x --><!DOCTYPE html>", b"<?xml version='1.0'?>"]
)
def test_a_page_under_a_wrong_content_type_is_read(tmp_path: Path, opening: bytes) -> None:
    found = read_one(tmp_path, http(opening + page(), kind="application/octet-stream"))
    assert isinstance(found, Article)


@pytest.mark.parametrize("body", [b"", b" \r\n"])
def test_an_empty_body_is_left_out(tmp_path: Path, body: bytes) -> None:
    skip = read_one(tmp_path, http(body))
    assert isinstance(skip, Skip)
    assert (skip.reason, skip.outcome) == ("empty", Outcome.SKIPPED)


def test_a_page_without_an_article_is_left_out(tmp_path: Path) -> None:
    skip = read_one(tmp_path, http(b"<html><body></body></html>"))
    assert isinstance(skip, Skip)
    assert (skip.reason, skip.outcome) == ("no-article", Outcome.SKIPPED)


def test_plain_text_is_read_from_conversions_only(tmp_path: Path) -> None:
    text = b"The council of Herat met. It agreed on nothing."
    conversion = record(text, "Content-Type: text/plain", kind="conversion")
    assert brief(read(tmp_path, conversion, record(http(text, kind="text/plain")))) == [
        "Herat",
        "content-type",
    ]


def test_a_resource_is_a_page_without_an_http_head(tmp_path: Path) -> None:
    assert brief(read(tmp_path, record(page(), "Content-Type: text/html", kind="resource"))) == ["Herat"]


def chunked(body: bytes) -> bytes:
    pieces = [body[start : start + 50] for start in range(0, len(body), 50)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in [*pieces, b""])


def bare_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(page()), ["Content-Encoding: gzip"]),
        (gzip.compress(page()), ["Content-Encoding: X-GZIP"]),
        (gzip.compress(page()), []),
        (gzip.compress(gzip.compress(page())), ["Content-Encoding: gzip"]),
        (zlib.compress(page()), ["Content-Encoding: deflate"]),
        (bare_deflate(page()), ["Content-Encoding: deflate"]),
        (brotli.compress(page()), ["Content-Encoding: br"]),
        (chunked(page()), ["Transfer-Encoding: chunked"]),
        (chunked(gzip.compress(page())), ["Transfer-Encoding: chunked", "Content-Encoding: gzip"]),
    ],
)
def test_a_packed_page_is_unpacked(tmp_path: Path, body: bytes, headers: list[str]) -> None:
    assert brief(read(tmp_path, gzip.compress(record(http(body, *headers))))) == ["Herat"]


@pytest.mark.parametrize(
    "header", [f"Content-Encoding: {name}" for name in ("gzip", "deflate", "br", "zstd", "identity")]
)
def test_a_page_that_is_not_packed_as_it_says_is_read_as_it_is(tmp_path: Path, header: str) -> None:
    assert brief(read(tmp_path, record(http(page(), header)))) == ["Herat"]
    assert brief(read(tmp_path, record(http(page(), "Transfer-Encoding: chunked")))) == ["Herat"]


@pytest.mark.parametrize("packed", [gzip.compress(page())[:-20], gzip.compress(page())[:-6] + b"xxxxxx"])
def test_a_page_whose_packing_is_damaged_is_a_failure(tmp_path: Path, packed: bytes) -> None:
    skip = read_one(tmp_path, http(packed, "Content-Encoding: gzip"))
    assert isinstance(skip, Skip)
    assert (skip.reason, skip.outcome) == ("damaged", Outcome.FAILED)


def test_an_unknown_packing_is_a_failure_that_names_it(tmp_path: Path) -> None:
    skip = read_one(tmp_path, http(b"\x28\xb5\x2f\xfd", "Content-Encoding: zstd"))
    assert isinstance(skip, Skip)
    assert skip.reason == "content-encoding"
    assert "packed as 'zstd'; known: gzip, deflate, br" in skip.detail


def test_the_charset_that_http_states_goes_first(tmp_path: Path) -> None:
    body = page("Herat").replace(b"agreed", "согласился".encode("koi8-r"))
    body = body.replace(b"<head>", b'<head><meta charset="windows-1251">')
    article = read_one(tmp_path, http(body, kind="text/html; charset=koi8-r"))
    assert isinstance(article, Article)
    assert "согласился" in article.text


def test_curly_quotes_are_read_where_latin_1_is_stated(tmp_path: Path) -> None:
    body = page().replace(b"agreed", "“agreed”".encode("cp1252"))
    article = read_one(tmp_path, http(body, kind='text/html; charset="ISO-8859-1"'))
    assert isinstance(article, Article)
    assert "“agreed”" in article.text


def test_a_page_that_is_too_large_is_left_out_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawl_records, "LARGEST_BLOCK", 3000)
    monkeypatch.setattr("stancewire.readers.warc.LARGEST_BLOCK", 3000)
    monkeypatch.setattr("stancewire.readers.responses.LARGEST_BLOCK", 3000)
    large = http(page() + b"<p>more</p>" * 20_000)
    packed = http(gzip.compress(page() + b"<p>more</p>" * 20_000), "Content-Encoding: gzip")
    image = http(b"\x89PNG" * 2000, kind="image/png")
    found = read(tmp_path, record(large), record(packed), record(image), fetched("Kabul"))
    assert brief(found) == ["too-large", "too-large", "content-type", "Kabul"]


GOOD = fetched("Herat"), fetched("Kabul"), fetched("Ghazni")


@pytest.mark.parametrize("length", [30, len(http(page("Kabul"))) - 9, "abc", "-5", "", "9" * 30])
def test_a_record_of_wrong_length_is_damaged_and_those_around_it_are_read(
    tmp_path: Path, length: object
) -> None:
    bad = record(http(page("Kabul")), length=length)
    assert brief(read(tmp_path, GOOD[0], bad, GOOD[2])) == ["Herat", "damaged", "Ghazni"]


@pytest.mark.parametrize("more", [60, 300, 5000, 10**12])
def test_a_record_that_claims_its_neighbours_bytes_does_not_swallow_them(tmp_path: Path, more: int) -> None:
    bad = record(http(page("Kabul")), length=len(http(page("Kabul"))) + more)
    for parts in ([GOOD[0], bad, GOOD[2]], [*map(gzip.compress, (GOOD[0], bad, GOOD[2]))]):
        assert brief(read(tmp_path, *parts)) == ["Herat", "damaged", "Ghazni"]


@pytest.mark.parametrize("noise", [b"noise\r\n\r\n", b"\0" * 100_000, random.Random(7).randbytes(200_000)])
def test_noise_between_records_is_one_failure_in_its_place(tmp_path: Path, noise: bytes) -> None:
    skip = read(tmp_path, GOOD[0], noise, GOOD[2])[1]
    assert brief(read(tmp_path, GOOD[0], noise, GOOD[2])) == ["Herat", "damaged", "Ghazni"]
    assert isinstance(skip, Skip)
    assert skip.outcome is Outcome.FAILED
    assert skip.source == f"{tmp_path / 'news.warc'}:2"
    assert f"at byte {len(GOOD[0])}: no WARC or ARC record starts here, but" in skip.detail


@pytest.mark.parametrize("noise", [b"noise", b"\x1f", b"\x1f\x8b\x08 noise" * 9000])
def test_noise_between_the_parts_of_a_gzip_is_one_failure(tmp_path: Path, noise: bytes) -> None:
    first, _, last = map(gzip.compress, GOOD)
    assert brief(read(tmp_path, first, noise, last)) == ["Herat", "damaged", "Ghazni"]


def test_a_cut_off_part_of_a_gzip_is_damaged_and_the_next_is_read(tmp_path: Path) -> None:
    first, second, last = map(gzip.compress, GOOD)
    for cut in range(1, len(second) - 1, 11):
        assert brief(read(tmp_path, first, second[:cut], last)) == ["Herat", "damaged", "Ghazni"], cut


def test_an_archive_cut_in_its_last_record_keeps_those_before(tmp_path: Path) -> None:
    (first, second, skip) = read(tmp_path, *GOOD[:2], GOOD[2][:-200])
    assert brief([first, second]) == ["Herat", "Kabul"]
    assert isinstance(skip, Skip)
    assert skip.reason == "damaged"
    length = len(http(page("Ghazni")))
    assert f"the record ends after {length - 196} of {length} bytes" in skip.detail


def test_a_gzip_in_one_part_keeps_the_records_before_the_damage(tmp_path: Path) -> None:
    noisy = [record(random.Random(n).randbytes(3000), kind="metadata") for n in range(60)]
    packed = bytearray(gzip.compress(b"".join([*GOOD, *noisy, GOOD[0]])))
    packed[len(packed) // 2] ^= 0xFF
    found = read(tmp_path, bytes(packed))
    assert brief(found[:3]) == ["Herat", "Kabul", "Ghazni"]
    assert brief(found)[3:] in (["damaged"], ["Herat", "damaged"], ["damaged", "Herat", "damaged"])


def test_an_arc_record_of_wrong_length_is_damaged_once(tmp_path: Path) -> None:
    bad = arc_record(http(page("Kabul"))).replace(b"text/html ", b"text/html -", 1)
    found = read(tmp_path, arc_record(http(page("Herat"))), bad, arc_record(http(page("Ghazni"))))
    assert brief(found) == ["Herat", "damaged", "Ghazni"]


def test_an_archive_packed_twice_is_named(tmp_path: Path) -> None:
    (skip,) = read(tmp_path, gzip.compress(gzip.compress(GOOD[0])), name="news.warc.gz")
    assert isinstance(skip, Skip)
    assert "gzip inside the gzip; unpack the file once" in skip.detail


def small_archives() -> dict[str, bytes]:
    small = [
        record(http(b"<p>One.</p>")),
        record(b"x", kind="request"),
        record(
            http(
                chunked(gzip.compress(b"<p>Two.</p>")), "Content-Encoding: gzip", "Transfer-Encoding: chunked"
            )
        ),
    ]
    arc = [arc_record(http(b"<p>One.</p>")), arc_record(http(b"<p>Two.</p>"))]
    return {
        "plain": b"".join(small),
        "members": b"".join(map(gzip.compress, small)),
        "one-part": gzip.compress(b"".join(small)),
        "arc": b"".join(arc),
    }


@pytest.mark.parametrize("kind", small_archives())
def test_an_archive_cut_anywhere_yields_only_articles_and_skips(tmp_path: Path, kind: str) -> None:
    data = small_archives()[kind]
    for cut in range(len(data)):
        found = read(tmp_path, data[:cut])
        assert found, cut
        assert all(isinstance(item, Article | Skip) for item in found)


@pytest.mark.parametrize("kind", small_archives())
def test_an_archive_with_changed_bytes_yields_only_articles_and_skips(tmp_path: Path, kind: str) -> None:
    data = small_archives()[kind]
    chance = random.Random(20240815)
    for _ in range(600):
        changed = bytearray(data)
        for place in chance.sample(range(len(data)), chance.choice((1, 1, 4))):
            changed[place] = chance.randrange(256)
        found = read(tmp_path, bytes(changed))
        assert found
        assert all(isinstance(item, Article | Skip) for item in found)
        assert len({item.source for item in found}) == len(found)
        assert len(found) < 12


def test_how_many_articles_an_archive_holds_is_not_guessed(tmp_path: Path) -> None:
    for name in ("a.warc", "a.warc.gz", "a.arc", "a.arc.gz"):
        read(tmp_path, GOOD[0], name=name)
        assert estimate_articles([str(tmp_path / name)]) is None


def test_a_page_fetched_twice_is_left_out_the_second_time(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(GOOD[0] + GOOD[0])
    assert brief(list(read_articles([str(tmp_path / "a.warc")]))) == ["Herat", "duplicate"]


# Small, odd and damaged archives of two other projects' tests, and what comes out of each.
REAL = {
    "resiliparse/block-sized-records.warc": {"record-type": 3},
    "resiliparse/block-sized-records.warc.gz": {"record-type": 3},
    "resiliparse/clipped.warc.gz": {"damaged": 1},
    "resiliparse/clueweb-quirk.warc.gz": {"article": 29},
    "resiliparse/warcfile.warc": {"article": 13, "no-article": 3},
    "resiliparse/warcfile.warc.gz": {"article": 13, "no-article": 3},
    "warcio/bad.arc": {"damaged": 3, "empty": 1},
    "warcio/example-bad-non-chunked.warc.gz": {"article": 1, "revisit": 1},
    "warcio/example-bad.warc.gz.bad": {"article": 1, "revisit": 1, "http-status": 1},
    "warcio/example-digest.warc": {"no-page": 1},
    "warcio/example-iana.org-chunked.warc": {"article": 1},
    "warcio/example-resource.warc.gz": {"article": 1},
    "warcio/example-space-in-target-uri.warc.gz": {"content-type": 1},
    "warcio/example-space-in-url.arc": {"damaged": 1},
    "warcio/example-trunc.warc": {"damaged": 1},
    "warcio/example-wget-bad-target-uri.warc.gz": {"article": 1},
    "warcio/example-wrong-chunks.warc.gz": {"article": 1},
    "warcio/example.arc": {"article": 1},
    "warcio/example.arc.gz": {"article": 1},
    "warcio/example.warc": {"article": 1, "revisit": 1},
    "warcio/example.warc.gz": {"article": 1, "revisit": 1},
    "warcio/post-test.warc.gz": {"content-type": 3},
}


@pytest.mark.parametrize("name", REAL)
def test_real_archives_yield_what_is_in_them(shared: Path, name: str) -> None:
    found = list(WarcReader().read(shared / "data" / "warc" / name))
    reasons = ["article" if isinstance(item, Article) else item.reason for item in found]
    assert {reason: reasons.count(reason) for reason in reasons} == REAL[name]
