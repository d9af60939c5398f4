"""What every test may use; tests never touch the network."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.disks import Disk, mounted, unmount

os.environ.setdefault("HF_HUB_OFFLINE", "1")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared(root: Path) -> Path:
    """Return the folder beside the checkout with material that isn't the project's to publish."""
    folder = root.parent / "shared"
    if not (folder / "seed").is_dir():
        pytest.skip("needs ../shared, which has articles that can't be part of the repository")
    return folder


@pytest.fixture(scope="session")
def seed_text(shared: Path) -> str:
    """Return the text of the Hasht-e-Subh article."""
    return (shared / "seed" / "hasht-e-subh.txt").read_text(encoding="utf-8")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Return a disk of its own, of 50 MB until a test changes that."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = mounted(folder, 50_000_000)
    if made is None:
        pytest.skip("needs to mount a tmpfs: Linux, and root")
    yield made
    unmount(made)
