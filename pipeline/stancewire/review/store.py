"""The file that decisions are kept in: review.sqlite beside the run's own store, added to and never changed.

SQLite, as for the run: several processes may write, and what was acknowledged survives a killed process and, with full
synchronisation, a power cut.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from stancewire.errors import InputError
from stancewire.review.coding import decode, encode
from stancewire.review.decisions import Decision, kind_of, subject_of
from stancewire.review.history import History
from stancewire.store import sqlite_files
from stancewire.store.sqlite_files import open_file

FILE = "review.sqlite"
SCHEMA = 1  # raise it with the table and with what coding.py puts into it, and migrate older ones
_APPLICATION = 0x53574456  # "SWDV": tells another program's file of the same name
_TABLES = """
CREATE TABLE decisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,      -- the record or actor it is about
    base INTEGER NOT NULL,      -- the last decision on the subject that the person had seen
    person TEXT NOT NULL,
    at TEXT NOT NULL,
    body TEXT NOT NULL          -- JSON: what was decided, with the whole record
);
CREATE INDEX decisions_by_subject ON decisions (subject, number);
CREATE TRIGGER decisions_stay BEFORE UPDATE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions are only ever added'); END;
CREATE TRIGGER decisions_remain BEFORE DELETE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions are only ever added'); END;
"""
_COLUMNS = "number, kind, subject, base, person, at, body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Why a decision was not taken: others, newer than the one it was based on, came first."""

    since: tuple[Decision, ...]


class ReviewStore:
    """The decisions on the run in `folder`; threads, and other processes, may use it at once."""

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self.path = folder / FILE
        # Who reads doesn't wait until a decision is on the disk, which takes a busy one a tenth of a second.
        self._writing, self._reading = Lock(), Lock()
        with ExitStack() as opened:
            self._writer = opened.enter_context(closing(_open(self.path, read_only=read_only)))
            self._reader = opened.enter_context(closing(_open(self.path, read_only=True)))
            opened.pop_all()  # open until close()

    def close(self) -> None:
        """Let go of the file."""
        with self._writing, self._reading:
            self._reader.close()
            self._writer.close()

    def append(self, decision: Decision) -> Decision | Conflict:
        """Keep a decision and return it with its number, on disk by then; or say who decided meanwhile.

        Raises InputError where it is an undo of something that doesn't stand, or based on a decision that isn't there.
        """
        subject = subject_of(decision)
        with self._transaction():
            last = _last(self._writer)
            if decision.base > last:  # or it would be taken whatever others decide until then
                said = f"the last decision is {last}, nobody has seen a later one; reload and decide again"
                raise InputError(f"base: {decision.base}; {said}", reason="bad body")
            earlier = list(self._read(self._writer, "WHERE subject = ?", subject))
            since = tuple(each for each in earlier if each.number > decision.base)
            if since:
                return Conflict(since=since)
            number = last + 1
            numbered = replace(decision, number=number)
            History(earlier).add(numbered)  # refuses an undo of what doesn't stand
            self._writer.execute(
                f"INSERT INTO decisions ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    number,
                    kind_of(decision),
                    subject,
                    decision.base,
                    decision.by,
                    decision.at,
                    encode(decision),
                ),
            )
        return numbered

    def decisions(self, *, after: int = 0) -> list[Decision]:
        """Return the decisions with numbers above `after`, in order."""
        with self._reading, named(self.path):
            return list(self._read(self._reader, "WHERE number > ?", after))

    def on(self, subject: str) -> list[Decision]:
        """Return the decisions on one record or actor, undone ones and undos included, in order."""
        with self._reading, named(self.path):
            return list(self._read(self._reader, "WHERE subject = ?", subject))

    def newest(self, number: int) -> list[Decision]:
        """Return the newest decisions, newest first."""
        with self._reading, named(self.path):
            newest = list(
                self._read(self._reader, "WHERE number > (SELECT MAX(number) FROM decisions) - ?", number)
            )
        return newest[::-1]

    def last(self) -> int:
        """Return the number of the last decision; 0 where there is none."""
        with self._reading, named(self.path):
            return _last(self._reader)

    def decision(self, number: int) -> Decision | None:
        """Return one decision."""
        with self._reading, named(self.path):
            return next(self._read(self._reader, "WHERE number = ?", number), None)

    def _read(self, connection: sqlite3.Connection, where: str, value: object) -> Iterator[Decision]:
        rows = connection.execute(f"SELECT {_COLUMNS} FROM decisions {where} ORDER BY number", (value,))
        for number, kind, subject, base, by, at, body in rows:
            place = f"{self.path}: decision {number}"
            yield decode(body, kind, subject, number=number, base=base, by=by, at=at, place=place)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._writing, named(self.path):
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")


def _last(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT COALESCE(MAX(number), 0) FROM decisions").fetchone()[0])


def read_history(folder: Path) -> History:
    """Return what people decided on the run in `folder`; nothing where nobody has reviewed it."""
    if not (folder / FILE).is_file():
        return History()
    store = ReviewStore(folder, read_only=True)
    try:
        return History(store.decisions())
    finally:
        store.close()


def named(path: Path) -> AbstractContextManager[None]:
    """Where SQLite refuses inside, raise an error that names the file and says what would help."""
    return sqlite_files.named(path, _remedy)


def _open(path: Path, *, read_only: bool) -> sqlite3.Connection:
    with named(path):
        connection = open_file(path, read_only=read_only, any_thread=True)
        try:
            _prepare(connection, path, read_only=read_only)
        except BaseException:
            connection.close()
            raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
    if read_only or not _is_empty(connection):
        _check(connection, path)  # before anything is written into a file that isn't ours
    if read_only:
        return
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN IMMEDIATE")  # or two that find no table would both make it
    if _is_empty(connection):
        for statement in (f"PRAGMA application_id = {_APPLICATION}", f"PRAGMA user_version = {SCHEMA}"):
            connection.execute(statement)
        for statement in _statements(_TABLES):
            connection.execute(statement)
    _check(connection, path)
    connection.execute("COMMIT")


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Raise InputError where the file isn't ours, or of another version."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != _APPLICATION:
        raise InputError(f"{path}: no file of decisions; move it away, it isn't touched")
    if version != SCHEMA:
        raise InputError(
            f"{path}: decisions of version {version}, must be {SCHEMA}; use the stancewire that wrote them"
        )


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one: executescript would commit what is begun."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _remedy(said: str) -> str:
    if "full" in said or "I/O" in said:
        return "make room and repeat the decision, it was not taken"
    if "readonly" in said or "unable to open" in said:
        return "make the folder writable to review"
    if "malformed" in said or "not a database" in said:
        return "damaged: put a backup in its place, or move it away to begin anew"
    return "is another program holding it? The decision was not taken; repeat it"
