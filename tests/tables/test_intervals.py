"""Bootstrap intervals: their coverage, what is resampled, and where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from tests.tables.conftest import Roll, told
from tests.tables.example import AGAINST, FAVOR, record

from stancewire.counting import Unit
from stancewire.errors import ConfigError
from stancewire.tables import Bootstrap, RollUp
from stancewire.tables.intervals import Interval

# Favor or against, one count a story: the plain case.
PLAIN = np.array([[1, 0, 0, 0], [0, 1, 0, 0]])


def favor_interval(favor: int, against: int, **how: float) -> Interval | None:
    patterns = PLAIN + np.array([[0, 0, 0, favor], [0, 0, 0, against]])
    return Bootstrap(**how).intervals(patterns)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(("stories", "share"), [(10, 0.5), (30, 0.5), (30, 0.3), (100, 0.1)])
def test_an_interval_at_95_percent_holds_the_true_share_in_about_95_of_100_samples(
    stories: int, share: float
) -> None:
    found = np.random.default_rng(11).binomial(stories, share, size=2000)
    intervals = (favor_interval(int(each), stories - int(each)) for each in found)
    shown = [each for each in intervals if each]
    coverage = np.mean([each.low <= share <= each.high for each in shown])
    assert len(shown) > 1900
    assert 0.93 <= coverage <= 0.985


def test_stories_and_not_records_are_resampled() -> None:
    # 40 stories with five records each that all say the same: as sure as 40 stories, not as 200 records.
    patterns = np.array([[5, 0, 0, 20], [0, 5, 0, 20]])
    clustered = Bootstrap().intervals(patterns)[0]
    single = favor_interval(20, 20)
    independent = favor_interval(100, 100)
    assert clustered
    assert single
    assert independent
    assert clustered.high - clustered.low == pytest.approx(single.high - single.low, abs=0.03)
    assert clustered.high - clustered.low > 1.8 * (independent.high - independent.low)


def test_coverage_holds_where_stories_have_records_that_depend_on_each_other() -> None:
    draw = np.random.default_rng(12)
    hits = []
    for _ in range(300):
        sizes, is_favor = draw.integers(1, 6, size=40), draw.random(40) < 0.4
        told = np.column_stack([sizes * is_favor, sizes * ~is_favor, 0 * sizes])
        patterns, stories = np.unique(told, axis=0, return_counts=True)
        interval = Bootstrap(resamples=300).intervals(np.column_stack([patterns, stories]))[0]
        assert interval
        hits.append(interval.low <= 0.4 <= interval.high)
    assert 0.92 <= np.mean(hits) <= 0.985


def test_a_level_of_a_half_holds_the_share_about_every_second_time() -> None:
    found = np.random.default_rng(13).binomial(50, 0.4, size=1000)
    intervals = [favor_interval(int(each), 50 - int(each), level=0.5) for each in found]
    assert 0.4 <= np.mean([each.low <= 0.4 <= each.high for each in intervals if each]) <= 0.62


def test_an_interval_hangs_on_the_row_and_the_seed_alone(roll: Roll) -> None:
    stories = [record(f"a{each}", stance=FAVOR if each % 3 else AGAINST) for each in range(30)]
    others = [
        record(f"b{each}", holder="Karim Safi", stance=FAVOR if each % 2 else AGAINST) for each in range(20)
    ]
    columns = ("holder", "favor_share", "favor_low", "favor_high")
    alone = told(roll(RollUp.HOLDER, *stories), *columns)
    assert told(roll(RollUp.HOLDER, *others, *reversed(stories)), *columns)[:1] == alone
    assert told(roll(RollUp.HOLDER, *stories, bootstrap=Bootstrap(seed=2)), *columns) != alone


def test_rows_with_fewer_stories_than_asked_have_no_interval_and_a_note_says_so(roll: Roll) -> None:
    stories = [record(f"a{each}", stance=FAVOR if each % 3 else AGAINST) for each in range(9)]
    table = roll(RollUp.HOLDER, *stories)
    assert told(table, "stories", "favor_low", "favor_high") == [(9, None, None)]
    assert (
        table.notes[-1] == "No intervals: a row needs 10 stories that don't all say the same (--interval-n)."
    )
    lower = roll(RollUp.HOLDER, *stories, bootstrap=Bootstrap(least=9))
    assert None not in told(lower, "favor_low", "favor_high")[0]
    assert lower.notes[-1].startswith(
        "Intervals: 95 %, 1,000 resamples of stories (seed 1), in rows with 9 stories"
    )


def test_copies_are_one_story_for_the_interval_in_every_unit(roll: Roll) -> None:
    copies = [record(f"a{each}", cluster_id=f"c{each % 3}", outlet=f"o{each}") for each in range(30)]
    for unit in Unit:
        assert told(roll(RollUp.HOLDER, *copies, unit=unit), "stories") == [(3,)]


def test_one_story_and_stories_that_all_say_the_same_have_no_interval(roll: Roll) -> None:
    assert told(roll(RollUp.HOLDER, record()), "favor_share", "favor_low") == [(1.0, None)]
    same = roll(RollUp.HOLDER, *(record(f"a{each}") for each in range(30)))
    assert told(same, "favor_low", "against_low") == [(None, None)]


def test_the_balance_has_an_interval_around_it() -> None:
    *_, balance = Bootstrap().intervals(np.array([[1, 0, 0, 30], [0, 1, 0, 10]]))
    assert balance
    assert -1 < balance.low < 0.5 < balance.high < 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"resamples": 50}, "resamples is 50; must be 0 .* or 100"),
        ({"resamples": -1}, "resamples is -1"),
        ({"level": 95}, "level is 95; must lie between 0 and 1"),
        ({"level": float("nan")}, "level is nan"),
        ({"seed": -1}, "seed is -1"),
        ({"least": 1}, "interval-n is 1; must be 2"),
    ],
)
def test_what_makes_no_interval_is_refused(fields: dict[str, float], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        Bootstrap(**fields)  # type: ignore[arg-type]
