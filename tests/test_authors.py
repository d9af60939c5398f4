"""Who speaks in a statement: the persons of its byline, or the organisation that issued it."""

from __future__ import annotations

import pytest

from stancewire.authors import author_kind
from stancewire.types import Article, HolderKind


def kind(
    author: str | None, *, outlet: str | None = "The Courier", genre: str | None = "statement"
) -> HolderKind:
    article = Article(
        id="a1", text="We want peace.", source="test", author=author, outlet=outlet, genre=genre
    )
    return author_kind(article)


@pytest.mark.parametrize(
    "byline",
    [
        "Mina Rahmani",
        "Dr. Abdul Qahar Noorzai",
        "Osama bin Zaid",
        "Laila O’Neill, Ministry of Water",
        "Laila Noori; Karim Safi",
        "Laila Noori and Karim Safi",
    ],
)
def test_statement_with_a_persons_byline_is_the_persons(byline: str) -> None:
    assert kind(byline) is HolderKind.PERSON


@pytest.mark.parametrize(
    "byline",
    [
        None,
        "",
        "Republican Convergence Party",
        "Shura for the Rescue of the Homeland",
        "Bread and School Alliance",
        "National Resistance Front; Laila Noori",
        "Press Office",
        "Hezb-e Islami",
        "Afghan Women",
        "UNAMA",
        "The Courier",
        "press office of the governor",
    ],
)
def test_statement_of_an_organisation_or_without_a_byline_is_an_organisations(byline: str | None) -> None:
    assert kind(byline) is HolderKind.ORGANISATION


def test_outlet_named_as_author_issued_the_statement() -> None:
    assert kind("Valley Courier", outlet="Valley Courier") is HolderKind.ORGANISATION


def test_author_of_anything_else_is_an_author() -> None:
    assert {kind("Mina Rahmani", genre=genre) for genre in (None, "op-ed", "report")} == {HolderKind.AUTHOR}
