"""Coders compared field by field, with figures worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.agreement.coders import TEXT, coded, coding

from stancewire.agreement.bootstrap import Bootstrap
from stancewire.agreement.compare import compare_codings
from stancewire.agreement.fields import Field
from stancewire.agreement.metric import Metric
from stancewire.agreement.results import Agreement, Comparison, FieldAgreement
from stancewire.coding.coded import Coding
from stancewire.errors import InputError
from stancewire.types import HolderKind, Voice

QUICK = Bootstrap(samples=0)
TEXTS = dict.fromkeys("abcd", TEXT)
ANNA = coding(
    "anna",
    coded("a", "Council", "favor", voice=Voice.QUOTED),
    coded("a", "Ministry", "against", at=(27, 54)),
    coded("b", "Council", "favor"),
    coded("c", "Council", "neutral"),
    articles=["d"],
)
BEN = coding(
    "ben",
    coded("a", "Council", "favor"),
    coded("b", "Council", "against"),
    coded("c", "Council", "neutral", at=(0, 13)),
    coded("d", "Parliament", "favor"),
)


def compared(*codings: Coding, metric: Metric = Metric.NOMINAL) -> Agreement:
    return compare_codings(codings, texts=TEXTS, metric=metric, bootstrap=QUICK)


def field_of(comparison: Comparison, field: Field) -> FieldAgreement:
    return next(each for each in comparison.fields if each.field is field)


@pytest.fixture(scope="module")
def pair() -> Comparison:
    return compared(ANNA, BEN).comparisons[0]


def test_topic_is_asked_of_every_shared_article(pair: Comparison) -> None:
    topic = field_of(pair, Field.TOPIC)
    assert (topic.units, topic.agreement.value) == (4, 0.75)  # a, b, c: both; d: only ben
    assert topic.prevalence == {"anna": {"no": 0.25, "yes": 0.75}, "ben": {"no": 0.0, "yes": 1.0}}


def test_found_counts_what_each_found_and_has_no_alpha(pair: Comparison) -> None:
    found = field_of(pair, Field.FOUND)
    assert (
        found.units == 5
    )  # the council in three articles; the ministry and parliament, each seen by one coder
    assert found.agreement.value == pytest.approx(2 * 3 / (4 + 4))
    assert found.alpha.value is None
    assert found.alpha.reason == "undefined: what nobody found can't be counted"


def test_stance_is_asked_where_both_have_the_record(pair: Comparison) -> None:
    stance = field_of(pair, Field.STANCE)
    assert stance.units == 3
    assert stance.agreement.value == pytest.approx(2 / 3)
    # favor-favor, favor-against, neutral-neutral: n = 6, three favor, one against, two neutral.
    expected = (6**2 - 3**2 - 1 - 2**2) / 5
    assert stance.alpha.value == pytest.approx(1 - 2 / expected)


def test_stance_or_none_counts_a_lone_record_as_a_value_against_none(pair: Comparison) -> None:
    both = field_of(pair, Field.STANCE_OR_NONE)
    assert (both.units, both.agreement.value) == (5, pytest.approx(2 / 5))


def test_ordinal_and_interval_punish_opposite_stances_more_than_neighbours() -> None:
    far = (
        coding("x", *_stances("favor", "against", "favor")),
        coding("y", *_stances("against", "against", "favor")),
    )
    near = (
        coding("x", *_stances("favor", "against", "favor")),
        coding("y", *_stances("neutral", "against", "favor")),
    )
    for metric in (Metric.ORDINAL, Metric.INTERVAL):
        values = [
            field_of(compared(*each, metric=metric).comparisons[0], Field.STANCE).alpha.value
            for each in (far, near)
        ]
        assert values[0] is not None
        assert values[1] is not None
        assert values[0] < values[1]


def test_attribution_is_compared_where_both_have_the_record(pair: Comparison) -> None:
    assert field_of(pair, Field.ATTRIBUTION).agreement.value == pytest.approx(2 / 3)


def test_a_flag_with_one_value_has_no_alpha_and_says_so(pair: Comparison) -> None:
    hedged = field_of(pair, Field.HEDGED)
    assert hedged.agreement.value == 1
    assert hedged.alpha.value is None
    assert hedged.alpha.reason == "undefined: all 6 values are 'no'"
    assert hedged.kappa.value is None


def test_a_flag_that_nobody_coded_has_no_units() -> None:
    blank = [coding(name, coded("a", "Council", hedged=None)) for name in ("anna", "ben")]
    hedged = field_of(compared(*blank).comparisons[0], Field.HEDGED)
    assert (hedged.units, hedged.alpha.reason) == (0, "undefined: no such unit")


def test_evidence_of_a_record_is_compared_by_characters(pair: Comparison) -> None:
    evidence = field_of(pair, Field.EVIDENCE)
    assert evidence.units == 3
    assert evidence.agreement.value == pytest.approx(2 * (26 + 26 + 13) / (6 * 26 - 13))


def test_evidence_without_the_texts_is_left_out_with_a_note() -> None:
    agreement = compare_codings([ANNA, BEN], bootstrap=QUICK)
    assert field_of(agreement.comparisons[0], Field.EVIDENCE).units == 0
    assert "4 articles with evidence have no text here" in " ".join(agreement.notes)


def test_same_words_for_two_holders_are_no_disagreement_on_the_holder() -> None:
    two = [coded("a", "Council"), coded("a", "Ministry")]
    holder = field_of(compared(coding("x", *two), coding("y", *reversed(two))).comparisons[0], Field.HOLDER)
    assert (holder.units, holder.agreement.value) == (2, 1)


def test_same_words_for_another_holder_are_a_disagreement() -> None:
    agreement = compared(coding("x", coded("a", "Council")), coding("y", coded("a", "Ministry")))
    assert field_of(agreement.comparisons[0], Field.HOLDER).agreement.value == 0
    found = [each for each in agreement.disagreements if each.field is Field.HOLDER]
    assert found[0].values == {"x": "Council", "y": "Ministry"}


def test_a_defensible_record_may_be_left_out_or_found() -> None:
    gold = coding("gold", coded("a", "Council"), coded("a", "Ministry", required=False, at=(27, 54)))
    comparison = compared(gold, coding("ben", coded("a", "Council"))).comparisons[0]
    assert field_of(comparison, Field.FOUND).agreement.value == 1


def test_the_author_is_the_author_whatever_the_name() -> None:
    by = [coded("a", name, kind=HolderKind.AUTHOR) for name in ("Omid Karimi", "author")]
    comparison = compared(coding("x", by[0]), coding("y", by[1])).comparisons[0]
    assert field_of(comparison, Field.FOUND).agreement.value == 1


def test_three_people_are_compared_together_and_two_by_two_and_the_model_with_each() -> None:
    people = [coding(name, *_stances("favor", "against")) for name in ("anna", "ben", "carla")]
    model = coding("model", *_stances("favor", "favor"), is_model=True)
    assert [each.coders for each in compared(*people, model).comparisons] == [
        ("anna", "ben", "carla"),
        ("anna", "ben"),
        ("anna", "carla"),
        ("anna", "model"),
        ("ben", "carla"),
        ("ben", "model"),
        ("carla", "model"),
    ]


def test_two_people_and_a_model_are_compared_two_by_two() -> None:
    three = [coding(name, *_stances("favor")) for name in ("anna", "ben")]
    model = coding("model", *_stances("favor"), is_model=True)
    assert [len(each.coders) for each in compared(*three, model).comparisons] == [2, 2, 2]


def test_fleiss_kappa_counts_units_of_all_coders() -> None:
    people = [coding(name, *_stances("favor", "against", "favor")) for name in ("anna", "ben")]
    third = coding("carla", *_stances("favor", "against"), articles=["c"])
    stance = field_of(compared(*people, third).comparisons[0], Field.STANCE)
    assert (stance.units, stance.kappa.value) == (3, 1)


@pytest.mark.parametrize("coders", [[], [ANNA]])
def test_a_single_coder_is_an_error(coders: Sequence[Coding]) -> None:
    with pytest.raises(InputError, match="agreement needs two"):
        compare_codings(coders)


def test_coders_with_no_common_article_are_an_error_that_names_both() -> None:
    with pytest.raises(InputError, match=r"anna has 4 articles.*'a'.*other has 1 articles, such as 'z'"):
        compared(ANNA, coding("other", coded("z", "Council")))


def test_a_pair_without_common_articles_is_noted_and_left_out() -> None:
    third = coding("carla", coded("b", "Council"))
    fourth = coding("dora", coded("a", "Council"))
    agreement = compared(ANNA, third, fourth)
    assert ("carla", "dora") not in [each.coders for each in agreement.comparisons]
    assert "carla and dora share no article and are not compared" in agreement.notes


def test_a_topic_outside_the_scheme_is_an_error_with_its_row_and_the_topics() -> None:
    with pytest.raises(
        InputError, match=r"anna.jsonl: topic 'talks' is not in the scheme; known: federalism, taxes"
    ):
        compare_codings([ANNA, BEN], topics=["taxes", "federalism"])


def test_evidence_that_is_not_in_the_text_is_an_error_with_both() -> None:
    with pytest.raises(
        InputError, match="evidence 1 of 'Council', 0 to 26 in a: the text has 'Another text, "
    ):
        compare_codings([ANNA, BEN], texts={"a": "Another text, as long as the first one was."})


def test_evidence_behind_the_end_of_the_text_is_an_error() -> None:
    with pytest.raises(InputError, match="the text ends at 5"):
        compare_codings([ANNA, BEN], texts={"a": "Short"})


def test_few_articles_are_noted() -> None:
    assert any("anna, ben: 4 articles; intervals" in note for note in compared(ANNA, BEN).notes)


def _stances(*stances: str) -> list[object]:
    return [coded(article, "Council", stance) for article, stance in zip("abcd", stances, strict=False)]
