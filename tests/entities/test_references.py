from __future__ import annotations

from collections.abc import Callable

import pytest

from stancewire.types import Reading

Names = Callable[[str], dict[str, str]]
Read = Callable[[str], Reading]


def test_he_is_the_subject_of_the_sentence_before(names: Names) -> None:
    found = names("Abdul Rashid Dostum met Ahmad Massoud in Ankara. He called for talks.")
    assert found["He"] == "Abdul Rashid Dostum"


def test_a_speaker_goes_on_after_quoted_people(names: Names) -> None:
    found = names(
        'Ahmad Massoud spoke to reporters. "We want peace. Abdul Rashid Dostum wants peace." '
        "He added that time is short."
    )
    assert found["He"] == "Ahmad Massoud"


def test_she_is_not_a_man(names: Names) -> None:
    found = names("Mr. Ahmad Massoud met Mrs. Laila Noorzai. She called for talks.")
    assert found["She"] == "Laila Noorzai"


def test_they_is_the_group_that_acted_last(names: Names) -> None:
    found = names("The Taliban rejected the conference. However, they could not ignore it.")
    assert found["they"] == "Taliban"


def test_they_that_could_be_things_is_left_alone(names: Names) -> None:
    assert "They" not in names("The Taliban left Doha. The talks failed on Monday. They will resume.")


def test_an_object_pronoun_is_not_the_subject_of_its_own_clause(names: Names) -> None:
    assert names("The Taliban stopped them.").get("them") is None


def test_this_council_is_the_council_named_before(names: Names) -> None:
    found = names(
        "The High Council for Peace met on Monday. The remaining members of this council said nothing."
    )
    assert found["this council"] == "High Council for Peace"


def test_the_group_is_the_movement_named_before(names: Names) -> None:
    found = names("Diplomats met the Taliban in Doha. The spokesperson for the group left early.")
    assert found["the group"] == "Taliban"


def test_this_group_without_anyone_before_is_no_mention(names: Names) -> None:
    assert names("This group is small.") == {}


def test_the_minister_is_who_was_called_so(read: Read) -> None:
    reading = read(
        "Foreign Minister Karim Daudzada met Governor Nasim Rahmani. The minister called for talks."
    )
    last = reading.mentions[-1]
    assert (last.text, last.actor.name, last.is_reference) == ("The minister", "Karim Daudzada", True)


def test_a_description_of_someone_else_stays_an_actor_of_its_own(read: Read) -> None:
    reading = read("Foreign Minister Karim Daudzada met reporters. The former governor called for talks.")
    last = reading.mentions[-1]
    assert (last.actor.name, last.is_reference) == ("former governor", False)


def test_a_minister_of_another_country_is_another_one(names: Names) -> None:
    found = names("Iranian Foreign Minister Karim Daudzada left. The Chinese foreign minister stayed.")
    assert found["The Chinese foreign minister"] == "Chinese foreign minister"


def test_his_can_lead_up_to_the_subject(names: Names) -> None:
    found = names("Abdul Rashid Dostum spoke first. For his part, Ahmad Massoud called for talks.")
    assert found["his"] == "Ahmad Massoud"


def test_two_who_act_together_are_not_one_of_them(names: Names) -> None:
    assert names("Ahmad Massoud and Abdul Rashid Dostum met in Ankara. He left early.").get("He") is None


def test_the_diplomat_of_a_country_is_its_only_one_spoken_of(names: Names) -> None:
    found = names("Iranian Foreign Minister Karim Daudzada arrived. The top Iranian diplomat met reporters.")
    assert found["The top Iranian diplomat"] == "Karim Daudzada"


def test_we_and_i_give_no_mention(names: Names) -> None:
    assert names('"We know what I want," it said.') == {}


def actors(reading: Reading, words: str) -> list[str]:
    return [mention.actor.name for mention in reading.mentions if mention.text == words]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        (
            "Iran welcomed Pakistan to Doha. The two countries want talks.",
            "The two countries",
            ["Iran", "Pakistan"],
        ),
        (
            "Iran welcomed Pakistan to Doha. Both countries want talks.",
            "Both countries",
            ["Iran", "Pakistan"],
        ),
        (
            "Ahmad Massoud met Abdul Rashid Dostum in Ankara. The two leaders want talks.",
            "The two leaders",
            ["Ahmad Massoud", "Abdul Rashid Dostum"],
        ),
        (
            "Iran and Pakistan praised Turkey. The two countries want talks.",
            "The two countries",
            ["Iran", "Pakistan"],
        ),
    ],
)
def test_words_for_two_are_both_of_those_spoken_of(
    read: Read, text: str, words: str, expected: list[str]
) -> None:
    assert actors(read(text), words) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Iran met Pakistan while Turkey met Russia in Doha. The two countries want talks.",
        "Iran spoke. The two countries want talks.",
        "Iran welcomed Pakistan to Doha. The two countries of the north want talks.",
        "Iran welcomed Pakistan to Doha. The other two countries want talks.",
        "Iran welcomed Pakistan to Doha. The two Arab countries want talks.",
        "Iran blamed Russia.\nPakistan objected.\nThe two countries want talks.",
    ],
)
def test_words_for_two_mean_nobody_where_it_is_not_clear_who(read: Read, text: str) -> None:
    there = text.rindex("The ")
    assert not [
        mention for mention in read(text).mentions if mention.span.start == there and mention.is_reference
    ]
