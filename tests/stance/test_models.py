"""Finding a classifier by the name a user gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from stancewire.errors import ModelError
from stancewire.model_folders import find_model
from stancewire.stance.card import ModelCard
from stancewire.stance.lexicon import LexiconClassifier
from stancewire.stance.models import judge, open_classifier
from stancewire.stance.pairs import StanceQuery


def test_lexicon_needs_no_files() -> None:
    assert isinstance(open_classifier("lexicon", batch_size=5, threads=1), LexiconClassifier)


@pytest.mark.parametrize("name", ["smal", "no such model", "onnx:smal", "torch:smal", "other:small"])
def test_unknown_model_is_named_with_the_places_looked_at(name: str) -> None:
    with pytest.raises(
        ModelError, match=f"unknown model '{name}': no shipped model, folder or hub name .* is called so"
    ):
        open_classifier(name)


@pytest.mark.parametrize("backend", ["onnx", "torch"])
def test_folder_without_a_card_is_no_model_of_ours(tmp_path: Path, backend: str) -> None:
    if backend == "torch":
        pytest.importorskip("torch")
    with pytest.raises(ModelError, match=rf"{tmp_path.name}: no stancewire\.json"):
        open_classifier(f"{backend}:{tmp_path}")


def test_folder_with_a_card_and_no_weights_says_so(tmp_path: Path) -> None:
    ModelCard(id="tiny", window=64).save(tmp_path)
    with pytest.raises(ModelError, match=r"model\.onnx: ONNX Runtime can't load it"):
        open_classifier(f"onnx:{tmp_path}")


@pytest.mark.parametrize("content", [b"", b"version https://git-lfs.github.com/spec/v1\n", b"\x08\x07\x12"])
def test_damaged_onnx_file_is_a_model_error(tmp_path: Path, content: bytes) -> None:
    ModelCard(id="tiny", window=64).save(tmp_path)
    (tmp_path / "model.onnx").write_bytes(content)
    with pytest.raises(ModelError, match=r"model\.onnx: ONNX Runtime can't load it"):
        open_classifier(str(tmp_path))


def test_a_folder_is_found_by_its_path_and_a_shipped_one_by_its_name(tmp_path: Path, root: Path) -> None:
    assert find_model(str(tmp_path)) == tmp_path
    assert find_model("recipes") == root / "models" / "recipes"
    assert find_model("no such model") is None


def test_a_model_that_another_package_brings_is_found_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "their_model").mkdir()
    package = tmp_path / "theirs-1.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1\n")
    (package / "entry_points.txt").write_text("[stancewire.models]\nlarge = their_model\ngone = no_module\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert find_model("large") == tmp_path / "their_model"
    assert find_model("gone") is None


@pytest.mark.parametrize("chunk", [1, 2, 100])
def test_queries_are_judged_in_order_in_chunks_of_any_size(chunk: int) -> None:
    words = ["supports", "met", "rejects", "is undecided on", "backs"]
    queries = (StanceQuery(text=f"Noori {word} it.", topic="the plan", holder="Noori") for word in words)
    found = judge(queries, open_classifier("lexicon"), chunk=chunk)
    assert [weights.stance.value for weights in found] == ["favor", "none", "against", "neutral", "favor"]


def test_no_queries_give_no_answers() -> None:
    assert list(judge([], open_classifier("lexicon"))) == []
