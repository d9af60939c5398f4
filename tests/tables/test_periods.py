"""Days as people and records write them, and the periods that they fall in."""

from __future__ import annotations

from datetime import date

import pytest
from tests.tables.conftest import Roll, told
from tests.tables.example import record

from stancewire.errors import ConfigError
from stancewire.tables import Period, RollUp
from stancewire.tables.periods import UNDATED, first_day, last_day, period_of, published_day


@pytest.mark.parametrize(
    ("period", "name"),
    [
        (Period.DAY, "2024-12-30"),
        (Period.WEEK, "2025-W01"),
        (Period.MONTH, "2024-12"),
        (Period.QUARTER, "2024-Q4"),
        (Period.YEAR, "2024"),
    ],
)
def test_a_day_falls_in_a_period(period: Period, name: str) -> None:
    assert period_of(date(2024, 12, 30), period) == name
    assert period_of(None, period) == UNDATED


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02-10", date(2024, 2, 10), date(2024, 2, 10)),
    ],
)
def test_a_year_and_a_month_begin_and_end(text: str, first: date, last: date) -> None:
    assert (first_day(text, "--from"), last_day(text, "--to")) == (first, last)


@pytest.mark.parametrize(
    "text", ["yesterday", "2024-13", "2024-02-30", "0000", "24", "", "2024-5-1", "٢٠٢٤x"]
)
def test_what_is_no_date_is_refused_with_examples(text: str) -> None:
    for day in (first_day, last_day):
        with pytest.raises(
            ConfigError, match=r"--from: .* is no date; must be like 2024, 2024-05 or 2024-05-31"
        ):
            day(text, "--from")


def test_published_may_have_a_time_and_what_is_no_date_is_undated() -> None:
    assert published_day("2024-05-31T08:00:00Z") == date(2024, 5, 31)
    assert [published_day(each) for each in (None, "", "soon", "2024-02-30")] == [None] * 4


def test_records_without_a_date_stand_under_undated_after_the_others(roll: Roll) -> None:
    dates = (None, "2024-05-01", "soon", "2023-01-01")
    records = [record(f"a{number}", published=each) for number, each in enumerate(dates)]
    table = roll(RollUp.HOLDER, *records, period=Period.YEAR)
    assert told(table, "period", "n") == [("2023", 1), ("2024", 1), (UNDATED, 2)]
    assert "Without a date: 2 records, counted under 'undated'." in table.notes


def test_without_a_period_undated_records_are_counted_and_told(roll: Roll) -> None:
    table = roll(RollUp.HOLDER, record("a1"), record("a2", published=None))
    assert told(table, "n") == [(2,)]
    assert "Without a date: 1 record, counted all the same." in table.notes
