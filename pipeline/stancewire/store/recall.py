"""Readings and answers from the store, and those made now, packed, for whoever writes the store."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

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


class StoreRecall:
    """Recalls from the store in `folder`, which it never writes; None recalls nothing.

    What is made now gathers in `new_readings` and `new_answers` until `forget_new`.
    """

    def __init__(self, folder: Path | None, fingerprint: Fingerprint) -> None:
        self._connection = connect(folder, read_only=True) if folder else None
        self._path = (folder or Path()) / FILE
        self._fingerprint = fingerprint
        self.new_readings: dict[bytes, bytes] = {}
        self.new_answers: dict[bytes, bytes] = {}

    def reading(self, article: Article) -> Reading | None:
        """Return the reading of this very text, or None."""
        row = self._row("SELECT reading FROM readings WHERE key = ?", self._reading_key(article))
        if row is None:
            return None
        found = unpack(row[0], _Found)
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
        return {key: _weights(data) for key, data in self._answer_rows(keys)}

    def keep_answers(self, answers: Mapping[bytes, Weights]) -> None:
        """Remember answers for the store."""
        self.new_answers |= {key: _packed(weights) for key, weights in answers.items()}

    def forget_new(self) -> None:
        """Let go of what was made: it is in the store now, or will be made again."""
        self.new_readings, self.new_answers = {}, {}

    def close(self) -> None:
        """Let go of the store."""
        if self._connection:
            self._connection.close()

    def _reading_key(self, article: Article) -> bytes:
        """Return the hash of what a reading depends on: copies under other ids share it."""
        parts = (
            *(article.text, article.title, article.author, article.outlet),
            *(article.published, article.language, article.genre, article.body_start),
        )
        return key_of(parts, made_by=self._fingerprint.readings)

    def _row(self, query: str, key: bytes) -> sqlite3.Row | None:
        if self._connection is None:
            return None
        with named(self._path):
            row: sqlite3.Row | None = self._connection.execute(query, (key,)).fetchone()
        return row

    def _answer_rows(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        waiting = iter(keys)
        while self._connection and (some := list(islice(waiting, _KEYS_AT_ONCE))):
            marks = ", ".join("?" * len(some))
            with named(self._path):
                yield from self._connection.execute(
                    f"SELECT key, weights FROM answers WHERE key IN ({marks})", some
                ).fetchall()


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
