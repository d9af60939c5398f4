"""Shows how far a run is: a bar with rate and remaining time on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)

from stancewire.run import RunReport
from stancewire.types import Outcome

LINE_EVERY = 30.0  # seconds between plain lines: a log of an overnight run stays readable


@contextmanager
def shown_progress(total: int | None, *, quiet: bool) -> Iterator[Callable[[RunReport], None] | None]:
    """Yield what to call after each article; `total` None shows no remaining time."""
    console = Console(stderr=True)
    if quiet:
        yield None
    elif console.is_terminal:
        with _bar(console) as bar:
            task = bar.add_task("articles", total=total, rate=0.0, records=0, failed="0 failed")
            yield lambda report: _advance(bar, task, report)
    else:
        yield _plain_lines(total, console)


def _bar(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:.1f}/s"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[records]} records, {task.fields[failed]}"),
        console=console,
    )


def _advance(bar: Progress, task: object, report: RunReport) -> None:
    state = bar.tasks[0]
    rate = report.counts["read"] / max(state.elapsed or 0.0, 0.001)
    bar.update(
        state.id,
        completed=report.counts["read"],
        rate=rate,
        records=report.counts["records"],
        failed=_failed(report),
    )


def _failed(report: RunReport) -> str:
    """Return how many failed, and the reasons."""
    reasons = ", ".join(f"{number} x {reason}" for reason, number in report.failures.most_common(3))
    return f"{report.counts[Outcome.FAILED]} failed" + (f" ({reasons})" if reasons else "")


def _plain_lines(total: int | None, console: Console) -> Callable[[RunReport], None]:
    started = last = time.monotonic()

    def show(report: RunReport) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < LINE_EVERY:
            return
        last = now
        read = report.counts["read"]
        rate = read / (now - started)
        left = f", about {(total - read) / rate:.0f} s left" if total and total > read else ""
        console.print(
            f"{read}{f' of {total}' if total else ''} articles, {rate:.1f}/s{left}; "
            f"{report.counts['records']} records, {_failed(report)}",
            highlight=False,
            soft_wrap=True,
        )

    return show
