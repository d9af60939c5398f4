"""Who wrote a page, by what it says for machines: persons' names, without their offices and agency codes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from stancewire.readers.marks import Marks, Stated, Thing, types_of, words_in

_METAS = (
    "author",
    "authors",
    "article:author",
    "article:byline",
    "og:article:author",
    "og:author",
    "byl",
    "sailthru.author",
    "cxenseparse:author",
    "articleauthor",
)
_CITATIONS = ("dc.creator", "citation_author")  # "You, Xiaoying": one name each, the family name first
_BY_START = re.compile(
    r"^\s*(?:(?:(?:words|written|text) )?(?:by|von|par|por|di|door)|(?:author|autor|auteur|autore)\w{0,3}:?)\s+(?=\S)",
    re.IGNORECASE,
)
_LIST = re.compile(r"\s*[;|•]\s*")
_AND = re.compile(r"\s+(?:and|und|et|og|och|y|e|&)\s+", re.IGNORECASE)
_CODE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")  # "Elena Oberholzer (obe)"
_NO_NAME = re.compile(r"https?:|www\.|@|^\W*$|^\d+$|\bdeveloper\b|^admin\w*$", re.IGNORECASE)
_OFFICE = re.compile(
    r"\b(?:editor|reporter|correspondent|writer|columnist|journalist|contributor|professor|redakteur(?:in)?|"
    r"korrespondent(?:in)?|journaliste|redactor(?:a)?|periodista)\b",
    re.IGNORECASE,
)
_REPORTER = re.compile(r"\s+(?:기자|특파원)$")
_LONGEST_NAME = 5  # words: more are an office ("professor at the faculty of ...")


def byline_of(marks: Marks, *, searched: str | None, outlets: Collection[str]) -> Stated[str] | None:
    """Return who wrote a page, joined with "; ": persons in JSON-LD, else in meta tags, else `searched`.

    `searched` is what a library found in the text. `outlets` are the names of who publishes the page, by letters: they
    are no authors, though pages say so where they name none. Organisations are named where nobody else is.
    """
    stated = [thing for thing in marks.articles if thing.get("author")]
    authors = list(_authors(stated[0]["author"], marks)) if stated else []
    sources: tuple[Iterable[Stated[str]], ...] = (
        _in_linked_data(thing for thing in authors if not _is_organisation(thing)),
        marks.stated(*_METAS),
        (Stated(value=_turned(each.value), origin=each.origin) for each in marks.stated(*_CITATIONS)),
        (Stated(value=name, origin="byline") for name in _full_names(searched or "")),
        _in_linked_data(thing for thing in authors if _is_organisation(thing)),
    )
    for source in sources:
        by_letters: dict[str, Stated[str]] = {}
        for line in source:
            for name in split_names(line.value):
                if _letters(name) not in outlets:
                    by_letters.setdefault(_letters(name), Stated(value=name, origin=line.origin))
        if found := list(by_letters.values()):
            return Stated(value="; ".join(each.value for each in found), origin=found[0].origin)
    return None


def split_names(line: str) -> Iterator[str]:
    """Yield the names in a byline: "By Ada Holt and Karim Safi (obe), dpa" has two."""
    for part in _LIST.split(_BY_START.sub("", _CODE.sub("", " ".join(line.split())))):
        first, *more = (name.strip().removeprefix("and ") for name in part.split(","))
        full = (name for follower in more for name in _pair(follower) if _is_full_name(name))
        for name in (*_pair(first), *full):
            if not _NO_NAME.search(name):
                yield _REPORTER.sub("", name)


def _pair(part: str) -> list[str]:
    """Return the two names in "Ada Holt and Karim Safi"; "Ortega y Gasset" is one."""
    names = _AND.split(part)
    return names if all(" " in name for name in names) else [part]


def _is_full_name(name: str) -> bool:
    """Say whether what follows a comma is another name: not a place, an agency or what the first one is."""
    return 2 <= len(name.split()) <= _LONGEST_NAME and not _OFFICE.search(name)


def _full_names(searched: str) -> Iterator[str]:
    """Yield what is a name and no code, place or label: two words, or letters that know no capitals."""
    for name in searched.split(";"):
        if " " in name.strip() or name == name.swapcase():
            yield name


def _authors(stated: object, marks: Marks) -> Iterator[Thing]:
    """Yield who is stated as author in JSON-LD, a bare name as a thing with nothing else."""
    for author in stated if isinstance(stated, list) else [stated]:
        if isinstance(author, str):
            yield {"name": author}
        elif isinstance(author, dict):
            yield marks.referred(author)


def _in_linked_data(authors: Iterable[Thing]) -> Iterator[Stated[str]]:
    for thing in authors:
        yield from (Stated(value=name, origin="JSON-LD author") for name in _names(thing))


def _is_organisation(thing: Thing) -> bool:
    types = types_of(thing)
    return "Person" not in types and any("Organization" in kind for kind in types)


def _names(thing: Thing) -> Iterator[str]:
    full = " ".join(words_in([thing.get("givenName"), thing.get("familyName")]))
    yield from words_in(thing.get("name") or full or thing.get("byline"))


def _turned(name: str) -> str:
    """Return "Xiaoying You" for "You, Xiaoying"."""
    return " ".join(reversed([part.strip() for part in name.split(",")]))


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))
