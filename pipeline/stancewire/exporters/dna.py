"""The table as a database of Discourse Network Analyzer 3 (github.com/leifeld/dna), which rDNA opens too.

The tables are those of the sqlite databases that DNA 3.0 makes and opens itself (its class sql.Sql, createTables), so
the file is opened, not imported: coder Admin, password `PASSWORD`. DNA 3.1 refuses databases of 3.0 and says how to
import them.
"""

from __future__ import annotations

import json
import sqlite3
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from stancewire.exporters.source import Exported, Source, review_cells
from stancewire.exporters.text import Utf16, encodable, one_newline
from stancewire.exporters.whole import built
from stancewire.review.reviewed import Reviewed
from stancewire.types import Article, HolderKind, Stance
from stancewire.writers.rows import as_row, best_evidence

VERSION, DATE = "3.0.11", "2024-04-24"  # what the database says that it was made by
PASSWORD = "stancewire"
SHORT = 190  # characters of a short text, a title or a name
STATEMENT, ANNOTATION, NEUTRAL = 1, 2, 3  # statement types
SHORT_TEXT, LONG_TEXT, BOOLEAN, INTEGER = "short text", "long text", "boolean", "integer"
TABLES = {
    SHORT_TEXT: "DATASHORTTEXT",
    LONG_TEXT: "DATALONGTEXT",
    BOOLEAN: "DATABOOLEAN",
    INTEGER: "DATAINTEGER",
}
# person, organization, concept and agreement are DNA's own; a person is whoever is a person or an article's author.
OWN = {"person": SHORT_TEXT, "organization": SHORT_TEXT, "concept": SHORT_TEXT, "agreement": BOOLEAN}
MORE = {
    **{"attribution": SHORT_TEXT, "speaker": SHORT_TEXT, "confidence": INTEGER},
    **{"hedged": BOOLEAN, "conditional": BOOLEAN, "changed": BOOLEAN, "record": LONG_TEXT},
}
ATTRIBUTES = ("Type", "Alias", "Notes")
PERMISSIONS = (
    *(f"{what}{which}" for which in ("Documents", "Statements") for what in ("Add", "Edit", "Delete")),
    *("ImportDocuments", "EditAttributes", "EditRegex", "EditStatementTypes", "EditCoders"),
    *(f"{what}Others{which}" for which in ("Documents", "Statements") for what in ("View", "Edit")),
)
_COLOUR = "Red INTEGER NOT NULL DEFAULT 0, Green INTEGER NOT NULL DEFAULT 0, Blue INTEGER NOT NULL DEFAULT 0"
_ID = "ID INTEGER NOT NULL PRIMARY KEY"


def _link(column: str, table: str) -> str:
    return f"FOREIGN KEY({column}) REFERENCES {table}(ID) ON DELETE CASCADE"


def _data(value: str, *links: str) -> str:
    keys = ", ".join((_link("StatementId", "STATEMENTS"), _link("VariableId", "VARIABLES"), *links))
    return (
        f"({_ID}, StatementId INTEGER NOT NULL, VariableId INTEGER NOT NULL, {value}, {keys},"
        " UNIQUE (StatementId, VariableId))"
    )


