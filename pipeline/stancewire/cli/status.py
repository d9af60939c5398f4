"""`stancewire status`: how far the run in a folder is, or was when it was cut off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from stancewire.errors import InputError
from stancewire.store.database import FILE
from stancewire.store.lock import is_locked
from stancewire.store.run_store import RunStore, Tally
from stancewire.types import Outcome

EXAMPLES = """\
Examples:

  stancewire status runs/news

  watch -n 10 stancewire status runs/news

Exit code: 0 the run is finished, or goes on; 1 it was cut off; 2 there is no run.
"""


class State(StrEnum):
    """What can be said of a run from outside."""

    FINISHED = "finished"
    RUNNING = "running"
    UNKNOWN = "not finished; whether it still runs can't be told, as its lock can't be tried"
    CUT_OFF = "cut off; the same command goes on where it stopped"


STATES = {True: State.RUNNING, False: State.CUT_OFF, None: State.UNKNOWN}


def status_command(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder that a run writes to (its --out).")
    ],
) -> None:
    """Show how far a run is: counts, rate, failures by reason, and whether it still runs."""
    if not (folder / FILE).is_file() or not (folder / FILE).stat().st_size:
        raise InputError(f"{folder}: no run here (no {FILE}); must be the --out folder of `stancewire run`")
    store = RunStore(folder, read_only=True)
    try:
        facts, tally = store.facts(), store.tally()
    finally:
        store.close()
    state = State.FINISHED if "finished" in facts else STATES[is_locked(folder)]
    for line in status_lines(facts, tally, state):
        typer.echo(line)
    if state is State.CUT_OFF:
        raise typer.Exit(1)


status_command.__doc__ = f"{status_command.__doc__}\n\n{EXAMPLES}"


def status_lines(facts: Mapping[str, str], tally: Tally, state: State) -> Iterator[str]:
    """Yield what to show, line by line."""
    if "started" not in facts:
        yield f"{state}; nothing read yet"
        return
    read = tally.outcomes.total()
    ended = facts.get("finished") or facts.get("updated") or facts["started"]
    seconds = (_moment(ended) - _moment(facts["started"])).total_seconds()
    yield f"{facts['run_id']}: {state}"
    yield f"  started   {facts['started']}, {_ago(facts['started'])}, process {facts['process']} of {facts['host']}"
    yield f"  last seen {ended}, {_ago(ended)}"
    yield f"  model     {facts['model']}"
    yield f"  codebook  {facts['codebook']}"
    rate = f", {read / seconds:.1f} articles/s" if seconds > 0 else ""
    done = ", ".join(f"{tally.outcomes[outcome]:,} {outcome}" for outcome in Outcome)
    yield f"{read:,} articles read: {done}{rate}"
    yield f"{tally.records:,} records"
    for reason, number in tally.reasons.most_common():
        yield f"  {number:,} x {reason}"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _ago(text: str) -> str:
    seconds = (datetime.now(UTC) - _moment(text)).total_seconds()
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit} ago"
    return f"{seconds:.0f} seconds ago"
