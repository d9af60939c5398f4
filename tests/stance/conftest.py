"""What the tests of the backends share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests import tiny_bert


@pytest.fixture(scope="session")
def save_bert(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return a function that saves a tiny BERT with these labels in a new folder."""
    pytest.importorskip("torch", reason="needs torch, from stancewire[train]")
    pytest.importorskip("transformers", reason="needs transformers, from stancewire[train]")

    def save(labels: list[str], **options: Any) -> Path:
        folder = tmp_path_factory.mktemp("bert")
        tiny_bert.save_bert(folder, labels, **options)
        return folder

    return save
