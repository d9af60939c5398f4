from __future__ import annotations

from datetime import date

import pytest

from stancewire.readers.dates import parse_date


@pytest.mark.parametrize(
    "written",
    [
        "2024-08-15",
        "20240815",
        " 2024-08-15T23:59:59-07:00",
        "2024-08-15 06:00:00 UTC",
        "Thu, 15 Aug 2024 23:30:00 -0700",
        "August 15, 2024",
        "15 Aug. 2024",
        "15/08/2024",
        "8/15/2024",
        1723723200,
        1723723200.5,
        1723723200000,
        20240815,
    ],
)
def test_a_day_is_read_as_it_is_written(written: str | float) -> None:
    assert parse_date(written) == date(2024, 8, 15)


@pytest.mark.parametrize(
    "written",
    ["", "soon", "Tuesday", "August 2024", "2024", "03/04/2024", "2024-02-30", 17, True, "12:30", "9" * 400],
)
def test_what_names_no_one_day_is_none(written: str | float) -> None:
    assert parse_date(written) is None
