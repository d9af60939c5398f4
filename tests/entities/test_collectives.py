from __future__ import annotations

from collections.abc import Callable

import pytest

from stancewire.types import HolderKind, Reading, Role

Names = Callable[[str], dict[str, str]]
Read = Callable[[str], Reading]


@pytest.mark.parametrize(
    ("text", "words", "name", "kind"),
    [
        ("Opponents of this concept view it as a threat.", "Opponents of this concept",
         "opponents of this concept", "group"),
        ("Analysts said that the plan is wrong.", "Analysts", "analysts", "group"),
        ("Residents reject the plan.", "Residents", "residents", "group"),
        ("Two senators voted against the plan.", "Two senators", "two senators", "group"),
        ("However, others insist on a federal system.", "others", "others", "group"),
        ("Clerics from Khost have rejected the plan.", "Clerics from Khost", "clerics from Khost", "group"),
        ("Supporters of negotiations with the Taliban left the hall.",
         "Supporters of negotiations with the Taliban",
         "supporters of negotiations with the Taliban", "group"),
        ("Afghan society rejects the plan.", "Afghan society", "Afghan society", "group"),
        ("A spokesperson for the ministry rejected the plan.", "A spokesperson for the ministry",
         "spokesperson for the ministry", "person"),
        ("One diplomat said that the plan is wrong.", "One diplomat", "one diplomat", "person"),
        ("Members of the High Council for Peace, who met on Monday, rejected the plan.",
         "Members of the High Council for Peace", "members of the High Council for Peace", "group"),
        ("The governor, an old man from Khost, rejected the plan.", "The governor", "governor", "person"),
    ],
)  # fmt: skip
def test_a_holder_without_a_name_goes_by_its_own_words(
    read: Read, text: str, words: str, name: str, kind: str
) -> None:
    found = {mention.text: mention.actor for mention in read(text).mentions}
    assert (found[words].name, found[words].kind) == (name, HolderKind(kind))


def test_a_reference_inside_is_replaced_by_whom_it_means(names: Names) -> None:
    found = names(
        "Members of the High Council for Peace met on Monday. "
        "The remaining members of this council said nothing."
    )
    assert found["The remaining members of this council"] == "remaining members of the High Council for Peace"


def test_a_part_of_them_is_taken_from_the_whole_they_belong_to(names: Names) -> None:
    found = names(
        "The reformist camp is split. Within this camp, some want a king. However, others want a president. "
        "A large segment of them wants a federal system."
    )
    assert found["A large segment of them"] == "large segment of the reformist camp"


def test_long_name_with_an_article_gives_the_short_one_none(names: Names) -> None:
    found = names("The Islamic Republic of Afghanistan is broke. Afghanistan's leaders rejected the plan.")
    assert found["Afghanistan's leaders"] == "leaders of Afghanistan"


def test_an_owner_moves_behind(names: Names) -> None:
    found = names("The Taliban left. Their opponents stayed. The Taliban's opponents rejoiced.")
    assert found["Their opponents"] == found["The Taliban's opponents"] == "opponents of the Taliban"


def test_the_collective_and_the_name_inside_are_both_kept(read: Read) -> None:
    reading = read("Members of the High Council for Peace will support this proposal.")
    assert [(mention.text, mention.role) for mention in reading.mentions] == [
        ("Members of the High Council for Peace", Role.SUBJECT),
        ("the High Council for Peace", Role.MODIFIER),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "They want to establish an inclusive government.",
        "No country can do this.",
        "The movement of goods has stopped.",
        "A group of islands lies there.",
        "This shows the commission of crimes.",
        "There are many bonds between the two countries.",
        "There are many bonds between our two countries.",
    ],
)
def test_words_that_name_nobody_are_no_mentions(names: Names, text: str) -> None:
    assert names(text) == {}


@pytest.mark.parametrize(
    ("text", "words", "role"),
    [
        ("Ahmad Massoud rejected the plan.", "Ahmad Massoud", Role.SUBJECT),
        ("The plan was rejected by Ahmad Massoud.", "Ahmad Massoud", Role.SUBJECT),
        ("According to Ahmad Massoud, the plan is wrong.", "Ahmad Massoud", Role.SUBJECT),
        ("Ahmad Massoud's statement was clear.", "Ahmad Massoud", Role.SUBJECT),
        ("Diplomats criticised Ahmad Massoud.", "Ahmad Massoud", Role.OBJECT),
        ("The house of Ahmad Massoud burned.", "Ahmad Massoud", Role.MODIFIER),
        ("Ahmad Massoud's house burned.", "Ahmad Massoud", Role.MODIFIER),
        ("Laila Noori, an adviser of Ahmad Massoud, rejected the plan.", "Ahmad Massoud", Role.AFFILIATION),
        ("Laila Noori, spokeswoman for Ahmad Massoud, rejected the plan.", "Ahmad Massoud", Role.MODIFIER),
        ("The adviser of Ahmad Massoud rejected the plan.", "Ahmad Massoud", Role.MODIFIER),
        ("It is Kabul's policy to wait.", "Kabul", Role.SUBJECT),
    ],
)
def test_the_role_says_what_the_mention_does(read: Read, text: str, words: str, role: Role) -> None:
    assert [mention.role for mention in read(text).mentions if mention.text == words] == [role]


def test_an_owner_stays_where_moving_would_part_the_name_from_its_place(names: Names) -> None:
    found = names("The veterans' league in London rejects the idea.")
    assert found["The veterans' league in London"] == "veterans' league in London"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ahmad Massoud assured the foreign minister of his support.", "the foreign minister"),
        ("Ahmad Massoud warned the leaders of the Taliban.", "the leaders of the Taliban"),
        ("Ahmad Massoud accused the leader of the Taliban of lying.", "the leader of the Taliban"),
    ],
)
def test_what_somebody_is_assured_or_accused_of_is_no_part_of_them(read: Read, text: str, words: str) -> None:
    assert words in [mention.text for mention in read(text).mentions]
