"""The database of Discourse Network Analyzer, read as DNA's own queries read it."""

from __future__ import annotations

import json
import sqlite3
from base64 import b64decode
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.exporters.runs import ARTICLES, OTHERS, RECORDS, TEXT, UNION, UNSURE, ZAHRA, make_run

from stancewire.exporters.dna import PASSWORD, SHORT
from stancewire.exporters.export import export
from stancewire.exporters.source import Source
from stancewire.run_folder import RunFolder

STATEMENTS = """
SELECT STATEMENTS.ID, STATEMENTS.Start, STATEMENTS.Stop, STATEMENTTYPES.Label AS type, CODERS.Name AS coder,
    DOCUMENTS.Text AS text
FROM STATEMENTS JOIN STATEMENTTYPES ON STATEMENTTYPES.ID = StatementTypeId
    JOIN CODERS ON CODERS.ID = STATEMENTS.Coder JOIN DOCUMENTS ON DOCUMENTS.ID = DocumentId ORDER BY STATEMENTS.ID
"""
VALUES = """
SELECT Variable, ENTITIES.Value FROM DATASHORTTEXT JOIN VARIABLES ON VARIABLES.ID = DATASHORTTEXT.VariableId
    JOIN ENTITIES ON ENTITIES.ID = Entity WHERE StatementId = :id
UNION ALL SELECT Variable, Value FROM DATALONGTEXT JOIN VARIABLES ON VARIABLES.ID = VariableId WHERE StatementId = :id
UNION ALL SELECT Variable, Value FROM DATABOOLEAN JOIN VARIABLES ON VARIABLES.ID = VariableId WHERE StatementId = :id
UNION ALL SELECT Variable, Value FROM DATAINTEGER JOIN VARIABLES ON VARIABLES.ID = VariableId WHERE StatementId = :id
"""


def opened(folder: RunFolder) -> sqlite3.Connection:
    (path,) = export(Source(folder=folder, overwrite=True), "dna").paths
    base = sqlite3.connect(path)
    base.row_factory = sqlite3.Row
    return base


def statements(folder: RunFolder) -> list[dict[str, Any]]:
    with closing(opened(folder)) as base:
        return [
            {**dict(row), **dict(base.execute(VALUES, {"id": row["ID"]}))}
            for row in base.execute(STATEMENTS).fetchall()
        ]


def test_statements_have_person_organization_concept_and_agreement(folder: RunFolder) -> None:
    zahra, others, union, _ = statements(folder)
    names = ("type", "coder", "person", "organization", "concept", "agreement", "hedged", "confidence")
    assert [zahra[name] for name in names] == [
        *("DNA Statement", "Admin", "Zahra Amini", ""),
        *("The dam should be built.", 1, 1, 90),
    ]
    assert (others["person"], others["organization"], others["agreement"]) == ("", "Others", 0)
    assert (union["concept"], union["agreement"]) == ("There should be a water tax.", 1)


def test_positions_are_those_of_java(folder: RunFolder) -> None:
    for statement, record in zip(statements(folder), RECORDS, strict=True):
        units = statement["text"].encode("utf-16-le")
        words = units[2 * statement["Start"] : 2 * statement["Stop"]].decode("utf-16-le")
        assert words == max(record.evidence, key=lambda each: each.p).quote
    assert len(TEXT.encode("utf-16-le")) // 2 > len(TEXT)


def test_whole_record_is_in_the_long_text(folder: RunFolder) -> None:
    for statement, record in zip(statements(folder), RECORDS[:3], strict=False):
        row = json.loads(statement["record"])
        assert (row["record_id"], len(row["evidence"])) == (record.record_id, len(record.evidence))
        assert row["review_status"] == "unreviewed"


def test_neutral_is_a_type_of_its_own_and_long_names_are_cut_and_told(folder: RunFolder) -> None:
    exported = export(Source(folder=folder), "dna")
    assert any(
        "1 neutral records are statements of the type 'Neutral stance'" in note for note in exported.notes
    )
    assert any(f"1 texts are cut to {SHORT} characters" in note for note in exported.notes)
    folder.path.joinpath("records.dna").unlink()
    neutral = statements(folder)[3]
    assert (neutral["type"], "agreement" in neutral) == ("Neutral stance", False)
    assert len(neutral["person"]) <= SHORT < len(UNSURE.holder)


def test_every_statement_has_every_variable_of_its_type_and_links_hold(reviewed: RunFolder) -> None:
    with closing(opened(reviewed)) as base:
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        assert base.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        wanted = dict(
            base.execute("SELECT StatementTypeId, count(*) FROM VARIABLES GROUP BY StatementTypeId")
        )
        for id_, type_ in base.execute("SELECT ID, StatementTypeId FROM STATEMENTS").fetchall():
            assert len(base.execute(VALUES, {"id": id_}).fetchall()) == wanted[type_]
        entities = base.execute("SELECT count(*) FROM ENTITIES").fetchone()[0]
        assert base.execute("SELECT count(*) FROM ATTRIBUTEVALUES").fetchone()[0] == 3 * entities


def test_people_are_coders(reviewed: RunFolder) -> None:
    by_record = {json.loads(each["record"])["record_id"]: each for each in statements(reviewed)}
    assert (by_record["r1"]["coder"], by_record["r2"]["coder"], by_record["r3"]["coder"]) == (
        "Mira",
        "Admin",
        "Jon",
    )
    assert by_record["r3"]["agreement"] == 0
    assert json.loads(json.loads(by_record["r3"]["record"])["machine_values"])["stance"] == UNION.stance


def test_documents_have_their_day_in_seconds_and_undated_ones_are_told(tmp_path: Path) -> None:
    undated = replace(ARTICLES[1], published=None)
    folder = make_run(tmp_path / "run", [ZAHRA, UNION], articles=(ARTICLES[0], undated))
    with closing(opened(folder)) as base:
        rows = base.execute("SELECT Title, Source, Date, Notes FROM DOCUMENTS ORDER BY ID").fetchall()
    assert [row["Date"] for row in rows] == [1682899200, 0]
    assert "url: https://courier.example/a1?x=1&y=2" in rows[0]["Notes"]
    exported = export(Source(folder=folder, overwrite=True), "dna")
    assert "dna: 1 articles have no date; they are dated 1970-01-01" in exported.notes


def test_records_without_a_passage_are_told(tmp_path: Path) -> None:
    exported = export(Source(folder=make_run(tmp_path / "run", [replace(OTHERS, evidence=())])), "dna")
    assert any("1 records have no passage" in note for note in exported.notes)


def test_the_password_is_hashed_as_jasypt_does(folder: RunFolder) -> None:
    with closing(opened(folder)) as base:
        stored = b64decode(base.execute("SELECT Password FROM CODERS WHERE ID = 1").fetchone()[0])
    salt, digest = stored[:16], stored[16:]
    again = salt + PASSWORD.encode()
    for _ in range(100_000):
        again = sha256(again).digest()
    assert again == digest
