"""Gold rows and a run's records in JSON lines as codings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.review.runs import article, record

from stancewire.coding.json_rows import read_json_rows
from stancewire.errors import InputError
from stancewire.writers.jsonl import JsonlWriter

ROW = {"article_id": "a", "holder": "Council", "kind": "group", "topic": "talks", "stance": "favor"}


def written(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_gold_rows_keep_their_place_and_the_articles_without_a_stance(tmp_path: Path) -> None:
    path = written(tmp_path / "anna.jsonl", {"article_id": "b", "holder": None}, ROW)
    coding = read_json_rows(path, coder="anna")
    assert coding.articles == {"a", "b"}
    assert coding.records[0].where == f"{path}:2"
    assert not coding.is_model


def test_the_projects_gold_is_read_whole(root: Path) -> None:
    coding = read_json_rows(root / "corpora" / "sample" / "dev.gold.jsonl", coder="gold")
    assert len(coding.records) == 74


def test_records_are_a_models_and_say_nothing_of_other_articles(tmp_path: Path) -> None:
    with JsonlWriter(tmp_path / "records.jsonl") as file:
        file.write([record(article(), "Laila Noori", "federalism")])
    coding = read_json_rows(tmp_path / "records.jsonl", coder="run")
    assert (coding.is_model, coding.articles) == (True, {"a1"})
    assert "articles without a record" in coding.notes[0]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "anna.jsonl: empty; a coding has a line for each record"),
        (
            [{**ROW, "stance": "pro"}],
            "anna.jsonl:1: 'stance' must be one of favor, against, neutral, got 'pro'",
        ),
        (
            [{key: value for key, value in ROW.items() if key != "article_id"}],
            "anna.jsonl:1: no 'article_id'",
        ),
        (
            [ROW, {key: value for key, value in ROW.items() if key != "article_id"}],
            "anna.jsonl:2: no 'article_id', by which coders' rows are put side by side",
        ),
        ([ROW, {**ROW, "stance": "against"}], "anna.jsonl:2: holder 'Council' and topic 'talks' again"),
        ([{**ROW, "evidence": [{"start": 5, "end": 2}]}], "'evidence' must be a list"),
    ],
)
def test_bad_rows_are_named_by_file_and_line(
    tmp_path: Path, rows: list[dict[str, object]], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_json_rows(written(tmp_path / "anna.jsonl", *rows), coder="anna")
