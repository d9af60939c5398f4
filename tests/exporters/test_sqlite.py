"""The database, read again with sqlite3, and shown by Datasette where that is installed."""

from __future__ import annotations

import importlib.util
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import Any

import pytest
from tests.exporters.runs import ARTICLES, RECORDS, TEXT, UNSURE, ZAHRA

from stancewire.exporters.datasette import MOVED
from stancewire.exporters.export import export
from stancewire.exporters.source import Source
from stancewire.run_folder import RunFolder
from stancewire.writers.rows import as_row, from_row


def rows(folder: RunFolder, sql: str, *values: Any, **named: Any) -> list[dict[str, Any]]:
    source = Source(folder=folder, overwrite=True)
    path = export(source, "sqlite").paths[0]
    with closing(sqlite3.connect(path)) as base:
        base.row_factory = sqlite3.Row
        return [dict(row) for row in base.execute(sql, named or values)]


def test_records_read_again_are_the_same(folder: RunFolder) -> None:
    records = rows(folder, "SELECT * FROM records ORDER BY rowid")
    words = rows(folder, "SELECT * FROM evidence ORDER BY record_id, number")
    cues = rows(folder, "SELECT * FROM cues ORDER BY record_id, number")
    found = []
    for row in records:
        values = {name: row.get(name) for name in as_row(ZAHRA)}
        values |= {name: bool(values[name]) for name in ("hedged", "conditional", "changed")}
        for name, parts in (("evidence", words), ("cues", cues)):
            kept = [part for part in parts if part["record_id"] == row["record_id"]]
            values[name] = [
                {k: v for k, v in part.items() if k not in ("record_id", "number")} for part in kept
            ]
        found.append(from_row(values))
    assert found[:3] == list(RECORDS[:3])
    assert found[3].holder == UNSURE.holder.replace("\ud800", "?")


def test_articles_are_whole_and_quotes_are_at_their_offsets(folder: RunFolder) -> None:
    (article, _) = rows(folder, "SELECT * FROM articles ORDER BY id")
    assert (article["text"], article["published"], article["source"]) == (
        TEXT,
        "2023-05-01",
        ARTICLES[0].source,
    )
    wrong = rows(
        folder,
        "SELECT * FROM evidence JOIN records USING (record_id) JOIN articles ON articles.id = records.article_id"
        ' WHERE substr(articles.text, start + 1, "end" - start) != quote',
    )
    assert not wrong


def test_no_link_points_nowhere(reviewed: RunFolder) -> None:
    assert rows(reviewed, "PRAGMA foreign_key_check") == []
    assert rows(reviewed, "PRAGMA integrity_check") == [{"integrity_check": "ok"}]


def test_quotes_and_titles_are_searched_by_words(folder: RunFolder) -> None:
    sql = "SELECT record_id FROM records WHERE rowid IN (SELECT rowid FROM records_fts WHERE records_fts MATCH ?)"
    assert rows(folder, sql, "zahra") == [{"record_id": "r1"}]
    assert rows(folder, sql, "مخالفیم") == [{"record_id": "r2"}]
    found = "SELECT quote FROM evidence WHERE rowid IN (SELECT rowid FROM evidence_fts WHERE evidence_fts MATCH ?)"
    assert rows(folder, found, "tax") == [{"quote": "The Water Union wants the tax."}]


def test_who_moved_is_answered(reviewed: RunFolder) -> None:
    (moved,) = rows(reviewed, MOVED, topic="", since="2023-01-01", until="2024-12-31")
    assert (moved["holder"], moved["stance_before"], moved["stance_after"]) == (
        "Zahra Amini",
        "favor",
        "against",
    )
    assert rows(reviewed, MOVED, topic="", since="2024-01-01", until="") == []


def test_actors_are_counted(reviewed: RunFolder) -> None:
    found = rows(
        reviewed, "SELECT holder, records, stories, outlets, favor, against, first, last FROM actors"
    )
    assert found[0] == {
        **{"holder": "Zahra Amini", "records": 2, "stories": 2, "outlets": 2, "favor": 1, "against": 1},
        **{"first": "2023-05-01", "last": "2024-02-03"},
    }


def test_without_the_store_articles_have_no_texts_and_that_is_told(folder: RunFolder) -> None:
    for path in folder.path.glob("run.sqlite*"):
        path.unlink()
    exported = export(Source(folder=folder), "sqlite")
    assert "sqlite has no texts of articles" in exported.notes[0]
    with closing(sqlite3.connect(exported.paths[0])) as base:
        assert base.execute("SELECT id, title, text FROM articles ORDER BY id").fetchall()[1] == (
            "a2",
            "Tax",
            None,
        )


def test_every_column_has_its_meaning_for_datasette(folder: RunFolder) -> None:
    described = export(Source(folder=folder), "sqlite").paths[1]
    tables = json.loads(described.read_text(encoding="utf-8"))["databases"]["records"]["tables"]
    columns = [row["name"] for row in rows(folder, "SELECT name FROM pragma_table_info('records')")]
    assert set(columns) - {"cues"} == set(tables["records"]["columns"])
    assert set(tables["records"]["facets"]) <= set(columns)


@pytest.mark.skipif(
    not importlib.util.find_spec("datasette"), reason="needs datasette: pip install -e '.[dev]'"
)
def test_datasette_shows_it(folder: RunFolder) -> None:
    base, described = export(Source(folder=folder), "sqlite").paths
    for page in ("/records/records.json?_facet=topic&_search=zahra", "/records/by_year.json?_shape=array"):
        run = subprocess.run(
            [sys.executable, "-m", "datasette", str(base), "-m", str(described), "--get", page],
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(run.stdout)