SCHEMA: Mapping[str, str] = {
    "SETTINGS": "(Property TEXT PRIMARY KEY, Value TEXT NOT NULL)",
    "CODERS": f"({_ID}, Name TEXT NOT NULL, {_COLOUR}, Refresh INTEGER NOT NULL DEFAULT 0,"
    " FontSize INTEGER NOT NULL DEFAULT 14, Password TEXT NOT NULL, PopupWidth INTEGER DEFAULT 300,"
    " ColorByCoder INTEGER NOT NULL DEFAULT 0, PopupDecoration INTEGER NOT NULL DEFAULT 0,"
    " PopupAutoComplete INTEGER NOT NULL DEFAULT 1, "
    + ", ".join(f"Permission{name} INTEGER NOT NULL DEFAULT 1" for name in PERMISSIONS)
    + ")",
    "DOCUMENTS": f"({_ID}, Title TEXT NOT NULL, Text TEXT NOT NULL, Coder INTEGER, "
    + ", ".join(
        f"{name} TEXT NOT NULL DEFAULT ''" for name in ("Author", "Source", "Section", "Notes", "Type")
    )
    + f", Date INTEGER NOT NULL, {_link('Coder', 'CODERS')})",
    "STATEMENTTYPES": f"({_ID}, Label TEXT NOT NULL, {_COLOUR})",
    "VARIABLES": f"({_ID}, Variable TEXT NOT NULL, DataType TEXT NOT NULL DEFAULT 'short text',"
    f" StatementTypeId INTEGER, {_link('StatementTypeId', 'STATEMENTTYPES')}, UNIQUE (Variable, StatementTypeId))",
    "VARIABLELINKS": f"({_ID}, SourceVariableId INTEGER, TargetVariableId INTEGER,"
    f" {_link('SourceVariableId', 'VARIABLES')}, {_link('TargetVariableId', 'VARIABLES')})",
    "REGEXES": f"(Label TEXT PRIMARY KEY, {_COLOUR})",
    "CODERRELATIONS": f"({_ID}, Coder INTEGER, OtherCoder INTEGER, "
    + ", ".join(
        f"{what}{which} INTEGER NOT NULL DEFAULT 1"
        for which in ("Statements", "Documents")
        for what in ("view", "edit")
    )
    + f", {_link('Coder', 'CODERS')}, {_link('OtherCoder', 'CODERS')})",
    "STATEMENTS": f"({_ID}, StatementTypeId INTEGER, DocumentId INTEGER, Start INTEGER NOT NULL,"
    " Stop INTEGER NOT NULL CHECK(Stop > Start AND Start >= 0), Coder INTEGER,"
    f" {_link('StatementTypeId', 'STATEMENTTYPES')}, {_link('Coder', 'CODERS')}, {_link('DocumentId', 'DOCUMENTS')})",
    "DATABOOLEAN": _data("Value INTEGER NOT NULL DEFAULT 1"),
    "DATAINTEGER": _data("Value INTEGER NOT NULL DEFAULT 0"),
    "ENTITIES": f"({_ID}, VariableId INTEGER NOT NULL, Value TEXT NOT NULL DEFAULT '', Red INTEGER, Green INTEGER,"
    f" Blue INTEGER, ChildOf INTEGER, UNIQUE (VariableId, Value), {_link('ChildOf', 'ENTITIES')},"
    f" {_link('VariableId', 'VARIABLES')})",
    "DATASHORTTEXT": _data("Entity INTEGER NOT NULL", _link("Entity", "ENTITIES")),
    "DATALONGTEXT": _data("Value TEXT DEFAULT ''"),
    "ATTRIBUTEVARIABLES": f"({_ID}, VariableId INTEGER NOT NULL, AttributeVariable TEXT NOT NULL,"
    f" UNIQUE(VariableId, AttributeVariable), {_link('VariableId', 'VARIABLES')})",
    "ATTRIBUTEVALUES": f"({_ID}, EntityId INTEGER NOT NULL, AttributeVariableId INTEGER NOT NULL,"
    " AttributeValue TEXT NOT NULL DEFAULT '', UNIQUE (EntityId, AttributeVariableId),"
    f" {_link('EntityId', 'ENTITIES')}, {_link('AttributeVariableId', 'ATTRIBUTEVARIABLES')})",
}


def write_dna(source: Source, out: Path) -> Exported:
    """Write the database: an article a document, a record a statement at its best passage.

    Raises InputError where the run's store, which has the texts, is gone.
    """
    with built(out) as path, closing(sqlite3.connect(path, isolation_level=None)) as base:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "page_size = 4096", "foreign_keys = ON"):
            base.execute(f"PRAGMA {pragma}")
        base.execute("BEGIN")
        for name, columns in SCHEMA.items():
            base.execute(f"CREATE TABLE {name} {columns}")
        database = _Database(base=base, source=source)
        database.prepare()
        for article, records in source.coded():
            database.add(article, records)
        base.execute("COMMIT")
    return Exported(paths=(out,), notes=tuple(database.notes()))


