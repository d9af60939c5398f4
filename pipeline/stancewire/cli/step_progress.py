"""Shows how far a command with several steps is: a bar a step on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from stancewire.cli.progress import LINE_EVERY


@contextmanager
def shown_steps(*, quiet: bool) -> Iterator[Callable[[str, int, int], None] | None]:
    """Yield what to call with the step under way, how much of it is done, and of how much."""
    console = Console(stderr=True)
    if quiet:
        yield None
    elif console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console) as bar:
            yield _bars(bar)
    else:
        yield _plain_lines(console)


def _bars(bar: Progress) -> Callable[[str, int, int], None]:
    tasks: dict[str, TaskID] = {}

    def show(doing: str, done: int, whole: int) -> None:
        if doing not in tasks:
            tasks[doing] = bar.add_task(doing, total=whole)
        bar.update(tasks[doing], completed=done, total=whole)

    return show


def _plain_lines(console: Console) -> Callable[[str, int, int], None]:
    started = last = time.monotonic()

    def show(doing: str, done: int, whole: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= LINE_EVERY:
            last = now
            console.print(
                f"{doing}: {done} of {whole}, {now - started:.0f} s", highlight=False, soft_wrap=True
            )

    return show
