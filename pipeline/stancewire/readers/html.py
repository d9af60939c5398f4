"""Saved web pages: one article each, its prose and its particulars found by trafilatura."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import trafilatura
from lxml.html import HtmlElement
from trafilatura.settings import Document

from stancewire.errors import InputError
from stancewire.readers.articles import make_article, skip
from stancewire.readers.columns import DEFAULT_COLUMNS, Columns
from stancewire.readers.decoding import decode, read_bytes
from stancewire.types import Article, Skip

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
# What browsers read for a charset, by the WHATWG Encoding Standard: curly quotes are in cp1252 only.
_MEANT_BY = {
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk"), "gb18030"),
    "iso-8859-9": "cp1254",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
}
_TITLE_CUT = re.compile(r"\s+[|–—*-]\s+|\s*[|｜：]\s*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_]\w+)*")
_JOINER_ENTITY = re.compile("&(?:zwnj|zwj|#820[45]|#x200[cd]);", re.IGNORECASE)
# Imperial Aramaic, which no news is printed in, stands in for the zero width non-joiner and joiner.
_GUARDS = {0x200C: 0x10840, 0x200D: 0x10841}
_UNGUARDED = {guard: joiner for joiner, guard in _GUARDS.items()}
_CHARSET_REACH = 4096  # bytes; the standard asks for it in the first 1,024, and not all pages comply


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlReader:
    """Reads a page as one article; the text is what trafilatura finds, and offsets are into that."""

    columns: Columns = DEFAULT_COLUMNS

    def read(self, path: Path) -> Iterator[Article | Skip]:
        """Yield the page's article, or a Skip that says what is wrong with it."""
        try:
            yield article_from_page(read_bytes(path), source=str(path))
        except InputError as error:
            yield skip(str(path), error)


def article_from_page(
    data: bytes, *, source: str, charset: str | None = None, url: str | None = None
) -> Article:
    """Return the article on a page; raise InputError if there is none or the bytes are no page.

    `charset` is what HTTP said that it is in, `url` where it was fetched; the page's own URL goes first.
    """
    page = decode(data, source=source, declared=_declared_charset(data, charset))
    if not page.strip():
        raise InputError(f"{source}: the file is empty; must be a saved page", reason="empty")
    tree = trafilatura.load_html(page)
    found = trafilatura.bare_extraction(_guarded(page), url=url, with_metadata=True, include_comments=False)
    text = _restored(found.text) if isinstance(found, Document) else None
    if tree is None or not isinstance(found, Document) or not text or _is_list_of_links(text, tree):
        said = "no article found on the page; must be an article's own page, with running text"
        raise InputError(f"{source}: {said}", reason="no-article")
    outlet = _outlet(tree, found)
    return make_article(
        text,
        source=source,
        title=_without_outlet(_restored(found.title), outlet=outlet, host=found.hostname),
        outlet=outlet,
        author=_each_once(_restored(found.author)),
        url=found.url,
        published=found.date,
        language=_stated_language(tree),
    )


def _declared_charset(data: bytes, from_http: str | None) -> str | None:
    """Return the first charset that the page is stated to be in and that its bytes fit: HTTP goes first."""
    in_page = _CHARSET.search(data[:_CHARSET_REACH])
    stated = [from_http, in_page[1].decode("ascii") if in_page else None]
    meant = [(_MEANT_BY.get(name.casefold()), name) for name in stated if name]
    return next((name for names in meant for name in names if name and _fits(data, name)), None)


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _guarded(page: str) -> str:
    """Return a page with its joiners as letters, as trafilatura drops invisible characters.

    Persian words ("گفت‌وگو") and composed emoji aren't the same without them.
    """
    return _JOINER_ENTITY.sub(lambda match: unescape(match[0]), page).translate(_GUARDS)


def _restored(text: str | None) -> str | None:
    return text.translate(_UNGUARDED) if text else None


def _is_list_of_links(text: str, tree: HtmlElement) -> bool:
    """Say whether most of the text is link labels: trafilatura takes a front page or menu for an article."""
    labels = {_letters(link.text_content()) for link in tree.iter("a")}
    lines = text.splitlines()
    linked = sum(len(line) for line in lines if _letters(line) in labels)
    return linked > sum(map(len, lines)) / 2


def _outlet(tree: HtmlElement, found: Document) -> str | None:
    """Return who published the page.

    trafilatura alone gives the longest name it meets ("DER SPIEGEL, Hamburg, Germany", a publishing company,
    a Twitter address) and makes "nationalpost" into "Nationalpost". Here og:site_name goes first, in the
    spelling of the article's JSON-LD publisher where both are the same name; checked by eye on 33 pages of
    fundus's test data.
    """
    published_by = next(filter(None, map(_publisher, _linked_data(tree))), None)
    for name in map(_trimmed, tree.xpath('//meta[@property="og:site_name"]/@content')):
        if name:
            return published_by if published_by and _letters(published_by) == _letters(name) else name
    if published_by or not found.sitename or found.sitename.startswith("http"):
        return published_by or found.hostname
    return _restored(found.sitename)


def _linked_data(tree: HtmlElement) -> Iterator[dict[str, object]]:
    for script in tree.xpath('//script[@type="application/ld+json"]/text()'):
        try:
            waiting = [json.loads(script)]
        except (ValueError, RecursionError):  # many pages carry broken JSON-LD, and other marks say the same
            continue
        while waiting:
            thing = waiting.pop(0)
            if isinstance(thing, list):
                waiting.extend(thing)
            elif isinstance(thing, dict):
                waiting.append(thing.get("@graph"))
                yield thing


def _publisher(thing: dict[str, object]) -> str | None:
    publisher = thing.get("publisher")
    is_article = re.search("article|posting|report", str(thing.get("@type")), re.IGNORECASE)
    name = publisher.get("name") if is_article and isinstance(publisher, dict) else None
    return _trimmed(name) if isinstance(name, str) else None


def _without_outlet(title: str | None, *, outlet: str | None, host: str | None) -> str | None:
    """Return a title without " | Outlet" and what follows it."""
    if not title:
        return None
    names = {_letters(name) for name in (outlet, host, host.split(".")[0] if host else None) if name}
    names |= {f"the{name}" for name in names} | {name.removeprefix("the") for name in names}
    for cut in _TITLE_CUT.finditer(title):
        first, *_ = _TITLE_CUT.split(title[cut.end() :], maxsplit=1)
        if _letters(first) in names and cut.start():
            return title[: cut.start()].strip()
    return title


def _each_once(authors: str | None) -> str | None:
    by_letters = {_letters(author): author.strip() for author in reversed((authors or "").split(";"))}
    return "; ".join(reversed(by_letters.values())) or None


def _stated_language(tree: HtmlElement) -> str | None:
    stated = tree.xpath("/html/@lang | /html/@xml:lang | //meta[@http-equiv='content-language']/@content")
    return next((tag.strip() for tag in stated if _LANGUAGE.fullmatch(tag.strip())), None)


def _trimmed(name: str) -> str | None:
    return " ".join(unescape(name).split()) or None


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
