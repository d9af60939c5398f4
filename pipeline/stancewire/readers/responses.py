"""What a server sent, out of its record in a crawl: status, kind of content, and the body unpacked."""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import dataclass

import brotli
from warcio.bufferedreaders import ChunkedDataReader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from stancewire.errors import InputError
from stancewire.readers.crawl_records import LARGEST_BLOCK, CrawlRecord
from stancewire.readers.decoding import damaged

_LARGEST_HEAD = 65536
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_GZIP_MAGIC = b"\x1f\x8b\x08"
_ANY_HEAD = 47  # zlib's wbits for gzip and zlib, told by their heads
_NO_HEAD = -15  # for "deflate" as some servers send it


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A response; `body` is as sent, packed with `packings` in their order. In a record without an HTTP head
    `status` is None, and `content_type`, small and without its parameters, is the record's.
    """

    status: str | None
    content_type: str | None
    charset: str | None
    packings: tuple[str, ...]
    body: bytes


def read_response(record: CrawlRecord) -> Response:
    """Return the response that a record holds."""
    if not record.block.startswith(b"HTTP/"):
        return Response(
            status=None,
            content_type=_kind(record.content_type),
            charset=_charset(record.content_type),
            packings=(),
            body=record.block,
        )
    stream = io.BytesIO(record.block[:_LARGEST_HEAD])
    head = StatusAndHeadersParser(["HTTP/"], verify=False).parse(stream)
    body = record.block[stream.tell() :]
    is_chunked = "chunked" in (head.get_header("Transfer-Encoding") or "").casefold()
    return Response(
        status=head.get_statuscode(),
        content_type=_kind(head.get_header("Content-Type")),
        charset=_charset(head.get_header("Content-Type")),
        packings=_packings(head),
        # Crawlers join chunks and leave the header; warcio's reader then gives the body as it is.
        body=ChunkedDataReader(io.BytesIO(body)).read() if is_chunked else body,
    )


def unpack_body(response: Response, *, source: str) -> bytes:
    """Return the body without its packing; one that isn't packed as it says comes as it is.

    Raises InputError if it is damaged, too large or packed in a way that we don't know.
    """
    body = response.body
    for packing in reversed(response.packings):
        body = _unpack(body, packing, source=source)
    return _unpack(body, "gzip", source=source) if body.startswith(_GZIP_MAGIC) else body


def _unpack(body: bytes, packing: str, *, source: str) -> bytes:
    if packing == "br":
        return _unpack_brotli(body, source=source)
    if packing in ("gzip", "x-gzip", "deflate"):
        return _unpack_zlib(body, is_deflate=packing == "deflate", source=source)
    if body.lstrip()[:1] == b"<":
        return body
    said = f"its body is packed as {packing!r}; known: gzip, deflate, br"
    raise InputError(f"{source}: {said}", reason="content-encoding")


def _unpack_zlib(body: bytes, *, is_deflate: bool, source: str) -> bytes:
    if not is_deflate and not body.startswith(_GZIP_MAGIC):
        return body
    is_bare = is_deflate and not _has_zlib_head(body)
    unpacker = zlib.decompressobj(_NO_HEAD if is_bare else _ANY_HEAD)
    try:
        data = unpacker.decompress(body, LARGEST_BLOCK + 1)
    except zlib.error as error:
        if is_bare:
            return body
        raise damaged(source, error) from error
    return _checked(data, is_whole=unpacker.eof, source=source)


def _has_zlib_head(body: bytes) -> bool:
    return body.startswith(_GZIP_MAGIC) or (
        body[:1] == b"\x78" and int.from_bytes(body[:2].ljust(2, b"\0"), "big") % 31 == 0  # RFC 1950, 2.2
    )


def _unpack_brotli(body: bytes, *, source: str) -> bytes:
    unpacker = brotli.Decompressor()
    try:
        data = bytes(unpacker.process(body, output_buffer_limit=LARGEST_BLOCK + 1))
    except brotli.error as error:
        if body.lstrip()[:1] == b"<":
            return body
        raise damaged(source, error) from error
    return _checked(data, is_whole=unpacker.is_finished(), source=source)


def _checked(data: bytes, *, is_whole: bool, source: str) -> bytes:
    if len(data) > LARGEST_BLOCK:
        raise too_large(source)
    if not is_whole:
        raise damaged(source, "its packed body is cut off")
    return data


def too_large(source: str) -> InputError:
    """Return the error for a page over the limit."""
    return InputError(
        f"{source}: over {LARGEST_BLOCK // 2**20} MiB; no page is that large", reason="too-large"
    )


def _packings(head: StatusAndHeaders) -> tuple[str, ...]:
    stated = (head.get_header("Content-Encoding") or "").casefold().split(",")
    return tuple(name for name in map(str.strip, stated) if name and name != "identity")


def _kind(content_type: str | None) -> str | None:
    return (content_type or "").split(";")[0].strip().casefold() or None


def _charset(content_type: str | None) -> str | None:
    stated = _CHARSET.search(content_type or "")
    return stated[1] if stated else None
