"""The table that the app asks: the machine's records, and beside them what people made of some, in DuckDB's memory.

DuckDB scans columns, so that any filters can be combined without an index for each. What a page shows is read from the
run's own file (lines.py); this table only finds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from stancewire.counting import Unit, place
from stancewire.desk.counted import Counted, Numbers
from stancewire.errors import ConfigError, InputError
from stancewire.review.reviewed import Reviewed, Status
from stancewire.types import Actor, HolderKind, Stance, StanceRecord

if TYPE_CHECKING:
    import duckdb

TABLE = "records.parquet"
STANCES = (Stance.FAVOR, Stance.AGAINST, Stance.NEUTRAL)
_BETWEEN = "\x1f"  # stands between a holder's name and kind
_BUILD = """
CREATE TABLE raw AS
    SELECT file_row_number::INTEGER AS position, record_id, article_id, outlet, left(published, 10) AS published,
           holder, holder_kind AS kind, holder_mention AS mention, topic, stance, confidence, attribution AS voice,
           hedged, conditional, changed, coalesce(cluster_id, article_id) AS story,
           lower(concat_ws(chr(10), holder, holder_mention, title,
               array_to_string([each.quote FOR each IN evidence], chr(10)))) AS words
    FROM read_parquet(?, file_row_number = true);
CREATE TABLE stories AS SELECT (row_number() OVER (ORDER BY min(position)) - 1)::INTEGER AS code, story AS name
    FROM raw GROUP BY story;
CREATE TABLE findings AS
    SELECT raw.* EXCLUDE (story), NULL::INTEGER AS over, position AS place, 'unreviewed' AS status,
           true AS in_machine, true AS in_merged, false AS in_human
    FROM raw ORDER BY position;
"""
_NUMBERS = f"""
SELECT holder || '{_BETWEEN}' || kind AS holder, topic, stance, published AS day, stories.code AS story, outlet
FROM raw JOIN stories ON stories.name = raw.story ORDER BY position
"""
_TAKE_OUT = """
DELETE FROM findings WHERE NOT in_machine AND (record_id IN (SELECT unnest($ids)) OR over IN (SELECT unnest($places)));
UPDATE findings SET in_merged = true, status = 'unreviewed' WHERE in_machine AND position IN (SELECT unnest($places));
"""
_MARK = """
UPDATE findings SET in_merged = false, status = marks.status FROM marks WHERE in_machine AND position = marks.over
"""
_PUT_IN = """
INSERT INTO findings SELECT position, record_id, article_id, outlet, published, holder, kind, mention, topic, stance,
    confidence, voice, hedged, conditional, changed, lower(words), over, place, status, false, true, true FROM fresh
"""
_RENAME = """
INSERT INTO findings SELECT renamed.position, record_id, article_id, outlet, published, renamed.holder, renamed.kind,
    mention, topic, stance, confidence, voice, hedged, conditional, changed,
    lower(renamed.holder) || substr(words, length(lower(findings.holder)) + 1), renamed.over, place,
    status, false, true, false FROM findings JOIN renamed ON in_machine AND findings.position = renamed.over
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A machine's record in the table: its position, and whom it is about in which words."""

    position: int
    record_id: str
    holder: str
    kind: HolderKind
    mention: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A record that somebody decided on: it stands in for the machine's at `over`, where there is one.

    `place` orders the table: that of the machine's record, or behind all of them.
    """

    over: int | None
    place: int
    reviewed: Reviewed


class Names:
    """Different names, each with a number; names can be added."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.listed = list(names)
        self._numbers = {name: number for number, name in enumerate(self.listed)}

    def number(self, name: str) -> int:
        """Return the number of a name, a new one for a new name."""
        if name not in self._numbers:
            self._numbers[name] = len(self.listed)
            self.listed.append(name)
        return self._numbers[name]


