"""Inputs as a user names them, to the articles in them: which files, which reader, and each article once."""

from __future__ import annotations

import glob
import importlib
import os
import socket
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO

from stancewire.errors import InputError
from stancewire.readers.articles import on_one_line, text_digest
from stancewire.readers.changes import state_of, what_changed
from stancewire.readers.columns import DEFAULT_COLUMNS, Columns
from stancewire.stages import Reader
from stancewire.types import Article, Outcome, Shard, Skip

READERS: dict[str, str] = {
    ".txt": "stancewire.readers.text:TextReader",
    ".txt.gz": "stancewire.readers.text:TextReader",
    ".html": "stancewire.readers.html:HtmlReader",
    ".html.gz": "stancewire.readers.html:HtmlReader",
    ".htm": "stancewire.readers.html:HtmlReader",
    ".htm.gz": "stancewire.readers.html:HtmlReader",
    ".jsonl": "stancewire.readers.jsonl:JsonLinesReader",
    ".jsonl.gz": "stancewire.readers.jsonl:JsonLinesReader",
    ".ndjson": "stancewire.readers.jsonl:JsonLinesReader",
    ".ndjson.gz": "stancewire.readers.jsonl:JsonLinesReader",
    ".csv": "stancewire.readers.csv:CsvReader",
    ".csv.gz": "stancewire.readers.csv:CsvReader",
    ".tsv": "stancewire.readers.csv:CsvReader",
    ".tsv.gz": "stancewire.readers.csv:CsvReader",
    ".parquet": "stancewire.readers.parquet:ParquetReader",
    ".warc": "stancewire.readers.warc:WarcReader",
    ".warc.gz": "stancewire.readers.warc:WarcReader",
    ".arc": "stancewire.readers.warc:WarcReader",
    ".arc.gz": "stancewire.readers.warc:WarcReader",
}
STANDARD_INPUT = "-"
# Rows of a shard: sixteen batches, some tens of seconds of work, so that a lost machine costs no more. Of a group of a
# million rows half is decoded for each on average: 500,000 rows, some 3 s beside a minute of work (arithmetic).
SHARD_ROWS = 1024
_LINKED = "a link to a folder, which may lead in circles; name it to read it"


def read_articles(
    inputs: Sequence[str],
    *,
    columns: Columns = DEFAULT_COLUMNS,
    stdin: IO[bytes] | None = None,
    is_unique: bool = True,
    left_out: Collection[Path] = (),
) -> Iterator[Article | Skip]:
    """Yield every article of the inputs once, in order, and a Skip for everything that isn't one.

    An input is a file, a folder (read whole: its files by name, then its folders by name), a glob, or "-"
    for JSON lines on `stdin` (default: the process's own). Nothing raises: a path that isn't there, a file
    that no reader knows and an article that can't be read each become a Skip, and the rest goes on. So does a file
    that changed while it was read, after what was read of it, and one that came while its folder was read.

    `is_unique` False leaves it to the caller to see which articles have the same id. The files and folders `left_out`,
    which a run writes to, are not read where they lie in an input.
    """
    first_seen = _FirstSeen()
    for found in read_pieces(inputs, columns=columns, stdin=stdin, left_out=left_out):
        assert not isinstance(found, Shard), "nothing is cut unless that is asked for"
        yield first_seen.check(found) if is_unique and isinstance(found, Article) else found


def read_pieces(
    inputs: Sequence[str],
    *,
    columns: Columns = DEFAULT_COLUMNS,
    stdin: IO[bytes] | None = None,
    left_out: Collection[Path] = (),
    is_cut: Callable[[Path], bool] = lambda path: False,
) -> Iterator[Article | Skip | Shard]:
    """Yield what read_articles does, several articles of one id too; of Parquet files that are cut, shards to read."""
    paths = _Paths(
        columns=columns, stdin=stdin, own=frozenset(map(os.path.realpath, left_out)), is_cut=is_cut
    )
    for found in paths.read(inputs):
        yield found if isinstance(found, Shard) else _on_one_line(found)


def read_shard(shard: Shard) -> Iterator[Article | Skip]:
    """Yield what is in a shard, on a machine that sees its file; and a Skip where that changed since it was cut.

    Raises InputError where the file isn't there.
    """
    path = Path(shard.path)
    before = state_of(path)
    if before is None:
        said = "can't be seen from here, but from the machine that drives the run; mount it on all of them"
        raise InputError(f"{socket.gethostname()}: {path}: {said}", reason="missing")
    then = replace(before, size=shard.size, modified=shard.modified)
    yield from map(_on_one_line, _read_stretch(shard, path))
    if change := what_changed(then, state_of(path)):
        yield _on_one_line(_changed(f"{shard.source}:{shard.first + shard.offset}", change))


