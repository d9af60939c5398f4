"""Saved web pages: one article each, its prose and its particulars found by trafilatura."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import trafilatura
from lxml.html import HtmlElement
from trafilatura.settings import Document

from stancewire.errors import InputError
from stancewire.readers.articles import make_article, skip
from stancewire.readers.bodies import tidy_bodies, without_placeholders
from stancewire.readers.bylines import byline_of
from stancewire.readers.columns import DEFAULT_COLUMNS, Columns
from stancewire.readers.decoding import decode, is_in, read_bytes
from stancewire.readers.genres import genre_of
from stancewire.readers.marks import Marks, Stated, read_marks, trim, words_in
from stancewire.readers.publication import published_day
from stancewire.readers.refusals import is_refusal
from stancewire.types import Article, Origins, Skip

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
_LANGUAGE_MARKS = {
    "html lang": "/html/@lang",
    "html xml:lang": "/html/@*[name()='xml:lang']",
    "meta content-language": "//meta[@http-equiv='content-language']/@content",
}
_SOMEWHERE = "page"  # the origin of what trafilatura found; it doesn't say where
_JOINER_ENTITY = re.compile("&(?:zwnj|zwj|#820[45]|#x200[cd]);", re.IGNORECASE)
# Imperial Aramaic, which no news is printed in, stands in for the zero width non-joiner and joiner.
_GUARDS = {0x200C: 0x10840, 0x200D: 0x10841}
_UNGUARDED = {guard: joiner for joiner, guard in _GUARDS.items()}
# Meta tags in which htmldate finds the day of a change, or January 1, where nothing says when a page was published.
_OTHER_DATES = re.compile("modif|moddate|lastmod|updat|utime|revis|release|copyright", re.IGNORECASE)
_META_NAMES = ("name", "property", "itemprop", "http-equiv")
_SHORTEST_HEADLINE = 15  # characters; a shorter heading may be the first word of a headline
_CHARSET_REACH = 4096  # bytes; the standard asks for it in the first 1,024, and not all pages comply


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlReader:
    """Reads a page as one article; the text is what trafilatura finds, and offsets are into that.

    `today`, by default the day of reading, is the last that a page can have been published on.
    """

    columns: Columns = DEFAULT_COLUMNS
    today: date | None = None

    def read(self, path: Path) -> Iterator[Article | Skip]:
        """Yield the page's article, or a Skip that says what is wrong with it."""
        try:
            yield article_from_page(read_bytes(path), source=str(path), today=self.today)
        except InputError as error:
            yield skip(str(path), error)


def article_from_page(
    data: bytes,
    *,
    source: str,
    charset: str | None = None,
    url: Stated[str] | None = None,
    today: date | None = None,
) -> Article:
    """Return the article on a page; raise InputError if there is none or the bytes are no page.

    `charset` is what HTTP said that it is in, `url` where it was fetched; the page's own URL goes first.
    """
    page = decode(data, source=source, declared=_declared_charset(data, charset))
    if not page.strip():
        raise InputError(f"{source}: the file is empty; must be a saved page", reason="empty")
    today = today or date.today()
    tree, found = trafilatura.load_html(page), _extracted(page, url=url.value if url else None, today=today)
    text = without_placeholders(_restored(found.text) or "") if found else None
    if tree is None or not found or not text or _is_list_of_links(text, tree):
        raise _no_article(source, "must be an article's own page, with running text")
    marks = read_marks(tree)
    outlet = _outlet(marks, found)
    outlets = _spellings(outlet.value if outlet else None, found.hostname, *_publishers(marks))
    title = _without_outlet(_title(tree, marks, found), outlets)
    if is_refusal(text, title):
        raise _no_article(source, f"it asks for consent, or says that it isn't there: {text[:80]!r}")
    stated: dict[str, Stated[Any] | None] = {
        "title": _stated_title(title, tree, marks),
        "outlet": outlet,
        "author": byline_of(marks, searched=_restored(found.author), outlets=outlets),
        "url": _stated_url(found.url, url, tree, marks),
        "published": published_day(
            tree, marks, url=found.url, searched=found.date, source=source, today=today
        ),
        "language": _stated_language(tree),
        "genre": genre_of(marks, found.url),
    }
    known = {name: each for name, each in stated.items() if each}
    values = {name: each.value for name, each in known.items()}
    origins = Origins(**{name: each.origin for name, each in known.items()})
    return make_article(text, source=source, origins=origins, **values)


def _no_article(source: str, said: str) -> InputError:
    return InputError(f"{source}: no article found on the page; {said}", reason="no-article")


def _extracted(page: str, *, url: str | None, today: date) -> Document | None:
    """Return what trafilatura finds, without comments; its day is neither that of a change nor just a year."""
    tree = trafilatura.load_html(_guarded(page))
    if tree is None:
        return None
    for meta in tree.xpath("//head//meta"):
        if any(_OTHER_DATES.search(meta.get(key) or "") for key in _META_NAMES):
            meta.drop_tree()
    tidy_bodies(tree)
    dates = {"original_date": True, "extensive_search": False, "max_date": today.isoformat()}
    found = trafilatura.bare_extraction(
        tree, url=url, with_metadata=True, include_comments=False, date_extraction_params=dates
    )
    return found if isinstance(found, Document) else None


