"""XML written element by element, so that a network of a million ties or an archive's passages need no memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO
from xml.etree.ElementTree import Element, indent, tostring
from xml.sax.saxutils import quoteattr

HEAD = b"<?xml version='1.0' encoding='utf-8'?>\n"
SPACE = "  "
PIECE = 1 << 20  # bytes that are collected before they are written
_ENDS = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


class XmlFile:
    """Writes elements into open ones, indented, by a function that takes bytes; `flush` at the end writes the rest.

    All text must be what XML can say (text.xml_text). At a `depth` other than 0 it is a part of another file.
    """

    def __init__(self, write: Callable[[bytes], object], *, depth: int = 0) -> None:
        self._write = write
        self._waiting = bytearray(b"" if depth else HEAD)
        self._depth = depth

    @contextmanager
    def inside(self, tag: str, attributes: Mapping[str, str] | None = None) -> Iterator[None]:
        """Open an element for what is added until the block ends."""
        given = "".join(f" {name}={quoteattr(value, _ENDS)}" for name, value in (attributes or {}).items())
        self._add(f"{SPACE * self._depth}<{tag}{given}>\n".encode())
        self._depth += 1
        yield
        self._depth -= 1
        self._add(f"{SPACE * self._depth}</{tag}>\n".encode())

    def add(self, element: Element) -> None:
        """Write an element with all that is in it."""
        indent(element, SPACE, self._depth)
        text = tostring(element, "utf-8", xml_declaration=False)
        self._add(SPACE.encode() * self._depth + text + b"\n")

    def copy(self, part: IO[bytes]) -> None:
        """Write what is in the file of a part."""
        part.seek(0)
        while data := part.read(PIECE):
            self._add(data)

    def flush(self) -> None:
        """Write what is waiting."""
        self._write(bytes(self._waiting))
        self._waiting.clear()

    def _add(self, data: bytes) -> None:
        self._waiting += data
        if len(self._waiting) >= PIECE:
            self.flush()
