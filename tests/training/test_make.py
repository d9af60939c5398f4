"""From trained weights to the model folder that ships, shown on a tiny random BERT."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from tests import tiny_bert

from stancewire.errors import ModelError
from stancewire.stance.calibration import ANSWERS, Calibration
from stancewire.stance.card import load_card
from stancewire.stance.models import judge, open_classifier
from stancewire.stance.onnx_backend import OnnxClassifier
from stancewire.stance.pairs import PairFormat
from stancewire.training.recipe import DataSource, EncoderSource, Recipe, Stage
from stancewire.training.rows import read_rows
from stancewire.types import Stance

pytest.importorskip("onnx", reason="needs onnx, from stancewire[train]")
pytest.importorskip("torch", reason="needs torch, from stancewire[train]")
pytest.importorskip("transformers", reason="needs transformers, from stancewire[train]")
pytestmark = pytest.mark.filterwarnings("ignore")  # torch's exporter and tracer warn of themselves

WINDOW = 256
DEV = DataSource(path="written/dev.jsonl.gz", format="written-dev")
RECIPE = Recipe(
    id="tiny",
    seed=1,
    encoder=EncoderSource(name="tiny"),
    stages=(Stage(name="stance", learning_rate=1e-4, data=(DEV,)),),
    calibration=(DEV,),
    window=WINDOW,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A finished model folder, and the pairs it is tried on."""

    folder: Path
    fp32: Path
    pairs: list[tuple[str, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Made:
    from stancewire.training.make import finish_model

    out = tmp_path_factory.mktemp("out")
    weights = tmp_path_factory.mktemp("weights")
    tiny_bert.save_bert(weights, list(ANSWERS), positions=WINDOW)
    folder = finish_model(RECIPE, weights, data=root / "corpora", out=out)
    rows = read_rows(DEV, root / "corpora", rng=Random(2))[:60]
    return Made(
        folder=folder, fp32=out / "model.fp32.onnx", pairs=[RECIPE.pair.pair(row.query) for row in rows]
    )


def test_card_names_the_files_by_their_hashes(made: Made) -> None:
    card = load_card(made.folder)
    assert (card.id, card.window, card.pair) == ("tiny", WINDOW, RECIPE.pair)
    assert card.files.keys() == {"model.onnx", "model.safetensors"}
    for name, digest in card.files.items():
        assert hashlib.sha256((made.folder / name).read_bytes()).hexdigest() == digest


def test_calibration_was_fitted(made: Made) -> None:
    assert load_card(made.folder).calibration != Calibration()


def test_fused_graph_scores_like_torch(made: Made) -> None:
    from stancewire.stance.torch_backend import TorchClassifier

    expected = TorchClassifier(made.folder, precision="fp32").scores(made.pairs)
    (made.folder / "fp32.onnx").write_bytes(made.fp32.read_bytes())
    found = OnnxClassifier(made.folder, file="fp32.onnx").scores(made.pairs)
    np.testing.assert_allclose(found, expected, atol=1e-3 * float(np.ptp(expected)))


def test_int8_scores_stay_near_those_of_torch(made: Made) -> None:
    from stancewire.stance.torch_backend import TorchClassifier

    expected = TorchClassifier(made.folder, precision="fp32").scores(made.pairs)
    found = OnnxClassifier(made.folder).scores(made.pairs)
    assert np.abs(found - expected).mean() < 0.05 * float(np.ptp(expected))
    assert not np.array_equal(found, expected)


@pytest.mark.parametrize("batch_size", [1, 7, 64])
def test_int8_scores_are_exactly_the_same_for_every_batch_size(made: Made, batch_size: int) -> None:
    expected = OnnxClassifier(made.folder, batch_size=16).scores(made.pairs)
    np.testing.assert_array_equal(
        OnnxClassifier(made.folder, batch_size=batch_size).scores(made.pairs), expected
    )


def test_folder_is_taken_as_a_model(made: Made, root: Path) -> None:
    classifier = open_classifier(str(made.folder))
    assert isinstance(classifier, OnnxClassifier)
    queries = [row.query for row in read_rows(DEV, root / "corpora", rng=Random(2))[:5]]
    assert [sum(weights.of(stance) for stance in Stance) for weights in judge(queries, classifier)] == (
        pytest.approx([1.0] * 5)
    )


def test_folder_without_trained_weights_is_named(tmp_path: Path) -> None:
    from stancewire.training.make import finish_model

    with pytest.raises(ModelError, match=r"no trained weights \(config\.json\) there"):
        finish_model(RECIPE, tmp_path, data=tmp_path, out=tmp_path / "out")


def test_questions_about_names_get_a_calibration_of_their_own(made: Made, tmp_path: Path, root: Path) -> None:
    from stancewire.training.make import finish_model

    names = DataSource(path="written/actors.jsonl.gz", format="written-dev")
    weights = tmp_path / "weights"
    tiny_bert.save_bert(weights, list(ANSWERS), positions=WINDOW)
    recipe = replace(RECIPE, calibration=(DEV, names))
    card = load_card(finish_model(recipe, weights, data=root / "corpora", out=tmp_path))
    assert load_card(made.folder).name_calibration is None
    assert card.name_calibration not in (None, card.calibration)


@pytest.fixture(scope="module")
def mpnet(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Made:
    """Return a finished MPNet whose files are in parts, as those of a large model are."""
    from stancewire.training import export, quantize
    from stancewire.training.make import finish_model

    out = tmp_path_factory.mktemp("out")
    weights = tmp_path_factory.mktemp("weights")
    tiny_bert.save_mpnet(weights, list(ANSWERS), positions=WINDOW + 2)
    marks = PairFormat(holder_marks=("@", "@"), target_marks=("#", "#"))
    recipe = replace(RECIPE, pair=marks, embeddings="int8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "LARGEST_FILE", "30KB")
        patch.setattr(quantize, "LARGEST_PART", 4000)
        patch.setattr(quantize, "ROUGH", 1000)
        folder = finish_model(recipe, weights, data=root / "corpora", out=out)
    rows = read_rows(DEV, root / "corpora", rng=Random(2))[:60]
    return Made(folder=folder, fp32=out / "model.fp32.onnx", pairs=[marks.pair(row.query) for row in rows])


def test_large_files_are_in_parts_and_all_of_them_name_the_model(mpnet: Made) -> None:
    card = load_card(mpnet.folder)
    assert {
        "model.onnx",
        "model.onnx.1",
        "model.onnx.2",
        "model-00001-of-00003.safetensors",
    } <= card.files.keys()
    assert open_classifier(str(mpnet.folder)).name == card.name_of("model.onnx")
    assert open_classifier(f"torch:{mpnet.folder}").name == card.name_of("model.safetensors")
    other = replace(card, files={**card.files, "model.onnx.2": "0" * 64})
    assert other.name_of("model.onnx") != card.name_of("model.onnx")


def test_fused_mpnet_scores_like_torch(mpnet: Made) -> None:
    """Pairs of several lengths in one batch each: relative positions, padding and its token are right."""
    from stancewire.stance.torch_backend import TorchClassifier

    expected = TorchClassifier(mpnet.folder, precision="fp32").scores(mpnet.pairs)
    (mpnet.folder / "fp32.onnx").write_bytes(mpnet.fp32.read_bytes())
    found = OnnxClassifier(mpnet.folder, file="fp32.onnx").scores(mpnet.pairs)
    np.testing.assert_allclose(found, expected, atol=2e-3 * float(np.ptp(expected)))


def test_int8_mpnet_scores_stay_near_those_of_torch_for_every_batch_size(mpnet: Made) -> None:
    from stancewire.stance.torch_backend import TorchClassifier

    expected = TorchClassifier(mpnet.folder, precision="fp32").scores(mpnet.pairs)
    found = OnnxClassifier(mpnet.folder).scores(mpnet.pairs)
    assert np.abs(found - expected).mean() < 0.05 * float(np.ptp(expected))
    np.testing.assert_array_equal(OnnxClassifier(mpnet.folder, batch_size=1).scores(mpnet.pairs), found)


def test_torch_weights_in_parts_answer_alone_as_together(mpnet: Made) -> None:
    name = f"torch:{mpnet.folder}"
    alone = [open_classifier(name).weigh([pair])[0] for pair in mpnet.pairs[:10]]
    together = open_classifier(name, batch_size=10).weigh(mpnet.pairs[:10])
    assert [one.favor for one in alone] == pytest.approx([one.favor for one in together], abs=0.02)


def test_weights_out_of_the_onnx_file_score_like_those_it_was_made_from(mpnet: Made, tmp_path: Path) -> None:
    from stancewire.stance.torch_backend import TorchClassifier

    folder = _without_torch(mpnet.folder, tmp_path)
    expected = TorchClassifier(mpnet.folder, precision="fp32").scores(mpnet.pairs)
    found = TorchClassifier(folder, precision="fp32").scores(mpnet.pairs)
    assert np.abs(found - expected).mean() < 0.02 * float(np.ptp(expected))
    assert open_classifier(f"torch:{folder}").name == open_classifier(str(folder)).name


def test_weights_out_of_the_onnx_file_can_be_trained_and_exported_again(
    mpnet: Made, tmp_path: Path, root: Path
) -> None:
    from stancewire.training.make import make_model

    folder = _without_torch(mpnet.folder, tmp_path)
    still = replace(RECIPE.stages[0], learning_rate=0.0, stop_after=1)
    recipe = replace(
        RECIPE,
        encoder=EncoderSource(name="tiny", weights=str(folder)),
        stages=(still,),
        pair=load_card(folder).pair,
        embeddings="int8",
        max_tokens=WINDOW,
    )
    again = make_model(recipe, data=root / "corpora", out=tmp_path / "again")
    expected = OnnxClassifier(mpnet.folder).scores(mpnet.pairs)
    found = OnnxClassifier(again).scores(mpnet.pairs)
    assert np.abs(found - expected).mean() < 0.02 * float(np.ptp(expected))


def test_sha256_of_an_encoder_without_torch_weights_is_a_model_error(mpnet: Made, tmp_path: Path) -> None:
    from stancewire.training.trainer import locate_encoder

    source = EncoderSource(name="tiny", weights=str(_without_torch(mpnet.folder, tmp_path)), sha256="0" * 64)
    with pytest.raises(ModelError, match=r"'tiny': sha256 is that of model\.safetensors, and .* has none"):
        locate_encoder(source, data=tmp_path, out=tmp_path)


def test_bert_without_torch_weights_is_a_model_error(made: Made, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no torch weights, and model\.onnx is of type bert; mpnet can be"):
        open_classifier(f"torch:{_without_torch(made.folder, tmp_path)}")


LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("model.onnx", b"no graph", "not an ONNX file with all its parts"),
        ("model.onnx", LFS, "not an ONNX file with all its parts"),
        ("model.onnx", b"", "is missing, superfluous or of another shape"),
        ("model.onnx.1", LFS, "not an ONNX file with all its parts"),
        ("model.onnx.1", None, "not an ONNX file with all its parts"),
    ],
)
def test_damaged_onnx_file_is_a_model_error_in_torch(
    mpnet: Made, tmp_path: Path, file: str, content: bytes | None, message: str
) -> None:
    folder = _without_torch(mpnet.folder, tmp_path)
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_bytes(content)
    with pytest.raises(ModelError, match=rf"model\.onnx: .*{message}") as caught:
        open_classifier(f"torch:{folder}")
    assert "\n" not in str(caught.value)


def test_an_export_again_leaves_no_parts_of_the_one_before(mpnet: Made, tmp_path: Path, root: Path) -> None:
    from stancewire.training.make import finish_model

    weights = tmp_path / "weights"
    tiny_bert.save_bert(weights, list(ANSWERS), positions=WINDOW)
    shutil.copytree(mpnet.folder, tmp_path / "model")
    folder = finish_model(RECIPE, weights, data=root / "corpora", out=tmp_path)
    assert load_card(folder).files.keys() == {"model.onnx", "model.safetensors"}
    assert not list(folder.glob("model.onnx.*"))


def _without_torch(folder: Path, target: Path) -> Path:
    """Copy a model folder as base ships: its card and its files without those of torch."""
    shutil.copytree(folder, target / "model", ignore=shutil.ignore_patterns("*.safetensors*"))
    card = load_card(folder)
    kept = {name: digest for name, digest in card.files.items() if not name.endswith(".safetensors")}
    replace(card, files=kept).save(target / "model")
    return target / "model"
