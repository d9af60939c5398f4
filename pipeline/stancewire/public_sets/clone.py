"""Reads the files of a clone, and names the file, the line and what was expected where something isn't there."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from stancewire.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a file, or a row of a table, with its place for messages: "train.txt:17"."""

    place: str
    text: str = ""
    cells: Mapping[str, str] | None = None

    def cell(self, name: str) -> str:
        """Return a column's value."""
        return (self.cells or {})[name]


class Clone:
    """The folder that a clone of a set's repository lies in; raises InputError where it is none."""

    def __init__(self, folder: Path, *, repository: str) -> None:
        self.folder, self.repository = folder, repository
        if not folder.is_dir():
            raise InputError(
                f"--from {str(folder)!r}: no such folder; must be a clone of github.com/{repository}"
            )

    def find(self, *names: str) -> Path:
        """Return the first of the files that is there; raises InputError naming all that were expected."""
        for name in names:
            if (self.folder / name).exists():
                return self.folder / name
        expected = " or ".join(names)
        inside = ", ".join(sorted(path.name for path in self.folder.iterdir())[:8]) or "nothing"
        raise InputError(
            f"{self.folder}: no {expected}, as a clone of github.com/{self.repository} has; here is {inside}"
        )

    def has(self, name: str) -> bool:
        """Say whether a file is there."""
        return (self.folder / name).exists()


def read_text(path: Path) -> str:
    """Return a file's text; raises InputError where it is none."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text: {error}") from error
    except OSError as error:
        raise InputError(f"{path}: can't read it: {error.strerror}") from error


def read_lines(path: Path) -> Iterator[Line]:
    """Yield the lines of a file that aren't blank; a line ends at a line feed and nowhere else."""
    for number, text in enumerate(read_text(path).split("\n"), start=1):
        if text.strip():
            yield Line(place=f"{path}:{number}", text=text.removesuffix("\r"))


def read_table(path: Path, columns: Sequence[str], *, delimiter: str = ",") -> Iterator[Line]:
    """Yield the rows of a CSV or TSV file with a header; raises InputError where a column is missing."""
    table = csv.DictReader(StringIO(read_text(path), newline=""), delimiter=delimiter)
    try:
        yield from _rows_of(table, path, columns)
    except csv.Error as error:
        raise InputError(f"{path}:{table.line_num + 1}: no CSV or TSV: {error}") from error


def _rows_of(table: csv.DictReader[str], path: Path, columns: Sequence[str]) -> Iterator[Line]:
    header = table.fieldnames or ()
    if missing := [name for name in columns if name not in header]:
        raise InputError(
            f"{path}: no column {', '.join(map(repr, missing))}; has {', '.join(header) or 'no header'}"
        )
    for row in table:
        place = f"{path}:{table.line_num}"
        if short := [name for name in columns if row[name] is None]:
            raise InputError(f"{place}: the row ends before column {short[0]!r}")
        yield Line(place=place, cells=row)


def read_json(path: Path) -> Any:
    """Return the value of a JSON file; raises InputError where it is none."""
    try:
        return json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON: {error}") from error


def read_json_line(line: Line, keys: Sequence[str]) -> dict[str, Any]:
    """Return a line's object; raises InputError where it is none or has not all the keys."""
    try:
        row = json.loads(line.text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{line.place}: not JSON: {error}") from error
    return checked_keys(row, keys, place=line.place)


def checked_keys(row: Any, keys: Sequence[str], *, place: str) -> dict[str, Any]:
    """Return an object that has all the keys; raises InputError naming those that are missing."""
    if not isinstance(row, dict):
        raise InputError(f"{place}: {type(row).__name__} instead of an object with {', '.join(keys)}")
    if missing := [key for key in keys if key not in row]:
        raise InputError(
            f"{place}: no {', '.join(map(repr, missing))}; has {', '.join(row)}: another version?"
        )
    return row


def unzipped(path: Path, ending: str) -> Iterator[Line]:
    """Yield the lines of the one member of a zip file that ends so."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [
                name
                for name in archive.namelist()
                if name.endswith(ending) and not name.startswith("__MACOSX")
            ]
            if len(names) != 1:
                raise InputError(f"{path}: {len(names)} members end in {ending!r}; must be one")
            text = archive.read(names[0]).decode("utf-8-sig")
    except (zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise InputError(f"{path}: no zip file with UTF-8 text: {error}") from error
    except OSError as error:
        raise InputError(f"{path}: can't read it: {error.strerror or error}") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield Line(place=f"{path}/{names[0]}:{number}", text=line.removesuffix("\r"))


def answer_of(value: str, answers: Mapping[str, str], *, place: str, key: str) -> str:
    """Return our word for a label of the authors'; raises InputError for one that isn't known."""
    if value not in answers:
        raise InputError(f"{place}: {key} is {value!r}; known: {', '.join(map(repr, answers))}")
    return answers[value]
