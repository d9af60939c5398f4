"""Runs to export."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.exporters.runs import decisions, make_run

from stancewire.run_folder import RunFolder


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """Return a run that nobody has reviewed."""
    return make_run(tmp_path / "run")


@pytest.fixture
def reviewed(tmp_path: Path) -> RunFolder:
    """Return a run of which two people said something."""
    return make_run(tmp_path / "reviewed", said=decisions())
