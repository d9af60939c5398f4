"""The items that are most worth annotating."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.review.runs import article, finish, record, two_articles

from stancewire.errors import InputError
from stancewire.run_folder import RunFolder
from stancewire.sampling.population import Item, Population, Unit, population_of
from stancewire.sampling.useful import margin, most_disputed, most_diverse, most_uncertain
from stancewire.types import Article, Stance, StanceRecord


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return finish(tmp_path / "run", two_articles())


def test_the_smallest_margin_comes_first(run: Path) -> None:
    records = list(RunFolder(run).records())
    close = replace(records[2], p_favor=0.41, p_against=0.39, p_neutral=0.1)
    population = population_of(run, unit=Unit.RECORD)
    (first,) = most_uncertain(population, [*records[:2], close], 1)
    assert first.item.id == close.record_id
    assert first.score == pytest.approx(0.02)


def test_no_stance_is_an_answer_that_can_be_close(run: Path) -> None:
    one = next(RunFolder(run).records())
    assert margin(replace(one, p_favor=0.45, p_against=0.05, p_neutral=0.05)) == pytest.approx(0)


def test_an_article_is_as_uncertain_as_its_closest_record(run: Path) -> None:
    found = most_uncertain(population_of(run, unit=Unit.ARTICLE), RunFolder(run).records(), 2)
    assert {each.item.id for each in found} == {"a1", "a2"}


def test_runs_differ_most_where_a_stance_is_turned(run: Path, tmp_path: Path) -> None:
    (english, (first, second)), (persian, _) = two_articles()
    turned = replace(first, stance=Stance.AGAINST)
    other = finish(tmp_path / "other", [(english, (turned, second)), (persian, ())])
    found = most_disputed(population_of(run, unit=Unit.ARTICLE), run, other, 2)
    assert [(each.item.id, each.score) for each in found] == [("a1", 1.8), ("a2", 0.8)]
    by_record = most_disputed(population_of(run, unit=Unit.RECORD), run, other, 1)
    assert by_record[0].item.id == first.record_id


def test_a_record_that_only_the_other_run_has_makes_its_article_disputed(run: Path, tmp_path: Path) -> None:
    (english, records), persian = two_articles()
    added = record(english, "Third Party", "on Monday")
    other = finish(tmp_path / "other", [(english, (*records, added)), persian])
    assert [each.item.id for each in most_disputed(population_of(run, unit=Unit.ARTICLE), run, other, 1)] == [
        "a1"
    ]


def test_runs_that_do_not_differ_enough_say_how_many_items_there_are(run: Path) -> None:
    with pytest.raises(InputError, match=r"a sample of 1, but there are 0 items on which .* differ"):
        most_disputed(population_of(run, unit=Unit.ARTICLE), run, run, 1)


def test_runs_over_other_articles_are_an_error(run: Path, tmp_path: Path) -> None:
    other = finish(tmp_path / "other", [_alone(article("z9"))])
    with pytest.raises(InputError, match="no article in common"):
        most_disputed(population_of(run, unit=Unit.ARTICLE), run, other, 1)


def test_diverse_texts_are_of_all_sorts_and_the_same_every_time() -> None:
    sorts = {
        "dam": "the dam on the river will be built by engineers",
        "vote": "ministers vote on elections in parliament",
        "wheat": "farmers sow wheat and barley in spring",
    }
    texts = {f"{name}{number}": f"{text} {number}" for name, text in sorts.items() for number in range(30)}
    items = tuple(Item(id=name, article_id=name, stratum="all") for name in sorted(texts))
    population = Population(unit=Unit.ARTICLE, by=(), items=items, left_out={})
    for seed in range(5):
        found = most_diverse(population, texts, 3, seed=seed)
        assert {each.item.id.rstrip("0123456789") for each in found} == set(sorts)
        assert found == most_diverse(population, texts, 3, seed=seed)
    assert len({each.item.id for each in most_diverse(population, texts, 90, seed=1)}) == 90


def test_items_without_a_text_are_not_chosen_for_diversity() -> None:
    items = tuple(Item(id=name, article_id=name, stratum="all") for name in "ab")
    population = Population(unit=Unit.ARTICLE, by=(), items=items, left_out={})
    with pytest.raises(InputError, match="a sample of 2, but there are 1 items with a text"):
        most_diverse(population, {"a": "words of an article", "b": " "}, 2, seed=0)


def _alone(one: Article) -> tuple[Article, tuple[StanceRecord, ...]]:
    return one, (record(one, "Laila Noori", "federalism"),)
