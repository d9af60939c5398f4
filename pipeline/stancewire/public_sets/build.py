"""Builds a public set from a clone: converts its parts, writes them, and says whether they are the rows we know."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stancewire.errors import ConfigError, InputError
from stancewire.public_sets.clone import Clone
from stancewire.public_sets.converted import Converted, Row
from stancewire.public_sets.sets import Expected, PublicSet
from stancewire.writers.partial import PartialFile


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltPart:
    """A part that was written, with what was left out of it and the rows that were expected."""

    part: str
    path: Path
    rows: int
    labels: Mapping[str, int]
    left_out: Mapping[str, int]
    sha256: str
    expected: Expected | None  # None: a test part, which nothing here was trained or tuned on

    @property
    def is_known(self) -> bool:
        """Say whether the file is, byte for byte, the one that the models here were trained and measured on."""
        return self.expected is not None and self.sha256 == self.expected.sha256


def build_set(public: PublicSet, clone: Path, out: Path, *, with_tests: bool = False) -> list[BuiltPart]:
    """Convert a set from a clone of its repository into `out`/NAME/PART.jsonl.gz and return what was written.

    `with_tests` builds its test parts as well. Nothing is written unless every part can be converted. Raises
    ConfigError for a set without a converter, InputError where the clone isn't what is expected.
    """
    if public.convert is None:
        raise ConfigError(
            f"{public.name} can't be built: {public.why_not}; corpora/cards/{public.name}.md says more"
        )
    source = Clone(clone, repository=str(public.repository))
    parts = [*public.parts, *(public.tests if with_tests else ())]
    converted = {part: public.convert(source, part) for part in parts}
    folder = out / public.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--out {str(out)!r}: can't make a folder there: {error.strerror}") from error
    return [_written(part, made, folder, public.parts.get(part)) for part, made in converted.items()]


def packed(rows: Sequence[Row], part: str) -> bytes:
    """Return rows as gzipped JSON lines, the same bytes each time."""
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    data = io.BytesIO()
    with gzip.GzipFile(filename=f"{part}.jsonl", mode="wb", fileobj=data, mtime=0, compresslevel=9) as file:
        file.write(text.encode())
    return data.getvalue()


def _written(part: str, made: Converted, folder: Path, expected: Expected | None) -> BuiltPart:
    data = packed(made.rows, part)
    path = folder / f"{part}.jsonl.gz"
    with PartialFile(path) as file:
        file.append(data)
    return BuiltPart(
        part=part,
        path=path,
        rows=len(made.rows),
        labels=dict(sorted(Counter(str(row["label"]) for row in made.rows if "label" in row).items())),
        left_out=dict(made.left_out.most_common()),
        sha256=hashlib.sha256(data).hexdigest(),
        expected=expected,
    )
