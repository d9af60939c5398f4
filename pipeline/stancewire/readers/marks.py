"""What a page says about itself for machines: JSON-LD (schema.org) and meta tags."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Generic, TypeVar

from lxml.html import HtmlElement

_ARTICLE = re.compile("article|posting|report|claimreview", re.IGNORECASE)
_JSON_START = re.compile(r'\{\s*"|\[\s*\{')
_NO_CHARACTER = re.compile(r"&#\d{4000,};?", re.ASCII)  # Python can't read a number of so many digits
_JSON = json.JSONDecoder(strict=False)  # line ends in a headline are common

Thing = Mapping[str, object]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated(Generic[T]):
    """What a page says about itself, and where: "meta author"."""

    value: T
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """A page's marks: all JSON-LD things in order, and the contents of its meta tags by name in small letters."""

    things: tuple[Thing, ...]
    metas: Mapping[str, tuple[str, ...]]

    @property
    def articles(self) -> tuple[Thing, ...]:
        """Return the things that are an article of some kind; the page's own is the first."""
        return tuple(thing for thing in self.things if any(map(_ARTICLE.search, types_of(thing))))

    def of_article(self, name: str) -> object:
        """Return the first value that an article states under this name, or None."""
        return next((thing[name] for thing in self.articles if thing.get(name)), None)

    def contents(self, *names: str) -> Iterator[str]:
        """Yield the contents of the meta tags with these names, in the order of the names."""
        for name in names:
            yield from self.metas.get(name, ())

    def stated(self, *names: str) -> Iterator[Stated[str]]:
        """Yield the same with the tags they stand in."""
        for name in names:
            yield from (Stated(value=content, origin=f"meta {name}") for content in self.contents(name))

    def referred(self, thing: Thing) -> Thing:
        """Return the thing of the same @id that has a name, where this one has none; else itself."""
        name = thing.get("@id")
        if thing.get("name") or not isinstance(name, str):
            return thing
        return next((each for each in self.things if each.get("@id") == name and each.get("name")), thing)


def read_marks(tree: HtmlElement) -> Marks:
    """Return the marks of a page; JSON-LD that can't be read is left out, as other marks say the same."""
    return Marks(things=tuple(_linked_data(tree)), metas=_metas(tree))


def types_of(thing: Thing) -> tuple[str, ...]:
    """Return the types of a thing, as it names them: ("NewsArticle",)."""
    return tuple(words_in(thing.get("@type")))


def words_in(value: object) -> Iterator[str]:
    """Yield the strings in a value that may be one or a list of them, trimmed and with entities resolved."""
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, str) and (trimmed := trim(part)):
            yield trimmed


def trim(words: str) -> str | None:
    """Return words with single spaces and without entities (some pages have them twice); None for none."""
    return " ".join(_unescaped(_unescaped(words)).split()) or None


def _unescaped(words: str) -> str:
    """Return words without entities; what is no character at all becomes U+FFFD, as a browser shows it."""
    return unescape(_NO_CHARACTER.sub("\ufffd", words))


def _linked_data(tree: HtmlElement) -> Iterator[Thing]:
    for script in tree.xpath('//script[@type="application/ld+json"]/text()'):
        waiting = deque([_parsed(script)])
        while waiting:
            thing = waiting.popleft()
            if isinstance(thing, list):
                waiting.extend(thing)
            elif isinstance(thing, dict):
                waiting += [thing.get("@graph"), thing.get("mainEntity")]
                yield thing


def _parsed(script: str) -> object:
    """Return what a script holds, without the comment or CDATA marks around it; None if it is broken."""
    script = script.replace("<![CDATA[", "")
    start = _JSON_START.search(script)
    try:
        return _JSON.raw_decode(script, start.start())[0] if start else None
    except (ValueError, RecursionError):
        return None


def _metas(tree: HtmlElement) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").strip().lower()
        content = trim(meta.get("content") or "")
        if name and content:
            found[name] = (*found.get(name, ()), content)
    return found
