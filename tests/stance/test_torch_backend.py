"""A model folder's torch weights behind the classifier seam, shown on a tiny random model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from stancewire.errors import ModelError
from stancewire.stance.calibration import ANSWERS, Calibration
from stancewire.stance.card import ModelCard
from stancewire.stance.models import open_classifier
from stancewire.stance.pairs import PairFormat

torch = pytest.importorskip("torch", reason="needs torch, from stancewire[train]")
transformers = pytest.importorskip("transformers", reason="needs transformers, from stancewire[train]")

Save = Callable[..., Path]
WINDOW = 160
CALIBRATION = Calibration(temperature=2.0, offsets=(0.5, 0.0, 0.0, 0.0))


@pytest.fixture(scope="module")
def folder(save_bert: Save) -> Path:
    saved: Path = save_bert(list(ANSWERS), positions=WINDOW)
    weights = hashlib.sha256((saved / "model.safetensors").read_bytes()).hexdigest()
    ModelCard(id="tiny", window=WINDOW, calibration=CALIBRATION, files={"model.safetensors": weights}).save(
        saved
    )
    return saved


def pairs() -> list[tuple[str, str]]:
    return [
        (f"[H] Noori [/H] {'has said so again ' * (1 + 5 * (number % 4))}.", f"Noori supports: plan {number}")
        for number in range(30)
    ]


def test_answers_are_those_of_the_weights_calibrated(folder: Path) -> None:
    pair = ("[H] Noori [/H] rejects it.", "Noori supports: We should act.")
    (weights,) = open_classifier(f"torch:{folder}").weigh([pair])
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder).eval()
    inputs = transformers.AutoTokenizer.from_pretrained(folder)(*pair, return_tensors="pt")
    with torch.inference_mode():
        logits = model(**inputs).logits.numpy()
    assert list(CALIBRATION.apply(logits)[0]) == pytest.approx(
        [weights.favor, weights.against, weights.neutral, weights.none], abs=0.02
    )


@pytest.mark.parametrize("batch_size", [3, 64])
def test_answer_is_the_same_for_every_batch_size(folder: Path, batch_size: int) -> None:
    from stancewire.stance.torch_backend import TorchClassifier

    one = TorchClassifier(folder, batch_size=1, precision="fp32").scores(pairs())
    more = TorchClassifier(folder, batch_size=batch_size, precision="fp32").scores(pairs())
    np.testing.assert_allclose(more, one, atol=1e-5)
    assert np.ptp(one) > 0.1


def test_bf16_gives_nearly_the_scores_of_fp32(folder: Path) -> None:
    from stancewire.stance.torch_backend import TorchClassifier

    full, half = (
        TorchClassifier(folder, precision=precision).scores(pairs()) for precision in ("fp32", "bf16")
    )
    np.testing.assert_allclose(half, full, atol=0.05 * float(np.ptp(full)))


@pytest.mark.parametrize(
    ("capabilities", "is_bf16"),
    [
        ({"avx512_f": True, "avx512_bf16": False, "amx_bf16": False}, False),
        ({"avx512_f": True, "avx512_bf16": True}, True),
        ({"neon": True, "bf16": True}, True),
        ({}, False),
    ],
)
def test_bf16_is_chosen_where_the_processor_has_it(
    monkeypatch: pytest.MonkeyPatch, capabilities: dict[str, bool], is_bf16: bool
) -> None:
    from stancewire.stance.torch_backend import has_bf16

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    assert has_bf16() is is_bf16


def test_folder_with_torch_weights_only_is_opened_by_torch(folder: Path) -> None:
    classifier = open_classifier(str(folder))
    assert type(classifier).__name__ == "TorchClassifier"
    assert classifier.name.startswith("tiny#")
    assert classifier.pair_format == PairFormat()


@pytest.mark.parametrize("file", ["model.safetensors", "config.json", "tokenizer.json"])
def test_damaged_file_is_a_model_error(save_bert: Save, file: str) -> None:
    broken = save_bert(list(ANSWERS))
    ModelCard(id="tiny", window=96).save(broken)
    (broken / file).write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(ModelError, match=broken.name):
        open_classifier(f"torch:{broken}")


def test_folder_with_a_card_and_no_weights_is_a_model_error(tmp_path: Path) -> None:
    ModelCard(id="tiny", window=96).save(tmp_path)
    with pytest.raises(ModelError, match="torch can't load its weights"):
        open_classifier(f"torch:{tmp_path}")
