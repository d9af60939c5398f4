"""Where the encoder is, what stays frozen, how batches are made, and a few steps on a tiny BERT."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests import tiny_bert

from stancewire.errors import ModelError
from stancewire.stance.calibration import ANSWERS
from stancewire.stance.card import ModelCard
from stancewire.training.recipe import DataSource, EncoderSource, Recipe, Stage, Teacher

pytest.importorskip("datasets", reason="needs datasets, from stancewire[train]")
pytest.importorskip("transformers", reason="needs transformers, from stancewire[train]")


def test_encoder_folder_is_checked_like_a_package(tmp_path: Path) -> None:
    from stancewire.training.trainer import locate_encoder

    data, out = tmp_path / "data", tmp_path / "runs" / "small"
    tiny_bert.save_bert(data / "tiny", list(ANSWERS))
    digest = hashlib.sha256((data / "tiny" / "model.safetensors").read_bytes()).hexdigest()
    found = EncoderSource(name="tiny", folder="tiny", sha256=digest)
    assert locate_encoder(found, data=data, out=out) == data / "tiny"
    with pytest.raises(ModelError, match=rf"model\.safetensors has sha256 {digest}, the recipe expects 0000"):
        locate_encoder(replace(found, sha256="0000"), data=data, out=out)
    with pytest.raises(ModelError, match=r"encoder 'tiny': no config\.json in .*gone"):
        locate_encoder(replace(found, folder="gone"), data=data, out=out)
    hub = EncoderSource(name="owner/encoder")
    assert locate_encoder(hub, data=data, out=out) == "owner/encoder"


def test_weights_of_another_run_are_seen_from_out(tmp_path: Path) -> None:
    from stancewire.training.trainer import locate_encoder

    tiny_bert.save_bert(tmp_path / "second", list(ANSWERS))
    (tmp_path / "small").mkdir()
    source = EncoderSource(name="second", weights="../second")
    found = locate_encoder(source, data=tmp_path / "data", out=tmp_path / "small")
    assert Path(found).resolve() == tmp_path / "second"


@pytest.mark.parametrize(("layers", "trained"), [(None, {0, 1}), (0, {0, 1}), (1, {1})])
def test_frozen_layers_stay_as_they_were(tmp_path: Path, layers: int | None, trained: set[int]) -> None:
    from transformers import AutoModelForSequenceClassification

    from stancewire.training.trainer import freeze

    tiny_bert.save_bert(tmp_path, list(ANSWERS))
    model: Any = AutoModelForSequenceClassification.from_pretrained(tmp_path)
    freeze(model, layers)
    learning = {name for name, weight in model.named_parameters() if weight.requires_grad}
    assert {int(name.split(".")[3]) for name in learning if ".layer." in name} == trained
    assert any("embeddings" in name for name in learning) == (layers is None)
    assert any(name.startswith("classifier") for name in learning)


def test_marks_start_with_the_embeddings_of_the_tokens_that_lend_them(tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    from stancewire.training.trainer import add_marks

    tiny_bert.save_bert(tmp_path, list(ANSWERS))
    model: Any = AutoModelForSequenceClassification.from_pretrained(tmp_path)
    tokenizer: Any = AutoTokenizer.from_pretrained(tmp_path)
    tokenizer.add_special_tokens({"additional_special_tokens": ["[H]", "<new>"]})
    before = model.get_input_embeddings().weight.detach().clone()
    add_marks(model, tokenizer, {"[H]": "#", "<new>": "@"})
    new, lender, known = tokenizer.convert_tokens_to_ids(["<new>", "@", "[H]"])
    after = model.get_input_embeddings().weight.detach()
    torch.testing.assert_close(after[new], before[lender])
    torch.testing.assert_close(after[known], before[known])  # a mark that was trained before stays as it was


def test_each_epoch_has_an_order_of_its_own_and_always_the_same() -> None:
    from stancewire.training.trainer import BucketSampler

    orders = []
    for epoch in (0, 1, 0):
        sampler = BucketSampler(list(range(100)), batch=4, seed=1)
        sampler.set_epoch(epoch)
        orders.append(list(sampler))
    assert orders[0] == orders[2] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1])


def test_batches_hold_rows_of_like_length_and_every_row_once() -> None:
    from stancewire.training.trainer import BucketSampler

    lengths = [(7 * number) % 90 + 10 for number in range(1003)]
    order = list(BucketSampler(lengths, batch=8, seed=3))
    assert sorted(order) == list(range(1003))
    spans = [
        max(lengths[row] for row in order[at : at + 8]) - min(lengths[row] for row in order[at : at + 8])
        for at in range(0, len(order) - 8, 8)
    ]
    assert sum(spans) / len(spans) < 10


def test_half_precision_weights_are_trained_on_in_full_with_a_teacher(tmp_path: Path, root: Path) -> None:
    """A finished model can be the start of the next one, and the teacher's answers are in the targets."""
    import torch
    from safetensors.torch import load_file
    from transformers import AutoModelForSequenceClassification

    from stancewire.training.trainer import train

    tiny_bert.save_bert(tmp_path / "start", list(ANSWERS), positions=256)
    AutoModelForSequenceClassification.from_pretrained(
        tmp_path / "start", dtype=torch.float16
    ).save_pretrained(tmp_path / "start")
    tiny_bert.save_bert(tmp_path / "teacher", list(ANSWERS), seed=1, positions=256)
    digest = hashlib.sha256((tmp_path / "teacher" / "model.safetensors").read_bytes()).hexdigest()
    ModelCard(id="tiny", window=256, files={"model.safetensors": digest}).save(tmp_path / "teacher")
    rows = DataSource(path="written/dev.jsonl.gz", format="written-dev", passes=0.1, taught=0.5)
    recipe = Recipe(
        id="tiny",
        seed=1,
        encoder=EncoderSource(name="tiny", weights="../start"),
        stages=(Stage(name="taught", learning_rate=1e-3, data=(rows,), stop_after=3),),
        teacher=Teacher(weights="../teacher"),
        max_tokens=128,
    )
    final = train(recipe, data=root / "corpora", out=tmp_path / "out")
    before, after = (load_file(place / "model.safetensors") for place in (tmp_path / "start", final))
    assert {weight.dtype for weight in after.values()} == {torch.float32}
    assert not torch.equal(before["classifier.weight"].float(), after["classifier.weight"])
