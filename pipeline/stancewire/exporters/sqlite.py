"""The table as an SQLite database to search and link, with metadata that make Datasette show it well."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from stancewire.exporters.datasette import metadata
from stancewire.exporters.facts import Tally, run_facts
from stancewire.exporters.source import REVIEW_FIELDS, Exported, Source, review_cells
from stancewire.exporters.text import encodable
from stancewire.exporters.whole import built
from stancewire.review.reviewed import Reviewed
from stancewire.types import Article
from stancewire.writers.csv import COLUMNS
from stancewire.writers.partial import PartialFile
from stancewire.writers.rows import as_row, best_evidence

RECORD_COLUMNS = (*(name for name in COLUMNS if name != "cues"), *REVIEW_FIELDS)
NUMBERS = {
    **dict.fromkeys(("confidence", "p_favor", "p_against", "p_neutral", "evidence_p"), "REAL"),
    **dict.fromkeys(
        ("hedged", "conditional", "changed", "evidence_start", "evidence_end", "evidence_count"), "INTEGER"
    ),
}
LINKS = {"article_id": " REFERENCES articles (id)", "topic": " REFERENCES topics (id)"}
SCHEMA = f"""
CREATE TABLE run (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE topics (
    id TEXT PRIMARY KEY, name TEXT, claim TEXT, opposite TEXT, notes TEXT, terms TEXT, nouns TEXT
);
CREATE TABLE articles (
    id TEXT PRIMARY KEY, title TEXT, outlet TEXT, author TEXT, published TEXT, url TEXT, language TEXT, genre TEXT,
    source TEXT, origins TEXT, body_start INTEGER, text TEXT
);
CREATE TABLE records ({
    ", ".join(f"{name} {NUMBERS.get(name, 'TEXT')}{LINKS.get(name, '')}" for name in RECORD_COLUMNS)
}, PRIMARY KEY (record_id));
CREATE TABLE evidence (
    record_id TEXT NOT NULL REFERENCES records (record_id), number INTEGER NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, p REAL NOT NULL, quote TEXT NOT NULL
);
CREATE TABLE cues (
    record_id TEXT NOT NULL REFERENCES records (record_id), number INTEGER NOT NULL,
    kind TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, quote TEXT NOT NULL
);
"""
INDEXES = """
CREATE TABLE actors AS
    SELECT holder, holder_kind, max(holder_id) AS holder_id, count(*) AS records,
        count(DISTINCT coalesce(cluster_id, article_id)) AS stories, count(DISTINCT outlet) AS outlets,
        sum(stance = 'favor') AS favor, sum(stance = 'against') AS against, sum(stance = 'neutral') AS neutral,
        min(published) AS first, max(published) AS last
    FROM records GROUP BY holder, holder_kind ORDER BY records DESC, holder, holder_kind;
CREATE INDEX records_by_article ON records (article_id);
CREATE INDEX records_by_topic ON records (topic, stance);
CREATE INDEX records_by_holder ON records (holder);
CREATE INDEX records_by_day ON records (published);
CREATE INDEX evidence_by_record ON evidence (record_id);
CREATE INDEX cues_by_record ON cues (record_id);
CREATE VIRTUAL TABLE records_fts USING fts5 (
    holder, holder_mention, title, evidence_quote, content="records", tokenize='unicode61 remove_diacritics 2'
);
INSERT INTO records_fts (records_fts) VALUES ('rebuild');
CREATE VIRTUAL TABLE evidence_fts USING fts5 (
    quote, content="evidence", tokenize='unicode61 remove_diacritics 2'
);
INSERT INTO evidence_fts (evidence_fts) VALUES ('rebuild');
CREATE VIRTUAL TABLE articles_fts USING fts5 (
    title, text, content="articles", tokenize='unicode61 remove_diacritics 2'
);
INSERT INTO articles_fts (articles_fts) VALUES ('rebuild');
"""


def write_sqlite(source: Source, out: Path) -> Exported:
    """Write the database, and metadata for Datasette beside it."""
    described = source.free(out.with_name(f"{out.stem}.metadata.json"))
    tally = Tally()
    with built(out) as path, closing(sqlite3.connect(path, isolation_level=None)) as base:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "page_size = 4096"):
            base.execute(f"PRAGMA {pragma}")
        base.executescript(SCHEMA)
        base.execute("BEGIN")
        _fill(base, source, tally)
        base.execute("COMMIT")
        base.executescript(f"BEGIN; {INDEXES} COMMIT; ANALYZE;")
    text = json.dumps(metadata(source, out.stem), ensure_ascii=False, indent=2)
    with PartialFile(described) as file:
        file.append(text.encode("utf-8", "backslashreplace") + b"\n")
    return Exported(paths=(out, described), notes=tuple(_notes(source, tally)))


def _fill(base: sqlite3.Connection, source: Source, tally: Tally) -> None:
    _insert(base, "run", run_facts(source))
    _insert(
        base,
        "topics",
        (
            (
                one.id,
                one.name,
                one.claim,
                one.opposite,
                one.notes,
                json.dumps(one.terms),
                json.dumps(one.nouns),
            )
            for one in source.folder.codebook.topics
        ),
    )
    mentioned: dict[str, tuple[Any, ...]] = {}
    for each in tally.counted(source.reviewed()):
        record = each.record
        _insert(base, "records", [_cells(each)])
        _insert(
            base,
            "evidence",
            (
                (record.record_id, number, words.start, words.end, words.p, words.quote)
                for number, words in enumerate(record.evidence, start=1)
            ),
        )
        _insert(
            base,
            "cues",
            (
                (record.record_id, number, cue.kind.value, cue.start, cue.end, cue.quote)
                for number, cue in enumerate(record.cues, start=1)
            ),
        )
        mentioned[record.article_id] = (
            *(record.article_id, record.title, record.outlet, None, record.published, record.url),
            *(record.language, None, None, None, None, None),
        )
    for article in source.articles():
        if mentioned.pop(article.id, None):
            _insert(base, "articles", [_article(article)])
    _insert(base, "articles", mentioned.values())


def _insert(base: sqlite3.Connection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    for row in rows:
        places = ", ".join("?" * len(row))
        base.execute(f"INSERT INTO {table} VALUES ({places})", [_value(value) for value in row])


def _cells(each: Reviewed) -> list[Any]:
    record, row = each.record, as_row(each.record)
    best = best_evidence(record)
    row["evidence_count"] = len(record.evidence)
    for name in ("quote", "start", "end", "p"):
        row[f"evidence_{name}"] = getattr(best, name) if best else None
    row |= review_cells(each)
    return [row[name] for name in RECORD_COLUMNS]


def _article(article: Article) -> tuple[Any, ...]:
    published = article.published.isoformat() if article.published else None
    origins = json.dumps(article.origins.known(), ensure_ascii=False)
    return (
        *(article.id, article.title, article.outlet, article.author, published, article.url),
        *(article.language, article.genre, article.source, origins, article.body_start, article.text),
    )


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return encodable(value)
    return int(value) if isinstance(value, bool) else value


def _notes(source: Source, tally: Tally) -> Iterable[str]:
    if tally.statuses and next(source.articles(), None) is None:
        yield f"sqlite has no texts of articles: {source.folder.path} has no run.sqlite to take them from"
