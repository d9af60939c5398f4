from __future__ import annotations

import json

import pytest

from stancewire.readers.bylines import split_names
from stancewire.readers.html import article_from_page

PARAGRAPH = (
    "The provincial council spent a third day on the draft water treaty, and its members left the chamber as divided "
    "as they had come. A vote is expected next week, and both sides say that they have the numbers for it."
)


def author(*things: object, head: str = "", body: str = "") -> str | None:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(thing)}</script>' for thing in things)
    page = (
        f"<html><head><title>A river</title>{scripts}{head}"
        '<meta property="og:site_name" content="Valley Courier"></head>'
        f"<body><article><h1>A river</h1>{body}<p>{PARAGRAPH}</p><p>{PARAGRAPH[::-1]}</p></article></body></html>"
    )
    return article_from_page(page.encode(), source="a.html").author


def by(*authors: object) -> dict[str, object]:
    return {"@type": "NewsArticle", "author": list(authors)}


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ada Holt", ["Ada Holt"]),
        ("By Ada Holt and Karim Safi", ["Ada Holt", "Karim Safi"]),
        ("Ada Holt, Karim Safi, and Lea Brandt", ["Ada Holt", "Karim Safi", "Lea Brandt"]),
        ("Ada Holt und Karim Safi, dpa", ["Ada Holt", "Karim Safi"]),
        ("Ada Holt og Karim Safi ", ["Ada Holt", "Karim Safi"]),
        ("Ada Holt; Karim Safi | Lea Brandt", ["Ada Holt", "Karim Safi", "Lea Brandt"]),
        ("Ada Holt (aho)", ["Ada Holt"]),
        ("Ada Holt, Political Editor", ["Ada Holt"]),
        ("Ada Holt, professor of the history of water law at the faculty of letters", ["Ada Holt"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Martin Holt, Jr.", ["Martin Holt"]),
        ("신현주 기자", ["신현주"]),
        ("https://www.facebook.com/courier", []),
        ("a.holt@courier.example", []),
        ("105092", []),
        ("admin", []),
        ("", []),
    ],
)
def test_a_byline_is_split_into_names(line: str, names: list[str]) -> None:
    assert list(split_names(line)) == names


@pytest.mark.parametrize(
    "stated",
    [
        {"@type": "Person", "name": "Ada Holt"},
        {"@type": ["Person", "Organization"], "name": "Ada Holt"},
        {"@type": "Person", "givenName": "Ada", "familyName": "Holt"},
        {"@type": "Person", "name": ["Ada Holt"]},
        "Ada Holt",
    ],
)
def test_an_author_is_read_in_all_ways_in_which_pages_write_one(stated: object) -> None:
    assert author(by(stated)) == "Ada Holt"


def test_an_author_who_is_described_elsewhere_on_the_page_is_found() -> None:
    graph = [by({"@id": "#ada"}), {"@type": "Person", "@id": "#ada", "name": "Ada Holt"}]
    assert author({"@graph": graph}) == "Ada Holt"


def test_a_person_in_a_meta_tag_goes_before_an_organisation() -> None:
    agency = by({"@type": "Organization", "name": "Northern Agency"})
    assert author(agency, head='<meta name="author" content="Ada Holt">') == "Ada Holt"
    assert author(agency) == "Northern Agency"


def test_the_outlet_is_no_author() -> None:
    assert author(by({"@type": "Person", "name": "The Valley Courier"})) is None
    courier = by({"@type": "Organization", "name": "Valley Courier"})
    assert author(courier, head='<meta name="author" content="Ada Holt">') == "Ada Holt"


def test_nobody_is_named_twice() -> None:
    assert author(by("Ada Holt", "ada holt", "Karim Safi")) == "Ada Holt; Karim Safi"


def test_family_names_first_are_turned_where_scholars_cite_so() -> None:
    head = '<meta name="dc.creator" content="Holt, Ada"><meta name="dc.creator" content="Safi, Karim">'
    assert author(head=head) == "Ada Holt; Karim Safi"
