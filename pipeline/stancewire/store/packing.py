"""Values of the pipeline as bytes and back: MessagePack by msgspec, which checks types on reading, then zlib."""

from __future__ import annotations

import zlib
from typing import TypeVar

import msgspec

T = TypeVar("T")
LEVEL = 1  # zlib's fastest: not compared with others


def pack(value: object) -> bytes:
    """Return a value of the pipeline's types as bytes."""
    return zlib.compress(msgspec.msgpack.encode(value), LEVEL)


def unpack(data: bytes, kind: type[T]) -> T:
    """Return the value of type `kind` that `pack` made `data` of."""
    return msgspec.msgpack.decode(zlib.decompress(data), type=kind)
