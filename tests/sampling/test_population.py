"""What there is to draw from in a run's folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.review.runs import article, finish, record, two_articles

from stancewire.errors import InputError
from stancewire.sampling.population import By, Unit, population_of
from stancewire.types import Stance


@pytest.fixture
def run(tmp_path: Path) -> Path:
    both = article("a4", day="2025-02-01", outlet=None)
    records = (
        record(both, "Laila Noori", "federalism"),
        record(both, "Omid Karimi", "federalism", stance=Stance.AGAINST),
    )
    return finish(tmp_path / "run", [*two_articles(), (article("a3", "Nothing."), ()), (both, records)])


def strata(run: Path, unit: Unit, *by: By, **options: object) -> Mapping[str, str]:
    return {item.id: item.stratum for item in population_of(run, unit=unit, by=by, **options).items}  # type: ignore[arg-type]


def test_articles_are_drawn_from_all_that_the_run_finished(run: Path) -> None:
    assert strata(run, Unit.ARTICLE) == {"a1": "all", "a2": "all", "a3": "no record", "a4": "all"}


def test_an_article_is_in_the_stratum_of_all_its_topics_and_stances(run: Path) -> None:
    assert strata(run, Unit.ARTICLE, By.TOPIC, By.STANCE) == {
        "a1": "federalism+negotiation / against+favor",
        "a2": "federalism / favor",
        "a3": "no record",
        "a4": "federalism / against+favor",
    }


def test_records_have_strata_of_their_own(run: Path) -> None:
    found = strata(run, Unit.RECORD, By.STANCE, By.YEAR)
    assert found["a1-Omid Karimi-negotiation"] == "against / 2024"
    assert found["a4-Laila Noori-federalism"] == "favor / 2025"
    assert len(found) == 5


def test_outlets_and_months_are_strata_and_what_is_missing_is_unknown(run: Path) -> None:
    assert strata(run, Unit.ARTICLE, By.OUTLET, By.MONTH)["a4"] == "unknown / 2025-02"


def test_outlet_and_time_of_an_article_without_records_come_from_the_article(run: Path) -> None:
    known = {"a3": article("a3", "Nothing.", day="2023-01-01")}
    assert strata(run, Unit.ARTICLE, By.OUTLET, By.YEAR, articles=known)["a3"] == "The Courier / 2023"
    assert strata(run, Unit.ARTICLE, By.TOPIC, articles=known)["a3"] == "no record"


def test_articles_without_a_record_can_be_left_out_and_are_counted(run: Path) -> None:
    found = population_of(run, unit=Unit.ARTICLE, with_records_only=True)
    assert [item.id for item in found.items] == ["a1", "a2", "a4"]
    assert found.left_out == {"without a record": 1}


def test_articles_in_which_no_topic_is_named_are_a_stratum(run: Path) -> None:
    ledger = run / "ledger.jsonl"
    line = '{"article_id": "a9", "outcome": "done", "reason": "no-topic"}\n{"outcome": "failed", "reason": "empty"}\n'
    ledger.write_text(ledger.read_text() + line)
    found = population_of(run, unit=Unit.ARTICLE)
    assert {item.stratum for item in found.items} == {"all", "no record", "no topic"}
    assert found.left_out == {"failed": 1}


def test_a_run_without_records_has_none_to_draw(tmp_path: Path) -> None:
    run = finish(tmp_path / "empty", [(article("a3", "Nothing."), ())])
    with pytest.raises(InputError, match="empty: no record to draw from"):
        population_of(run, unit=Unit.RECORD)
