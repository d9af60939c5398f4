"""Other wordings of claims: read from the codebook, checked, and no part of what a run is."""

from __future__ import annotations

from pathlib import Path

import pytest

from stancewire.errors import ConfigError
from stancewire.resources import resource
from stancewire.topics import Level, load_codebook
from stancewire.wordings import check_paraphrases, read_paraphrases

BOOK = """
[codebook]
id = "b"
version = "1"

[[topic]]
id = "dam"
claim = "The dam should be built."
opposite = "The river should stay free."
"""


def book(folder: Path, paraphrases: str = "") -> Path:
    path = folder / "book.toml"
    path.write_text(BOOK + paraphrases, encoding="utf-8")
    return path


def remarks(folder: Path, paraphrases: str) -> list[tuple[Level, str]]:
    path = book(folder, paraphrases)
    found = check_paraphrases(load_codebook(path), read_paraphrases(path))
    return [(remark.level, remark.message) for remark in found]


def test_paraphrases_are_read_by_topic(tmp_path: Path) -> None:
    path = book(tmp_path, 'paraphrases = [" It is right to build the dam. "]')
    assert read_paraphrases(path) == {"dam": ("It is right to build the dam.",)}
    assert read_paraphrases(book(tmp_path)) == {"dam": ()}


def test_paraphrases_change_nothing_of_the_codebook_that_records_carry(tmp_path: Path) -> None:
    without = load_codebook(book(tmp_path))
    assert load_codebook(book(tmp_path, 'paraphrases = ["It is right to build the dam."]')) == without


def test_the_codebook_that_ships_is_called_as_it_was_before_it_had_paraphrases() -> None:
    path = resource("configs/topics/afghanistan.toml")
    assert load_codebook(path).name == "afghanistan-opposition@2#77a6a3f25aab"
    assert all(len(wordings) >= 3 for wordings in read_paraphrases(path).values())
    assert not check_paraphrases(load_codebook(path), read_paraphrases(path))


@pytest.mark.parametrize(
    ("paraphrases", "level", "said"),
    [
        ('["The river should stay free."]', Level.ERROR, "is the opposite, not the claim"),
        ('["the dam should be built"]', Level.WARNING, "says the same words as the claim"),
        (
            '["Build it now, please.", "Build it now, please!"]',
            Level.WARNING,
            "says the same words as another one",
        ),
        ('["the dam"]', Level.WARNING, "is no claim"),
    ],
)
def test_doubtful_paraphrases_are_pointed_out(
    tmp_path: Path, paraphrases: str, level: Level, said: str
) -> None:
    ((found, message),) = remarks(tmp_path, f"paraphrases = {paraphrases}")
    assert found is level
    assert said in message


@pytest.mark.parametrize(
    ("paraphrases", "said"),
    [
        ('"one"', "paraphrases = 'one' is not a list"),
        ("[1]", "is not a list of strings"),
        ('[" "]', "an empty string"),
    ],
)
def test_paraphrases_that_cannot_be_used_name_file_and_topic(
    tmp_path: Path, paraphrases: str, said: str
) -> None:
    with pytest.raises(ConfigError, match=said) as raised:
        load_codebook(book(tmp_path, f"paraphrases = {paraphrases}"))
    assert "book.toml: [[topic]] 'dam'" in str(raised.value)
