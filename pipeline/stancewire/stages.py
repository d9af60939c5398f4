"""The seams of the pipeline: what a plug-in of each stage has to be able to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from stancewire.types import Article, Attribution, Reading, Skip, StanceRecord, Weights


class Reader(Protocol):
    """Reads one kind of file."""

    def read(self, path: Path) -> Iterator[Article | Skip]:
        """Yield the file's articles in order, and a Skip in the place of each that can't be read."""
        ...


class Recognizer(Protocol):
    """Finds sentences and who is named in them."""

    @property
    def name(self) -> str:
        """Return the id, of a model with its version; a run into an old folder uses the readings of the same name."""
        ...

    def read(self, articles: Iterable[Article]) -> Iterator[Reading]:
        """Yield one reading an article, in order; batches inside as it likes."""
        ...


class Attributor(Protocol):
    """Finds who says what."""

    @property
    def name(self) -> str:
        """Return the id, of a model with content hash, that the manifest carries."""
        ...

    def attribute(self, texts: Sequence[str]) -> list[tuple[Attribution, ...]]:
        """Return the attributions of each text, same length, same order."""
        ...


class Classifier(Protocol):
    """Weighs pairs of texts; knows nothing of articles, topics or holders."""

    @property
    def name(self) -> str:
        """Return the id with content hash that records carry."""
        ...

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> list[Weights]:
        """Return one answer a pair, same length, same order, the same whatever the batch size."""
        ...


class Writer(Protocol):
    """Writes stance records to one file; made with the file's path."""

    def write(self, records: Sequence[StanceRecord]) -> None:
        """Append records."""
        ...

    def close(self) -> None:
        """Finish the file; without this call it must not look complete."""
        ...
