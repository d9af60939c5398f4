"""Metadata for Datasette: titles, meanings of columns, facets, and questions that analysts ask, as queries."""

from __future__ import annotations

from typing import Any

from stancewire.exporters.meanings import MEANINGS
from stancewire.exporters.source import Source

MOVED = """\
SELECT early.holder, early.topic, early.stance AS stance_before, early.published AS before,
    late.stance AS stance_after, late.published AS after, late.evidence_quote AS words_after
FROM records AS early JOIN records AS late
    ON late.holder = early.holder AND late.topic = early.topic AND late.published > early.published
WHERE early.stance != late.stance
    AND (:since = '' OR early.published >= :since) AND (:until = '' OR late.published <= :until)
    AND (:topic = '' OR early.topic = :topic)
ORDER BY early.topic, early.holder, before, after"""
SIDES = """\
SELECT topic, holder, holder_kind, sum(stance = 'favor') AS favor, sum(stance = 'against') AS against,
    sum(stance = 'neutral') AS neutral, count(DISTINCT coalesce(cluster_id, article_id)) AS stories
FROM records WHERE :topic = '' OR topic = :topic
GROUP BY topic, holder, holder_kind ORDER BY topic, stories DESC, holder"""
YEARS = """\
SELECT topic, substr(published, 1, 4) AS year, sum(stance = 'favor') AS favor, sum(stance = 'against') AS against,
    sum(stance = 'neutral') AS neutral
FROM records GROUP BY topic, year ORDER BY topic, year"""
WORDS = """\
SELECT records.holder, records.topic, records.stance, evidence.quote, records.outlet, records.published, records.url
FROM evidence_fts JOIN evidence ON evidence.rowid = evidence_fts.rowid
    JOIN records ON records.record_id = evidence.record_id
WHERE evidence_fts MATCH escape_fts(:words) ORDER BY evidence_fts.rank"""


def metadata(source: Source, name: str) -> dict[str, Any]:
    """Return what Datasette's --metadata takes, for the database file called `name`."""
    book = source.folder.codebook
    return {
        "title": "Stance records",
        "description": f"Who takes which stance on what, by which words. {source.filters()}. Codebook {book.name}.",
        "databases": {
            name: {
                "source": str(source.folder.manifest.get("run_id", "")),
                "tables": _tables(),
                "queries": {
                    "who_moved": _query("Who changed their stance between two days?", MOVED),
                    "who_stands_where": _query("Who stands where on a topic?", SIDES),
                    "by_year": _query("How many stances of each kind a year?", YEARS),
                    "words": _query("Who says these words?", WORDS),
                },
            }
        },
    }


def _query(title: str, sql: str) -> dict[str, str]:
    return {"title": title, "sql": sql}


def _tables() -> dict[str, Any]:
    return {
        "records": {
            "description": "One holder, one topic, one article a row.",
            "facets": ["topic", "stance", "holder_kind", "attribution", "outlet", "review_status"],
            "sort_desc": "confidence",
            "columns": {name: text for name, text in MEANINGS.items() if name not in ("evidence", "cues")},
        },
        "evidence": {"description": MEANINGS["evidence"]},
        "cues": {"description": MEANINGS["cues"], "facets": ["kind"]},
        "articles": {
            "description": "The articles that have records.",
            "label_column": "title",
            "facets": ["outlet"],
        },
        "topics": {"description": "The codebook: favor supports the claim.", "label_column": "name"},
        "actors": {
            "description": "Every holder, with counts.",
            "facets": ["holder_kind"],
            "sort_desc": "records",
        },
        "run": {"description": "What made these records."},
        **{f"{table}_fts": {"hidden": True} for table in ("records", "evidence", "articles")},
    }
