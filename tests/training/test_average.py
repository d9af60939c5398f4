"""Averages of weights."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from stancewire.errors import ModelError
from stancewire.training.average import average_weights
from stancewire.training.make import make_model
from stancewire.training.recipe import AveragePart, Teacher, load_recipe


def weights(folder: Path, **tensors: list[float]) -> Path:
    folder.mkdir()
    save_file({name: torch.tensor(values) for name, values in tensors.items()}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps({"from": folder.name}))
    return folder


def test_average_counts_every_part_by_its_share(tmp_path: Path) -> None:
    last = weights(tmp_path / "last", a=[1.0, 0.0], b=[4.0])
    parts = {
        weights(tmp_path / "one", a=[0.0, 1.0], b=[0.0]): 0.25,
        weights(tmp_path / "two", a=[0.0, 0.0], b=[8.0]): 0.5,
    }
    found = load_file(average_weights(last, parts, out=tmp_path / "out") / "model.safetensors")
    assert found["a"].tolist() == [0.25, 0.25]
    assert found["b"].tolist() == [5.0]
    assert json.loads((tmp_path / "out" / "config.json").read_text()) == {"from": "last"}


def test_missing_weights_are_named_before_any_training(tmp_path: Path) -> None:
    recipe = replace(
        load_recipe(Path(__file__).parents[2] / "models" / "recipes" / "small.toml"),
        average=(AveragePart(weights="../gone", share=0.3),),
    )
    with pytest.raises(ModelError, match=r"gone: no model\.safetensors to average; train it first"):
        make_model(recipe, data=tmp_path / "no data", out=tmp_path / "out")


def test_missing_teacher_is_named_before_any_training(tmp_path: Path) -> None:
    recipe = replace(
        load_recipe(Path(__file__).parents[2] / "models" / "recipes" / "small.toml"),
        average=(),
        teacher=Teacher(weights="../gone"),
    )
    with pytest.raises(ModelError, match=r"gone: no stancewire\.json; a stancewire model folder has one"):
        make_model(recipe, data=tmp_path / "no data", out=tmp_path / "out")


def test_missing_and_unlike_weights_are_named(tmp_path: Path) -> None:
    last = weights(tmp_path / "last", a=[1.0, 0.0])
    with pytest.raises(ModelError, match=r"gone: no model\.safetensors to average; train it first"):
        average_weights(last, {tmp_path / "gone": 0.5}, out=tmp_path / "out")
    other = weights(tmp_path / "other", a=[1.0])
    with pytest.raises(ModelError, match=r"other: its weights don't have the names and shapes of those in"):
        average_weights(last, {other: 0.5}, out=tmp_path / "out")
