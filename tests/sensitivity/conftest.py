"""A pipeline for invented news, loaded once: spaCy, rules and a classifier that the test chooses."""

from __future__ import annotations

from pathlib import Path

import pytest

from stancewire.extract import Pipeline, open_pipeline
from stancewire.settings import Settings
from stancewire.topics import load_codebook

CODEBOOK = """
[codebook]
id = "kelvar"
version = "1"

[[topic]]
id = "dam"
name = "The dam"
claim = "The dam at Kelvar should be built."
opposite = "The river at Kelvar should stay free."
terms = ["dam"]
paraphrases = ["It is right to build the dam at Kelvar.", "Kelvar needs its dam."]

[[topic]]
id = "tax"
name = "The tax"
claim = "The tax on salt should go."
terms = ["tax"]
"""


@pytest.fixture(scope="session")
def codebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a codebook of two topics, one with paraphrases and an opposite."""
    path = tmp_path_factory.mktemp("codebook") / "kelvar.toml"
    path.write_text(CODEBOOK, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def pipeline(codebook: Path) -> Pipeline:
    """Return the parts of a run with the word-counting classifier."""
    return open_pipeline(load_codebook(codebook), Settings(model="lexicon", attributor="rules"), threads=1)
