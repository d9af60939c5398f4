"""Web archives, WARC and ARC: one article a page that was fetched."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from stancewire.errors import InputError
from stancewire.readers.articles import make_article, skip
from stancewire.readers.columns import DEFAULT_COLUMNS, Columns
from stancewire.readers.crawl_records import LARGEST_BLOCK, CrawlRecord, Damage, read_records
from stancewire.readers.decoding import damaged, decode, unreadable
from stancewire.readers.html import article_from_page
from stancewire.readers.marks import Stated
from stancewire.readers.responses import Response, read_response, too_large, unpack_body
from stancewire.types import Article, Origins, Outcome, Skip

log = logging.getLogger(__name__)

_PAGES = {"response", "resource", "conversion"}
_NOTES = {"warcinfo", "request", "metadata", "continuation", "arc_header"}
# URLs that a crawler keeps its own notes under: looked-up names, Wget's log, Browsertrix's screenshots.
_NOTE_URL = re.compile(r"(?!https?:|ftp:|file:)[a-z][\w+.-]*:", re.IGNORECASE)
_HTML_TYPES = {"text/html", "application/xhtml+xml"}
# A page by its first bytes, whatever its server calls it; after the WHATWG's MIME sniffing.
_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_SNIFFED = 1024
_URL = "WARC-Target-URI"  # an ARC record's URL, too: it means the same
_LEFT_OUT = {
    "content-type",
    "empty",
    "http-status",
    "no-article",  # most pages of a crawl are front pages and lists
    "no-page",
    "record-type",
    "revisit",
    "segmented",
    "too-large",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcReader:
    """Reads the pages in a web archive; `source` is the file and the record's number, counted from 1.

    Responses, resources and conversions could have been a page: each is an article or a Skip that says why
    not. So are revisits and records of an unknown type. What the crawler noted for itself (warcinfo, request,
    metadata; answers to dns: and the like) is counted but stays out of the ledger; a file of nothing else is
    one Skip, "no-page". Plain text is read where it is a conversion (Common Crawl's WET), as in responses it
    is robots.txt and code. The day of the crawl is no day of publication. Damage is a failure in its place,
    and reading goes on at the next record.
    """

    columns: Columns = DEFAULT_COLUMNS

    def read(self, path: Path) -> Iterator[Article | Skip]:
        """Yield the archive's articles in order, and a Skip in the place of each that can't be read."""
        try:
            file = path.open("rb")
        except OSError as error:
            yield skip(str(path), unreadable(str(path), error))
            return
        with file:
            try:
                yield from _read_archive(read_records(file, source=str(path)), path=str(path))
            except InputError as error:
                yield skip(str(path), error)


def _read_archive(records: Iterator[CrawlRecord | Damage], *, path: str) -> Iterator[Article | Skip]:
    passed_over = 0
    has_pages = False
    for found in records:
        source = f"{path}:{found.number}"
        if isinstance(found, Damage):
            has_pages = True
            yield skip(source, damaged(source, found.said))
        elif _is_note(found):
            passed_over += 1
        else:
            has_pages = True
            yield _read_record(found, source=source)
    if not passed_over and not has_pages:
        yield skip(path, InputError(f"{path}: no records; must be a web archive", reason="empty"))
    elif not has_pages:
        said = f"{path}: left out: {passed_over} records, none of a page"
        yield _skip(path, InputError(said, reason="no-page"))


def _is_note(record: CrawlRecord) -> bool:
    if record.kind in _NOTES:
        return True
    return record.kind in _PAGES and record.url is not None and _NOTE_URL.match(record.url) is not None


def _read_record(record: CrawlRecord, *, source: str) -> Article | Skip:
    try:
        if record.kind not in _PAGES or record.is_segment:
            raise _other_kind(record, source=source)
        response = read_response(record)
        _check_status(response, record, source=source)
        return _read_body(response, record, source=source)
    except InputError as error:
        return _skip(source, error)


def _other_kind(record: CrawlRecord, *, source: str) -> InputError:
    if record.kind == "revisit":
        return _left_out(record, "revisit", "the same as fetched before", source=source)
    if record.kind in _PAGES:
        return _left_out(record, "segmented", "one of several parts of a page", source=source)
    return _left_out(record, "record-type", f"a record of type {record.kind!r}", source=source)


def _check_status(response: Response, record: CrawlRecord, *, source: str) -> None:
    if response.status is not None and not re.fullmatch(r"2\d\d", response.status):
        raise _left_out(record, "http-status", f"HTTP status {response.status!r}", source=source)
    if not response.body.strip():
        raise _left_out(record, "empty", "an empty body", source=source)


def _read_body(response: Response, record: CrawlRecord, *, source: str) -> Article:
    is_text = record.kind == "conversion" and response.content_type == "text/plain"
    if response.content_type not in _HTML_TYPES and not is_text and not _looks_like_html(response):
        raise _left_out(record, "content-type", f"not a page but {response.content_type!r}", source=source)
    if record.length > LARGEST_BLOCK:
        raise too_large(source)
    body = unpack_body(response, source=source)
    if not body.strip():
        raise _left_out(record, "empty", "an empty body", source=source)
    if record.is_truncated:
        log.warning(
            "%s: the crawler cut this page off; its article may lack its end",
            source,
            extra={"source": source},
        )
    if is_text:
        text = decode(body, source=source, declared=response.charset).removeprefix("\ufeff")
        origins = Origins(url=_URL)
        return make_article(text, source=source, url=record.url, origins=origins, may_start_with_title=True)
    url = Stated(value=record.url, origin=_URL) if record.url else None
    return article_from_page(body, source=source, charset=response.charset, url=url)


def _looks_like_html(response: Response) -> bool:
    try:
        body = unpack_body(response, source="")
    except InputError:
        return False
    return _HTML_START.match(body[:_SNIFFED]) is not None


def _left_out(record: CrawlRecord, reason: str, said: str, *, source: str) -> InputError:
    return InputError(f"{source}: left out: {said}: {record.url or 'no URL'}", reason=reason)


def _skip(source: str, error: InputError) -> Skip:
    """Return the ledger's note on a record: what is no page is left out and no failure."""
    outcome = Outcome.SKIPPED if error.reason in _LEFT_OUT else Outcome.FAILED
    return replace(skip(source, error), outcome=outcome)
