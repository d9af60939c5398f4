"""Own annotations as training rows: what `classify` takes with the right answer added, or what coders made."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stancewire.classify import query_of
from stancewire.coding.sheet import read_sheet, read_sheet_text
from stancewire.errors import InputError
from stancewire.evaluation.rows import Row, read_rows
from stancewire.stance.calibration import ANSWERS
from stancewire.stance.pairs import StanceQuery
from stancewire.training.rows import TrainingRow, one_hot
from stancewire.types import Codebook, Span, Stance

LABEL_KEYS = ("gold", "label", "stance")  # `classify` writes its own answer under the last
_DELIMITERS = ",;\t"
_LETTER = re.compile(r"[A-Za-z0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated:
    """One question with the answer that somebody gave.

    `text` is what it was asked of, whole: a split never has it on both sides. `topic` is as the file has it. `where`
    names the row for messages.
    """

    query: StanceQuery
    stance: Stance
    text: str
    topic: str
    where: str

    def training_row(self) -> TrainingRow:
        """Return it as a model is taught."""
        return TrainingRow(query=self.query, target=one_hot(self.stance.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatedFile:
    """What one file or folder holds; `sha256` is of the file, of a folder of the rows that were made of it."""

    path: str
    sha256: str
    rows: tuple[Annotated, ...]
    notes: tuple[str, ...] = ()


def read_question_rows(path: Path, codebook: Codebook | None) -> AnnotatedFile:
    """Read rows of text, holder, start, end, topic and stance, as JSON lines or CSV (commas, semicolons or tabs).

    Raises InputError naming file and line for what can't be asked, an answer outside the scheme, a topic outside the
    codebook where there is one, and a mention that cuts a word or isn't what the row says it is.
    """
    is_table = path.suffix.casefold() in (".csv", ".tsv")
    rows = list(_table_rows(path) if is_table else read_rows(path))
    claims = claims_of(codebook)
    found = tuple(_annotated(row, claims) for row in rows)
    answered = sum("p" in row.values and label_key(row) == "stance" for row in rows)
    notes = (
        (
            f"{answered} rows have a model's probabilities beside their stance; only what people checked teaches",
        )
        if answered
        else ()
    )
    return AnnotatedFile(path=str(path), sha256=sha256_of(path), rows=found, notes=notes)


def is_question_table(path: Path) -> bool:
    """Say whether a CSV has questions (a column "text") and not a coder's records, which name their article."""
    first = read_sheet_text(path).partition("\n")[0].strip("\r\ufeff ")
    names = next(csv.reader([first], delimiter=max(_DELIMITERS, key=first.count)), [])
    return "text" in names and "article_id" not in names


def claims_of(codebook: Codebook | None) -> Mapping[str, str] | None:
    """Return a codebook's claims by their topics' ids and by themselves."""
    if codebook is None:
        return None
    return {**{topic.claim: topic.claim for topic in codebook.topics}} | {
        topic.id: topic.claim for topic in codebook.topics
    }


def check_mention(text: str, mention: Span | None, words: object, *, where: str) -> None:
    """Raise InputError for a mention that begins or ends inside a word, or isn't the `words` that it should be."""
    if mention is None:
        return
    found = mention.of(text)
    if isinstance(words, str) and words != found:
        raise InputError(
            f"{where}: the text has {found!r} at {mention.start} to {mention.end}, 'mention' says {words!r};"
            " offsets count characters from 0, and end is behind the last"
        )
    if _is_inside(text, mention.start) or _is_inside(text, mention.end):
        raise InputError(
            f"{where}: start {mention.start}, end {mention.end} cut a word ({found!r});"
            " offsets count characters from 0, not bytes, and end is behind the last"
        )


def same_questions(rows: Iterable[Annotated]) -> list[TrainingRow]:
    """Return a training row for each question; one that was answered several times has the share of each answer."""
    answers: dict[StanceQuery, list[Stance]] = {}
    for row in rows:
        answers.setdefault(row.query, []).append(row.stance)
    made = []
    for query, given in answers.items():
        favor, against, neutral, none = (given.count(Stance(answer)) / len(given) for answer in ANSWERS)
        made.append(TrainingRow(query=query, target=(favor, against, neutral, none)))
    return made


def label_key(row: Row) -> str:
    """Return the key under which a row has its right answer."""
    return next((key for key in LABEL_KEYS if row.values.get(key) is not None), LABEL_KEYS[-1])


def sha256_of(path: Path) -> str:
    """Return a file's sha256 as hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digest_of(rows: Sequence[Annotated]) -> str:
    """Return the sha256 of rows that come from no single file."""
    said = [
        [row.query.text, row.query.topic, row.query.holder, str(row.query.mention), row.stance.value]
        for row in rows
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()


def _annotated(row: Row, claims: Mapping[str, str] | None) -> Annotated:
    if "error" in row.values:
        raise InputError(
            f"{row.where}: carries an error, {row.values['error']!r}; mend the row or take it out"
        )
    query = query_of(dict(row.values), row.where)
    check_mention(query.text, query.mention, row.values.get("mention"), where=row.where)
    topic = query.topic
    if claims is not None:
        if topic.strip() not in claims:
            raise InputError(
                f"{row.where}: topic {topic!r} is not in the codebook; known: {', '.join(sorted(claims))}"
            )
        query = replace(query, topic=claims[topic.strip()])
    return Annotated(query=query, stance=_stance(row), text=query.text, topic=topic, where=row.where)


def _stance(row: Row) -> Stance:
    """Return a row's answer, in any case; raises InputError naming what it is and what it may be."""
    key = label_key(row)
    given = row.values.get(key)
    word = given.strip().casefold() if isinstance(given, str) else None
    if word not in ANSWERS:
        raise row.complaint(key, f"one of {', '.join(ANSWERS)} (a row that nobody coded must go)")
    return Stance(word)


def _table_rows(path: Path) -> Iterator[Row]:
    for row in read_sheet(path, ("text", "topic")):
        yield replace(row, values={**row.values, **_offsets(row.values, row.where)})


def _offsets(values: Mapping[str, Any], where: str) -> dict[str, int]:
    found = {}
    for key in ("start", "end"):
        if key in values:
            digits = str(values[key]).strip()
            if not (digits.isascii() and digits.isdigit()):
                raise InputError(f"{where}: {key!r} is {values[key]!r}; it must be a number of characters")
            found[key] = int(digits)
    return found


def _is_inside(text: str, place: int) -> bool:
    """Say whether a place is between two characters of one word; only of scripts that part words by blanks."""
    return 0 < place < len(text) and bool(_LETTER.match(text[place - 1]) and _LETTER.match(text[place]))