def _declared_charset(data: bytes, from_http: str | None) -> str | None:
    """Return the first charset that the page is stated to be in and that its bytes fit: HTTP goes first."""
    in_page = _CHARSET.search(data[:_CHARSET_REACH])
    stated = [from_http, in_page[1].decode("ascii") if in_page else None]
    meant = [(_MEANT_BY.get(name.casefold()), name) for name in stated if name]
    return next((name for names in meant for name in names if name and is_in(data, name)), None)


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


def _outlet(marks: Marks, found: Document) -> Stated[str] | None:
    """Return who published the page.

    trafilatura alone gives the longest name it meets ("DER SPIEGEL, Hamburg, Germany", a publishing company,
    a Twitter address) and makes "nationalpost" into "Nationalpost". Here og:site_name goes first, in the
    spelling of the article's JSON-LD publisher where both are the same name; checked by eye on 33 pages of
    fundus's test data.
    """
    published_by = next(_publishers(marks), None)
    for name in marks.stated("og:site_name"):
        is_same = published_by and _letters(published_by) == _letters(name.value)
        return Stated(value=published_by, origin=name.origin) if published_by and is_same else name
    if published_by:
        return Stated(value=published_by, origin="JSON-LD publisher")
    if found.sitename and not found.sitename.startswith("http"):
        return Stated(value=found.sitename.translate(_UNGUARDED), origin=_SOMEWHERE)
    return Stated(value=found.hostname, origin="URL") if found.hostname else None


def _publishers(marks: Marks) -> Iterator[str]:
    for thing in marks.articles:
        publisher = thing.get("publisher")
        yield from words_in(publisher.get("name") if isinstance(publisher, dict) else None)


def _spellings(outlet: str | None, host: str | None, *others: str) -> set[str]:
    """Return how an outlet may be called, by letters: by its names or host, with and without "the"."""
    stated = (outlet, host, host.split(".")[0] if host else None, *others)
    names = {_letters(name) for name in stated if name}
    return names | {f"the{name}" for name in names} | {name.removeprefix("the") for name in names}


def _title(tree: HtmlElement, marks: Marks, found: Document) -> str | None:
    """Return trafilatura's title, but for what it has after a headline that the page gives: " - National".

    That is og:title on most pages. Where it is another headline than the one shown, fundus's test data have sometimes
    this and sometimes that; the one shown, where JSON-LD confirms it, would be right on 5 pages fewer of 258.
    """
    title = _restored(found.title)
    shown = (heading for each in tree.iter("h1") if (heading := trim(each.text_content())))
    for headline in (*shown, *words_in(marks.of_article("headline"))):
        if title and len(headline) >= _SHORTEST_HEADLINE and title.startswith(headline):
            return headline
    return title


def _stated_title(title: str | None, tree: HtmlElement, marks: Marks) -> Stated[str] | None:
    """Return a title with the first place that has it, whole or with more behind it."""
    if not title:
        return None
    headlines = (
        Stated(value=each, origin="JSON-LD headline") for each in words_in(marks.of_article("headline"))
    )
    shown = (
        Stated(value=each.text_content(), origin=tag) for tag in ("h1", "title") for each in tree.iter(tag)
    )
    places = [*headlines, *marks.stated("og:title", "twitter:title"), *shown]
    sought = _letters(title)
    whole = (place for place in places if _letters(place.value) == sought)
    cut = (place for place in places if _letters(place.value).startswith(sought))
    place = next(whole, None) or next(cut, None)
    return Stated(value=title, origin=place.origin if place else _SOMEWHERE)


def _stated_url(
    found: str | None, fetched: Stated[str] | None, tree: HtmlElement, marks: Marks
) -> Stated[str] | None:
    """Return the page's URL with the first place that has it."""
    if not found:
        return None
    links = (
        Stated(value=each, origin="link canonical") for each in tree.xpath("//link[@rel='canonical']/@href")
    )
    places = [*links, *marks.stated("og:url"), *([fetched] if fetched else [])]
    place = next((place for place in places if _letters(place.value) == _letters(found)), None)
    return Stated(value=found, origin=place.origin if place else _SOMEWHERE)


def _without_outlet(title: str | None, outlets: Collection[str]) -> str | None:
    """Return a title without " | Outlet" and what follows it."""
    if not title:
        return None
    for cut in _TITLE_CUT.finditer(title):
        first, *_ = _TITLE_CUT.split(title[cut.end() :], maxsplit=1)
        if _letters(first) in outlets and cut.start():
            return title[: cut.start()].strip()
    return title


def _stated_language(tree: HtmlElement) -> Stated[str] | None:
    for origin, path in _LANGUAGE_MARKS.items():
        for tag in map(str.strip, tree.xpath(path)):
            if _LANGUAGE.fullmatch(tag):
                return Stated(value=tag, origin=origin)
    return None


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
