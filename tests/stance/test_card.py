"""The card of a model folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stancewire.errors import ModelError
from stancewire.stance.calibration import Calibration
from stancewire.stance.card import CARD, ModelCard, load_card
from stancewire.stance.pairs import PairFormat

MADE = ModelCard(
    id="tiny",
    window=96,
    pair=PairFormat(statement="{holder} → {topic}"),
    calibration=Calibration(temperature=1.7, offsets=(0.1, -0.2, 0.0, 0.3)),
    files={"model.onnx": "0123456789abcdef" * 4},
)


def test_card_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    MADE.save(tmp_path)
    assert load_card(tmp_path) == MADE


def test_name_in_records_has_the_hash_of_the_weights() -> None:
    assert MADE.name_of("model.onnx") == "tiny#0123456789ab"


def test_weights_that_the_card_does_not_list_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"tiny: the card lists no 'model\.safetensors'; has model\.onnx"):
        MADE.name_of("model.safetensors")


def test_folder_without_a_card_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no stancewire\.json; a stancewire model folder has one"):
        load_card(tmp_path)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"window": None}, "TypeError"),
        ({"window": "wide"}, "wide"),
        ({"calibration": {"offsets": [1, 2]}}, "4 numbers are needed"),
        ({"pair": {}}, "holder_marks"),
    ],
)
def test_card_that_says_what_it_cannot_is_named(
    tmp_path: Path, change: dict[str, object], named: str
) -> None:
    MADE.save(tmp_path)
    values = json.loads((tmp_path / CARD).read_text())
    (tmp_path / CARD).write_text(json.dumps(values | change))
    with pytest.raises(ModelError, match=rf"stancewire\.json: not a model card: .*{named}"):
        load_card(tmp_path)


def test_card_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / CARD).write_text("version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(ModelError, match="not a model card"):
        load_card(tmp_path)
