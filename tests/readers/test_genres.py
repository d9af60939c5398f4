from __future__ import annotations

import json

import pytest

from stancewire.readers.html import article_from_page
from stancewire.voices import IMPERSONAL

PARAGRAPH = (
    "The provincial council spent a third day on the draft water treaty, and its members left the chamber as divided "
    "as they had come. A vote is expected next week, and both sides say that they have the numbers for it."
)


def genre(
    *things: object, head: str = "", url: str = "https://courier.example/2024/water-treaty"
) -> str | None:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(thing)}</script>' for thing in things)
    page = (
        f'<html><head><title>A river</title><link rel="canonical" href="{url}">{scripts}{head}</head>'
        f"<body><article><h1>A river</h1><p>{PARAGRAPH}</p><p>{PARAGRAPH[::-1]}</p></article></body></html>"
    )
    return article_from_page(page.encode(), source="a.html").genre


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("OpinionNewsArticle", "op-ed"),
        ("AnalysisNewsArticle", "analysis"),
        ("ReportageNewsArticle", "report"),
        (["NewsArticle", "ReportageNewsArticle"], "report"),
        ("NewsArticle", None),
        ("LiveBlogPosting", None),
        ("ReviewNewsArticle", None),
        ("SatiricalArticle", None),
    ],
)
def test_the_type_of_an_article_says_its_genre_where_it_is_a_special_one(
    kind: object, said: str | None
) -> None:
    assert genre({"@type": kind, "headline": "A river"}) == said


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("Opinion", "op-ed"),
        ("OP-ED", "op-ed"),
        ("Politics, Opinion", "op-ed"),
        (["News", "Commentary"], "op-ed"),
        ("Gastkommentar", "op-ed"),
        ("Opinión", "op-ed"),
        ("یادداشت‌", "op-ed"),
        ("Opinion|Editorials", "editorial"),
        ("Leitartikel", "editorial"),
        ("Interviews", "interview"),
        ("گفت‌وگو", "interview"),
        ("Press Releases", "statement"),
        ("Análisis", "analysis"),
        ("News", None),
        ("Public opinion", None),
        ("Opinion polls", None),
        ("Job interviews", None),
        ("Debatte", None),
    ],
)
def test_a_section_says_the_genre_if_it_holds_nothing_else(section: object, said: str | None) -> None:
    assert genre({"@type": "NewsArticle", "articleSection": section}) == said
    if isinstance(section, str):
        assert genre(head=f'<meta property="article:section" content="{section}">') == said


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://courier.example/opinion/2024/a-river", "op-ed"),
        ("https://courier.example/commentisfree/2024/aug/15/a-river", "op-ed"),
        ("https://courier.example/opinion/editorials/a-river", "editorial"),
        ("https://opinion.courier.example/a-river", "op-ed"),
        ("https://courier.example/press-releases/a-river", "statement"),
        ("https://courier.example/opini%C3%B3n/a-river", "op-ed"),
        ("https://courier.example/2024/opinion", None),
        ("https://courier.example/news/opinion-polls/a-river", None),
        ("https://courier.example/news/in-my-opinion-a-river", None),
        ("https://opinion.example/a-river", None),
    ],
)
def test_a_folder_of_the_url_says_the_genre_and_the_page_s_own_name_never_does(
    url: str, said: str | None
) -> None:
    assert genre(url=url) == said


def test_a_breadcrumb_says_the_genre() -> None:
    crumbs = [{"name": "Home"}, {"item": {"name": "Commentary"}}, {"name": "A river"}]
    assert genre({"@type": "BreadcrumbList", "itemListElement": crumbs}) == "op-ed"


def test_signs_that_disagree_say_nothing() -> None:
    article = {"@type": "ReportageNewsArticle", "articleSection": "News"}
    assert genre(article, url="https://courier.example/opinion/a-river") is None
    assert genre(article, head='<meta property="article:section" content="Interview">') is None


def test_only_the_page_s_own_article_is_asked() -> None:
    own, other = {"@type": "NewsArticle"}, {"@type": "OpinionNewsArticle", "articleSection": "Opinion"}
    assert genre(own, other) is None


def test_what_is_said_is_known_to_the_rule_about_the_author_s_voice() -> None:
    assert genre({"@type": "ReportageNewsArticle"}) in IMPERSONAL
    assert genre(head='<meta property="article:section" content="Interview">') in IMPERSONAL
    assert genre(head='<meta property="article:section" content="Editorial">') not in IMPERSONAL
