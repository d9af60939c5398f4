from __future__ import annotations

from dataclasses import replace

import pytest

from stancewire.errors import InputError
from stancewire.evaluation.gold import GoldRecord, PredictedRecord
from stancewire.evaluation.records import score_records
from stancewire.types import Evidence, HolderKind, Stance, Voice


def said(start: int = 0, end: int = 10) -> tuple[Evidence, ...]:
    return (Evidence(start=start, end=end, quote="x" * (end - start), p=0.9),)


def predicted(
    holder: str, *, topic: str = "t", stance: Stance = Stance.FAVOR, **other: object
) -> PredictedRecord:
    record = PredictedRecord(
        article_id="a",
        holder=holder,
        holder_kind=HolderKind.PERSON,
        holder_mention=holder,
        topic=topic,
        stance=stance,
        attribution=Voice.REPORTED,
        hedged=False,
        conditional=False,
        changed=False,
        evidence=said(),
    )
    return replace(record, **other)  # type: ignore[arg-type]


def gold(holder: str, *, topic: str = "t", stance: Stance = Stance.FAVOR, **other: object) -> GoldRecord:
    record = GoldRecord(
        article_id="a",
        holder=holder,
        kind=HolderKind.PERSON,
        topic=topic,
        stance=stance,
        attribution=Voice.REPORTED,
        hedged=False,
        conditional=False,
        changed=False,
        evidence=said(),
    )
    return replace(record, **other)  # type: ignore[arg-type]


def test_perfect_predictions_score_one_everywhere() -> None:
    stances = (Stance.FAVOR, Stance.AGAINST, Stance.NEUTRAL)
    scores = score_records(
        [predicted(f"Holder {stance}", stance=stance) for stance in stances],
        [gold(f"Holder {stance}", stance=stance) for stance in stances],
    )
    total = scores.total
    assert (total.required, total.found, total.right, total.wrong, total.extra) == (3, 3, 3, 0, 0)
    assert (total.holders.f1, total.stances.f1) == (1, 1)
    assert (scores.stance.accuracy, scores.stance.macro_f1) == (1, 1)
    assert (scores.evidence.overlap.rate, scores.evidence.mean_iou) == (1, 1)
    assert scores.missed == scores.wrong_stance == scores.extra == ()


def test_no_predictions_miss_every_required_row_and_leave_precision_open() -> None:
    scores = score_records([], [gold("Ahmad"), gold("Sima", required=False)])
    assert (scores.total.required, scores.total.found, scores.total.extra) == (1, 0, 0)
    assert (scores.total.holders.precision, scores.total.holders.recall, scores.total.holders.f1) == (
        None,
        0,
        0,
    )
    assert scores.stance.macro_f1 is None
    assert len(scores.missed) == 1


def test_no_gold_rows_make_every_prediction_extra() -> None:
    scores = score_records([predicted("Ahmad")], [])
    assert (scores.total.extra, scores.total.holders.precision, scores.total.holders.recall) == (1, 0, None)


def test_figures_of_a_mixed_case_are_as_worked_out_by_hand() -> None:
    wanted = [
        gold("Ahmad Massoud", aliases=("Massoud",)),
        gold("Sima Samar", stance=Stance.AGAINST),
        gold("Karim Khalili"),
        gold("Green Party", kind=HolderKind.ORGANISATION, topic="u"),
        gold("Optional Omar", required=False),
        gold("Optional Olga", required=False, stance=Stance.AGAINST),
    ]
    given = [
        predicted("Massoud"),
        predicted("Sima Samar"),
        predicted("Nobody Known"),
        predicted("Optional Omar"),
        predicted("Optional Olga"),
    ]
    total = score_records(given, wanted).total
    assert (total.required, total.found, total.right, total.wrong, total.extra) == (4, 2, 1, 2, 1)
    assert total.holders.precision == pytest.approx(2 / 3)  # optional rows count neither way
    assert total.holders.recall == pytest.approx(2 / 4)
    assert total.holders.f1 == pytest.approx(4 / 7)
    assert total.stances.precision == pytest.approx(1 / 4)  # right 1; wrong Sima and Olga, extra 1
    assert total.stances.recall == pytest.approx(1 / 4)


