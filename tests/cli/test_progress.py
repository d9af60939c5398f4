"""What a long run shows where there is no terminal: a line now and then."""

from __future__ import annotations

from pathlib import Path

import pytest

from stancewire.cli import progress
from stancewire.cli.progress import shown_progress
from stancewire.run import RunReport
from stancewire.types import LedgerEntry, Outcome


def report(*entries: tuple[Outcome, str | None]) -> RunReport:
    made = RunReport(run_id="run-1", out=Path("out"))
    for outcome, reason in entries:
        made.add(LedgerEntry(source="s", outcome=outcome, reason=reason, records=1))
    return made


def test_line_has_rate_remaining_time_and_failures_by_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "LINE_EVERY", 0.0)
    done = report((Outcome.DONE, "no-topic"), (Outcome.FAILED, "no-text"), (Outcome.FAILED, "no-text"))
    with shown_progress(10, quiet=False) as show:
        assert show is not None
        show(done)
    line = capsys.readouterr().err
    assert line.startswith("3 of 10 articles, ")
    assert "/s, about " in line
    assert " s left; 3 records, 2 failed (2 x no-text)" in line


def test_quiet_run_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with shown_progress(10, quiet=True) as show:
        assert show is None
    assert capsys.readouterr().err == ""
