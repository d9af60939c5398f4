"""What an export says of itself: which run, which version, how many records by status and topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from stancewire import __version__
from stancewire.counting import Once, Unit
from stancewire.exporters.source import Source
from stancewire.review.reviewed import Reviewed, Status
from stancewire.types import Stance

STANCES = (Stance.FAVOR, Stance.AGAINST, Stance.NEUTRAL)


@dataclass(slots=True)
class Tally:
    """Counts of the records that went by: by review, and by unit, topic and stance."""

    statuses: Counter[Status] = field(default_factory=Counter)
    stances: Counter[tuple[Unit, str, Stance]] = field(default_factory=Counter)
    _once: Once = field(default_factory=Once)

    def counted(self, rows: Iterable[Reviewed]) -> Iterator[Reviewed]:
        """Yield the rows, each counted on its way."""
        for each in rows:
            self.statuses[each.status] += 1
            for unit in self._once.units(each.record):
                self.stances[unit, each.record.topic, each.record.stance] += 1
            yield each


def run_facts(source: Source) -> Iterator[tuple[str, str]]:
    """Yield names and values that say what was exported and what made it."""
    manifest = source.folder.manifest
    yield "exported", source.filters()
    yield "written by", f"stancewire {__version__}"
    for name in ("run_id", "codebook", "model", "attributor", "schema_version", "started"):
        if name in manifest:
            yield name.replace("_", " "), str(manifest[name])
    for name in ("counts", "reasons", "settings"):
        for key, value in sorted(dict(manifest.get(name, {})).items()):
            yield f"{name}: {key}", str(value)
    for number, path in enumerate(manifest.get("inputs", ()), start=1):
        yield f"input {number}", str(path)
