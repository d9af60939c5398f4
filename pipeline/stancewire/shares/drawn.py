"""The design of a sample as it lies in its files: what was drawn, and for how many each item stands.

Read are sample.json and sample.csv, as `stancewire sample` writes them, and any CSV with the columns id and weight (or
probability, the chance of being drawn) and, where the sample has strata, stratum.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stancewire.errors import InputError
from stancewire.review.reviewed import Version
from stancewire.sampling.population import Unit
from stancewire.shares.design import EVERYTHING, Design, design_of
from stancewire.writers.csv import unguarded

_EXAMPLES = 3  # ids named in a message
_LONGEST = (1 << 31) - 1  # characters of a cell, as in coding/sheet.py; a table may have texts beside ids
_WANTED = "sample.json of `stancewire sample`, or a CSV with the columns id and weight (or probability)"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnItem:
    """One drawn article or record by id, and for how many of its stratum it stands."""

    id: str
    weight: float
    stratum: str = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDesign:
    """What was drawn; None for what the file doesn't say. `left_out_without` are articles without a record."""

    source: str
    items: tuple[DrawnItem, ...]
    unit: Unit | None = None
    population: int | None = None
    version: Version | None = None
    left_out_without: int = 0


def read_design(path: Path) -> SampleDesign:
    """Read a sample's design; raises InputError naming file, item and what would be right."""
    if path.is_dir():
        path = path / "sample.json"
    try:
        text = path.read_bytes().decode("utf-8-sig")  # line ends within an id's quotes stay as they are
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: can't be read: {error}; must be {_WANTED}") from error
    design = _of_json(path, text) if path.suffix.casefold() == ".json" else _of_table(path, text)
    if not design.items:
        raise InputError(f"{path}: nothing drawn; must be {_WANTED}")
    known: set[str] = set()
    for item in design.items:
        if item.id in known:
            raise InputError(f"{path}: item {item.id!r} twice; each is drawn once")
        known.add(item.id)
    return design


def equal_chances(ids: Collection[str], population: int, *, source: str, unit: Unit) -> SampleDesign:
    """Return the design of units drawn with equal chances from so many."""
    weight = population / len(ids)
    return SampleDesign(
        source=source,
        items=tuple(DrawnItem(id=each, weight=weight) for each in sorted(ids)),
        unit=unit,
        population=population,
    )


def coded_design(design: SampleDesign, coded: Collection[str]) -> tuple[tuple[str, ...], Design, list[str]]:
    """Return the drawn items that are coded, with weights that make up for the others, and notes on these.

    What of a stratum isn't coded is taken to be missing by chance. Raises InputError where nothing of a stratum is
    coded, as then nobody knows anything of it.
    """
    strata: dict[str, list[DrawnItem]] = defaultdict(list)
    for item in design.items:
        strata[item.stratum].append(item)
    found: list[tuple[str, float, str, bool]] = []
    for name, drawn in strata.items():
        having = [item for item in drawn if item.id in coded]
        if not having:
            raise InputError(
                f"{design.source}: stratum {name!r}: none of its {len(drawn)} drawn items is coded, such as"
                f" {[item.id for item in drawn[:_EXAMPLES]]}; what they stand for can't be estimated. Code them, or"
                " draw anew without them"
            )
        stands_for = math.fsum(item.weight for item in drawn)
        more = stands_for / math.fsum(item.weight for item in having)
        is_whole = math.isclose(stands_for, len(having))
        found += [(item.id, item.weight * more, name, is_whole) for item in having]
    found.sort()
    notes = []
    if missing := len(design.items) - len(found):
        notes.append(
            f"{missing} of {len(design.items)} drawn items aren't coded; the others of their strata stand for them,"
            " as if they were missing by chance."
        )
    made = design_of(
        [stratum for _, _, stratum, _ in found],
        [weight for _, weight, _, _ in found],
        certain=[is_whole for *_, is_whole in found],
    )
    if made.collapsed:
        notes.append(
            f"{made.collapsed} strata have one coded item, or were needed beside one; they count as one stratum,"
            " which can only widen intervals (at least 2 a stratum: stancewire sample --at-least 2)."
        )
    return tuple(each for each, *_ in found), made, notes


def _of_json(path: Path, text: str) -> SampleDesign:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON: {error}; must be {_WANTED}") from error
    if not isinstance(values, dict) or not isinstance(values.get("items"), list):
        raise InputError(f"{path}: no list 'items' in it; must be {_WANTED}")
    if values.get("useful"):
        raise InputError(
            f"{path}: chosen by {values['useful']}, not drawn at random: such items have no weights, and what holds"
            " for them need not hold for others; draw a sample without --by"
        )
    return SampleDesign(
        source=str(path),
        items=tuple(_items(path, values["items"])),
        unit=_known(path, Unit, values.get("unit"), "unit"),
        population=values["population"] if isinstance(values.get("population"), int) else None,
        version=_known(path, Version, values.get("version"), "version"),
        left_out_without=_without(values.get("left_out")),
    )


def _of_table(path: Path, text: str) -> SampleDesign:
    if not text.strip():
        raise InputError(f"{path}: empty; must be {_WANTED}")
    csv.field_size_limit(_LONGEST)
    rows = csv.DictReader(io.StringIO(text, newline=""))
    try:
        names = rows.fieldnames or []
        if "id" not in names or not {"weight", "probability"} & set(names):
            raise InputError(f"{path}: has the columns {list(names)}; must be {_WANTED}")
        cells = ({name: unguarded(cell or "") for name, cell in row.items() if name} for row in rows)
        return SampleDesign(source=str(path), items=tuple(_items(path, cells)))
    except csv.Error as error:
        raise InputError(f"{path}:{rows.line_num + 1}: no CSV: {error}; must be {_WANTED}") from error


def _items(path: Path, rows: Iterable[Any]) -> Iterator[DrawnItem]:
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping) or not row.get("id"):
            raise InputError(f"{path}: item {number} has no id: {row!r}")
        yield DrawnItem(
            id=str(row["id"]),
            weight=_weight(path, row),
            stratum=str(row.get("stratum") or EVERYTHING),
        )


def _weight(path: Path, row: Mapping[str, object]) -> float:
    """Return for how many an item stands: 1 at least, as it stands for itself."""
    for name in ("weight", "probability"):
        if (given := row.get(name)) in (None, ""):
            continue
        number = _number(given)
        weight = 1 / number if number and name == "probability" else number
        if weight is None or not math.isfinite(weight) or weight < 1 - 1e-9:
            right = "1 or more: for how many it stands" if name == "weight" else "above 0 and 1 at most"
            raise InputError(f"{path}: item {row['id']!r} has {name} {given!r}; must be {right}")
        return weight
    raise InputError(f"{path}: item {row['id']!r} has neither weight nor probability; must be {_WANTED}")


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _known(path: Path, kind: Any, value: object, name: str) -> Any:
    if value is None:
        return None
    try:
        return kind(value)
    except ValueError as error:
        raise InputError(f"{path}: {name} is {value!r}; known: {', '.join(kind)}") from error


def _without(left_out: object) -> int:
    number = left_out.get("without a record", 0) if isinstance(left_out, dict) else 0
    return number if isinstance(number, int) else 0


def some(ids: Sequence[str]) -> str:
    """Return a few ids for a message."""
    return ", ".join(repr(each) for each in sorted(ids)[:_EXAMPLES])
