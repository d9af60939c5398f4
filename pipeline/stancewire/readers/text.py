"""Plain text files: one article each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stancewire.errors import InputError
from stancewire.readers.articles import make_article, skip
from stancewire.readers.columns import DEFAULT_COLUMNS, Columns
from stancewire.readers.decoding import read_text
from stancewire.types import Article, Skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReader:
    """Reads a .txt file as one article whose id is the text's hash: renaming the file doesn't change it."""

    columns: Columns = DEFAULT_COLUMNS

    def read(self, path: Path) -> Iterator[Article | Skip]:
        """Yield the file's article, or a Skip that says what is wrong with it."""
        try:
            text = read_text(path).removeprefix("\ufeff")
            yield make_article(text, source=str(path), may_start_with_title=True)
        except InputError as error:
            yield skip(str(path), error)
