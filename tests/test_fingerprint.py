"""What changes a record changes the fingerprint, and nothing else does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stancewire.extract import open_pipeline
from stancewire.fingerprint import EXTRACTS, JUDGES, READS, code_digest, files_digest, key_of
from stancewire.settings import Settings
from stancewire.topics import load_codebook
from stancewire.types import Span
from tests.test_imports import MODULES, imports
from tests.test_resume import FEDERALISM, SCHOOLS, book

SETTINGS = Settings(model="lexicon", attributor="rules")
# What the stages import and what changes no record: errors, protocols, where files lie, clocks, memory.
CHANGES_NOTHING = {
    "",
    "errors",
    "stages",
    "registry",
    "resources",
    "settings",
    "model_folders",
    "stage_clock",
    "recall",
    "fingerprint",
    "writers",
}


def parts_under(*starts: str) -> set[str]:
    """Return the parts of the package that modules need, and those that these need."""
    waiting = [
        module for module in MODULES if module.startswith(tuple(f"stancewire.{start}" for start in starts))
    ]
    seen: set[str] = set()
    while waiting:
        module = waiting.pop()
        if module not in seen:
            seen.add(module)
            waiting += [name for name in imports(module) if name in MODULES]
    return {module.removeprefix("stancewire").removeprefix(".").split(".")[0] for module in seen}


@pytest.mark.parametrize(
    ("listed", "starts"),
    [(EXTRACTS, ("extract",)), (READS, ("entities", "attribution")), (JUDGES, ("stance.",))],
)
def test_all_code_that_results_come_from_is_listed(listed: tuple[str, ...], starts: tuple[str, ...]) -> None:
    assert parts_under(*starts) - CHANGES_NOTHING <= {name.removesuffix(".py") for name in listed}


def test_what_changes_records_changes_the_run_id(tmp_path: Path) -> None:
    codebook = load_codebook(book(tmp_path / "one.toml", FEDERALISM))
    other = load_codebook(book(tmp_path / "two.toml", FEDERALISM, SCHOOLS))
    actors = tmp_path / "actors.toml"
    actors.write_text('[[actor]]\nid = "x"\nname = "X Party"\nkind = "organisation"\n')
    changed = [
        open_pipeline(other, SETTINGS),
        *(
            open_pipeline(codebook, replace(SETTINGS, **change))
            for change in (
                {},
                {"evidence": 1},
                {"confidence": 0.9},
                {"languages": ()},
                {"attributor": "tagger"},
                {"model": "small"},
                {"actors": (str(actors),)},
            )
        ),
    ]
    assert len({pipeline.fingerprint.run_id for pipeline in changed}) == len(changed)


def test_what_only_changes_speed_changes_nothing(tmp_path: Path) -> None:
    codebook = load_codebook(book(tmp_path / "one.toml", FEDERALISM))
    same = [
        open_pipeline(codebook, replace(SETTINGS, **change))
        for change in ({}, {"batch_articles": 7}, {"batch_pairs": 3}, {"workers": 9}, {"report": False})
    ]
    assert len({pipeline.fingerprint for pipeline in same}) == 1


def test_topics_and_thresholds_leave_readings_and_answers_as_they_are(tmp_path: Path) -> None:
    one = open_pipeline(load_codebook(book(tmp_path / "one.toml", FEDERALISM)), SETTINGS).fingerprint
    other = open_pipeline(
        load_codebook(book(tmp_path / "two.toml", SCHOOLS)), replace(SETTINGS, confidence=0.9)
    ).fingerprint
    assert (one.readings, one.answers) == (other.readings, other.answers)


def test_digest_of_files_goes_by_their_contents_and_order(tmp_path: Path) -> None:
    one, two, copy = (tmp_path / name for name in ("one", "two", "copy"))
    for path, text in ((one, "1"), (two, "2"), (copy, "1")):
        path.write_text(text)
    assert files_digest([one, two]) == files_digest([copy, two]) != files_digest([two, one])


def test_digest_of_code_differs_by_part() -> None:
    assert code_digest(("aggregate.py",)) != code_digest(("extract.py",))


def test_key_tells_values_and_what_makes_something_of_them_apart() -> None:
    keys = [
        key_of(Span(start=1, end=2)),
        key_of(Span(start=1, end=3)),
        key_of(Span(start=1, end=2), made_by=b"x"),
    ]
    assert len(set(keys)) == 3
    assert keys[0] == key_of(Span(start=1, end=2))
