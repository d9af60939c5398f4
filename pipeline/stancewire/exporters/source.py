"""What is exported: the records of one version of a run's table that pass the filters, and their articles."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stancewire.errors import ConfigError, InputError
from stancewire.networks.model import Method
from stancewire.review.reviewed import Reviewed, Version
from stancewire.run_folder import RunFolder
from stancewire.store.database import FILE
from stancewire.types import Article, StanceRecord
from stancewire.writers.rows import FIELDS, as_row

DEFAULT = Method()
REVIEW_FIELDS = ("review_status", "reviewed_by", "reviewed_at", "machine_values")
"""What an export adds to a record's fields: who said what of it, and the machine's values where they differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A run's table as it is to be exported; no `topics` means all of them.

    `method` says how networks are made, where the format has any. `overwrite` lets files that are there be replaced.
    """

    folder: RunFolder
    version: Version = Version.MERGED
    topics: frozenset[str] = frozenset()
    min_confidence: float = 0.0
    method: Method = DEFAULT
    overwrite: bool = False

    def reviewed(self) -> Iterator[Reviewed]:
        """Yield what is kept, with its review."""
        for each in self.folder.reviewed(self.version):
            record = each.record
            if record.confidence >= self.min_confidence and (not self.topics or record.topic in self.topics):
                yield each

    def records(self) -> Iterator[StanceRecord]:
        """Yield the records that are kept."""
        return (each.record for each in self.reviewed())

    def articles(self) -> Iterator[Article]:
        """Yield the run's articles, each once; none where the run's store is gone."""
        if not (self.folder.path / FILE).is_file():
            return
        seen: set[str] = set()
        for article in self.folder.articles():
            if article.id not in seen:
                seen.add(article.id)
                yield article

    def coded(self) -> Iterator[tuple[Article, list[Reviewed]]]:
        """Yield each article that has records with all of them; they are in memory at once.

        Raises InputError where the run's store, which has the texts, is gone, and where it lacks one that is needed.
        """
        if not (self.folder.path / FILE).is_file():
            raise InputError(
                f"{self.folder.path}: no {FILE}, which has the articles' texts;"
                " run again into this folder, or choose a format without texts (xlsx, csv, sqlite)"
            )
        records: dict[str, list[Reviewed]] = defaultdict(list)
        for each in self.reviewed():
            records[each.record.article_id].append(each)
        for article in self.articles():
            if article.id in records:
                yield article, records.pop(article.id)
        if records:
            missing = ", ".join(sorted(records)[:3])
            raise InputError(
                f"{self.folder.path}: {FILE} lacks the texts of {len(records)} articles ({missing} ...);"
                " run again into this folder, or choose a format without texts (xlsx, csv, sqlite)"
            )

    def free(self, path: Path) -> Path:
        """Return the path of a file that may be written; raises ConfigError where one is there that may not go."""
        if path.exists() and not self.overwrite:
            raise ConfigError(
                f"{path}: is there already; name another file with --out, or replace it with --overwrite"
            )
        return path

    def filters(self) -> str:
        """Return in words what is left out of the run's table."""
        parts = [f"version {self.version}"]
        if self.topics:
            parts.append(f"topics {', '.join(sorted(self.topics))}")
        if self.min_confidence:
            parts.append(f"confidence from {self.min_confidence:g}")
        return "; ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export left: its files, and a line for each thing that is not in them as it was in the run."""

    paths: tuple[Path, ...]
    notes: tuple[str, ...] = ()


def review_cells(each: Reviewed) -> dict[str, str | None]:
    """Return the values of REVIEW_FIELDS.

    `machine_values` is a JSON object of the fields in which the machine's record differs; null where it doesn't, and
    for a record that a person added.
    """
    return {
        "review_status": each.status.value,
        "reviewed_by": each.by,
        "reviewed_at": each.at,
        "machine_values": _differing(each),
    }


def _differing(each: Reviewed) -> str | None:
    if each.machine is None or each.machine == each.record:
        return None
    mine, machine = as_row(each.record), as_row(each.machine)
    differing: dict[str, Any] = {name: machine[name] for name in FIELDS if machine[name] != mine[name]}
    return json.dumps(differing, ensure_ascii=False)
