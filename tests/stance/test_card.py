"""The card of a model folder."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stancewire.errors import ModelError
from stancewire.stance.batching import Scored
from stancewire.stance.calibration import Calibration
from stancewire.stance.card import CARD, ModelCard, load_card
from stancewire.stance.pairs import PairFormat, StanceQuery

MADE = ModelCard(
    id="tiny",
    window=96,
    pair=PairFormat(statement="{holder} → {topic}"),
    pad_id=1,
    calibration=Calibration(temperature=1.7, offsets=(0.1, -0.2, 0.0, 0.3)),
    name_calibration=Calibration(temperature=0.9, offsets=(0.0, 0.0, 0.0, 0.0)),
    files={"model.onnx": "0123456789abcdef" * 4},
)


def test_card_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    MADE.save(tmp_path)
    assert load_card(tmp_path) == MADE


def test_name_in_records_has_the_hash_of_the_weights() -> None:
    assert MADE.name_of("model.onnx") == "tiny#0123456789ab"


def test_name_of_weights_in_parts_has_the_hash_of_all_of_them() -> None:
    parts = {"model.onnx": "1" * 64, "model.onnx.1": "2" * 64, "model-00001-of-00002.safetensors": "3" * 64}
    card = replace(MADE, files=parts)
    assert card.name_of("model.onnx") not in ("tiny#111111111111", card.name_of("model.safetensors"))
    assert replace(card, files={**parts, "model.onnx.1": "4" * 64}).name_of("model.onnx") != card.name_of(
        "model.onnx"
    )


def test_a_question_about_a_name_in_the_passage_has_a_calibration_of_its_own() -> None:
    query = StanceQuery(text="Noori praised Safi.", holder="Noori", topic="Safi")
    pairs = [MADE.pair.pair(replace(query, topic=topic)) for topic in ("Safi", "The dam should be built.")]
    scored = Scored(scores=np.ones((2, 4), dtype=np.float32), windows=(None, None))
    name, claim = MADE.weights(pairs, scored)
    assert name.none == pytest.approx(0.25)
    assert claim.none > 0.3
    assert replace(MADE, name_calibration=None).weights(pairs, scored)[0] == claim


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
