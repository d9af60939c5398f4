"""Bytes of a file, packed or not, in whatever encoding, to text; what is no text is refused by name."""

from __future__ import annotations

import codecs
import gzip
import io
import logging
import re
import zlib
from collections.abc import Generator
from pathlib import Path
from typing import IO, cast

from stancewire.errors import InputError

log = logging.getLogger(__name__)

LARGEST_FILE = 128 * 2**20  # bytes of a file that is one article; a small packed one may unpack to any number
_HEAD = 65536  # bytes looked at for a table's kind and encoding: enough for any guess, and one read of a disk
_PACKING_ERRORS = (gzip.BadGzipFile, EOFError, zlib.error)

_MAGIC = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP or Office file",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x1f\x8b": "gzip (its name must then end in .gz)",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"{\\rtf": "RTF",
    b"PAR1": "Parquet (its name must then end in .parquet)",
    b"SQLite format 3": "an SQLite database",
}
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# The encodings that news archives come in; guessing among all of Python's takes Polish for Latvian.
_GUESSED = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256"),
    *("koi8_r", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
]
# Python's own codecs, which no page is in, whatever it states: they take text for escapes, or refuse all.
_NO_CHARSETS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
_ESCAPED = re.compile("[\udc80-\udcff]")  # what errors="surrogateescape" makes of a byte
_MAX_CHAOS = 0.1  # charset-normalizer's own limit is .2, at which it reads random bytes as Baltic
_LATIN_MARGIN = 0.2  # in coherence: "São Paulo" in English is as likely Romanian ("Săo") otherwise


def read_text(path: Path, *, declared: str | None = None) -> str:
    """Return a whole file as text with \\n line ends; raise InputError if it can't be had."""
    return decode(read_bytes(path), source=str(path), declared=declared)


def read_bytes(path: Path) -> bytes:
    """Return a whole file's bytes, unpacked; raise InputError if they can't be had or are too many for one article."""
    try:
        with _open(path) as file:
            data = file.read(LARGEST_FILE + 1)
    except _PACKING_ERRORS as error:
        raise damaged(str(path), error) from error
    except OSError as error:
        raise unreadable(str(path), error) from error
    if len(data) > LARGEST_FILE:
        said = f"more than {LARGEST_FILE // 2**20} MB, unpacked; such a file holds one article: put many into a .jsonl"
        raise InputError(f"{path}: {said}", reason="too-large")
    return data


def decode(data: bytes, *, source: str, declared: str | None = None) -> str:
    """Return bytes as text with \\n line ends: as marked, UTF-8, as declared, or as guessed if clear."""
    refuse_binary(data, source=source)
    marked = _marked(data)
    for encoding in (marked,) if marked else ("utf-8", declared):
        text = _decoded(data, encoding) if encoding else None
        if text is not None:
            return with_plain_line_ends(text)
    encoding = None if marked else guess_encoding(data)
    text = _decoded(data, encoding) if encoding else None
    if text is None:
        raise InputError(f"{source}: {_undecodable(data)}; save it as UTF-8", reason="encoding")
    log.warning("%s: not UTF-8, read as %s", source, encoding, extra={"source": source})
    return with_plain_line_ends(text)


def text_lines(path: Path, *, newline: str) -> Generator[str, None, None]:
    """Yield a file's lines, unpacked, as `stream_lines` does."""
    try:
        file = _open(path)
    except OSError as error:
        raise unreadable(str(path), error) from error
    with file:
        yield from stream_lines(file, source=str(path), newline=newline)


def stream_lines(stream: IO[bytes], *, source: str, newline: str) -> Generator[str, None, None]:
    r"""Yield a stream's lines; bytes in no encoding are kept as lone surrogates, for `repair` to deal with.

    `newline` is as for `open`: "\n" ends lines there only, "" at any line end. Raises InputError in the place
    where the stream is damaged, after all whole lines before it, and at the start if it is binary.
    """
    peekable = stream if hasattr(stream, "peek") else io.BufferedReader(cast(io.RawIOBase, stream))
    text: io.TextIOWrapper | None = None
    try:
        encoding = _stream_encoding(peekable.peek(_HEAD), source=source)
        text = io.TextIOWrapper(peekable, encoding, errors="surrogateescape", newline=newline)
        # Not "yield from text", which would close the stream when the caller stops early.
        yield from iter(text.readline, "")
    except _PACKING_ERRORS as error:
        raise damaged(source, error) from error
    except OSError as error:
        raise unreadable(source, error) from error
    except UnicodeDecodeError as error:
        said = f"not {error.encoding} throughout; save it as UTF-8"
        raise InputError(f"{source}: {said}", reason="encoding") from error
    finally:
        if text is not None:
            text.detach()  # or the caller's stream, standard input say, is closed when this wrapper goes
        if isinstance(peekable, io.BufferedReader) and peekable is not stream:
            peekable.detach()


