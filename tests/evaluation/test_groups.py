from __future__ import annotations

from datetime import date

import pytest

from stancewire.errors import ConfigError, InputError
from stancewire.evaluation.groups import By, Origin, article_groups, origins_of, period, row_groups
from stancewire.evaluation.rows import Row
from stancewire.types import Article


@pytest.mark.parametrize(
    ("published", "by", "wanted"),
    [
        ("2024-05-31", By.YEAR, "2024"),
        ("2024-05-31", By.QUARTER, "2024-Q2"),
        ("2024-12", By.QUARTER, "2024-Q4"),
        ("2024-05-31T10:00:00", By.MONTH, "2024-05"),
        ("2024", By.MONTH, "unknown"),
        ("May 2024", By.YEAR, "unknown"),
        (None, By.YEAR, "unknown"),
    ],
)
def test_periods_are_named_as_in_tables(published: str | None, by: By, wanted: str) -> None:
    assert period(published, by) == wanted


def row(**values: object) -> Row:
    return Row(where="gold.jsonl:1", values=values)


def test_the_first_who_says_it_names_an_articles_origin_and_the_article_itself_last() -> None:
    rows = [
        row(article_id="a", genre="wire"),
        row(article_id="a", outlet="The Courier", genre="letter"),
        row(article_id="b", published="2024-05-01"),
    ]
    read = Article(id="b", text="", source="", outlet="Hasht", published=date(2023, 1, 2))
    assert origins_of(rows, [read]) == {
        "a": Origin(outlet="The Courier", genre="wire"),
        "b": Origin(outlet="Hasht", published="2023-01-02"),
    }


def test_groups_of_which_nobody_knows_anything_are_refused() -> None:
    with pytest.raises(ConfigError, match="by outlet: neither records nor gold rows say it of any article"):
        article_groups({"a": Origin(genre="wire")}, By.OUTLET)
    with pytest.raises(InputError, match="by outlet: no gold row has 'outlet'"):
        row_groups([row(id=1)], By.OUTLET)


def test_rows_are_in_the_groups_that_they_name() -> None:
    rows = [row(topic="dam", published="2024-05-01"), row(published="2023-02-01")]
    assert row_groups(rows, By.TOPIC) == ["dam", "unknown"]
    assert row_groups(rows, By.QUARTER) == ["2024-Q2", "2023-Q1"]
