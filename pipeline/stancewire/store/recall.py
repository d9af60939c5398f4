"""Readings and answers that are stored, and those made now, packed, for whoever writes the store."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from stancewire.fingerprint import Fingerprint, key_of
from stancewire.store.database import FILE, connect, named
from stancewire.store.packing import pack, unpack
from stancewire.types import Article, Attribution, Mention, Reading, Sentence, Span, Weights

_KEYS_AT_ONCE = 500  # SQLite takes 32,766 variables in a statement, builds of before 2020 only 999
_WEIGHTS = struct.Struct("<4d")
_WINDOW = struct.Struct("<2q")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What a reading holds besides its article."""

    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    attributions: tuple[Attribution, ...]


class StoredRows(Protocol):
    """Looks rows of a store up by their keys: in its file, or by asking whoever has the file."""

    def reading(self, key: bytes) -> bytes | None:
        """Return a packed reading, or None."""
        ...

    def answers(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return those packed answers that are there."""
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...


class StoreRows:
    """Looks rows up in the store in `folder`, which it never writes."""

    def __init__(self, folder: Path) -> None:
        self._connection = connect(folder, read_only=True)
        self._path = folder / FILE

    def reading(self, key: bytes) -> bytes | None:
        """Return a packed reading, or None."""
        with named(self._path):
            row = self._connection.execute("SELECT reading FROM readings WHERE key = ?", (key,)).fetchone()
        return None if row is None else bytes(row[0])

    def answers(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return those packed answers that are there."""
        waiting = iter(keys)
        found: dict[bytes, bytes] = {}
        while some := list(islice(waiting, _KEYS_AT_ONCE)):
            query = f"SELECT key, weights FROM answers WHERE key IN ({', '.join('?' * len(some))})"
            with named(self._path):
                found |= dict(self._connection.execute(query, some).fetchall())
        return found

    def close(self) -> None:
        """Let go of the store."""
        self._connection.close()


class StoreRecall:
    """Recalls from the rows of a store; None recalls nothing.

    What is made now gathers in `new_readings` and `new_answers` until `forget_new`.
    """

    def __init__(self, rows: StoredRows | None, fingerprint: Fingerprint) -> None:
        self._rows = rows
        self._fingerprint = fingerprint
        self.new_readings: dict[bytes, bytes] = {}
        self.new_answers: dict[bytes, bytes] = {}

    def reading(self, article: Article) -> Reading | None:
        """Return the reading of this very text, or None."""
        packed = self._rows.reading(self._reading_key(article)) if self._rows else None
        if packed is None:
            return None
        found = unpack(packed, _Found)
        return Reading(
            article=article,
            sentences=found.sentences,
            mentions=found.mentions,
            attributions=found.attributions,
        )

    def keep_reading(self, reading: Reading) -> None:
        """Remember a reading for the store."""
        found = _Found(
            sentences=reading.sentences, mentions=reading.mentions, attributions=reading.attributions
        )
        self.new_readings[self._reading_key(reading.article)] = pack(found)

    def answers(self, keys: Sequence[bytes]) -> dict[bytes, Weights]:
        """Return those answers that are known."""
        found = self._rows.answers(keys) if self._rows else {}
        return {key: _weights(data) for key, data in found.items()}

    def keep_answers(self, answers: Mapping[bytes, Weights]) -> None:
        """Remember answers for the store."""
        self.new_answers |= {key: _packed(weights) for key, weights in answers.items()}

    def forget_new(self) -> None:
        """Let go of what was made: it is in the store now, or will be made again."""
        self.new_readings, self.new_answers = {}, {}

    def close(self) -> None:
        """Let go of the store."""
        if self._rows:
            self._rows.close()

    def _reading_key(self, article: Article) -> bytes:
        """Return the hash of what a reading depends on: copies under other ids share it."""
        parts = (
            *(article.text, article.title, article.author, article.outlet),
            *(article.published, article.language, article.genre, article.body_start),
        )
        return key_of(parts, made_by=self._fingerprint.readings)


def _packed(weights: Weights) -> bytes:
    four = _WEIGHTS.pack(weights.favor, weights.against, weights.neutral, weights.none)
    return four + (_WINDOW.pack(weights.window.start, weights.window.end) if weights.window else b"")


def _weights(data: bytes) -> Weights:
    favor, against, neutral, none = _WEIGHTS.unpack_from(data)
    window = None
    if len(data) > _WEIGHTS.size:
        start, end = _WINDOW.unpack_from(data, _WEIGHTS.size)
        window = Span(start=start, end=end)
    return Weights(favor=favor, against=against, neutral=neutral, none=none, window=window)
