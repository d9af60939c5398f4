from __future__ import annotations

import sys
from pathlib import Path

import pytest

from stancewire.errors import ConfigError
from stancewire.registry import PLUGINS, load, names

OURS = [(kind, name) for kind, table in PLUGINS.items() for name in table]


@pytest.mark.parametrize(("kind", "name"), OURS)
def test_every_plugin_in_the_table_can_be_loaded(kind: str, name: str) -> None:
    assert load(kind, name).__doc__


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(
        ConfigError, match="classifiers: nothing called 'gpt'; known: onnx, torch, nli, lexicon"
    ):
        load("classifiers", "gpt")


def test_an_unknown_kind_lists_the_known_ones() -> None:
    with pytest.raises(
        ConfigError, match="no kind of plug-in called 'parsers'; known: classifiers, recognizers"
    ):
        load("parsers", "spacy")


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, entry: str, code: str) -> None:
    """Lay a package with one entry point where the interpreter finds it, as an installer would."""
    (folder / "weigher.py").write_text(code, encoding="utf-8")
    metadata = folder / "weigher-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: weigher\nVersion: 1.0\n", encoding="utf-8"
    )
    (metadata / "entry_points.txt").write_text(f"[stancewire.classifiers]\n{entry}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "weigher", raising=False)


def test_another_package_adds_a_classifier_by_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, "weigher = weigher:Weigher", "class Weigher: pass")
    assert names("classifiers") == ["onnx", "torch", "nli", "lexicon", "weigher"]
    assert load("classifiers", "weigher").__name__ == "Weigher"


def test_another_package_cannot_replace_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, "lexicon = weigher:Weigher", "class Weigher: pass")
    assert names("classifiers") == ["onnx", "torch", "nli", "lexicon"]
    assert load("classifiers", "lexicon").__name__ == "LexiconClassifier"


def test_a_missing_library_is_named_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, "weigher = weigher:Weigher", "import libweigh")
    with pytest.raises(ConfigError, match="classifiers 'weigher' needs the package 'libweigh'; install it"):
        load("classifiers", "weigher")
