"""Opens the run's SQLite file, whose tables are here, and says what would help where it can't be used."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path

from stancewire.errors import StancewireError
from stancewire.store import sqlite_files
from stancewire.store.sqlite_files import open_file

FILE = "run.sqlite"
SCHEMA = 2  # raise it with the tables, and with what packing.py and recall.py put into them
TABLES = """
CREATE TABLE facts (            -- what the latest run was set to do, and when it was seen alive
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE entries (          -- the latest run's input, one row an article or a thing that isn't one
    place TEXT NOT NULL,        -- sorts as the source does, numbers by size
    source TEXT NOT NULL,
    article_id TEXT,
    digest BLOB,                -- of the text
    result BLOB,                -- key in results; null: a skip, and the next three columns say why
    outcome TEXT,
    reason TEXT,
    detail TEXT,
    origins INTEGER             -- number in origins; null: a skip
);
CREATE INDEX entries_by_place ON entries (place);
CREATE INDEX entries_by_article ON entries (article_id, place);
CREATE TABLE origins (          -- where metadata come from; articles of one kind share a row
    number INTEGER PRIMARY KEY,
    said TEXT NOT NULL UNIQUE   -- JSON: field -> origin
);
CREATE TABLE results (          -- what came of an article, for as long as nothing that made it changes
    key BLOB PRIMARY KEY,       -- of everything about the article but its source
    made_by TEXT NOT NULL,      -- the run_id: a hash of code, models, codebook and settings
    outcome TEXT NOT NULL,
    reason TEXT,
    detail TEXT,
    counts TEXT NOT NULL,       -- JSON: questions, and what was left out
    is_language_detected INTEGER NOT NULL,
    record_count INTEGER NOT NULL,
    records BLOB,
    sketch BLOB,                -- for finding copies; like the article itself only where there are records
    article BLOB
);
CREATE TABLE readings (         -- sentences, mentions and attributions: costly, and the same for every codebook
    key BLOB PRIMARY KEY,
    made_by BLOB NOT NULL,      -- a hash of code, recognizer, attributor and actors
    reading BLOB NOT NULL
);
CREATE TABLE answers (          -- the classifier's: four probabilities, and the window that gave them
    key BLOB PRIMARY KEY,
    made_by BLOB NOT NULL,      -- a hash of code and classifier
    weights BLOB NOT NULL
) WITHOUT ROWID;
"""


def connect(folder: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Return a connection to the store in `folder`, made anew where there is none unless `read_only`.

    Raises StancewireError naming the file where it can't be opened, is no store, or is one of another version.
    """
    path = folder / FILE
    with named(path):
        connection = open_file(path, read_only=read_only)
        try:
            _prepare(connection, path, read_only=read_only)
        except BaseException:
            connection.close()
            raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    is_new = found == 0 and not connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    if found != SCHEMA and (read_only or not is_new):
        raise StancewireError(
            f"{path}: a store of version {found}, must be {SCHEMA}; choose another --out, or delete {FILE}* and run"
            " again"
        )
    if is_new:  # before there is anything in the file, or never
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    if not read_only:
        # A killed process loses nothing; after a power cut the last transactions may be missing, and are made again.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
    if is_new:
        connection.executescript(f"BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {SCHEMA}; COMMIT;")


def named(path: Path) -> AbstractContextManager[None]:
    """Where SQLite refuses inside, raise an error that names the file and says what would help."""
    return sqlite_files.named(path, _remedy)


def _remedy(said: str) -> str:
    if "full" in said or "I/O" in said:
        return "make room; the same command goes on where this one stopped"
    if "readonly" in said or "unable to open" in said:
        return "choose a folder that can be written"
    if "malformed" in said or "not a database" in said:
        return f"damaged, or not a store: delete {FILE}* and run again"
    return "is another program holding it?"