@dataclass(slots=True, kw_only=True)
class _Database:
    """The database as it is filled; ids count from 1 in every table."""

    base: sqlite3.Connection
    source: Source
    variables: dict[tuple[int, str], int] = field(default_factory=dict)
    kinds: dict[int, str] = field(default_factory=dict)
    claims: dict[str, str] = field(default_factory=dict)
    entities: dict[tuple[int, str], int] = field(default_factory=dict)
    coders: dict[str, int] = field(default_factory=dict)
    documents: int = 0
    statements: int = 0
    cut: set[str] = field(default_factory=set)
    undated: int = 0
    neutral: int = 0
    without_passage: int = 0

    def prepare(self) -> None:
        """Write what every DNA database has: version, coder, statement types and variables."""
        self._insert("SETTINGS", "version", VERSION)
        self._insert("SETTINGS", "date", DATE)
        self._coder("Admin")
        self.claims = {topic.id: topic.claim for topic in self.source.folder.codebook.topics}
        types = {STATEMENT: ("DNA Statement", 239, 208, 51), ANNOTATION: ("Annotation", 211, 211, 211)}
        for id_, row in {**types, NEUTRAL: ("Neutral stance", 160, 170, 180)}.items():
            self._insert("STATEMENTTYPES", id_, *row)
        for type_, variables in (
            (STATEMENT, OWN),
            (ANNOTATION, {"note": LONG_TEXT}),
            (STATEMENT, MORE),
            (NEUTRAL, {**{name: kind for name, kind in OWN.items() if name != "agreement"}, **MORE}),
        ):
            for name, kind in variables.items():
                self._variable(type_, name, kind)

    def add(self, article: Article, records: Sequence[Reviewed]) -> None:
        """Add one article and its statements."""
        self.documents += 1
        self.undated += article.published is None
        day = article.published or datetime(1970, 1, 1).date()
        seconds = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
        self._insert(
            "DOCUMENTS",
            *(self.documents, self._short(article.title or article.id), one_newline(article.text), 1),
            *(self._short(article.author), self._short(article.outlet), ""),
            *(_notes(article), self._short(article.genre), seconds),
        )
        units = Utf16(article.text)
        for each in records:
            self._add_statement(each, units)

    def notes(self) -> Iterator[str]:
        """Yield what DNA can't hold as it is."""
        yield f"dna: open it as coder Admin with the password {PASSWORD!r}"
        if self.neutral:
            yield (
                f"dna: agreement is yes or no, so {self.neutral} neutral records are statements"
                " of the type 'Neutral stance'"
            )
        if self.cut:
            yield f"dna: {len(self.cut)} texts are cut to {SHORT} characters; the variable 'record' has them whole"
        if self.undated:
            yield f"dna: {self.undated} articles have no date; they are dated 1970-01-01"
        if self.without_passage:
            yield f"dna: {self.without_passage} records have no passage; they mark their article's first character"

    def _add_statement(self, each: Reviewed, units: Utf16) -> None:
        record = each.record
        best = best_evidence(record)
        self.without_passage += best is None
        place = (units.offset(best.start), units.offset(best.end)) if best else (0, 1)
        type_ = NEUTRAL if record.stance is Stance.NEUTRAL else STATEMENT
        self.neutral += type_ == NEUTRAL
        self.statements += 1
        coder = self._coder(each.by) if each.by else 1
        self._insert("STATEMENTS", self.statements, type_, self.documents, *place, coder)
        for name, value in self._values(each).items():
            if (type_, name) in self.variables:
                self._add_value(self.variables[type_, name], value)

    def _values(self, each: Reviewed) -> dict[str, str | int | bool | None]:
        record = each.record
        is_person = record.holder_kind in (HolderKind.PERSON, HolderKind.AUTHOR)
        whole = {**as_row(record), **review_cells(each)}
        return {
            "person": record.holder if is_person else "",
            "organization": "" if is_person else record.holder,
            "concept": self.claims.get(record.topic, record.topic),
            "agreement": record.stance is Stance.FAVOR,
            **{name: getattr(record, name) for name in ("attribution", "speaker", *_FLAGS)},
            "confidence": round(record.confidence * 100),
            "record": json.dumps(whole, ensure_ascii=False),
        }

    def _add_value(self, variable: int, value: str | int | bool | None) -> None:
        kind = self.kinds[variable]
        stored: Any = self._entity(variable, str(value or "")) if kind == SHORT_TEXT else value
        if kind == BOOLEAN:
            stored = int(bool(value))
        self.base.execute(
            f"INSERT INTO {TABLES[kind]} VALUES (NULL, ?, ?, ?)",
            (self.statements, variable, encodable(stored) if isinstance(stored, str) else stored),
        )

    def _variable(self, type_: int, name: str, kind: str) -> None:
        id_ = self.variables[type_, name] = len(self.variables) + 1
        self.kinds[id_] = kind
        self._insert("VARIABLES", id_, name, kind, type_)
        if kind == SHORT_TEXT:
            for attribute in ATTRIBUTES:
                self.base.execute("INSERT INTO ATTRIBUTEVARIABLES VALUES (NULL, ?, ?)", (id_, attribute))

    def _entity(self, variable: int, value: str) -> int:
        short = self._short(value)
        if (variable, short) not in self.entities:
            id_ = self.entities[variable, short] = len(self.entities) + 1
            self._insert("ENTITIES", id_, variable, short, 0, 0, 0, None)
            self.base.execute(
                "INSERT INTO ATTRIBUTEVALUES SELECT NULL, ?, ID, '' FROM ATTRIBUTEVARIABLES WHERE VariableId = ?",
                (id_, variable),
            )
        return self.entities[variable, short]

    def _coder(self, name: str) -> int:
        if name not in self.coders:
            id_ = self.coders[name] = len(self.coders) + 1
            row = (id_, self._short(name), 255, 255, 0, 0, 14, hashed(PASSWORD, salt=name), 300, 0, 0, 1)
            self._insert("CODERS", *row, *[1] * len(PERMISSIONS))
            for other in range(1, id_):
                for pair in ((id_, other), (other, id_)):
                    self.base.execute("INSERT INTO CODERRELATIONS VALUES (NULL, ?, ?, 1, 1, 1, 1)", pair)
        return self.coders[name]

    def _short(self, text: str | None) -> str:
        """Return the text as a short one; two that are cut stay two, by a hash at the end."""
        whole = encodable(text or "")
        if len(whole) <= SHORT:
            return whole
        self.cut.add(whole)
        return f"{whole[: SHORT - 12]}… {sha256(whole.encode()).hexdigest()[:10]}"

    def _insert(self, table: str, *values: Any) -> None:
        places = ", ".join("?" * len(values))
        row = [encodable(value) if isinstance(value, str) else value for value in values]
        self.base.execute(f"INSERT INTO {table} VALUES ({places})", row)


_FLAGS = ("hedged", "conditional", "changed")


def hashed(password: str, *, salt: str) -> str:
    """Return a password as DNA stores it: Jasypt's StrongPasswordEncryptor, 100,000 rounds of salted SHA-256."""
    grain = sha256(encodable(salt).encode()).digest()[:16]
    digest = grain + password.encode()
    for _ in range(100_000):
        digest = sha256(digest).digest()
    return b64encode(grain + digest).decode()


def _notes(article: Article) -> str:
    names = ("id", "title", "url", "language", "source")
    return "\n".join(f"{name}: {value}" for name in names if (value := getattr(article, name)))
