from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from stancewire.readers.archive import read_articles
from stancewire.readers.html import HtmlReader
from stancewire.types import Article, Outcome, Skip

PAGES = Path(__file__).parent / "pages"


def read(path: Path) -> Article:
    (article,) = HtmlReader().read(path)
    assert isinstance(article, Article), article
    return article


def test_a_page_gives_its_text_and_particulars() -> None:
    article = read(PAGES / "article.html")
    assert article.title == "Council weighs a new water treaty"
    assert article.outlet == "Valley Courier"
    assert article.author == "Mina Rahmani"
    assert article.url == "https://www.valleycourier.example/2024/08/water-treaty"
    assert article.published == date(2024, 8, 15)
    assert article.language == "en"
    assert article.text.endswith("to prove it.")
    assert "Sport" not in article.text
    assert "Copyright" not in article.text


def test_the_prose_begins_after_title_and_dateline() -> None:
    article = read(PAGES / "article.html")
    assert article.text[article.body_start :].startswith("The provincial council spent")


def test_joiners_that_persian_words_need_are_kept() -> None:
    article = read(PAGES / "persian.html")
    assert article.title == "شورا در باره آب گفت‌وگو کرد"
    assert "نمی‌توانیم رودخانه" in article.text
    assert (article.outlet, article.language) == ("پیک دره", "fa")


def test_a_front_page_is_no_article(tmp_path: Path) -> None:
    skip, article = read_articles([str(PAGES / "front_page.html"), str(PAGES / "article.html")])
    assert isinstance(skip, Skip)
    assert (skip.reason, skip.outcome) == ("no-article", Outcome.FAILED)
    assert "no article found on the page; must be an article's own page, with running text" in skip.detail
    assert isinstance(article, Article)


@pytest.mark.parametrize("page", ["<html><head><title>x</title></head><body></body></html>", "<p></p>"])
def test_a_page_without_text_is_no_article(tmp_path: Path, page: str) -> None:
    (tmp_path / "a.html").write_text(page)
    (skip,) = HtmlReader().read(tmp_path / "a.html")
    assert isinstance(skip, Skip)
    assert skip.reason == "no-article"


def test_a_page_in_its_declared_encoding_is_read(tmp_path: Path) -> None:
    page = (PAGES / "persian.html").read_text(encoding="utf-8").replace("utf-8", "windows-1256")
    known = page.replace("ی", "ي").replace("ک", "ك")
    (tmp_path / "a.html").write_bytes(known.encode("cp1256"))
    assert "نمي‌توانيم رودخانه" in read(tmp_path / "a.html").text


def test_a_packed_page_is_unpacked(tmp_path: Path) -> None:
    (tmp_path / "a.html.gz").write_bytes(gzip.compress((PAGES / "article.html").read_bytes()))
    assert read(tmp_path / "a.html.gz").outlet == "Valley Courier"


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("Council weighs a new water treaty - National", "Council weighs a new water treaty"),
        ("Council weighs a new water treaty · Valley", "Council weighs a new water treaty"),
        ("Water: what the council weighs", "Water"),
        ("What the council weighs", "Council weighs a new water treaty"),
    ],
)
def test_a_title_ends_where_the_headline_does(tmp_path: Path, title: str, heading: str) -> None:
    page = (PAGES / "article.html").read_text(encoding="utf-8")
    page = page.replace("Council weighs a new water treaty | Valley Courier", title)
    page = page.replace("Council weighs a new water treaty<", f"{heading}<").replace('"headline"', '"about"')
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    assert read(tmp_path / "a.html").title == (heading if title.startswith("Council") else title)


# Pages whose outlet trafilatura alone gets wrong: see `_outlet`.
REAL = {
    "de/SpiegelOnline_2023_04_28": ("DER SPIEGEL", "de"),
    "ca/NationalPost_2025_05_08": ("National Post", "en"),
    "us/TechCrunch_2024_04_28": ("TechCrunch", "en"),
    "uk/TheGuardian_2024_02_24": ("The Guardian", "en"),
    "za/TimesLive_2025_05_22": ("TimesLIVE", "en"),
}


@pytest.mark.parametrize("name", REAL)
def test_real_pages_name_outlet_and_language(shared: Path, name: str) -> None:
    folder = shared / "data" / "html_pages" / "test_data"
    article = read(folder / f"{name}.html.gz")
    assert (article.outlet, article.language) == REAL[name]
    expected = json.loads((folder / f"{name.split('_')[0]}.json").read_text(encoding="utf-8"))
    assert article.title in {version["title"] for version in expected.values()}


@pytest.mark.parametrize("charset", ["undefined", "idna", "unicode_escape", "no-such-charset"])
def test_a_charset_that_no_page_is_in_is_no_charset(tmp_path: Path, charset: str) -> None:
    path = tmp_path / "a.html"
    body = "The café’s owner, whose name is \\u0041, refused. " * 20
    page = (
        f'<html><head><meta charset="{charset}"></head><body><article><p>{body}</p></article></body></html>'
    )
    path.write_bytes(page.encode("cp1252"))
    (article,) = HtmlReader().read(path)
    assert isinstance(article, Article)
    assert "café’s owner, whose name is \\u0041, refused" in article.text


def test_a_number_of_thousands_of_digits_is_no_character(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    body = "The council met for a third day, and agreed on nothing. " * 10
    linked = json.dumps({"@type": "NewsArticle", "author": {"name": f"Ada &#{'9' * 5000}; Holt"}})
    head = f'<script type="application/ld+json">{linked}</script>'
    path.write_text(f"<html><head>{head}</head><body><article><p>{body}</p></article></body></html>")
    (article,) = HtmlReader().read(path)
    assert isinstance(article, Article)
    assert article.author == "Ada \ufffd Holt"