def _read_stretch(shard: Shard, path: Path) -> Iterator[Article | Skip]:
    from stancewire.readers.parquet import ParquetReader, Stretch

    stretch = Stretch(group=shard.group, first=shard.first, offset=shard.offset, rows=shard.rows)
    reader = ParquetReader(columns=Columns(**shard.columns))
    return reader.read_stretch(path, stretch, source=shard.source)


def reader_for(path: Path, *, columns: Columns = DEFAULT_COLUMNS) -> Reader | None:
    """Return a reader for a file by the ending of its name, or None if no reader knows it."""
    place = READERS.get(ending_of(path))
    if place is None:
        return None
    module, _, name = place.partition(":")
    reader: Reader = getattr(importlib.import_module(module), name)(columns=columns)
    return reader


def ending_of(path: Path) -> str:
    """Return the ending that tells a file's format, in small letters: ".jsonl.gz" of "A.b.JSONL.gz"."""
    endings = [ending.casefold() for ending in path.suffixes]
    return "".join(endings[-2:] if endings[-1:] == [".gz"] else endings[-1:])


def _on_one_line(found: Article | Skip) -> Article | Skip:
    """Return what was found, what is said of it as one line that can be written: a file's name may be any bytes."""
    source = on_one_line(found.source)
    if isinstance(found, Skip):
        return replace(found, source=source, detail=on_one_line(found.detail))
    return found if source == found.source else replace(found, source=source)


@dataclass(kw_only=True)
class _Paths:
    """Reads inputs one after another, no file twice."""

    columns: Columns
    stdin: IO[bytes] | None
    own: frozenset[str]  # what the run itself writes
    is_cut: Callable[[Path], bool]
    _read: set[str] = field(default_factory=set)

    def read(self, inputs: Sequence[str]) -> Iterator[Article | Skip | Shard]:
        """Yield what is in the inputs."""
        for given in inputs:
            if given == STANDARD_INPUT:
                yield from _read_standard_input(self.stdin or sys.stdin.buffer, columns=self.columns)
                continue
            for found in _find(given, self.own):
                yield from [found] if isinstance(found, Skip) else self._read_once(found)

    def _read_once(self, path: Path) -> Iterator[Article | Skip | Shard]:
        real = os.path.realpath(path)
        if real in self.own:
            yield _own(path)
        elif real in self._read:
            yield _left_out(str(path), "duplicate-input", "named twice; read the first time")
        else:
            self._read.add(real)
            yield from self._shards(path) or _read_file(path, columns=self.columns)

    def _shards(self, path: Path) -> list[Shard]:
        """Return the shards of a file that is to be cut; none where it isn't, or is damaged, which reading tells."""
        if ending_of(path) != ".parquet" or not self.is_cut(path):
            return []
        from stancewire.readers.parquet import ParquetReader

        state = state_of(path)
        try:
            stretches = ParquetReader(columns=self.columns).cut(path, rows=SHARD_ROWS)
        except InputError:
            return []
        return [
            Shard(
                source=str(path),
                path=os.path.abspath(path),
                **asdict(stretch),
                size=state.size,
                modified=state.modified,
                columns=asdict(self.columns),
            )
            for stretch in stretches
            if state
        ]


def _read_standard_input(stream: IO[bytes], *, columns: Columns) -> Iterator[Article | Skip]:
    from stancewire.readers.jsonl import JsonLinesReader

    yield from JsonLinesReader(columns=columns).read_stream(stream, source="stdin")


def _read_file(path: Path, *, columns: Columns) -> Iterator[Article | Skip]:
    reader = reader_for(path, columns=columns)
    if reader is None:
        yield _failed(str(path), "unknown-ending", f"no reader for {ending_of(path)!r}; known: {_known()}")
        return
    before = state_of(path)
    yield from reader.read(path)
    if before and (change := what_changed(before, state_of(path))):
        yield _changed(str(path), change)


def _changed(source: str, change: str) -> Skip:
    return _failed(source, "changed", f"was {change} while it was read; run again when nothing writes to it")


