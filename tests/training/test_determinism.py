"""Two runs of one recipe with one seed give the same bytes, here on own annotations and a tiny BERT."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tests import tiny_bert
from tests.training import own

from stancewire.stance.calibration import ANSWERS
from stancewire.training.recipe import DataSource, EncoderSource, Recipe, Stage

pytest.importorskip("onnx", reason="needs onnx, from stancewire[train]")
pytest.importorskip("datasets", reason="needs datasets, from stancewire[train]")
pytestmark = pytest.mark.filterwarnings("ignore")  # torch's exporter and tracer warn of themselves


def test_two_runs_of_a_recipe_on_own_annotations_give_the_same_bytes(tmp_path: Path) -> None:
    from stancewire.training.make import make_model

    tiny_bert.save_bert(tmp_path / "tiny", list(ANSWERS), positions=256)
    own.write(tmp_path / "mine.jsonl", own.rows(24))
    mine = DataSource(path="mine.jsonl", format="annotated")
    recipe = Recipe(
        id="mine",
        seed=5,
        encoder=EncoderSource(name="tiny", folder="tiny"),
        stages=(Stage(name="mine", learning_rate=1e-3, batch_size=8, data=(mine,)),),
        dev=(mine,),
        calibration=(mine,),
    )
    first, second = (
        {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in make_model(recipe, data=tmp_path, out=tmp_path / out).iterdir()
        }
        for out in ("first", "second")
    )
    assert {"model.onnx", "model.safetensors", "stancewire.json"} <= first.keys()
    assert first == second
