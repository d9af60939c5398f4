"""Codebooks: which topics are asked about, and what is doubtful about a codebook before it is used."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from stancewire.errors import ConfigError
from stancewire.terms import anchor, check_term, compile_term, compile_terms
from stancewire.types import Codebook, Topic

__all__ = ["Level", "Remark", "check_codebook", "compile_terms", "load_codebook"]

_CODEBOOK_KEYS = ("id", "version")
_TOPIC_KEYS = ("id", "name", "claim", "opposite", "terms", "nouns", "notes", "paraphrases")
_NO_ANSWER_HANGS_ON = "paraphrases"  # stancewire.wordings reads them, a run never does

# A share of texts says nothing when there are only a few of them.
_FEWEST_TEXTS = 10
_BROAD_SHARE = 0.5

# Enough to tell "Afghanistan should become federal." from "federalism"; elsewhere the full stop tells.
_FINITE_VERB = re.compile(
    r"\b(should|must|ought|shall|will|would|can|could|may|might|cannot|is|are|was|were|am|be|has|have|had|"
    r"do|does|did|needs?|deserves?|\w+n['\u2019]t)\b",
    re.IGNORECASE,
)
_SENTENCE_END = (".", "!", "?", "\u06d4", "\u061f", "\u3002")


class Level(StrEnum):
    """How bad a remark is: an error spoils the codebook, a warning a topic, a hint is worth a look."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something doubtful in a codebook; `topic` is the id of the topic that it is about."""

    level: Level
    topic: str
    message: str


def load_codebook(path: Path | str) -> Codebook:
    """Read a codebook; a topic without terms gets its name and nouns as terms.

    The digest covers what the file says, not how: comments, order of keys and white space don't change it. Nor do
    paraphrases, which no record hangs on.
    Raises ConfigError naming the file, the topic and the key for whatever can't be used.
    """
    path = Path(path)
    values = _parse(path)
    _known_keys(values, ("codebook", "topic"), place=str(path))
    head = values.get("codebook", {})
    rows = values.get("topic", [])
    if (
        not isinstance(head, dict)
        or not isinstance(rows, list)
        or not all(isinstance(row, dict) for row in rows)
    ):
        raise ConfigError(f"{path}: a codebook is one [codebook] table and a [[topic]] table for each topic")
    if not rows:
        raise ConfigError(f"{path}: no [[topic]]; a codebook needs at least one")
    _known_keys(head, _CODEBOOK_KEYS, place=f"{path}: [codebook]")
    return Codebook(
        id=_text(head, "id", place=f"{path}: [codebook]"),
        version=_text(head, "version", place=f"{path}: [codebook]"),
        topics=_distinct([_topic(row, number, path) for number, row in enumerate(rows, start=1)], path),
        digest=_digest(values),
    )


def check_codebook(codebook: Codebook, texts: Iterable[str] = ()) -> list[Remark]:
    """Return what is doubtful, topic by topic; with texts, also the terms that hit none or most of them."""
    remarks = [*_duplicate_ids(codebook)]
    for topic in codebook.topics:
        remarks += _claim_remarks(topic)
        remarks += _overlaps(topic, codebook)
    return [*remarks, *_hit_remarks(codebook, texts)]


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such codebook") from error
    except OSError as error:
        raise ConfigError(f"{path}: can't read the codebook: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not a TOML file: {error}") from error


def _topic(row: dict[str, Any], number: int, path: Path) -> Topic:
    place = f"{path}: [[topic]] {row.get('id', number)!r}"
    _known_keys(row, _TOPIC_KEYS, place=place)
    name = _text(row, "name", place=place) if "name" in row else _text(row, "id", place=place)
    nouns = _texts(row, "nouns", place=place)
    terms = _texts(row, "terms", place=place) or tuple(dict.fromkeys(_bare(noun) for noun in (name, *nouns)))
    _check_terms(terms, place=place)
    if "" in _texts(row, _NO_ANSWER_HANGS_ON, place=place):
        raise ConfigError(f"{place}: {_NO_ANSWER_HANGS_ON} has an empty string; each must be a full sentence")
    return Topic(
        id=_text(row, "id", place=place),
        name=name,
        claim=_text(row, "claim", place=place),
        opposite=_text(row, "opposite", place=place) if "opposite" in row else None,
        terms=terms,
        nouns=nouns,
        notes=_text(row, "notes", place=place) if "notes" in row else None,
    )


def _known_keys(values: dict[str, Any], known: tuple[str, ...], *, place: str) -> None:
    for key in values:
        if key not in known:
            raise ConfigError(f"{place}: unknown key {key!r}; known: {', '.join(known)}")