def test_a_wrong_holder_is_both_missed_and_extra_and_the_lines_say_so() -> None:
    scores = score_records([predicted("Sima Samar")], [gold("Ahmad Massoud")])
    assert (scores.total.found, scores.total.extra) == (0, 1)
    hint = "; on the same evidence: 'Sima Samar' (favor)"
    assert scores.missed == ("a, t: 'Ahmad Massoud' (person) favor at 0-10: xxxxxxxxxx" + hint,)
    assert scores.extra == ("a, t: 'Sima Samar' (person) favor at 0-10: xxxxxxxxxx",)


def test_a_wrong_stance_line_names_both_stances() -> None:
    scores = score_records([predicted("Ahmad", stance=Stance.AGAINST)], [gold("Ahmad")])
    assert scores.wrong_stance == ("a, t: 'Ahmad' (person) is favor, predicted against at 0-10: xxxxxxxxxx",)


def test_a_second_record_for_the_same_holder_is_extra() -> None:
    scores = score_records([predicted("Massoud"), predicted("Ahmad Massoud")], [gold("Ahmad Massoud")])
    assert (scores.total.found, scores.total.extra) == (1, 1)
    assert "'Massoud'" in scores.extra[0]


def test_records_of_another_topic_or_article_never_match() -> None:
    scores = score_records(
        [predicted("Ahmad", topic="u"), predicted("Ahmad", article_id="b")],
        [gold("Ahmad"), gold("Other", article_id="b")],
    )
    assert (scores.total.found, scores.total.extra) == (0, 2)


def test_gold_without_an_article_belongs_to_the_only_one_predicted() -> None:
    placeless = gold("Ahmad", article_id=None)
    assert score_records([predicted("Ahmad", article_id="z")], [placeless]).total.found == 1
    with pytest.raises(InputError, match=r"several articles: \['a', 'b'\]"):
        score_records([predicted("Ahmad"), predicted("Ahmad", article_id="b")], [placeless])
    with pytest.raises(InputError, match="some rows have an 'article_id'"):
        score_records([predicted("Ahmad")], [placeless, gold("Sima")])


def test_flags_and_attribution_are_scored_on_matched_rows_that_code_them() -> None:
    wanted = [
        gold("One", hedged=True, attribution=Voice.QUOTED),
        gold("Two", hedged=True),
        gold("Three", hedged=False),
        gold("Four", hedged=None, attribution=None),
        gold("Missed", hedged=True),
    ]
    given = [
        predicted("One", hedged=True),
        predicted("Two"),
        predicted("Three", hedged=True),
        predicted("Four"),
    ]
    scores = score_records(given, wanted)
    hedged = scores.flags["hedged"]
    assert (hedged.accuracy.hits, hedged.accuracy.of) == (1, 3)
    assert hedged.hits.f1 == pytest.approx(0.5)  # one right, one spurious, one missing
    assert scores.attribution.accuracy == pytest.approx(2 / 3)
    assert scores.flags["changed"].hits.f1 is None


def test_evidence_is_measured_by_overlap_and_character_iou() -> None:
    wanted = [gold("One"), gold("Two"), gold("Three", evidence=())]
    given = [predicted("One", evidence=said(5, 15) + said(8, 15)), predicted("Two", evidence=said(50, 60))]
    evidence = score_records([*given, predicted("Three")], wanted).evidence
    assert (evidence.overlap.hits, evidence.overlap.of) == (1, 2)
    assert evidence.mean_iou == pytest.approx((5 / 15 + 0) / 2)


def test_breakdowns_add_up_to_the_total() -> None:
    wanted = [gold("One"), gold("Two", topic="u"), gold("Six", article_id="b", kind=HolderKind.GROUP)]
    given = [
        predicted("One"),
        predicted("Two", topic="u", stance=Stance.AGAINST),
        predicted("Odd", topic="v"),
    ]
    scores = score_records(given, wanted, genres={"a": "wire", "b": "opinion"})
    assert list(scores.by_topic) == ["t", "u", "v"]
    assert list(scores.by_genre) == ["opinion", "wire"]
    assert list(scores.by_kind) == ["group", "person"]
    for tallies in (scores.by_topic, scores.by_genre, scores.by_kind):
        for figure in ("required", "found", "right", "wrong", "extra"):
            parts = (getattr(tally, figure) for tally in tallies.values())
            assert sum(parts) == getattr(scores.total, figure)
