"""Hypothesis strategies for what archives hold: files with bytes lost, flipped or there twice, and odd values."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

from hypothesis import strategies as st

ODD_BYTES = (
    *(b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b\x08\0"),
    *(b"\r", b"\n", b'"', b"<", b"\x85", b"\xe9"),
)
ODD_TEXTS = (
    *("\ud800", "a\x1fé", "a\u2028b", "\u200b\ufeff", "x\r\ny", "KABUL — ", "\x85"),
    "e\u0301\u0316" * 40,
    "&#" + "9" * 5000 + ";",
)
ODD_NUMBERS = (0, -1, 10**12, 10**300, 1e400, -1e400, float("nan"), 253402300800, 9999999999999, True, 1.5)
ODD_DATES = (
    *("1970-01-01", "9999-12-31T23:59:59-12:00", "0001-01-01", "0000-00-00", "32/13/2020"),
    *("99999999999999999999", "2021-02-30", "12/13/14 25:61", "10pm", "²⁰²¹", "٢٠٢١-٠٨-١٥", "1e9"),
    *("Mon Tue Wed", "2021-W01-1", "T", "1.1.1.1"),
)
FIELDS = (
    *("id", "text", "title", "outlet", "author", "url", "published", "date", "language", "genre"),
    *("Text", "b"),
)


@st.composite
def damaged(draw: st.DrawFn, seed: bytes) -> bytes:
    """Return the bytes of a valid file, changed in up to four places."""
    data = seed
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 1) | st.integers(0, 400)))
        change = draw(st.sampled_from(CHANGES) | st.none())
        put = change(data[start:end]) if change else draw(st.sampled_from(ODD_BYTES) | st.binary(max_size=8))
        data = data[:start] + put + data[end:]
    return draw(st.sampled_from((data, data, data[: len(data) // 2], data + data)))


def _flipped(part: bytes) -> bytes:
    return bytes(byte ^ 0x80 for byte in part)


def _twice(part: bytes) -> bytes:
    return part + part


def _reversed(part: bytes) -> bytes:
    return part[::-1]


def _dropped(part: bytes) -> bytes:
    return b""


CHANGES: tuple[Callable[[bytes], bytes], ...] = (_flipped, _twice, _reversed, _dropped)


def nested(depth: int) -> object:
    """Return lists in lists, as deep as JSON may have them and deeper than Python likes to go."""
    inner: object = "x"
    for _ in range(depth):
        inner = [inner]
    return inner


texts = st.text(st.characters(), max_size=60) | st.sampled_from(ODD_TEXTS)
written_dates = st.sampled_from(ODD_DATES) | st.text("0123456789-/.: TZ+apmJuneMonday٢²", max_size=24)
plain_values = texts | written_dates | st.sampled_from((None, *ODD_NUMBERS)) | st.integers() | st.floats()
values = st.just(nested(900)) | st.recursive(
    plain_values,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
fields = st.sampled_from(FIELDS)
rows = st.dictionaries(fields, values, max_size=6)
rows_with_text = st.builds(lambda row, text: {**row, "text": text}, rows, texts | st.just("The council met."))


def in_gzip(data: bytes, *, times: int, cut: int) -> bytes:
    """Return data packed so many times, without the last `cut` bytes."""
    for _ in range(times):
        data = gzip.compress(data, compresslevel=1, mtime=0)
    return data[: len(data) - cut]


def as_json(value: object) -> bytes:
    """Return a value as JSON in ASCII; half a character, NaN and infinity are in it as Python writes them."""
    return json.dumps(value).encode()
