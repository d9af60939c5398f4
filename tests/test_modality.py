"""How firmly a stance is put."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stancewire.modality import find_cues, find_earlier
from stancewire.types import CueKind, Evidence, Stance


def evidence(*quotes: str) -> list[Evidence]:
    """Return quotes as evidence, each 100 characters after the one before and weaker than that."""
    return [
        Evidence(start=100 * number, end=100 * number + len(quote), quote=quote, p=0.9 - 0.1 * number)
        for number, quote in enumerate(quotes)
    ]


def kinds(*quotes: str) -> set[CueKind]:
    return {cue.kind for cue in find_cues(evidence(*quotes))}


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
    assert kinds(quote) == {CueKind.HEDGED}


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
    assert kinds(quote) == {CueKind.CONDITIONAL}


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
    assert kinds(quote) == {CueKind.CHANGED}


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
    assert not kinds(quote)


def test_hedge_and_condition_count_in_the_strongest_evidence_only() -> None:
    firm, hedged, conditional = "They reject it.", "They may reject it.", "They reject it unless it rains."
    assert not kinds(firm, hedged, conditional)
    assert kinds(hedged, conditional) == {CueKind.HEDGED}
    assert kinds(conditional, hedged) == {CueKind.CONDITIONAL}


@pytest.mark.parametrize(
    ("quote", "is_hedged"),
    [
        ("They have not taken a position yet, but it appears that a deal is an option.", False),
        ("They have apparently not taken a position yet, but a deal is an option.", True),
        ("It seems to be an option, while they remain undecided.", False),
        ("Perhaps it is an option for them.", True),
    ],
)
def test_that_somebody_takes_no_side_is_hedged_in_its_own_clause_only(quote: str, is_hedged: bool) -> None:
    found = find_cues(evidence(quote), stance=Stance.NEUTRAL)
    assert (CueKind.HEDGED in {cue.kind for cue in found}) is is_hedged
    assert find_cues(evidence(quote), stance=Stance.FAVOR)  # another stance may be in either clause


@pytest.mark.parametrize(("p", "is_hedged"), [(0.86, False), (0.84, True)])
def test_hedge_gives_way_to_firm_evidence_that_is_about_as_strong(p: float, is_hedged: bool) -> None:
    hedged, firm = evidence("They may back it.", "They back it.")
    found = find_cues([replace(hedged, p=0.9), replace(firm, p=p)])
    assert (CueKind.HEDGED in {cue.kind for cue in found}) is is_hedged


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("They had recently hoped to talk.", "had recently"),
        ("They used to reject it.", "used to"),
        ("He had called it folly.", "had called"),
    ],
)
def test_what_was_so_before(quote: str, words: str) -> None:
    found = find_earlier(10, quote)
    assert found is not None
    assert (found.kind, found.quote, found.start) == (CueKind.CHANGED, words, 10 + quote.index(words))
    assert find_earlier(10, "They have hoped for it.") is None


def test_change_counts_in_any_evidence() -> None:
    assert kinds("They reject it.", "They no longer back it.") == {CueKind.CHANGED}


def test_cue_has_its_words_and_their_place_in_the_article() -> None:
    quotes = ("They may reject it, if it rains.", "They no longer back it.")
    found = [(cue.kind.value, cue.quote, cue.start, cue.end) for cue in find_cues(evidence(*quotes))]
    assert found == [
        ("hedged", "may", 5, 8),
        ("conditional", "if", 20, 22),
        ("changed", "no longer", 105, 114),
    ]


def test_cue_in_two_pieces_of_evidence_that_overlap_is_there_once() -> None:
    whole = "They left. They no longer back it."
    evidence = [
        Evidence(start=0, end=len(whole), quote=whole, p=0.9),
        Evidence(start=11, end=len(whole), quote=whole[11:], p=0.8),
    ]
    assert [cue.start for cue in find_cues(evidence)] == [16]


def test_no_evidence_has_no_cues() -> None:
    assert find_cues([]) == ()
