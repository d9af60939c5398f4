from __future__ import annotations

from collections.abc import Callable

from stancewire.types import HolderKind, Reading

Names = Callable[[str], dict[str, str]]
Read = Callable[[str], Reading]


def test_title_full_name_and_surname_are_one_person(names: Names) -> None:
    found = names(
        "Marshal Abdul Rashid Dostum spoke in Ankara. Marshal Dostum called for talks. "
        "Dostum also met diplomats."
    )
    assert {found[words] for words in found if words.endswith("Dostum")} == {"Abdul Rashid Dostum"}


def test_an_unknown_person_goes_by_the_longest_name_and_has_no_id(read: Read) -> None:
    reading = read(
        "Minister Karim Daudzada said the plan is wrong. Daudzada added that he would vote against it."
    )
    actors = {mention.actor for mention in reading.mentions if "Daudzada" in mention.text}
    assert {(actor.name, actor.id) for actor in actors} == {("Karim Daudzada", None)}


def test_two_persons_with_one_surname_are_kept_apart(read: Read) -> None:
    reading = read(
        "Ahmad Massoud rejected the offer. His father, Ahmad Shah Massoud, fought the Soviet army."
    )
    ids = {mention.actor.id for mention in reading.mentions if mention.text.endswith("Massoud")}
    assert ids == {"ahmad-massoud", "ahmad-shah-massoud"}


def test_a_bare_surname_goes_to_the_last_full_name_before_it(read: Read) -> None:
    reading = read(
        "Sirajuddin Haqqani opposed the ban. Haqqani said so on Monday. "
        "Anas Haqqani backed the ban. Haqqani said so on Tuesday."
    )
    ids = [mention.actor.id for mention in reading.mentions if mention.text == "Haqqani"]
    assert ids == ["sirajuddin-haqqani", "anas-haqqani"]


def test_a_bare_surname_alone_is_no_registry_person(read: Read) -> None:
    reading = read("On Monday, Massoud said that the talks had failed.")
    assert {(mention.actor.name, mention.actor.id) for mention in reading.mentions} == {("Massoud", None)}


def test_a_surname_listed_as_an_alias_and_borne_by_nobody_else_is_enough(read: Read) -> None:
    reading = read("On Monday, Dostum said that the talks had failed.")
    assert {mention.actor.id for mention in reading.mentions} == {"abdul-rashid-dostum"}


def test_a_listed_surname_is_not_used_where_the_article_names_another_bearer(read: Read) -> None:
    reading = read("Batur Dostum spoke in Sheberghan. On Monday, Dostum said that the talks had failed.")
    assert {mention.actor.id for mention in reading.mentions if mention.text == "Dostum"} == {None}


def test_an_acronym_in_brackets_names_the_organisation(names: Names) -> None:
    found = names("The National Unity Council (NUC) met on Monday. The NUC rejected the plan.")
    assert found["The NUC"] == "National Unity Council"


def test_initials_name_the_organisation(names: Names) -> None:
    found = names("The Afghan Reform Movement met on Monday. On Tuesday the ARM rejected the plan.")
    assert found.get("the ARM", found.get("ARM")) == "Afghan Reform Movement"


def test_a_shorter_form_of_an_organisation_goes_by_the_longer_one(names: Names) -> None:
    found = names(
        "The National Congress Party of Afghanistan rejected the plan. "
        "The National Congress Party will not vote."
    )
    assert found["The National Congress Party"] == "National Congress Party of Afghanistan"


def test_articles_and_possessives_are_no_part_of_a_name(names: Names) -> None:
    found = names("The Taliban's envoy left. The Taleban rejected the plan.")
    assert found["The Taliban"] == found["The Taleban"] == "Taliban"


def test_a_longer_registry_name_wins_over_a_shorter_one_inside(read: Read) -> None:
    reading = read("The Pakistani Taliban rejected the plan, the Taliban said.")
    assert [mention.actor.id for mention in reading.mentions] == ["pakistani-taliban", "taliban"]


def test_a_name_inside_a_compound_is_no_mention(names: Names) -> None:
    assert "Taliban" not in names("The anti-Taliban fighters left the Taliban-controlled area.")


def test_a_place_is_a_mention_only_where_it_acts(read: Read) -> None:
    reading = read("Kabul rejected the plan. A bus left Kabul. They met in Kabul.")
    assert [(mention.text, mention.actor.id) for mention in reading.mentions] == [("Kabul", "afghanistan")]


def test_a_nationality_is_a_mention_only_as_a_noun(read: Read) -> None:
    reading = read("Many Afghans rejected the Afghan law.")
    assert [(m.text, m.actor.name, m.actor.kind) for m in reading.mentions] == [
        ("Many Afghans", "many Afghans", HolderKind.GROUP)
    ]


def test_events_dates_and_laws_are_no_mentions(names: Names) -> None:
    assert (
        names("The Doha Agreement and the Constitution Act were signed on Monday, February 29, 2020.") == {}
    )


def test_account_behind_a_name_is_no_part_of_it(names: Names) -> None:
    assert set(names("Laila Noori @noori_office said no.").values()) == {"Laila Noori"}
