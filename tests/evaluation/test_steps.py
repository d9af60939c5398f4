from __future__ import annotations

from dataclasses import replace

from tests.evaluation.test_records import gold, predicted, said

from stancewire.evaluation.matching import match_records
from stancewire.evaluation.records import score_records
from stancewire.evaluation.steps import Step, score_steps
from stancewire.types import Stance, Voice


def steps(given: list, wanted: list) -> dict[Step, tuple[int, int, int]]:  # type: ignore[type-arg]
    scores = score_steps(match_records(given, wanted))
    return {each.step: (each.hits.right, each.hits.spurious, each.hits.missing) for each in scores}


def test_each_step_asks_for_one_thing_more() -> None:
    wanted = [gold("Ahmad"), gold("Sima"), gold("Omid"), gold("Zahra")]
    given = [
        predicted("Ahmad"),
        predicted("Sima", stance=Stance.AGAINST),
        predicted("Omid", attribution=Voice.QUOTED),
        predicted("Zahra", hedged=True),
        predicted("Nobody"),
    ]
    assert steps(given, wanted) == {
        Step.TOPIC: (1, 0, 0),
        Step.HOLDER: (4, 1, 0),
        Step.STANCE: (3, 2, 1),
        Step.VOICE: (2, 3, 2),
        Step.FLAGS: (1, 4, 3),
        Step.EVIDENCE: (1, 4, 3),
    }


def test_what_a_coder_left_open_is_never_wrong() -> None:
    open_row = gold("Ahmad", attribution=None, hedged=None, conditional=None, changed=None, evidence=())
    found = steps(
        [predicted("Ahmad", attribution=Voice.QUOTED, hedged=True, evidence=said(50, 60))], [open_row]
    )
    assert set(found.values()) == {(1, 0, 0)}


def test_optional_rows_are_neither_hit_nor_miss_unless_their_stance_is_wrong() -> None:
    optional = gold("Ahmad", required=False)
    assert steps([], [optional])[Step.TOPIC] == steps([], [optional])[Step.HOLDER] == (0, 0, 0)
    assert steps([predicted("Ahmad")], [optional])[Step.HOLDER] == (0, 0, 0)
    assert steps([predicted("Ahmad", stance=Stance.AGAINST)], [optional])[Step.STANCE] == (0, 1, 0)


def test_steps_of_holder_and_stance_are_those_of_the_tally() -> None:
    wanted = [gold("Ahmad"), gold("Sima", required=False), gold("Omid", topic="u")]
    given = [predicted("Ahmad", stance=Stance.NEUTRAL), predicted("Sima"), predicted("Zahra", topic="u")]
    scores = score_records(given, wanted)
    by_step = {each.step: each.hits for each in scores.steps}
    assert by_step[Step.HOLDER] == scores.total.holders
    assert by_step[Step.STANCE] == scores.total.stances


def test_the_holder_is_asked_apart_where_the_words_were_found() -> None:
    wanted = [gold("Ahmad"), gold("Sima", evidence=said(20, 30)), gold("Omid", evidence=said(40, 50))]
    given = [predicted("Ahmad"), predicted("Somebody Else", evidence=said(22, 28))]
    share = score_records(given, wanted).holder_given_passage
    assert (share.hits, share.of) == (1, 2)


def test_confidence_is_compared_with_being_right() -> None:
    given = [
        predicted("Ahmad", confidence=0.9),
        predicted("Sima", confidence=0.8, stance=Stance.AGAINST),
        predicted("Nobody", confidence=0.4),
    ]
    calibration = score_records(given, [gold("Ahmad"), gold("Sima")]).calibration
    assert calibration is not None
    assert calibration.coverage[0].accuracy == 1
    assert calibration.coverage[-1].accuracy == 1 / 3
    assert abs(calibration.expected_error - (0.1 + 0.8 + 0.4) / 3) < 1e-9
    assert score_records([replace(given[0], confidence=None)], [gold("Ahmad")]).calibration is None
    assert score_records([], [gold("Ahmad")]).calibration is None


def test_groups_of_articles_are_scored_apart() -> None:
    wanted = [gold("Ahmad"), gold("Sima", article_id="b")]
    scores = score_records(
        [predicted("Ahmad"), predicted("Omid", article_id="b")],
        wanted,
        groups={"year": {"a": "2023", "b": "2024"}, "outlet": {"a": "The Courier"}},
    )
    assert {name: tally.found for name, tally in scores.by["year"].items()} == {"2023": 1, "2024": 0}
    assert {name: tally.extra for name, tally in scores.by["outlet"].items()} == {
        "The Courier": 0,
        "unknown": 1,
    }
