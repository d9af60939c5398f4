"""Codings in a spreadsheet: CSV with the columns of a run's records.csv, of which a coder needs only some.

Needed: article_id, holder, holder_kind, topic, stance. Read where there: holder_mention and aliases (separated by "|"),
attribution, hedged, conditional, changed (true or false), evidence_start, evidence_end, evidence_quote, required, text.
An empty cell is not coded. An article without a stance has one row: its article_id, no holder, and "none" under stance.
Where every row has "record" under unit, as `stancewire sample --unit record` writes it, given records were judged and
nothing else; "none" under stance then says that the article holds no such stance.

Values from a list may be in any letters, with blanks around them: a spreadsheet likes to begin a cell with a capital.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from stancewire.coding.coded import Coding, without_doubles
from stancewire.coding.quotes import placed
from stancewire.coding.sheet import read_sheet
from stancewire.errors import InputError
from stancewire.evaluation.gold import STANCES, GoldRecord
from stancewire.evaluation.rows import Row
from stancewire.types import Evidence, HolderKind, Stance, Voice

JUDGED = "record"
NEEDED = ("article_id", "holder", "holder_kind", "topic", "stance")
LISTED = ("unit", "holder_kind", "stance", "attribution")
"""Columns whose values are from a list."""
TRIMMED = ("holder", "topic", "evidence_start", "evidence_end")
CELL = 32_767  # characters that Excel keeps of a cell
_FLAGS = {"true": True, "false": False, "yes": True, "no": False}


def read_table(path: Path, *, coder: str) -> Coding:
    """Read a coder's CSV (commas, semicolons or tabs); raises InputError naming line, row and column."""
    given = list(read_sheet(path, NEEDED))
    if not given:
        raise InputError(f"{path}: no rows under the header; a coding has a row for each record")
    rows = [_plain(row) for row in given]
    is_partial = all(row.values.get("unit") == JUDGED for row in rows)
    found = [(_record(row, is_partial=is_partial), row) for row in rows]
    records = without_doubles(record for record, _ in found if record)
    held = [row for record, row in found if record]
    _check_empty([row for record, row in found if not record], held)
    texts = {row.text("article_id"): row.values["text"] for row in rows if "text" in row.values}
    coding = Coding(
        coder=coder,
        source=str(path),
        records=records,
        articles=frozenset(row.text("article_id") for row in rows),
        is_partial=is_partial,
        texts={name: text for name, text in texts.items() if len(text) < CELL},
        quotes={
            index: row.values["evidence_quote"] for index, row in enumerate(held) if _has_only_words(row)
        },
        notes=tuple(_notes(coder, given, rows, is_partial=is_partial)),
    )
    return placed(coding, coding.texts)


def _plain(row: Row) -> Row:
    """Return the row with small letters and no blanks around values from a list, no blanks around names."""
    values = dict(row.values)
    for name in (*LISTED, *TRIMMED):
        if name in values:
            cell = values[name].strip()
            values[name] = cell.casefold() if name in LISTED else cell
    return replace(row, values=values)


def _check_empty(empty: Sequence[Row], held: Sequence[Row]) -> None:
    """Raise InputError for an article that has stances in one row and none in another."""
    first = {row.text("article_id"): row for row in reversed(held)}
    for row in empty:
        if other := first.get(row.text("article_id")):
            raise InputError(
                f"{row.where}: 'none' under stance, but {other.where} has a stance in the same article,"
                f" {row.text('article_id')!r}; one of the two rows must go"
            )


def _has_only_words(row: Row) -> bool:
    return "evidence_quote" in row.values and not {"evidence_start", "evidence_end"} & row.values.keys()


def _notes(coder: str, given: Sequence[Row], rows: Sequence[Row], *, is_partial: bool) -> Iterator[str]:
    if is_partial:
        yield f"{coder}: judged given records only; what else there is wasn't asked"
    changed = [
        cell
        for one, other in zip(given, rows, strict=True)
        for name, cell in one.values.items()
        if cell != other.values[name]
    ]
    if changed:
        yield (
            f"{coder}: {len(changed)} cells have capitals or blanks around them, such as {changed[0]!r};"
            " they are read without"
        )


def _record(row: Row, *, is_partial: bool) -> GoldRecord | None:
    """Return the row's record; None where it says that its article holds no stance."""
    if "holder" not in row.values:
        if row.values.get("stance") == Stance.NONE.value:
            return None
        raise InputError(
            f"{row.where}: no holder and no 'none' under stance; an article without a stance has 'none' there,"
            " and a row that nobody coded must go"
        )
    return GoldRecord(
        article_id=row.text("article_id"),
        holder=row.text("holder"),
        kind=row.choice("holder_kind", *HolderKind),
        aliases=_names(row.values),
        topic=row.text("topic"),
        stance=row.choice("stance", *STANCES, *((Stance.NONE,) if is_partial else ())),
        attribution=row.choice("attribution", *Voice) if "attribution" in row.values else None,
        hedged=_flag(row, "hedged"),
        conditional=_flag(row, "conditional"),
        changed=_flag(row, "changed"),
        required=_flag(row, "required") is not False,
        evidence=_evidence(row),
        where=row.where,
    )


def _names(values: Mapping[str, str]) -> tuple[str, ...]:
    names = [values.get("holder_mention", ""), *values.get("aliases", "").split("|")]
    return tuple(name.strip() for name in names if name.strip())


def _flag(row: Row, key: str) -> bool | None:
    if key not in row.values:
        return None
    flag = _FLAGS.get(row.values[key].strip().casefold())  # Excel writes TRUE and FALSE
    if flag is None:
        raise row.complaint(key, "true or false")
    return flag


def _evidence(row: Row) -> tuple[Evidence, ...]:
    if "evidence_start" not in row.values and "evidence_end" not in row.values:
        return ()
    start, end = _offset(row, "evidence_start"), _offset(row, "evidence_end")
    if start >= end:
        raise row.complaint("evidence_end", f"behind evidence_start, {start}")
    return (Evidence(start=start, end=end, quote=row.values.get("evidence_quote", ""), p=1.0),)


def _offset(row: Row, key: str) -> int:
    value = row.values.get(key, "")
    if not (value.isascii() and value.isdigit()):
        raise row.complaint(key, "a whole number of characters from the start of the text")
    return int(value)