class Findings:
    """The table, and the columns that counting needs; one thread at a time may replace rows while others ask."""

    def __init__(self, folder: Path) -> None:
        self._database = _opened(folder / TABLE)
        with self.cursor() as cursor:
            found = cursor.sql(_NUMBERS).to_arrow_table()
            self._stories = int(_one(cursor, "SELECT count(*) FROM stories"))
            cursor.execute("DROP TABLE raw")
        self.machine_records = found.num_rows
        self.holders, holder = _numbered(found["holder"])
        self.topics, topic = _numbered(found["topic"])
        self.days, day = _numbered(found["day"])
        outlets, outlet = _numbered(found["outlet"])
        self._papers = Names()
        paper_of = np.array(
            [self._papers.number(name.casefold()) for name in (*outlets.listed, "")], dtype=np.int32
        )
        _, stance = _numbered(found["stance"], [each.value for each in STANCES])
        self.counted = Counted(
            {
                "holder": holder,
                "topic": topic,
                "stance": stance,
                "day": day,
                "story": found["story"].to_numpy(),
                "paper": paper_of[outlet],  # -1, no outlet, is the last: ""
                "place": np.arange(found.num_rows),
            }
        )

    def close(self) -> None:
        """Let go of the memory."""
        self._database.close()

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a way to ask, for one thread."""
        cursor = self._database.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def holder_of(self, code: int) -> dict[str, str]:
        """Return name and kind of a holder by its code in the columns."""
        name, _, kind = self.holders.listed[code].rpartition(_BETWEEN)
        return {"holder": name, "kind": kind}

    def places(self, ids: Iterable[str], actors: Iterable[tuple[str, HolderKind]]) -> list[Place]:
        """Return where the machine's records with these ids, or of these holders, are."""
        select = "SELECT position, record_id, holder, kind, mention FROM findings WHERE in_machine AND"
        among = {
            "record_id": list(ids),
            f"holder || '{_BETWEEN}' || kind": [f"{name}{_BETWEEN}{kind.value}" for name, kind in actors],
        }
        found = {}
        with self.cursor() as cursor:
            for what, values in among.items():
                if values:
                    rows = cursor.execute(f"{select} {what} IN (SELECT unnest(?))", (values,)).fetchall()
                    found.update({row[0]: row for row in rows})
        return [
            Place(position=at, record_id=record_id, holder=holder, kind=HolderKind(kind), mention=mention)
            for at, record_id, holder, kind, mention in sorted(found.values())
        ]

    def replace(
        self,
        *,
        ids: Iterable[str],
        places: Sequence[Place],
        reviewed: Sequence[Standing],
        renamed: Sequence[tuple[int, Actor]],
    ) -> None:
        """Take out what stood in for these records, and put in what people say now.

        `renamed` come with the position of the machine's record.
        """
        with self.cursor() as cursor:
            cursor.execute("BEGIN")
            at = {"ids": list(ids), "places": [each.position for each in places]}
            for statement in _TAKE_OUT.strip().split("\n"):
                cursor.execute(statement, {name: at[name] for name in at if f"${name}" in statement})
            self._mark(cursor, reviewed, renamed)
            self._put_in(cursor, [each for each in reviewed if each.reviewed.status is not Status.REJECTED])
            self._rename(cursor, renamed)
            cursor.execute("COMMIT")

    def _mark(
        self,
        cursor: duckdb.DuckDBPyConnection,
        reviewed: Sequence[Standing],
        renamed: Sequence[tuple[int, Actor]],
    ) -> None:
        over = [(each.over, each.reviewed.status.value) for each in reviewed if each.over is not None]
        over += [(at, Status.UNREVIEWED.value) for at, _ in renamed]
        if over:
            _execute(
                cursor, _MARK, marks={"over": [at for at, _ in over], "status": [said for _, said in over]}
            )

    def _put_in(self, cursor: duckdb.DuckDBPyConnection, reviewed: Sequence[Standing]) -> None:
        if not reviewed:
            return
        start = len(self.counted)
        rows = [_row(start + index, each) for index, each in enumerate(reviewed)]
        stories = self._story_codes(cursor, [place(each.reviewed.record, Unit.STORY) for each in reviewed])
        records = [each.reviewed.record for each in reviewed]
        self.counted.extend(
            {
                "holder": _array(self.holders.number(_holder(each)) for each in records),
                "topic": _array(self.topics.number(each.topic) for each in records),
                "stance": _array(STANCES.index(each.stance) for each in records),
                "day": _array(
                    self.days.number(each.published[:10]) if each.published else -1 for each in records
                ),
                "story": _array(stories),
                "paper": _array(self._papers.number(place(each, Unit.OUTLET)) for each in records),
                "place": _array(each.place for each in reviewed),
            }
        )
        _execute(cursor, _PUT_IN, fresh={name: [row[name] for row in rows] for name in rows[0]})

    def _rename(self, cursor: duckdb.DuckDBPyConnection, renamed: Sequence[tuple[int, Actor]]) -> None:
        if not renamed:
            return
        start = len(self.counted)
        over = _array(at for at, _ in renamed)
        codes = _array(self.holders.number(f"{actor.name}{_BETWEEN}{actor.kind}") for _, actor in renamed)
        same = {
            name: self.counted[name][over] for name in ("topic", "stance", "day", "story", "paper", "place")
        }
        self.counted.extend({**same, "holder": codes})
        table = {
            "position": list(range(start, start + len(renamed))),
            "over": over.tolist(),
            "holder": [actor.name for _, actor in renamed],
            "kind": [actor.kind.value for _, actor in renamed],
        }
        _execute(cursor, _RENAME, renamed=table)

    def _story_codes(self, cursor: duckdb.DuckDBPyConnection, names: Sequence[str]) -> list[int]:
        select = "SELECT name, code FROM stories WHERE name IN (SELECT unnest(?))"
        known = dict(cursor.execute(select, (list(set(names)),)).fetchall())
        for name in names:
            if name not in known:
                known[name] = self._stories
                self._stories += 1
                cursor.execute("INSERT INTO stories VALUES (?, ?)", (known[name], name))
        return [known[name] for name in names]


