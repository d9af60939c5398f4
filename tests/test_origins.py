"""The ledger says where an article's metadata come from, the same however the run went."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stancewire.extract import Pipeline, open_pipeline
from stancewire.topics import load_codebook
from tests.test_resume import FEDERALISM, FRENCH, SETTINGS, book, contents, counted, ran, stop_after, write

STANCE = "Laila Noori rejects federalism. The council of the valley met on Monday to speak of it."
PAGE = f"""<html><head><title>The vote</title><meta property="og:site_name" content="Valley Courier"></head>
<body><article><h1>The vote</h1><p>{STANCE}</p><p>{STANCE[::-1]}</p></article></body></html>"""
ROWS = [
    {"id": "a1", "text": STANCE, "title": "The vote", "date": "2024-08-15"},
    {"id": "a2", "text": "It rained in the valley.", "headline": "Rain", "lang": "en"},
    {"id": "a1", "text": STANCE, "headline": "The vote", "date": "2024-08-15"},
    {"id": "a3", "text": FRENCH},
    {"id": "a4"},
    {"id": "a5", "text": STANCE, "lang": "en"},
    {"id": "a1", "text": "Another text, about federalism."},
]


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    path = book(tmp_path_factory.mktemp("book") / "book.toml", FEDERALISM)
    return open_pipeline(load_codebook(path), SETTINGS)


@pytest.fixture
def inputs(tmp_path: Path) -> list[str]:
    (tmp_path / "page.html").write_text(PAGE)
    return [write(tmp_path / "news.jsonl", ROWS), str(tmp_path / "page.html")]


def origins(out: Path) -> list[tuple[Any, ...]]:
    rows = map(json.loads, (out / "ledger.jsonl").read_text(encoding="utf-8").splitlines())
    return [(row["article_id"], row["outcome"], row["origins"]) for row in rows]


def test_each_line_of_the_ledger_says_where_the_metadata_come_from(
    inputs: list[str], pipeline: Pipeline, tmp_path: Path
) -> None:
    ran(inputs, pipeline, tmp_path / "out")
    *table, page = origins(tmp_path / "out")
    assert table == [
        ("a1", "done", {"title": "column title", "published": "column date", "language": "text"}),
        (
            "a2",
            "done",
            {"title": "column headline", "language": "column lang"},
        ),  # no topic, no look at the language
        ("a1", "skipped", {"title": "column headline", "published": "column date", "language": "text"}),
        ("a3", "skipped", {"language": "text"}),
        (None, "failed", {}),
        ("a5", "done", {"language": "column lang"}),
        ("a1", "failed", {"language": "text"}),
    ]
    assert page[1:] == ("done", {"title": "h1", "outlet": "meta og:site_name", "language": "text"})


def test_origins_are_the_same_after_an_interruption_and_in_any_order(
    inputs: list[str], pipeline: Pipeline, tmp_path: Path
) -> None:
    ran(inputs, pipeline, tmp_path / "whole")
    for number in range(1, len(ROWS) + 1):
        out = tmp_path / f"cut{number}"
        with pytest.raises(KeyboardInterrupt):
            ran(inputs, pipeline, out, size=1, progress=stop_after(number))
        ran(inputs, pipeline, out, size=2)
        assert contents(out) == contents(tmp_path / "whole"), f"cut off after {number} articles"
    ran(inputs[::-1], pipeline, tmp_path / "turned", size=1)
    assert contents(tmp_path / "turned") == contents(tmp_path / "whole")


def test_same_article_from_elsewhere_is_not_worked_on_and_has_its_new_origins(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    ran(
        write(tmp_path / "a.jsonl", [{"id": "a1", "text": STANCE, "title": "The vote"}]),
        pipeline,
        tmp_path / "out",
    )
    watched, recognizer, _ = counted(pipeline)
    ran(
        write(tmp_path / "a.jsonl", [{"id": "a1", "body": STANCE, "headline": "The vote"}]),
        watched,
        tmp_path / "out",
    )
    assert recognizer.read_ids == []
    assert origins(tmp_path / "out") == [("a1", "done", {"title": "column headline", "language": "text"})]


def test_no_origin_of_an_earlier_input_is_kept(pipeline: Pipeline, tmp_path: Path) -> None:
    for column in ("title", "headline"):
        file = write(tmp_path / "a.jsonl", [{"id": "a1", "text": STANCE, column: "The vote"}])
        ran(file, pipeline, tmp_path / "out")
    assert b"column title" not in (tmp_path / "out" / "run.sqlite").read_bytes()
