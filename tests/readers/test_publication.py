from __future__ import annotations

import json
from datetime import date

import pytest

from stancewire.readers.html import article_from_page

TODAY = date(2026, 8, 1)
PARAGRAPH = (
    "The provincial council spent the third day on the draft water treaty, and its members left the chamber as divided "
    "as they had come. A vote is expected soon, and both sides say that they have the numbers for it."
)


def linked(**dates: str) -> str:
    thing = {"@type": "NewsArticle", **dates}
    return f'<script type="application/ld+json">{json.dumps(thing)}</script>'


def meta(day: str, name: str = "article:published_time") -> str:
    return f'<meta property="{name}" content="{day}">'


def published(head: str, *, url: str = "https://courier.example/water", body: str = "") -> date | None:
    page = (
        f'<html><head><title>A river</title><link rel="canonical" href="{url}">{head}</head>'
        f"<body><article><h1>A river</h1>{body}<p>{PARAGRAPH}</p><p>{PARAGRAPH[::-1]}</p></article></body></html>"
    )
    return article_from_page(page.encode(), source="a.html", today=TODAY).published


def test_the_first_sign_of_the_stated_order_is_taken_and_the_conflict_reported(
    caplog: pytest.LogCaptureFixture,
) -> None:
    head = linked(datePublished="2024-05-01T10:00:00Z") + meta("2024-05-03")
    assert published(head, url="https://courier.example/2024/05/06/water") == date(2024, 5, 1)
    (said,) = caplog.messages
    assert said == (
        "a.html: dates of publication differ: 2024-05-01 (JSON-LD datePublished), but 2024-05-03 (meta "
        "article:published_time), 2024-05-06 (URL); the first is taken"
    )


def test_each_sign_is_taken_where_those_before_it_are_missing(caplog: pytest.LogCaptureFixture) -> None:
    url, time = (
        "https://courier.example/2024/05/04/water",
        '<time class="published" datetime="2024-05-03"></time>',
    )
    assert published(meta("2024-05-02"), url=url, body=time) == date(2024, 5, 2)
    assert published("", url=url, body=time) == date(2024, 5, 3)
    assert published("", url=url) == date(2024, 5, 4)
    assert published("", body="<p class='date'>5 May 2024</p>") == date(2024, 5, 5)
    assert published("") is None


@pytest.mark.parametrize(
    "url",
    [
        "https://courier.example/2024/05/04/water",
        "https://courier.example/2024/may/04/water",
        "https://courier.example/2024-05-04-water.html",
        "https://courier.example/water-2024-05-04/",
        "https://courier.example/20240504/water",
        "https://courier.example/99999999/water-20240504",
    ],
)
def test_a_url_says_the_day_in_several_ways(url: str) -> None:
    assert published("", url=url) == date(2024, 5, 4)


@pytest.mark.parametrize(
    "url",
    [
        "https://courier.example/2024/05/water",
        "https://courier.example/12024050499/water",
        "https://c.example/20249999/w",
    ],
)
def test_a_month_or_a_number_in_a_url_is_no_day(url: str) -> None:
    assert published("", url=url) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2024-05-01T23:30:00-05:00", "2024-05-02T04:30:00Z"),
        ("2024-05-01T22:30:00Z", "2024-05-02"),
        ("2024-05-02T03:30:00Z", "2024-05-01"),
    ],
)
def test_one_moment_seen_from_two_zones_is_no_conflict(
    one: str, other: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert published(linked(datePublished=one) + meta(other)) == date.fromisoformat(one[:10])
    assert not caplog.messages


def test_a_modified_date_is_no_date_of_publication() -> None:
    modified = (
        linked(dateModified="2024-06-01")
        + meta("2024-06-01", "article:modified_time")
        + meta("2024-06-01", "og:updated_time")
        + '<meta name="last-modified" content="2024-06-01">'
    )
    assert published(modified) is None
    assert published(modified, body="<p class='date'>5 May 2024</p>") == date(2024, 5, 5)
    assert published(modified + meta("2024-05-02")) == date(2024, 5, 2)


@pytest.mark.parametrize(
    ("day", "doubt"),
    [
        ("2026-08-03", "it is in the future"),
        ("1970-01-01T00:00:00Z", "it is what an empty field becomes"),
        ("1985-03-02", "it is older than the web, and nothing else says so"),
        ("0001-01-01T00:00:00Z", "it is what an empty field becomes"),
    ],
)
def test_a_day_that_cannot_be_is_not_believed_and_reported(
    day: str, doubt: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert published(linked(datePublished=day)) is None
    (said,) = caplog.messages
    assert said == f"a.html: date {day[:10]} (JSON-LD datePublished) isn't believed: {doubt}"
    assert published(linked(datePublished=day) + meta("2024-05-02")) == date(2024, 5, 2)


def test_the_text_is_searched_where_no_sign_is_believed() -> None:
    body = "<p class='date'>5 May 2024</p>"
    assert published(linked(datePublished="1970-01-01"), body=body) == date(2024, 5, 5)
    assert published(meta("03/04/2024") + meta("2024-05-02", "pubdate"), body=body) == date(2024, 5, 2)


def test_a_day_before_the_web_is_believed_where_two_signs_give_it() -> None:
    url = "https://courier.example/archive/1985/03/02/water"
    assert published(linked(datePublished="1985-03-02"), url=url) == date(1985, 3, 2)


def test_the_day_after_today_is_believed_as_it_has_begun_somewhere() -> None:
    assert published(meta("2026-08-02")) == date(2026, 8, 2)
