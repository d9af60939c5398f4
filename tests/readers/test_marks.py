from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from stancewire.readers.marks import Marks, read_marks

THING = '{"@type": "NewsArticle", "headline": "A river"}'


def marks(head: str) -> Marks:
    return read_marks(document_fromstring(f"<html><head>{head}</head><body><p>a</p></body></html>"))


@pytest.mark.parametrize(
    "script",
    [
        THING,
        f"[{THING}]",
        f'{{"@graph": [{THING}]}}',
        f'{{"@type": "WebPage", "mainEntity": {THING}}}',
        f"\n//<![CDATA[\n{THING}\n//]]>\n",
        f"<!-- {THING} -->",
        f"{THING};",
        '{"@type": "NewsArticle", "headline": "A\nriver"}',
        '{"@type": ["Article", "NewsArticle"], "headline": "A river"}',
    ],
)
def test_an_article_is_found_however_its_data_are_wrapped(script: str) -> None:
    found = marks(f'<script type="application/ld+json">{script}</script>')
    assert " ".join(str(found.of_article("headline")).split()) == "A river"


@pytest.mark.parametrize(
    "script", ["", "{", '{"@type": "NewsArticle", headline}', '["a"]', "null", "[" * 100_000]
)
def test_broken_data_are_left_out(script: str) -> None:
    found = marks(
        f'<script type="application/ld+json">{script}</script><script type="application/ld+json">{THING}</script>'
    )
    assert found.of_article("headline") == "A river"


def test_meta_tags_are_found_by_property_and_name_in_order() -> None:
    found = marks(
        '<meta property="og:Title" content=" A &amp;amp;  river "><meta name="author" content="Ada Holt">'
        '<meta name="author" content="Karim Safi"><meta name="empty" content=" "><meta charset="utf-8">'
    )
    assert found.metas == {"og:title": ("A & river",), "author": ("Ada Holt", "Karim Safi")}
    assert list(found.contents("none", "author")) == ["Ada Holt", "Karim Safi"]


def test_what_is_no_article_states_nothing_for_one() -> None:
    found = marks('<script type="application/ld+json">{"@type": "WebSite", "headline": "Courier"}</script>')
    assert found.of_article("headline") is None
