"""Which words are names, what may stand in their place, and what the topic is about."""

from __future__ import annotations

import pytest
from tests.sensitivity.questions import DAM, mention

from stancewire.entities.actors import ActorRegistry
from stancewire.resources import resource
from stancewire.sensitivity.names import (
    INVENTED,
    MASKS,
    NewName,
    invented_names,
    is_name,
    is_named_by,
    known_names,
)
from stancewire.types import Actor, HolderKind


@pytest.mark.parametrize(
    ("words", "kind", "expected"),
    [
        ("Laila Noori", HolderKind.PERSON, True),
        ("Noori", HolderKind.PERSON, True),
        ("Mothers of the Disappeared", HolderKind.GROUP, True),
        ("Velmora", HolderKind.STATE, True),
        ("Diplomats", HolderKind.GROUP, False),
        ("ministers", HolderKind.GROUP, False),
        ("one of them", HolderKind.PERSON, False),
        ("Many diplomats", HolderKind.GROUP, False),
        ("foreign ministry of Velmora", HolderKind.ORGANISATION, False),
    ],
)
def test_names_are_told_from_descriptions(words: str, kind: HolderKind, expected: bool) -> None:
    assert is_name(mention(f"{words} agreed.", words, kind=kind)) is expected


def test_a_pronoun_is_no_name_whomever_it_means() -> None:
    assert not is_name(mention("She agreed.", "She", name="Laila Noori", is_reference=True))


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("Laila Noori", "Marel Dovane"),
        ("Noori", "Dovane"),
        ("Noori's", "Dovane's"),
        ("Noori’s", "Dovane’s"),
        ("the Noori", "the Dovane"),
        ("Mullah Omar", "Marel Dovane"),
    ],
)
def test_a_new_name_is_written_as_the_old_one_was(words: str, written: str) -> None:
    assert NewName.of("Marel Dovane", HolderKind.PERSON).written_as(words) == written


def test_the_same_holder_of_an_article_gets_the_same_names_and_another_seed_others() -> None:
    actor = Actor(name="Laila Noori", kind=HolderKind.PERSON)
    one, again, other = (
        invented_names(seed=seed).choose(actor, "a1", "Laila Noori agreed.", count=3) for seed in (0, 0, 1)
    )
    assert one == again != other
    assert len({name.full for name in one}) == 3


def test_a_name_that_stands_in_the_article_is_not_taken() -> None:
    actor = Actor(name="Kelvar", kind=HolderKind.STATE)
    text = " and ".join(INVENTED[HolderKind.STATE][1:])
    chosen = invented_names(seed=0).choose(actor, "a1", text, count=5)
    assert [name.full for name in chosen] == [INVENTED[HolderKind.STATE][0]]


@pytest.mark.parametrize("kind", [kind for kind in HolderKind if kind is not HolderKind.AUTHOR])
def test_known_names_are_of_the_same_kind_and_no_invented_name_is_known(kind: HolderKind) -> None:
    registry = ActorRegistry.load(sorted(resource("configs/actors").glob("*.toml")))
    chosen = known_names(registry, seed=0).choose(Actor(name="X", kind=kind), "a1", "", count=3)
    assert len(chosen) == 3
    for name in chosen:
        found = registry.find(name.full)
        assert found is not None
        assert found.kind is kind
    assert not [name for name in (*INVENTED[kind], MASKS[kind]) if registry.find(name)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [("the Kelvar Council", True), ("Kelvar’s", True), ("Noori", False), ("the Council", False)],
)
def test_who_the_topic_is_about_is_told(words: str, expected: bool) -> None:
    assert is_named_by(DAM, words) is expected
