"""Text as other formats can hold it: what UTF-8 and XML can't say, lengths in UTF-16, names from hashes."""

from __future__ import annotations

import re
import uuid
from bisect import bisect_left

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NAMESPACE = uuid.UUID("6d3f4f1c-50d5-5f3e-9b0e-7f1d2a9b6c11")  # of all GUIDs; any fixed one does


def encodable(text: str) -> str:
    """Return the text with "?" for half surrogate pairs, which have no UTF-8; its length stays as it is."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def xml_text(text: str) -> str:
    """Return the text with U+FFFD for each character that XML 1.0 forbids; its length stays as it is."""
    return _NOT_XML.sub("�", text)


def one_newline(text: str) -> str:
    """Return the text with a line feed for every end of line, at the same length.

    Readers turn CR LF into one character, which would move every offset behind it.
    """
    return text.replace("\r\n", " \n").replace("\r", "\n")


class Utf16:
    """Turns character offsets into those of programs that count UTF-16 units (Java, .NET, JavaScript)."""

    def __init__(self, text: str) -> None:
        self._astral = [index for index, character in enumerate(text) if ord(character) > 0xFFFF]

    def offset(self, offset: int) -> int:
        """Return the UTF-16 offset of a character offset."""
        return offset + bisect_left(self._astral, offset)


def guid(*parts: str) -> str:
    """Return a GUID that is the same for the same parts."""
    return str(uuid.uuid5(NAMESPACE, "\0".join(encodable(part) for part in parts)))