def _text(values: dict[str, Any], key: str, *, place: str) -> str:
    value = values.get(key)
    if value is None:
        raise ConfigError(f"{place}: no {key}; has {sorted(values)}")
    if not isinstance(value, str):
        raise ConfigError(f"{place}: {key} = {value!r} is not a string; write it in quotation marks")
    if not value.strip():
        raise ConfigError(f"{place}: {key} is empty")
    return value.strip()


def _texts(values: dict[str, Any], key: str, *, place: str) -> tuple[str, ...]:
    value = values.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ConfigError(f'{place}: {key} = {value!r} is not a list of strings, such as ["one", "two"]')
    return tuple(item.strip() for item in value)


def _bare(noun: str) -> str:
    return re.sub(r"^(?:an?|the)\s+", "", noun, flags=re.IGNORECASE)


def _check_terms(terms: tuple[str, ...], *, place: str) -> None:
    for term in terms:
        try:
            check_term(term)
        except ConfigError as error:
            raise ConfigError(f"{place}: {error}") from error


def _distinct(topics: list[Topic], path: Path) -> tuple[Topic, ...]:
    seen: set[str] = set()
    for topic in topics:
        if topic.id in seen:
            raise ConfigError(f"{path}: two topics have the id {topic.id!r}; an id names one topic")
        seen.add(topic.id)
    return tuple(topics)


def _digest(values: dict[str, Any]) -> str:
    rows = [
        {key: value for key, value in row.items() if key != _NO_ANSWER_HANGS_ON} for row in values["topic"]
    ]
    canonical = json.dumps(
        values | {"topic": rows}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _duplicate_ids(codebook: Codebook) -> Iterator[Remark]:
    ids = [topic.id for topic in codebook.topics]
    for id_ in dict.fromkeys(ids):
        if ids.count(id_) > 1:
            yield Remark(level=Level.ERROR, topic=id_, message=f"{ids.count(id_)} topics have this id")


def _claim_remarks(topic: Topic) -> Iterator[Remark]:
    def warn(message: str) -> Remark:
        return Remark(level=Level.WARNING, topic=topic.id, message=message)

    if not is_claim(topic.claim):
        yield warn(f"claim {topic.claim!r} is no claim: write a full sentence that one can support or reject")
    if topic.opposite is None:
        message = "no opposite: say in a full sentence what those against the claim want"
        yield Remark(level=Level.HINT, topic=topic.id, message=message)
    elif folded(topic.opposite) == folded(topic.claim):
        yield Remark(level=Level.ERROR, topic=topic.id, message="claim and opposite say the same")
    elif not is_claim(topic.opposite):
        yield warn(
            f"opposite {topic.opposite!r} is no claim: write a full sentence that one can support or reject"
        )


def is_claim(sentence: str) -> bool:
    """Say whether this is a sentence that one can support or reject, and not a noun phrase."""
    words = len(sentence.split())
    if _FINITE_VERB.search(sentence):
        return words >= 3
    return words >= 4 and sentence.endswith(_SENTENCE_END)


def folded(sentence: str) -> str:
    """Return a sentence's words in lower case: two that are equal say the same words."""
    return " ".join(re.findall(r"\w+", sentence.casefold()))


def _overlaps(topic: Topic, codebook: Codebook) -> Iterator[Remark]:
    others = [(other.id, term) for other in codebook.topics if other.id != topic.id for term in other.terms]
    for term in topic.terms:
        for other, longer in others:
            if _hits(term, longer.replace("*", "")):
                message = (
                    f"term {term!r} also hits term {longer!r} of {other!r}: such passages ask both topics"
                )
                yield Remark(level=Level.HINT, topic=topic.id, message=message)


def _hit_remarks(codebook: Codebook, texts: Iterable[str]) -> Iterator[Remark]:
    hits = {topic.id: dict.fromkeys(topic.terms, 0) for topic in codebook.topics}
    total = 0
    for text in texts:
        total += 1
        _count_hits(text, hits)
    if total == 0:
        return
    for topic, counts in hits.items():
        if idle := [term for term, count in counts.items() if count == 0]:
            message = (
                f"{len(idle)} of {len(counts)} terms hit none of {total} texts: {', '.join(map(repr, idle))}"
            )
            yield Remark(level=Level.WARNING, topic=topic, message=message)
        for term, count in counts.items():
            if total >= _FEWEST_TEXTS and count / total > _BROAD_SHARE:
                message = f"term {term!r} hits {count} of {total} texts: too broad to pick out passages"
                yield Remark(level=Level.WARNING, topic=topic, message=message)


def _count_hits(text: str, hits: dict[str, dict[str, int]]) -> None:
    lowered = _lowered(text)
    for counts in hits.values():
        for term in counts:
            counts[term] += _hits(term, text, lowered)


def _hits(term: str, text: str, lowered: str | None = None) -> bool:
    return anchor(term) in (lowered or _lowered(text)) and compile_term(term).search(text) is not None


def _lowered(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()
