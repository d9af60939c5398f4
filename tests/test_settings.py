from __future__ import annotations

import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest

from stancewire.errors import ConfigError
from stancewire.resources import resource
from stancewire.settings import Engine, Settings, load_settings


def settings_file(folder: Path, text: str) -> Path:
    path = folder / "my.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_default_toml_spells_out_every_default(root: Path) -> None:
    path = root / "configs" / "default.toml"
    assert list(tomllib.loads(path.read_text(encoding="utf-8"))) == list(asdict(Settings()))
    assert load_settings(path) == Settings()


def test_every_key_of_default_toml_has_a_comment(root: Path) -> None:
    blocks = (root / "configs" / "default.toml").read_text(encoding="utf-8").strip().split("\n\n")
    assert all(block.startswith("# ") for block in blocks)


def test_no_file_and_no_options_are_the_defaults() -> None:
    assert load_settings() == Settings()


def test_options_win_over_the_file_and_none_is_no_option(tmp_path: Path) -> None:
    path = settings_file(tmp_path, "model = 'mine'\nevidence = 5\nactors = ['a.toml']")
    settings = load_settings(path, {"model": "lexicon", "evidence": None})
    assert settings == Settings(model="lexicon", evidence=5, actors=("a.toml",))


def test_a_whole_number_will_do_for_a_probability(tmp_path: Path) -> None:
    assert load_settings(settings_file(tmp_path, "confidence = 1")).confidence == 1.0


def test_an_engine_is_named() -> None:
    assert load_settings(None, {"engine": "local"}).engine is Engine.LOCAL


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("modell = 'x'", "my.toml: unknown key 'modell'; known: model, engine"),
        ("model = 3", "my.toml: model = 3 is not a string"),
        ("batch_pairs = 'many'", "my.toml: batch_pairs = 'many' is not a whole number"),
        ("batch_pairs = true", "my.toml: batch_pairs = True is not a whole number"),
        ("batch_pairs = 0", "my.toml: batch_pairs = 0 is not between 1 and"),
        ("confidence = 50", "my.toml: confidence = 50.0 is not between 0 and 1"),
        ("confidence = nan", "my.toml: confidence = nan is not between 0 and 1"),
        ("report = 'yes'", "my.toml: report = 'yes' is not true or false"),
        ("actors = 'afghanistan'", "my.toml: actors = 'afghanistan' is not a list of strings"),
        ("actors = [1]", r"my.toml: actors = \[1\] is not a list of strings"),
        ("engine = 'cloud'", "my.toml: engine = 'cloud'; known: local, ray"),
        ("model = ", "my.toml: not a TOML file"),
    ],
)
def test_a_wrong_line_is_named_by_file_and_key(tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        load_settings(settings_file(tmp_path, line))


def test_a_wrong_option_is_named_as_one() -> None:
    with pytest.raises(ConfigError, match="option: evidence = 0 is not between 1 and 1000"):
        load_settings(None, {"evidence": 0})


def test_a_missing_settings_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: can't read the settings file: No such file"):
        load_settings(tmp_path / "none.toml")


def test_what_ships_is_found_from_the_checkout(root: Path) -> None:
    assert (
        resource("configs", "default.toml")
        == resource("configs/default.toml")
        == root / "configs" / "default.toml"
    )


def test_what_does_not_ship_is_named_with_both_places(root: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"'models/none' does not ship.*_data/models/none nor .*/models/none exists"
    ):
        resource("models", "none")
