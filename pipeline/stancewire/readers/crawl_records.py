"""Records of a WARC or ARC file, and in the place of damage what is wrong; warcio reads the heads."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader

from stancewire.readers.unpacked import CHUNK, UnpackedFile

# 32 MiB, a choice and not measured: what fits in memory several times over; a larger page is left out by name.
LARGEST_BLOCK = 32 * 2**20
_LARGEST_HEAD = 65536
# How a record starts; in ARC (Internet Archive, 1996) with URL, address, date, type and length on one line.
_WARC_START = rb"WARC/\d+\.\d+\r?\n[\w-]+:"
_ARC_START = rb"[a-z][\w+.-]{0,20}:[^\r\n]{1,4096} \S{1,64} \d{14,20} \S{1,256} \S{1,32}\r?\n"
_START = re.compile(_WARC_START + b"|" + _ARC_START)
_START_INSIDE = re.compile(_WARC_START + b"|(?<=\n)" + _ARC_START)
_LONGEST_START = 5120
_HEAD_END = re.compile(rb"\n\r?\n")
_LINE_ENDS = b"\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlRecord:
    """One record: its block is what was fetched, with the HTTP head if there is one.

    `number` counts from 1 with damaged ones included. `length` is the block's; of one over LARGEST_BLOCK,
    `block` is only the start. `kind` is the WARC-Type, "response" or "arc_header" in ARC.
    """

    number: int
    kind: str
    url: str | None
    content_type: str | None
    length: int
    block: bytes
    is_segment: bool
    is_truncated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A stretch of an archive that no record can be read from; `said` is where it is and what is wrong."""

    number: int
    said: str


def read_records(file: IO[bytes], *, source: str) -> Iterator[CrawlRecord | Damage]:
    """Yield a file's records in order, each sure to end where it says, and what is damaged in its place.

    After damage it goes on at the next start of a record. Raises InputError if the file can't be read.
    """
    unpacked = UnpackedFile(file, source=source, starts=_START)
    number = 0
    while _go_to_next(unpacked):
        number += 1
        found = _read_record(unpacked, number=number)
        yield found
        if isinstance(found, Damage):
            _step_over_damage(unpacked)


def _go_to_next(unpacked: UnpackedFile) -> bool:
    """Step over empty lines and ends of runs; say whether anything follows, a record or damage."""
    while True:
        while (head := unpacked.peek(CHUNK)) and head[:1] in _LINE_ENDS:
            unpacked.skip(len(head) - len(head.lstrip(_LINE_ENDS)))
        if head or unpacked.fault is not None:
            return True
        if not unpacked.next_run():
            return False


def _read_record(unpacked: UnpackedFile, *, number: int) -> CrawlRecord | Damage:
    place = unpacked.place
    try:
        head, size = _read_head(unpacked)
        block = _read_block(unpacked, head_size=size, length=head.length)
    except _DamagedError as error:
        return Damage(number=number, said=f"at {place}: {error}")
    stated = head.rec_headers.get_header
    return CrawlRecord(
        number=number,
        kind=head.rec_type or "",
        url=stated("WARC-Target-URI") or stated("uri"),
        content_type=stated("Content-Type"),
        length=head.length,
        block=block,
        is_segment=stated("WARC-Segment-Number") is not None,
        is_truncated=stated("WARC-Truncated") is not None,
    )


def _read_head(unpacked: UnpackedFile) -> tuple[ArcWarcRecord, int]:
    """Return a record without its block, and its head's size."""
    data = unpacked.peek(_LARGEST_HEAD)
    if not _START.match(data):
        raise _DamagedError(unpacked.fault or _no_start(data))
    if data.startswith(b"WARC/") and not _HEAD_END.search(data):
        raise _DamagedError(unpacked.fault or "the record's head has no end")
    stream = io.BytesIO(data)
    try:
        head = ArcWarcRecordLoader(arc2warc=False).parse_record_stream(stream, no_record_parse=True)
    except (ArchiveLoadFailed, EOFError) as error:
        raise _DamagedError(f"no record's head ({error})") from error
    size = stream.tell()
    length = head.rec_headers.get_header("Content-Length") or head.rec_headers.get_header("length")
    if not re.fullmatch(r"\d{1,18}", length or "") or head.length is None:
        raise _DamagedError(f"the record's length is {length!r}; must be a number")
    return head, size


def _no_start(data: bytes) -> str:
    if data.startswith(b"\x1f\x8b"):
        return "gzip inside the gzip; unpack the file once"
    return f"no WARC or ARC record starts here, but {data[:20]!r}"


def _read_block(unpacked: UnpackedFile, *, head_size: int, length: int) -> bytes:
    """Return a record's block and step over the record, if it ends where it should."""
    kept = min(length, LARGEST_BLOCK)
    block = unpacked.peek(head_size + kept)[head_size:]
    if len(block) < kept:
        raise _cut_off(unpacked, got=len(block), length=length)
    if length > kept:
        _step_over_rest(unpacked, block, head_size=head_size, length=length)
        head_size = kept = 0
    after = unpacked.peek(head_size + kept + _LONGEST_START)[head_size + kept :]
    _check_end(after, length=length)
    if unpacked.fault is not None and not after.strip(_LINE_ENDS):  # a check sum is only seen at the end
        raise _DamagedError(unpacked.fault)
    unpacked.skip(head_size + kept)
    return block


def _step_over_rest(unpacked: UnpackedFile, block: bytes, *, head_size: int, length: int) -> None:
    """Step over a block that is too large to keep; one with the start of a record inside is not that large."""
    if _START_INSIDE.search(block):
        raise _DamagedError(f"the record's length is {length}, but another starts before its end")
    unpacked.skip(head_size + len(block))
    left = length - len(block)
    while left:
        data = unpacked.peek(min(left, CHUNK + _LONGEST_START))
        if not data:
            raise _cut_off(unpacked, got=length - left, length=length)
        if _START_INSIDE.search(data):
            raise _DamagedError(f"the record's length is {length}, but another starts before its end")
        step = min(len(data), CHUNK)
        unpacked.skip(step)
        left -= step


def _cut_off(unpacked: UnpackedFile, *, got: int, length: int) -> _DamagedError:
    why = f" ({unpacked.fault})" if unpacked.fault else ""
    return _DamagedError(f"the record ends after {got} of {length} bytes{why}")


def _check_end(after: bytes, *, length: int) -> None:
    """Raise if what follows a block shows that its length is wrong."""
    rest = after.lstrip(_LINE_ENDS)
    if not rest or _START.match(rest) or after.startswith((b"\r\n\r\n", b"\n\n")):
        return
    raise _DamagedError(f"the record's length is {length}, but it doesn't end there; {rest[:20]!r} follows")


def _step_over_damage(unpacked: UnpackedFile) -> None:
    """Go to the next start of a record, or to the end."""
    unpacked.skip(1)
    while data := unpacked.peek(CHUNK + _LONGEST_START):
        if start := _START_INSIDE.search(data):
            unpacked.skip(start.start())
            return
        unpacked.skip(min(len(data), CHUNK))
    unpacked.next_run()


class _DamagedError(Exception):
    """What is wrong with a record; never leaves this module."""
