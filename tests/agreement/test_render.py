"""Agreement as it is shown: every missing figure says why, and none is a NaN."""

from __future__ import annotations

import json

import pytest
from tests.agreement.coders import TEXT, coded, coding

from stancewire.agreement.bootstrap import Bootstrap
from stancewire.agreement.compare import compare_codings
from stancewire.agreement.metric import Metric
from stancewire.agreement.render import agreement_as_json, agreement_as_markdown, agreement_as_text
from stancewire.agreement.results import Agreement


@pytest.fixture(scope="module")
def agreement() -> Agreement:
    anna = coding(
        "anna", *(coded(article, "Council") for article in "abc"), coded("a", "Mini|stry", at=(27, 54))
    )
    ben = coding("ben", *(coded(article, "Council", "against") for article in "ab"), coded("c", "Council"))
    return compare_codings(
        [anna, ben],
        texts=dict.fromkeys("abc", TEXT),
        metric=Metric.ORDINAL,
        bootstrap=Bootstrap(samples=50, seed=4),
    )


def test_text_has_a_line_for_each_field_and_says_how_it_was_made(agreement: Agreement) -> None:
    text = agreement_as_text(agreement)
    assert "anna and ben: 3 articles in common" in text
    assert "hedged, alpha: undefined: all 6 values are 'no'" in text
    assert "50 bootstrap samples of articles, seed 4" in text
    assert "nominal (ordinal for stance)" in text


@pytest.mark.parametrize("render", [agreement_as_text, agreement_as_markdown, agreement_as_json])
def test_nothing_shows_a_nan(agreement: Agreement, render: object) -> None:
    assert "nan" not in render(agreement).casefold().replace("nanna", "")  # type: ignore[operator]


def test_markdown_has_tables(agreement: Agreement) -> None:
    assert "| stance | 3 | 3 |" in agreement_as_markdown(agreement)


def test_json_has_reasons_and_disagreements(agreement: Agreement) -> None:
    values = json.loads(agreement_as_json(agreement))
    fields = {field["field"]: field for field in values["comparisons"][0]["fields"]}
    assert fields["stance"]["alpha"]["low"] <= fields["stance"]["alpha"]["value"]
    assert fields["hedged"]["alpha"]["value"] is None
    assert len(values["disagreements"]) == 3
