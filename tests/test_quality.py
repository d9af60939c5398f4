"""The shipped model and rules must be as good on the sample corpus and the seed article as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from stancewire.evaluation import read_gold, score_records
from tests.quality import PARTS, SLACK, corpus_digest, measure, read_floors, records


@pytest.mark.parametrize("part", PARTS)
def test_floors_were_pinned_on_this_corpus(part: str) -> None:
    assert read_floors()[part]["sha256"] == corpus_digest(part), (
        "re-pin: python tests/quality.py --allow-lower"
    )


@pytest.mark.parametrize("part", PARTS)
def test_sample_corpus_scores_do_not_fall_below_their_floors(part: str) -> None:
    floors = {key: float(value) for key, value in read_floors()[part].items() if key != "sha256"}
    found = measure(part)
    assert {key: value for key, value in found.items() if value < floors[key] - SLACK} == {}


def test_hasht_e_subh_article_gives_the_records_an_analyst_wrote(shared: Path) -> None:
    gold = read_gold(shared / "seed" / "gold.jsonl")
    found = records([str(shared / "seed" / "hasht-e-subh.txt")])
    scores = score_records(found, gold.records)
    assert scores.total.required == 11
    assert scores.total.right >= 9, scores.missed + scores.wrong_stance
    assert scores.total.extra <= 3, scores.extra
