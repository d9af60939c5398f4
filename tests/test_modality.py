"""How firmly a stance is put."""

from __future__ import annotations

import pytest

from stancewire.modality import Modality, read_modality

FIRM = Modality()


@pytest.mark.parametrize(
    "quote",
    [
        "The council seems to back the treaty.",
        "Noori may sign the treaty.",
        "Noori is likely to reject it.",
        "The council reportedly opposes the treaty.",
        "It appears the council is against the treaty.",
        "He hinted that he would sign.",
    ],
)
def test_hedged_sentence(quote: str) -> None:
    assert read_modality([quote]) == Modality(hedged=True)


@pytest.mark.parametrize(
    "quote",
    [
        "The council will sign if the shares are written down.",
        "Only if the governor leaves will they sign.",
        "They back it on condition that farms are spared.",
        "Unless the text changes, she opposes it.",
        "They agreed, provided that the court agrees.",
    ],
)
def test_conditional_sentence(quote: str) -> None:
    assert read_modality([quote]) == Modality(conditional=True)


@pytest.mark.parametrize(
    "quote",
    [
        "The council no longer supports the treaty.",
        "Noori once opposed the treaty.",
        "She reversed her position on the treaty.",
        "He had previously called for a vote.",
        "They used to reject it.",
        "He changed his mind.",
        "The party withdrew its support.",
    ],
)
def test_changed_position(quote: str) -> None:
    assert read_modality([quote]) == Modality(changed=True)


@pytest.mark.parametrize(
    "quote",
    [
        "The council rejects the treaty.",
        "In May 2024 the council backed the treaty.",
        "The dismayed mayor rejects it.",
        "",
    ],
)
def test_plain_sentence_has_no_flag(quote: str) -> None:
    assert read_modality([quote]) == FIRM


def test_hedge_and_condition_count_in_the_strongest_evidence_only() -> None:
    firm, hedged, conditional = "They reject it.", "They may reject it.", "They reject it unless it rains."
    assert read_modality([firm, hedged, conditional]) == FIRM
    assert read_modality([hedged, conditional]) == Modality(hedged=True)
    assert read_modality([conditional, hedged]) == Modality(conditional=True)


def test_change_counts_in_any_evidence() -> None:
    assert read_modality(["They reject it.", "They no longer back it."]) == Modality(changed=True)


def test_no_evidence_has_no_flags() -> None:
    assert read_modality([]) == FIRM
