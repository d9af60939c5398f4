"""What a command with several steps shows: bars on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import pytest

from stancewire.cli import step_progress
from stancewire.cli.step_progress import shown_steps


def test_a_plain_line_says_the_step_and_how_much_is_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(step_progress, "LINE_EVERY", 0.0)
    with shown_steps(quiet=False) as show:
        assert show is not None
        show("articles read", 3, 10)
        show("questions judged", 256, 1000)
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("articles read: 3 of 10, ")
    assert second.startswith("questions judged: 256 of 1000, ")


def test_lines_come_now_and_then_only(capsys: pytest.CaptureFixture[str]) -> None:
    with shown_steps(quiet=False) as show:
        assert show is not None
        show("articles read", 3, 10)
    assert capsys.readouterr().err == ""


def test_a_terminal_has_a_bar_for_each_step(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with shown_steps(quiet=False) as show:
        assert show is not None
        for done in (5, 10):
            show("articles read", done, 10)
        show("questions judged", 7, 7)
    shown = capsys.readouterr().err
    assert "articles read" in shown
    assert "10/10" in shown
    assert "7/7" in shown


def test_quiet_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with shown_steps(quiet=True) as show:
        assert show is None
    assert capsys.readouterr().err == ""
