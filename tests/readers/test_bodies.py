from __future__ import annotations

import json
from pathlib import Path

import pytest

from stancewire.readers.bodies import without_placeholders
from stancewire.readers.html import HtmlReader, article_from_page
from stancewire.types import Article

PARAGRAPHS = [
    "The provincial council spent a third day on the draft water treaty, and its members left the chamber as divided "
    "as they had come. Farmers stood at the gates until dusk.",
    "“We can't sign away a river in one afternoon,” said the woman who leads the farmers' bench. She wants the shares "
    "of each district written into the text before any vote is held.",
    "The governor's office replied that the draft already protects small farms, and warned that another delay would "
    "cost the province its place at the regional talks in October.",
    "Old men remember the treaty of 1973, which was signed in a tent and broken in a year. Their grandsons have "
    "measured the channels, and say that the figures in the annex are those of that time.",
    "A vote is expected next week. Both sides told the Courier that they had the numbers, and neither would show a "
    "list of names to prove it. The speaker has asked for an extra row of chairs.",
    "In the bazaar nobody speaks of shares. Melons are late, the price of diesel is up by a third, and the pumps run "
    "all night where there is a pump; the others carry water in cans.",
]
OTHER = (
    "The bridge to the old town stays closed until spring, as the piers need new stones from the quarry. "
    * 12
)


def paragraphs(*numbers: int) -> str:
    return "".join(f"<p>{number + 1}. {PARAGRAPHS[number % 6]}</p>" for number in numbers)


def read(body: str) -> Article:
    page = f"<html><head><title>A treaty about a river</title></head><body>{body}</body></html>"
    return article_from_page(page.encode(), source="a.html")


def test_a_body_in_pieces_is_read_whole_and_in_order() -> None:
    pieces = [paragraphs(*range(24)), *(f"<p>{letter}: {OTHER}</p>" for letter in "ABC")]
    divs = "".join(
        f'<div><div class="body article__body">{piece}</div><aside>Subscribe</aside></div>'
        for piece in pieces
    )
    text = read(f"<article><h1>A treaty about a river</h1>{divs}</article>").text
    places = [text.index(start) for start in ("1. The", "24. In", "A: The", "B: The", "C: The")]
    assert places == sorted(places)


def test_an_article_that_was_loaded_below_is_another_one() -> None:
    own = f"<article><h1>A treaty about a river</h1>{paragraphs(*range(6))}</article>"
    text = read(f"<main>{own}<article><h1>The bridge</h1><p>{OTHER}</p></article></main>").text
    assert "1. The provincial" in text
    assert "6. In the bazaar" in text
    assert "the piers need" not in text


def test_an_article_element_without_a_heading_belongs_to_the_page() -> None:
    parts = f"<article><h1>A treaty about a river</h1>{paragraphs(0, 1, 2)}</article>"
    text = read(f"<article>{parts}<article>{paragraphs(3, 4, 5)}</article></article>").text
    assert "6. In the bazaar" in text


@pytest.mark.parametrize(
    ("name", "has", "lacks"),
    [
        ("us/TheNewYorker_2023_05_16", "Greenland", "Subscribe to"),
        ("no/Dagbladet_2026_01_06", "Maduro", "Solskjær"),
    ],
)
def test_real_pages_are_read_to_their_end_and_no_further(
    shared: Path, name: str, has: str, lacks: str
) -> None:
    folder = shared / "data" / "html_pages" / "test_data"
    versions = json.loads((folder / f"{name.split('_')[0]}.json").read_text(encoding="utf-8"))
    (article,) = HtmlReader().read(folder / f"{name}.html.gz")
    assert isinstance(article, Article)
    (expected,) = (each for each in versions.values() if each["title"] == article.title)
    last = expected["body"]["sections"][-1]["paragraphs"][-1]
    assert " ".join(last.split())[:60] in " ".join(article.text.split())
    assert has in article.text
    assert lacks not in article.text


NOTICE = "Story continues below this advertisement"


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ([NOTICE, "one", NOTICE, "two", NOTICE], ["one", "two"]),
        ([NOTICE, "one", NOTICE], [NOTICE, "one", NOTICE]),
        (["– Why not?"] * 4, ["– Why not?"] * 4),
    ],
)
def test_a_long_line_that_comes_again_and_again_is_no_prose(lines: list[str], kept: list[str]) -> None:
    assert without_placeholders("\n".join(lines)) == "\n".join(kept)
