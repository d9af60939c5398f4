from __future__ import annotations

import pytest

from stancewire.evaluation.gold import GoldRecord, PredictedRecord
from stancewire.evaluation.matching import Likeness, character_iou, compare, match_records
from stancewire.evaluation.names import head_word, is_part, name_key, only_points, token_f1
from stancewire.types import Evidence, HolderKind, Stance, Voice

HERE, ELSEWHERE = (0, 100), (500, 600)


def said(place: tuple[int, int]) -> tuple[Evidence, ...]:
    return (Evidence(start=place[0], end=place[1], quote="", p=1.0),)


def given(
    holder: str,
    mention: str | None = None,
    *,
    kind: HolderKind = HolderKind.PERSON,
    place: tuple[int, int] = HERE,
    stance: Stance = Stance.FAVOR,
) -> PredictedRecord:
    return PredictedRecord(
        article_id="a",
        holder=holder,
        holder_kind=kind,
        holder_mention=mention or holder,
        topic="t",
        stance=stance,
        attribution=Voice.REPORTED,
        hedged=False,
        conditional=False,
        changed=False,
        evidence=said(place),
    )


def wanted(
    holder: str, *aliases: str, kind: HolderKind = HolderKind.PERSON, required: bool = True
) -> GoldRecord:
    return GoldRecord(
        article_id="a",
        holder=holder,
        aliases=aliases,
        kind=kind,
        topic="t",
        stance=Stance.FAVOR,
        required=required,
        evidence=said(HERE),
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Taliban", "taliban"),
        ("Marshal Dostum", "Dostum"),
        ("former Foreign Minister Şerife Öz", "Serife Oz"),
        ("U.S. Congress", "the US Congress"),
        ("Hasht-e-Subh", "Hasht e Subh"),
        ("Ａｌｉ Khan", "Ali Khan"),
        ("the group's leaders", "group leaders"),
        ("أحمد مسعود", "احمد مسعود"),
    ],
)
def test_names_are_equal_whatever_case_marks_articles_and_titles(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("President of Peru", "King of Peru"),
        ("former members", "members"),
        ("this group", "group"),
        ("Minister", "President"),
        ("ex prime", "prime"),
    ],
)
def test_names_that_differ_in_more_stay_different(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_the_head_is_the_last_word_before_of_and_its_like() -> None:
    assert head_word("High Council for the Rescue of Afghanistan") == "council"
    assert head_word("Ahmad Massoud") == "massoud"
    assert head_word("…") is None


def test_a_part_of_a_name_has_whole_words_and_the_same_head() -> None:
    assert is_part("Massoud", "Ahmad Massoud")
    assert is_part("National Freedom Party", "the National Freedom Party of Afghanistan")
    assert not is_part("Taliban", "Taliban spokesman")
    assert not is_part("Mass", "Ahmad Massoud")
    assert not is_part("", "Ahmad Massoud")


def test_opposed_groups_share_nothing() -> None:
    assert token_f1("supporters of federalism", "opponents of federalism") == 0
    assert token_f1("opponents of federalism", "federalism's opponents") == 1
    assert token_f1("members of the council", "council staff") == pytest.approx(0.5)


def test_words_that_only_point_are_known() -> None:
    assert all(map(only_points, ("They", "others", "this group", "its leader", "--")))
    assert not any(
        map(
            only_points,
            ("Taliban", "the U.S.", "WHO", "some members", "the remaining members of this council"),
        )
    )


def test_holder_mention_and_alias_match_by_name_wherever_the_evidence_is() -> None:
    massoud = wanted("Ahmad Massoud", "the commander's son")
    assert compare(given("ahmad massoud", place=ELSEWHERE), massoud) is Likeness.NAME
    assert compare(given("Massoud jr", "The commander's son", place=ELSEWHERE), massoud) is Likeness.MENTION


def test_part_of_a_name_needs_overlapping_evidence() -> None:
    massoud = wanted("Ahmad Massoud")
    assert compare(given("Massoud"), massoud) is Likeness.PART
    assert compare(given("Massoud", place=ELSEWHERE), massoud) is Likeness.NO


def test_the_author_matches_the_author_under_any_name() -> None:
    author = wanted("The Daily", kind=HolderKind.AUTHOR)
    assert compare(given("Jo Writer", kind=HolderKind.AUTHOR, place=ELSEWHERE), author) is Likeness.NAME
    assert compare(given("Jo Writer"), author) is Likeness.NO


def test_groups_match_by_half_of_their_words_on_the_same_evidence() -> None:
    segment = wanted("a large segment of the opposition", kind=HolderKind.GROUP)
    near = given("large opposition segment", kind=HolderKind.GROUP)
    assert compare(near, segment) is Likeness.WORDING
    assert (
        compare(given("large opposition segment", kind=HolderKind.GROUP, place=ELSEWHERE), segment)
        is Likeness.NO
    )
    assert compare(given("Opposition Segment Large"), segment) is Likeness.NO  # a person is no group
    assert compare(given("opposition", kind=HolderKind.GROUP), segment) is Likeness.WORDING
    assert compare(given("critics", kind=HolderKind.GROUP), segment) is Likeness.NO


def test_a_pronoun_proves_nothing_about_a_holder_with_another_name() -> None:
    members = wanted("some members", "they", kind=HolderKind.GROUP)
    assert compare(given("Taliban", "they", kind=HolderKind.ORGANISATION), members) is Likeness.NO
    assert compare(given("they", kind=HolderKind.GROUP), members) is Likeness.NAME
    assert compare(given("they", kind=HolderKind.GROUP, place=ELSEWHERE), members) is Likeness.NO


def test_the_surest_pair_is_made_first_whatever_the_order() -> None:
    records = [given("Massoud"), given("Ahmad Massoud", place=ELSEWHERE, stance=Stance.AGAINST)]
    for ordered in (records, records[::-1]):
        matching = match_records(ordered, [wanted("Ahmad Massoud")])
        assert [pair.predicted.holder for pair in matching.pairs] == ["Ahmad Massoud"]
        assert [record.holder for record in matching.extra] == ["Massoud"]


def test_each_gold_row_and_each_record_is_used_once() -> None:
    rows = [wanted("Council", "members", required=False), wanted("Party", "members")]
    matching = match_records([given("members")], rows)
    assert [pair.gold.holder for pair in matching.pairs] == ["Party"]  # a required row goes first
    assert [row.holder for row in matching.unanswered] == ["Council"]


def test_character_iou_counts_overlapping_spans_once() -> None:
    assert character_iou(said((0, 10)) + said((5, 20)), said((0, 20))) == 1
    assert character_iou(said((0, 10)), said((10, 20))) == 0
    assert character_iou(said((0, 10_000_000_000)), said((0, 5_000_000_000))) == 0.5
    assert character_iou((), ()) == 0
