from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stancewire.entities.actors import ActorRegistry, name_key
from stancewire.errors import ConfigError


def write(folder: Path, text: str) -> list[Path]:
    path = folder / "actors.toml"
    path.write_text(text, encoding="utf-8")
    return [path]


def test_an_actor_is_found_whatever_the_case_diacritics_apostrophes_and_hyphens(tmp_path: Path) -> None:
    entry = '[[actor]]\nid = "x"\nname = "Hezb-e Islami"\nkind = "organisation"\naliases = ["Jamā’at"]\n'
    registry = ActorRegistry.load(write(tmp_path, entry))
    assert all(registry.find(name) for name in ("hezb e islami", "Hezb-e-Islami", "Jamaat", "Jama'at"))


def test_an_acronym_is_told_from_a_word_by_its_case(registry: ActorRegistry) -> None:
    assert registry.find("WHO") is not None
    assert registry.find("who") is None


def test_dots_in_an_acronym_make_no_difference(registry: ActorRegistry) -> None:
    assert registry.find("T.T.P.") is registry.find("TTP") is not None


def test_a_metonym_is_no_name(registry: ActorRegistry) -> None:
    assert registry.find("Kabul") is None
    metonym = registry.find_metonym("Kabul")
    assert metonym is not None
    assert metonym.id == "afghanistan"


def test_a_post_is_found_by_the_day(registry: ActorRegistry) -> None:
    during = registry.find_by_office("First Vice President", "Afghanistan", on=date(2016, 1, 1))
    after = registry.find_by_office("First Vice President", "Afghanistan", on=date(2021, 1, 1))
    assert (during and during.id, after) == ("abdul-rashid-dostum", None)


def test_the_last_month_of_a_post_counts(registry: ActorRegistry) -> None:
    assert registry.find_by_office("first vice president", "afghanistan", on=date(2020, 2, 29)) is not None


def test_persons_who_share_a_surname_are_all_listed(registry: ActorRegistry) -> None:
    found = {actor.id for actor in registry.find_by_surname("Massoud")}
    assert found == {"ahmad-massoud", "ahmad-shah-massoud"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[actor]]\nid = "a"\nname = "A"\nkind = "person"\nfoo = 1\n', ["unknown key 'foo'", "known:"]),
        ('[[actor]]\nid = "a"\nname = "A"\nkind = "band"\n', ["kind 'band'", "person, organisation"]),
        ('[[actor]]\nid = "a"\nname = " "\nkind = "person"\n', ["actor 1 (a)", "name is ' '"]),
        ('[[actor]]\nid = "a"\nname = "A"\nkind = "person"\naliases = "B"\n', ["aliases is 'B'", "list"]),
        ('[[actor]]\nid = "a"\nname = "A"\nkind = "person"\n[[actor.office]]\ntitle = "t"\nfrom = "soon"\n',
         ["from = 'soon'", "a day"]),
        ('actor = "a"\n', ["[[actor]] tables"]),
        ('[[actor]\n', ["not a readable TOML file"]),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_named_with_what_would_be_right(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        ActorRegistry.load(write(tmp_path, text))
    assert all(word in str(caught.value) for word in words)


def test_a_name_that_two_actors_share_is_refused_naming_both(tmp_path: Path) -> None:
    one = '[[actor]]\nid = "one"\nname = "Jamiat"\nkind = "organisation"\n'
    two = '[[actor]]\nid = "two"\nname = "Other"\nkind = "organisation"\naliases = ["JAMIAT"]\n'
    with pytest.raises(ConfigError, match="'JAMIAT' names both 'one' and 'two'"):
        ActorRegistry.load(write(tmp_path, one + two))


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    entry = '[[actor]]\nid = "one"\nname = "{}"\nkind = "organisation"\n'
    with pytest.raises(ConfigError, match="'one' stands for two actors"):
        ActorRegistry.load(write(tmp_path, entry.format("A") + entry.format("B")))


def test_a_missing_file_is_a_config_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml"):
        ActorRegistry.load([tmp_path / "nowhere.toml"])


def test_the_shipped_actor_file_loads_and_keeps_look_alikes_apart() -> None:
    path = Path(__file__).parents[2] / "configs" / "actors" / "afghanistan.toml"
    registry = ActorRegistry.load([path])
    father, son = registry.find("Ahmad Shah Massoud"), registry.find("Ahmad Massoud")
    assert father is not None
    assert son is not None
    assert father.id != son.id


def test_the_key_of_a_name_keeps_other_scripts() -> None:
    assert name_key("احمد مسعود") == "احمد مسعود"