def _opened(path: Path) -> duckdb.DuckDBPyConnection:
    """Return a database in memory with the records of a Parquet file; raises ConfigError, or InputError naming it."""
    try:
        import duckdb
    except ModuleNotFoundError as error:
        raise ConfigError(
            "serve needs DuckDB, which isn't installed: pip install 'stancewire[desk]'"
        ) from error
    if not path.is_file():
        raise InputError(f"{path}: not there; run again to write it anew")
    database = duckdb.connect(":memory:")
    try:
        for statement in _BUILD.split(";"):
            if statement.strip():
                database.execute(statement, (str(path),) if "?" in statement else ())
        database.execute("SET enable_external_access = false")
    except duckdb.Error as error:
        database.close()
        raise InputError(
            f"{path}: no Parquet file of records: {error}; run again to write it anew"
        ) from error
    return database


def _numbered(column: Any, names: Iterable[str] = ()) -> tuple[Names, Numbers]:
    """Return the different values of an Arrow column and each row's number, -1 where there is no value."""
    import pyarrow as pa

    listed = Names(names)
    coded = pa.chunked_array(column).combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.combine_chunks()
    numbers = _array([*(listed.number(name) for name in coded.dictionary.to_pylist()), -1])
    return listed, numbers[coded.indices.fill_null(len(numbers) - 1).to_numpy(zero_copy_only=False)]


def _execute(
    cursor: duckdb.DuckDBPyConnection, statement: str, **tables: Mapping[str, Sequence[Any]]
) -> None:
    """Execute a statement over tables that are given with it."""
    import pyarrow as pa

    for name, columns in tables.items():
        types = dict.fromkeys(("position", "over", "place"), pa.int32())
        arrays = {key: pa.array(values, type=types.get(key)) for key, values in columns.items()}
        cursor.register(name, pa.table(arrays))
    cursor.execute(statement)
    for name in tables:
        cursor.unregister(name)


def _row(position: int, standing: Standing) -> dict[str, Any]:
    record = standing.reviewed.record
    quotes = [evidence.quote for evidence in record.evidence]
    row = {
        "position": position,
        "record_id": record.record_id,
        "article_id": record.article_id,
        "outlet": record.outlet,
        "published": record.published[:10] if record.published else None,
        "holder": record.holder,
        "kind": record.holder_kind.value,
        "mention": record.holder_mention,
        "topic": record.topic,
        "stance": record.stance.value,
        "confidence": record.confidence,
        "voice": record.attribution.value,
        "hedged": record.hedged,
        "conditional": record.conditional,
        "changed": record.changed,
        "words": "\n".join([record.holder, record.holder_mention, *filter(None, [record.title]), *quotes]),
        "over": standing.over,
        "place": standing.place,
        "status": standing.reviewed.status.value,
    }
    return {name: _encodable(value) for name, value in row.items()}


def _encodable(value: Any) -> Any:
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def _holder(record: StanceRecord) -> str:
    return f"{_encodable(record.holder)}{_BETWEEN}{record.holder_kind.value}"


def _array(values: Iterable[int]) -> Numbers:
    return np.fromiter(values, dtype=np.int32)


def _one(cursor: duckdb.DuckDBPyConnection, statement: str) -> Any:
    row = cursor.execute(statement).fetchone()
    return row[0] if row else None