def _find(given: str, own: Collection[str]) -> Iterator[Path | Skip]:
    """Yield the files that an input means, and a Skip for each that is left out or can't be found."""
    path = Path(given)
    # os.path's questions are answered no where Path's raise: a name that is too long, a folder that is closed.
    if os.path.isdir(path):
        yield from _find_in_folder(path, own)
    elif os.path.lexists(path) or not glob.has_magic(given) or "\0" in given:
        yield path if os.path.exists(path) else _missing(path)
    else:
        hits = sorted(glob.glob(given, recursive=True))
        if not hits:
            yield _failed(
                given, "no-match", "hits nothing; must be a glob that hits files, such as news/**/*.txt"
            )
        for hit in map(Path, hits):
            yield from _find_in_folder(hit, own) if os.path.isdir(hit) else _wanted(hit)


def _find_in_folder(folder: Path, own: Collection[str]) -> Iterator[Path | Skip]:
    is_empty = True
    problems: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=problems.append):
        hidden = [name for name in folders if name.startswith(".")]
        yield from (_left_out(str(Path(place, name)), "hidden", "a hidden folder") for name in sorted(hidden))
        written = [name for name in folders if own and os.path.realpath(Path(place, name)) in own]
        yield from (_own(Path(place, name)) for name in written)
        linked = [
            name for name in folders if os.path.islink(Path(place, name)) and name not in {*hidden, *written}
        ]
        yield from (_left_out(str(Path(place, name)), "link", _LINKED) for name in sorted(linked))
        folders[:] = sorted(set(folders) - {*hidden, *written, *linked})
        for name in sorted(files):
            for found in _wanted(Path(place, name)):
                is_empty = is_empty and (isinstance(found, Skip) or os.path.realpath(found) in own)
                yield found
        for path in _come_since(place, {*folders, *hidden, *written, *linked, *files}):
            yield _left_out(
                str(path), "came-later", "it came while its folder was read; the next run reads it"
            )
    for problem in problems:
        yield _failed(str(problem.filename), "unreadable", f"can't be read ({problem.strerror})")
    if is_empty and not problems:
        yield _failed(str(folder), "empty-folder", f"no file here can be read; known: {_known()}")


def _come_since(place: str, known: Collection[str]) -> list[Path]:
    """Return what a folder has now that would have been read, or walked, had it been there when it was listed."""
    try:
        names = sorted(set(os.listdir(place)) - set(known))
    except OSError:  # it is gone; its files were read or are named as missing
        return []
    paths = [Path(place, name) for name in names if not name.startswith(".")]
    return [path for path in paths if os.path.isdir(path) or ending_of(path) in READERS]


def _wanted(path: Path) -> Iterator[Path | Skip]:
    """Yield a file that was come upon, not named: one that no reader knows is left out and is no failure."""
    if path.name.startswith("."):
        yield _left_out(str(path), "hidden", "a hidden file")
    elif not os.path.exists(path):
        yield _missing(path)
    elif not os.path.isfile(path):
        yield _left_out(str(path), "no-file", "a pipe, socket or device; name it to read it")
    elif ending_of(path) not in READERS:
        yield _left_out(str(path), "unknown-ending", f"no reader for {ending_of(path)!r}; known: {_known()}")
    else:
        yield path


def _own(path: Path) -> Skip:
    return _left_out(str(path), "output", "what this run writes")


def _missing(path: Path) -> Skip:
    try:
        path.stat()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        if isinstance(error, PermissionError):
            return _failed(str(path), "unreadable", f"can't be read ({error.strerror})")
    return _failed(str(path), "missing", "no such file or folder; must be a file, a folder, a glob or -")


def _known() -> str:
    return ", ".join(ending for ending in READERS if not ending.endswith(".gz"))


def _failed(source: str, reason: str, said: str) -> Skip:
    return Skip(source=source, reason=reason, detail=f"{source}: {said}", outcome=Outcome.FAILED)


def _left_out(source: str, reason: str, said: str, *, article_id: str | None = None) -> Skip:
    detail = f"{source}: left out: {said}"
    return Skip(source=source, reason=reason, detail=detail, outcome=Outcome.SKIPPED, article_id=article_id)


class _FirstSeen:
    """Remembers each article id with the hash of its text and where it was; about 275 bytes an article."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[bytes, str]] = {}

    def check(self, article: Article) -> Article | Skip:
        """Return the article if its id is new, else a Skip: failed if the text is another one."""
        digest = text_digest(article.text)[:8]
        known = self._seen.setdefault(article.id, (digest, article.source))
        if known[1] == article.source:
            return article
        if known[0] == digest:
            said = f"the same id and text as {known[1]}"
            return _left_out(article.source, "duplicate", said, article_id=article.id)
        said = f"id {article.id!r} is that of another text, {known[1]}; ids must be unique"
        failed = _failed(article.source, "duplicate-id", said)
        return Skip(source=failed.source, reason=failed.reason, detail=failed.detail, article_id=article.id)
