"""Sources as a user names them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.review.runs import ENGLISH, finish, two_articles

from stancewire.coding.sources import Source, read_codings
from stancewire.coding.texts import texts_of
from stancewire.errors import InputError
from stancewire.review.reviewed import Version

ROW = {"article_id": "a1", "holder": "Council", "kind": "group", "topic": "federalism", "stance": "favor"}


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    (tmp_path / "anna.gold.jsonl").write_text(json.dumps(ROW))
    return tmp_path / "anna.gold.jsonl"


def test_a_coder_is_called_after_the_file_or_as_the_source_says(gold: Path) -> None:
    assert read_codings([str(gold)])[0].coder == "anna"
    assert read_codings([f"first={gold}"])[0].coder == "first"


def test_a_version_of_a_runs_table_is_named_behind_it(tmp_path: Path) -> None:
    run = finish(tmp_path / "demo", two_articles())
    machine, both = read_codings([str(run), f"{run}@human-over-machine"])
    assert (machine.coder, machine.is_model) == ("demo", True)
    assert (both.coder, both.is_model) == ("demo@human-over-machine", False)


def test_a_path_with_signs_is_taken_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "a=b@c.jsonl"
    path.write_text(json.dumps(ROW))
    assert Source.of(str(path)) == Source(path=path)
    assert Source.of(f"x={tmp_path}@human") == Source(path=tmp_path, name="x", version=Version.HUMAN)


def test_two_coders_of_one_name_are_an_error_that_says_how_to_name_them(gold: Path) -> None:
    with pytest.raises(InputError, match=r"two coders are called 'anna'.*name them: anna=PATH ben=PATH"):
        read_codings([str(gold), str(gold)])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("gone.jsonl", "gone.jsonl: no such file or folder; must be a run's folder"),
        ("gone@best", "'best' is no version; known: machine, human, human-over-machine"),
    ],
)
def test_a_source_that_is_not_there_is_named(words: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_codings([words])


def test_an_unknown_ending_is_named(tmp_path: Path) -> None:
    (tmp_path / "anna.docx").write_text("x")
    with pytest.raises(InputError, match=r"can't tell the format from '\.docx'"):
        read_codings([str(tmp_path / "anna.docx")])


def test_texts_come_from_the_runs_and_from_articles(tmp_path: Path, gold: Path) -> None:
    run = finish(tmp_path / "demo", two_articles())
    codings = read_codings([str(run), str(gold)])
    assert texts_of(codings, []) == {"a1": ENGLISH}
    (tmp_path / "news.jsonl").write_text(json.dumps({"id": "a1", "text": "Another text."}))
    assert texts_of(codings, [str(tmp_path / "news.jsonl")]) == {"a1": "Another text."}


@pytest.mark.parametrize("content", [json.dumps({"id": "zz", "text": "Another text."}), None])
def test_articles_that_have_none_of_the_texts_are_an_error(
    tmp_path: Path, gold: Path, content: str | None
) -> None:
    run = finish(tmp_path / "demo", two_articles())
    if content:
        (tmp_path / "news.jsonl").write_text(content)
    with pytest.raises(InputError, match=r"news.jsonl: none of the 1 articles is there, such as 'a1'; has"):
        texts_of(read_codings([str(run), str(gold)]), [str(tmp_path / "news.jsonl")])
