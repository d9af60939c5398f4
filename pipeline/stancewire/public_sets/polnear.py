"""PolNeAR (Newell, Margolin and Ruths 2018): who says what in whole news articles, in brat's standoff format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from stancewire.errors import InputError
from stancewire.public_sets.clone import Clone, Line, read_lines, read_text
from stancewire.public_sets.converted import Converted, Row

_NAME = re.compile(r"(?P<outlet>[^_]+)_(?P<date>\d{4}-\d\d-\d\d)_.+")
_SPAN = re.compile(r"(?P<id>T\d+)\t(?P<kind>\S+) (?P<places>\d+ \d+(?:;\d+ \d+)*)\t.*")
_PARTS = {"Source": "source", "Cue": "cue", "Content": "content"}
Spans = dict[str, list[list[int]]]


def convert_polnear(clone: Clone, part: str) -> Converted:
    """Return a row an article, with the attributions of each annotator."""
    folder = clone.find(f"data/{part}/text")
    attributions = clone.find(f"data/{part}/attributions")
    by_article: dict[str, list[Path]] = {}
    for path in sorted(attributions.glob("*.ann")):
        by_article.setdefault(path.stem.rpartition("_")[0], []).append(path)
    texts = sorted(folder.glob("*.txt"))
    if not texts:
        raise InputError(f"{folder}: no .txt; each article of PolNeAR is one")
    if strange := sorted(set(by_article) - {path.stem for path in texts}):
        raise InputError(f"{by_article[strange[0]][0]}: its article {folder / strange[0]}.txt isn't there")
    return Converted(rows=[_article(path, by_article.get(path.stem, [])) for path in texts])


def _article(path: Path, annotations: list[Path]) -> Row:
    name = _NAME.fullmatch(path.stem)
    if name is None:
        raise InputError(f"{path}: must be named OUTLET_YYYY-MM-DD_TITLE.txt")
    text = read_text(path)
    return {
        "id": path.stem,
        "outlet": name["outlet"],
        "date": name["date"],
        "text": text,
        "annotations": {one.stem.rpartition("_")[2]: list(_relations(one, text)) for one in annotations},
    }


def _relations(path: Path, text: str) -> Iterator[Spans]:
    """Yield the attributions of an .ann file: each event joins a source, a cue and a content; each may be missing."""
    spans: dict[str, tuple[str, list[list[int]]]] = {}
    events: list[Line] = []
    for line in read_lines(path):
        if line.text.startswith("T"):
            name, kind, places = _span(line, text)
            spans[name] = (kind, places)
        elif line.text.startswith("E"):
            events.append(line)
    for event in events:
        yield _joined(event, spans)


def _span(line: Line, text: str) -> tuple[str, str, list[list[int]]]:
    found = _SPAN.fullmatch(line.text)
    if found is None:
        said = line.text[:60]
        raise InputError(
            f"{line.place}: {said!r} is no text-bound annotation of brat, as T1<tab>Cue 5 9<tab>said is"
        )
    places = [[int(place) for place in piece.split()] for piece in found["places"].split(";")]
    if not all(0 <= start < end <= len(text) for start, end in places):
        raise InputError(f"{line.place}: {found['places']!r} is no span of a text of {len(text)} characters")
    return found["id"], found["kind"], places


def _joined(event: Line, spans: dict[str, tuple[str, list[list[int]]]]) -> Spans:
    parts: Spans = {"source": [], "cue": [], "content": []}
    arguments = event.text.partition("\t")[2].split()
    for argument in arguments[1:]:
        role, _, name = argument.partition(":")
        part = _PARTS.get(role.rstrip("0123456789"))
        if part is None:
            raise InputError(f"{event.place}: role {role!r}; known: {', '.join(_PARTS)}")
        if name not in spans:
            raise InputError(f"{event.place}: no annotation {name!r} in this file")
        parts[part] += spans[name][1]
    return {part: sorted(places) for part, places in parts.items()}
