"""What a file says about an article, checked, as an Article; or an InputError saying what is wrong with it.

The text is kept exactly as read, so that offsets can be used on the original: only \\r\\n becomes \\n, and
Unicode is not normalised. (A lone surrogate, which no file could hold, becomes U+FFFD at the same offset.)
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import date, datetime

from stancewire.errors import InputError
from stancewire.normal_forms import normal_form
from stancewire.readers.columns import Columns
from stancewire.readers.dates import parse_date
from stancewire.readers.decoding import with_plain_line_ends
from stancewire.readers.prose import find_opening
from stancewire.types import IN_TEXT, NO_ORIGINS, Article, Origins, Outcome, Skip

log = logging.getLogger(__name__)

_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")  # what str.splitlines() ends a line at
_LANGUAGE_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)*")
_ORIGINS = tuple(each.name for each in fields(Origins))


def make_article(
    text: object,
    *,
    source: str,
    id: object = None,
    title: object = None,
    outlet: object = None,
    author: object = None,
    url: object = None,
    published: object = None,
    language: object = None,
    genre: object = None,
    origins: Origins = NO_ORIGINS,
    may_start_with_title: bool = False,
) -> Article:
    """Return the article that these values describe; raise InputError if the text or the id can't be one.

    `origins` says where they are from. `may_start_with_title`: a short first line before a blank one is the title,
    where none is given.
    """
    body = _checked_text(text, source=source)
    given_title = _as_words(title, "title", source=source)
    given_outlet = _as_words(outlet, "outlet", source=source)
    opening = find_opening(
        body, title=given_title, outlet=given_outlet, may_start_with_title=may_start_with_title
    )
    article = Article(
        id=_given_id(id, source=source) or text_id(body),
        text=body,
        source=source,
        title=given_title or _as_words(opening.title, "title", source=source),
        outlet=given_outlet or _as_words(opening.outlet, "outlet", source=source),
        author=_as_words(author, "author", source=source),
        url=_as_words(url, "url", source=source),
        published=_as_date(published, source=source),
        language=_as_language(_as_words(language, "language", source=source)),
        genre=_as_words(genre, "genre", source=source),
        body_start=opening.body_start,
    )
    found = {"title": "first line" if opening.title else None, "outlet": IN_TEXT if opening.outlet else None}
    return replace(article, origins=_of_present(origins, article, found))


def article_from_row(row: Mapping[str, object], *, columns: Columns, source: str) -> Article:
    """Return the article in a row of a table; raise InputError if it holds no usable text."""
    taken = columns.taken_from(row)
    values = {field: row[name] for field, name in taken.items() if name is not None}
    if "text" not in values:
        raise no_text(row, columns=columns, source=source)
    origins = {field: f"column {encodable(name.strip())}" for field in _ORIGINS if (name := taken[field])}
    return make_article(values.pop("text"), source=source, origins=Origins(**origins), **values)  # type: ignore[arg-type]


def no_text(names: Mapping[str, object] | list[str], *, columns: Columns, source: str) -> InputError:
    """Return the error for a row or table without text, which says what it has instead."""
    if columns.held_by(names)["text"]:
        return InputError(f"{source}: text is empty; must hold at least a word", reason="empty")
    said = f"no text; has {list(names)!r}; name the column with --column text=NAME"
    return InputError(f"{source}: {said}", reason="no-text")


def text_id(text: str) -> str:
    """Return the id of an article that came without one: the same whenever the same text is read.

    It hashes the NFC form, so that a copy which only spells its accents otherwise has the same id.
    """
    return f"sha256-{text_digest(text).hex()[:16]}"


def text_digest(text: str) -> bytes:
    """Return the SHA-256 of a text's NFC form."""
    return hashlib.sha256(normal_form("NFC", text).encode()).digest()


def encodable(text: str) -> str:
    """Return text with the bytes that a file name had in no encoding, and other halves of characters, written out."""
    return text.encode("utf-8", "backslashreplace").decode()


def on_one_line(text: str) -> str:
    """Return text that can be encoded, with the line ends that a file name or URL had written out."""
    return _LINE_END.sub(lambda match: repr(match[0])[1:-1], encodable(text))


def skip(source: str, error: InputError) -> Skip:
    """Return the ledger's note that an article failed to be read."""
    return Skip(source=source, reason=error.reason, detail=str(error), outcome=Outcome.FAILED)


def _of_present(origins: Origins, article: Article, found: Mapping[str, str | None]) -> Origins:
    """Return where the article has from what it has; `found` goes first, and a wrong date, say, is nothing."""
    kept = (name for name in _ORIGINS if getattr(article, name) is not None)
    return Origins(**{name: found.get(name) or getattr(origins, name) for name in kept})


def _checked_text(text: object, *, source: str) -> str:
    if not isinstance(text, str):
        said = f"text is {_shown(text)}, a {type(text).__name__}; must be a string"
        raise InputError(f"{source}: {said}", reason="bad-text")
    if not text.strip("\ufeff\u200b\u200e\u200f \t\r\n\f\v") or not text.strip():
        raise InputError(f"{source}: text is empty; must hold at least a word", reason="empty")
    text, replaced = _SURROGATE.subn("\ufffd", with_plain_line_ends(text))
    if replaced:
        log.warning(
            "%s: %d halves of characters in the text replaced by U+FFFD",
            source,
            replaced,
            extra={"source": source},
        )
    return text


def _given_id(value: object, *, source: str) -> str | None:
    if value is None or value != value:  # NaN, a table's null, is not equal to itself
        return None
    if isinstance(value, str | int | float):
        return _SURROGATE.sub("\ufffd", str(value)).strip() or None
    raise InputError(f"{source}: id is {_shown(value)}; must be a string or a number", reason="bad-id")


def _as_words(value: object, field: str, *, source: str) -> str | None:
    if isinstance(value, list | tuple):
        parts = (_as_words(part, field, source=source) for part in _flat(value))
        return "; ".join(filter(None, parts)) or None
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", " ".join(value.split())) or None
    if isinstance(value, int | float) and value == value:
        return str(value)
    if value is not None and value == value:
        log.warning(
            "%s: %s is %s; left out, must be a string", source, field, _shown(value), extra={"source": source}
        )
    return None


def _flat(value: Iterable[object]) -> Iterator[object]:
    """Yield what lists hold that may be in lists, in order; JSON may have them deeper than Python can recurse."""
    waiting: list[object] = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list | tuple):
            waiting.extend(reversed(part))
        else:
            yield part


def _as_date(value: object, *, source: str) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date) or value != value or value == "":
        return value if isinstance(value, date) else None
    day = parse_date(value) if isinstance(value, str | int | float) else None
    if day is None:
        log.warning(
            "%s: date %s isn't one; left out, must be like 2024-08-15",
            source,
            _shown(value),
            extra={"source": source},
        )
    return day


def _as_language(value: str | None) -> str | None:
    tag = _LANGUAGE_TAG.fullmatch(value) if value else None
    return tag[1].lower() if tag else value


def _shown(value: object, limit: int = 60) -> str:
    try:
        shown = repr(value)
    except RecursionError:
        shown = "nested too deep to be shown"
    return shown if len(shown) <= limit else f"{shown[:limit]}..."