def repair(row: str, *, source: str) -> str:
    """Return a row from `stream_lines` with its bytes in another encoding decoded, if that is clear.

    A row with both UTF-8 and other bytes is damaged, not encoded otherwise: InputError, as for noise.
    """
    if _ESCAPED.search(row) is None:
        return row
    data = row.encode("utf-8", "surrogateescape")
    encoding = None if _is_partly_utf8(data) else guess_encoding(data)
    text = _decoded(data, encoding) if encoding else None
    if text is None:
        raise InputError(f"{source}: {_undecodable(data)}; save it as UTF-8", reason="encoding")
    log.warning("%s: not UTF-8, read as %s", source, encoding, extra={"source": source})
    return text


def _stream_encoding(head: bytes, *, source: str) -> str:
    """Return what to read rows in; UTF-8 where nothing is certain, as other rows are repaired one by one."""
    refuse_binary(head, source=source)
    marked = _marked(head)
    whole_lines = head[: head.rfind(b"\n") + 1] or head
    if marked or _decoded(whole_lines, "utf-8") is not None:
        return marked or "utf-8"
    guess = None if _is_partly_utf8(whole_lines) else guess_encoding(whole_lines)
    if guess is not None:
        log.warning("%s: not UTF-8, read as %s", source, guess, extra={"source": source})
    return guess or "utf-8"


def _is_partly_utf8(data: bytes) -> bool:
    text = data.decode("utf-8", "surrogateescape")
    return not _ESCAPED.sub("", text).isascii()


def is_in(data: bytes, encoding: str) -> bool:
    """Say whether bytes can be in an encoding, which may be none that we know."""
    return _decoded(data, encoding) is not None


def guess_encoding(data: bytes) -> str | None:
    """Return the encoding that bytes are in if one clearly fits better than noise, else None."""
    from charset_normalizer import from_bytes

    found = [match for match in from_bytes(data, cp_isolation=_GUESSED) if match.chaos <= _MAX_CHAOS]
    best = found[0] if found else None
    if best is None or best.coherence == 0:
        return None
    for match in found:
        is_as_clean = match.chaos <= best.chaos and match.coherence >= best.coherence - _LATIN_MARGIN
        if match.encoding == "cp1252" and is_as_clean:
            return match.encoding
    return best.encoding


def refuse_binary(data: bytes, *, source: str) -> None:
    """Raise InputError if bytes are a known binary format or hold NUL bytes without being UTF-16."""
    kind = next((name for magic, name in _MAGIC.items() if data.startswith(magic)), None)
    if kind is None and b"\0" in data and _marked(data) != "utf-16":
        kind = f"binary (a NUL byte at {data.index(0)})"
    if kind is not None:
        raise InputError(f"{source}: looks like {kind}; must be text", reason="binary")


def with_plain_line_ends(text: str) -> str:
    """Return text with \\r\\n as \\n and nothing else changed."""
    return text.replace("\r\n", "\n")


def _open(path: Path) -> IO[bytes]:
    if path.suffix.casefold() == ".gz":
        return cast(IO[bytes], gzip.open(path, "rb"))
    return path.open("rb", buffering=_HEAD)


def damaged(source: str, error: object) -> InputError:
    """Return the error for a file or a part of it that isn't whole."""
    return InputError(f"{source}: damaged ({error}); fetch or pack it again", reason="damaged")


def unreadable(source: str, error: OSError) -> InputError:
    """Return the error for a file that the system doesn't let us read."""
    return InputError(f"{source}: can't be read ({error.strerror or error})", reason="unreadable")


def _marked(data: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS.items() if data.startswith(mark)), None)


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return None if codecs.lookup(encoding).name in _NO_CHARSETS else data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _undecodable(data: bytes) -> str:
    if marked := _marked(data):
        return f"its byte order mark says {marked.removesuffix('-sig').upper()}, its bytes don't"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        place = f"byte 0x{data[error.start]:02x} at {error.start}"
        return f"not UTF-8 ({place}) and no other encoding fits clearly"
    return "in no encoding that fits clearly"
