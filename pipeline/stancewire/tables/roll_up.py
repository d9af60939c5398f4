"""From a run's folder to a table: records chosen, counted, arranged, with notes on what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stancewire.counting import Unit
from stancewire.errors import ConfigError
from stancewire.review.reviewed import Version
from stancewire.run_folder import RunFolder
from stancewire.tables.changes import change_rows
from stancewire.tables.coded import NO_DAY, Coded, coded
from stancewire.tables.contradictions import Rule
from stancewire.tables.periods import UNDATED, Period
from stancewire.tables.selection import Selected, Selection
from stancewire.tables.speakers import speaker_rows
from stancewire.tables.stances import HOLDERS, OUTLETS, TOPICS, Body, Counting, stance_rows
from stancewire.tables.table import Table, arranged


class RollUp(StrEnum):
    """What a table has rows for."""

    HOLDER = "holder"
    OUTLET = "outlet"
    TOPIC = "topic"
    SPEAKERS = "speakers"
    CHANGES = "changes"


TITLES = {
    RollUp.HOLDER: "Holders and topics",
    RollUp.OUTLET: "Outlets and topics",
    RollUp.TOPIC: "Topics",
    RollUp.SPEAKERS: "Who tells whose stance",
    RollUp.CHANGES: "Changes of stance",
}
_WHO = {RollUp.HOLDER: HOLDERS, RollUp.OUTLET: OUTLETS, RollUp.TOPIC: TOPICS}
_ONCE = {Unit.RECORD: "once a record", Unit.STORY: "once a story", Unit.OUTLET: "once an outlet"}
_RULES = {
    Rule.IGNORE: "Contradictions: ignore. n counts every stance, whichever it is.",
    Rule.SUBTRACT: "Contradictions: subtract. net is favor less against; balance is net / n.",
    Rule.SEPARATE: "Contradictions: separate. Favor and against stand side by side.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Which rows come first, by a column's name, and how many are kept; None keeps the roll-up's order, and all."""

    sort: str | None = None
    top: int | None = None

    def __post_init__(self) -> None:
        if self.top is not None and self.top < 1:
            raise ConfigError(f"top is {self.top}; must be a whole number from 1")


def roll_up(
    folder: RunFolder,
    by: RollUp,
    *,
    version: Version = Version.MERGED,
    selection: Selection | None = None,
    counting: Counting | None = None,
    order: Order | None = None,
) -> Table:
    """Return one table of a run; its notes say what it is made of and what each option left out of it.

    Raises InputError and ConfigError for what can't be: names that no record has, columns that the table hasn't.
    """
    selection, how, order = selection or Selection(), counting or Counting(), order or Order()
    selected = Selected(folder.records(version), selection)
    records = coded(selected)
    topics = [topic.id for topic in folder.codebook.topics]
    if by is RollUp.CHANGES:
        again = folder.records(version)
        body = change_rows(records, again, unit=how.unit, min_n=how.min_n, topics=topics)
    elif by is RollUp.SPEAKERS:
        body = speaker_rows(records, how)
    else:
        body = stance_rows(records, _WHO[by], how, topics)
    table = Table(
        title=f"{TITLES[by]}, counted {_ONCE[how.unit]}",
        columns=body.columns,
        headings=body.headings,
        rows=body.rows,
        notes=(
            *_read(folder, version, selected),
            *_undated(records, by, how),
            *_small(body, how),
            *_method(by, body, how),
        ),
        asides=("Shares are shown where there are intervals; files (--out) have all.",)
        if body.with_intervals == 0
        else (),
        finished=_finished(folder),
    )
    return arranged(table, sort=order.sort, top=order.top)


def _read(folder: RunFolder, version: Version, selected: Selected) -> Iterator[str]:
    """Yield where the records come from, and how many each option left out."""
    kept = selected.read - selected.left_out.total()
    yield f"{kept:,} of {_of(selected.read, 'record')} ({version}) of {folder.manifest.get('run_id')}."
    machine = int(folder.manifest.get("counts", {}).get("records", 0))
    if version is not Version.MACHINE and selected.read != machine:
        yield f"--version {version} has {_of(selected.read, 'record')}, where the machine's has {machine:,}."
    for option, number in selected.left_out.most_common():
        yield f"{option} left out {_of(number, 'record')}."


def _undated(records: Coded, by: RollUp, how: Counting) -> Iterator[str]:
    if not (number := int((records["day"] == NO_DAY).sum())):
        return
    if by is RollUp.CHANGES:
        yield f"Without a date: {_of(number, 'record')}, in no order; those flagged as a change stand last."
    elif how.period is Period.NONE:
        yield f"Without a date: {_of(number, 'record')}, counted all the same."
    else:
        yield f"Without a date: {_of(number, 'record')}, counted under {UNDATED!r}."


def _small(body: Body, how: Counting) -> Iterator[str]:
    if body.small:
        counted = f", in which {body.small_n:,} count" if body.small_n else ""
        yield f"--min-n {how.min_n} left out {_of(body.small, 'row')}{counted}."


def _method(by: RollUp, body: Body, how: Counting) -> Iterator[str]:
    """Yield by which rules the numbers came about."""
    if how.unit is not Unit.RECORD and by is not RollUp.CHANGES:
        yield f"Counted {_ONCE[how.unit]} in each row, so that rows may add up to more than there is."
    if by in _WHO:
        yield _RULES[how.rule]
    yield from body.notes
    if body.with_intervals is not None and how.bootstrap.resamples:
        yield _intervals(body, body.with_intervals, how)


def _intervals(body: Body, number: int, how: Counting) -> str:
    boot = how.bootstrap
    needed = f"{boot.least} stories that don't all say the same (--interval-n)"
    if not number:
        return f"No intervals: a row needs {needed}."
    return (
        f"Intervals: {100 * boot.level:g} %, {boot.resamples:,} resamples of stories (seed {boot.seed}), in rows with"
        f" {needed}: {number:,} of {_of(len(body.rows), 'row')}."
    )


def _of(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _finished(folder: RunFolder) -> datetime | None:
    try:
        return datetime.fromisoformat(str(folder.manifest.get("finished") or folder.manifest.get("started")))
    except ValueError:
        return None
