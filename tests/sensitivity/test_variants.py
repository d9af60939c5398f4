"""How each perturbation changes a question, and when it doesn't fit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.sensitivity.questions import DAM, asked, mention

from stancewire.sensitivity import variants as made_by
from stancewire.sensitivity.asked import Asked
from stancewire.sensitivity.names import INVENTED, Names, invented_names
from stancewire.sensitivity.perturbations import Perturbation
from stancewire.sensitivity.variants import LeftOut, Sources, Variant, variants
from stancewire.types import HolderKind

TEXT = "Laila Noori of the Harbour Party told Omid Karimi that the dam must come; Noori's office agreed."
NOORI = mention(TEXT, "Laila Noori")
AGAIN = mention(TEXT, "Noori's", name="Laila Noori")
PARTY = mention(TEXT, "the Harbour Party", kind=HolderKind.ORGANISATION, name="Harbour Party")
KARIMI = mention(TEXT, "Omid Karimi")
SOURCES = Sources(
    paraphrases={"dam": ("It is right to build the dam at Kelvar.", "Kelvar needs its dam.")},
    invented=invented_names(seed=0),
    known=Names(by_kind={HolderKind.PERSON: ("Ahmad Massoud",)}, seed=0),
)


def made(one: Asked, perturbation: Perturbation, sources: Sources = SOURCES) -> list[Variant]:
    found = list(variants(one, sources, [perturbation]))
    assert all(isinstance(each, Variant) for each in found), found
    return [each for each in found if isinstance(each, Variant)]


def left_out(one: Asked, perturbation: Perturbation, sources: Sources = SOURCES) -> str:
    (found,) = variants(one, sources, [perturbation])
    assert isinstance(found, LeftOut)
    return found.reason


@pytest.fixture
def question() -> Asked:
    return asked(TEXT, NOORI, AGAIN, PARTY, KARIMI)


def test_a_paraphrase_takes_the_place_of_the_claim_and_nothing_else(question: Asked) -> None:
    found = made(question, Perturbation.PARAPHRASE)
    assert [each.query.topic for each in found] == list(SOURCES.paraphrases["dam"])
    assert all(replace(each.query, topic=question.query.topic) == question.query for each in found)


def test_the_opposite_is_asked(question: Asked) -> None:
    (found,) = made(question, Perturbation.OPPOSITE)
    assert found.query.topic == DAM.opposite


def test_a_holder_is_called_otherwise_wherever_they_are_named(question: Asked) -> None:
    (found,) = made(question, Perturbation.KNOWN_NAME)
    assert found.query.text == (
        "Ahmad Massoud of the Harbour Party told Omid Karimi that the dam must come; Massoud's office agreed."
    )
    assert found.query.holder == "Ahmad Massoud"
    assert found.query.mention
    assert found.query.mention.of(found.query.text) == "Ahmad Massoud"


def test_as_many_invented_names_are_tried_as_asked_for(question: Asked) -> None:
    found = made(question, Perturbation.INVENTED_NAME, replace(SOURCES, swaps=3))
    assert len({each.query.holder for each in found}) == 3
    assert [each.number for each in found] == [0, 1, 2]


def test_a_masked_holder_has_the_name_of_nobody(question: Asked) -> None:
    (found,) = made(question, Perturbation.MASKED_HOLDER)
    assert "Noori" not in found.query.text
    assert found.query.holder == "Person A"


def test_others_are_renamed_and_the_holder_is_not(question: Asked) -> None:
    for each in made(question, Perturbation.OTHER_NAMES):
        assert each.query.text.startswith("Laila Noori of the ")
        assert "Harbour Party" not in each.query.text
        assert "Karimi" not in each.query.text
        assert "Noori's office" in each.query.text
        assert each.query.holder == "Laila Noori"


@pytest.mark.parametrize("count", [2, 7, 9])
def test_nobody_shares_a_new_name_with_another_in_a_variant_or_with_themselves_in_the_next(
    count: int,
) -> None:
    states = ("Iran", "Pakistan", "Qatar", "Turkey", "India", "China", "Oman", "Iraq", "Tajikistan")[:count]
    text = f"Noori met envoys of {', '.join(states)} on the dam."
    others = [mention(text, name, kind=HolderKind.STATE) for name in states]
    for number in range(30):
        question = asked(text, mention(text, "Noori"), *others, article_id=f"a{number}")
        found = made(question, Perturbation.OTHER_NAMES)
        again = made(replace(question, named=question.named[::-1]), Perturbation.OTHER_NAMES)
        assert [each.query for each in found] == [each.query for each in again]
        one, two = (each.query.text.split(" of ")[1].split(" on ")[0].split(", ") for each in found)
        assert len(set(one)) == len(set(two)) == count
        if count < len(INVENTED[HolderKind.STATE]):
            assert not set(states) & {*one, *two}
            assert not [name for name, other in zip(one, two, strict=True) if name == other]


def test_terms_are_masked_and_what_stands_between_their_words_is_not() -> None:
    text = "Noori refused to build anything along the river, or a dam."
    (found,) = made(asked(text, mention(text, "Noori")), Perturbation.MASKED_TOPIC)
    assert found.query.text == "Noori refused to X anything along the X, or a X."


def test_a_holder_whose_name_has_a_term_keeps_it() -> None:
    text = "Dam Watch backs the dam."
    holder = mention(text, "Dam Watch", kind=HolderKind.ORGANISATION)
    (found,) = made(asked(text, holder), Perturbation.MASKED_TOPIC)
    assert found.query.text == "Dam Watch backs the X."


SHE = "She backs the dam."
KELVAR = "Kelvar backs the dam."
MASKED = "Dam Watch agreed."


@pytest.mark.parametrize(
    ("one", "perturbation", "reason"),
    [
        (asked(TEXT, None), Perturbation.INVENTED_NAME, made_by.AUTHOR),
        (asked(SHE, mention(SHE, "She", is_reference=True)), Perturbation.MASKED_HOLDER, made_by.REFERENCE),
        (asked(KELVAR, mention(KELVAR, "Kelvar")), Perturbation.KNOWN_NAME, made_by.TOPICAL),
        (asked(TEXT, NOORI), Perturbation.OTHER_NAMES, made_by.NOBODY_ELSE),
        (asked(MASKED, mention(MASKED, "Dam Watch")), Perturbation.MASKED_TOPIC, made_by.NO_TERM),
        (asked(TEXT, PARTY), Perturbation.KNOWN_NAME, made_by.NO_NAME),
        (asked(TEXT, NOORI, topic=replace(DAM, opposite=None)), Perturbation.OPPOSITE, made_by.NO_OPPOSITE),
        (asked(TEXT, NOORI, topic=replace(DAM, id="other")), Perturbation.PARAPHRASE, made_by.NO_PARAPHRASE),
    ],
)
def test_where_a_perturbation_does_not_fit_it_says_why(
    one: Asked, perturbation: Perturbation, reason: str
) -> None:
    assert left_out(one, perturbation) == reason
