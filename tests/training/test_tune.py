"""From own annotations to a model folder, on a tiny random BERT: what is written, what is the same, what goes wrong."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests import tiny_bert
from tests.disks import Disk
from tests.training import own

from stancewire.errors import ConfigError, InputError, ModelError
from stancewire.stance.calibration import ANSWERS, Calibration
from stancewire.stance.card import load_card
from stancewire.stance.models import open_classifier
from stancewire.stance.pairs import StanceQuery
from stancewire.training.settings import Method, TuneSettings

pytest.importorskip("peft", reason="needs peft, from stancewire[train]")
pytest.importorskip("tensorboardX", reason="needs tensorboardX, from stancewire[train]")
pytestmark = pytest.mark.filterwarnings("ignore")  # torch's exporter and tracer warn of themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What trainings start from and one that is finished."""

    settings: TuneSettings
    out: Path

    @property
    def folder(self) -> Path:
        return self.out / "model"


def train(settings: TuneSettings, out: Path) -> Any:
    from stancewire.training.plan import make_plan
    from stancewire.training.tune import tune

    return tune(make_plan(settings), out=out, command="stancewire train --on mine.jsonl")


def digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.name != "README.md"
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    place = tmp_path_factory.mktemp("own")
    start = own.save_start(place / "start")
    mine = own.write(place / "mine.jsonl", own.rows(60))
    held = own.write(
        place / "held.jsonl", [{**row, "text": f"{row['text']} So it is."} for row in own.rows(102)]
    )
    settings = TuneSettings(
        on=(str(mine),),
        dev=(str(held),),
        name="mine",
        start=str(start),
        rate=5e-3,
        epochs=8,
        patience=12,
        seed=3,
    )
    train(settings, place / "out")
    return Made(settings=settings, out=place / "out")


@pytest.fixture(scope="module")
def quick(made: Made, tmp_path_factory: pytest.TempPathFactory) -> TuneSettings:
    """Return settings of a short training from an encoder that has no head and gets no ONNX file."""
    import torch
    import transformers

    folder = tmp_path_factory.mktemp("electra")
    tiny_bert.save_tokenizer(folder)
    torch.manual_seed(0)
    config = transformers.ElectraConfig(
        vocab_size=len(tiny_bert.vocabulary()),
        embedding_size=32,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=140,
    )
    transformers.ElectraModel(config).save_pretrained(folder)
    return replace(made.settings, start=str(folder), epochs=2)


def test_transformers_loads_the_folder_and_gives_the_same_answers(made: Made) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    from stancewire.stance.torch_backend import TorchClassifier

    pairs = [
        load_card(made.folder).pair.pair(
            StanceQuery(text=row["text"], topic=row["topic"], holder=row["holder"])
        )
        for row in own.rows(30)
    ]
    model: Any = AutoModelForSequenceClassification.from_pretrained(made.folder, dtype=torch.float32)
    tokenizer: Any = AutoTokenizer.from_pretrained(made.folder)
    inputs = tokenizer(*map(list, zip(*pairs, strict=True)), padding=True, return_tensors="pt")
    with torch.inference_mode():
        theirs = model(**inputs).logits.numpy()
    assert [model.config.id2label[number] for number in range(4)] == list(ANSWERS)
    ours = TorchClassifier(made.folder, precision="fp32").scores(pairs)
    np.testing.assert_allclose(Calibration().apply(ours), Calibration().apply(theirs), atol=1e-3)
    assert (ours.argmax(axis=1) == theirs.argmax(axis=1)).all()
    onnx = np.asarray([each.stance.value for each in open_classifier(str(made.folder)).weigh(pairs)])
    calibrated = load_card(made.folder).calibration.weights(theirs)
    assert (onnx == np.asarray([each.stance.value for each in calibrated])).mean() > 0.9


def test_it_learned_what_the_examples_say(made: Made) -> None:
    figures = train(made.settings, made.out)
    assert figures.before.confusion.accuracy < 0.5 < 0.7 < figures.after.confusion.accuracy


def test_the_calibration_is_fitted_on_enough_held_back_examples(made: Made) -> None:
    assert load_card(made.folder).calibration != Calibration()


def test_the_card_is_filled(made: Made) -> None:
    text = (made.folder / "README.md").read_text(encoding="utf-8")
    for path in (*made.settings.on, *made.settings.dev):
        assert f"`{hashlib.sha256(Path(path).read_bytes()).hexdigest()}`" in text
    for line in (
        "library_name: transformers",
        f"| `{made.settings.on[0]}` | training | 60 | 20 | 20 | 0 | 20 |",
        "| training | 60 | 20 | 20 | 0 | 20 |",
        f"| {own.TOPIC} | 60 | 102 |",
        "stancewire train --on mine.jsonl",
        "| licence of the base | not stated in its folder: look it up before you share these weights |",
        "| seed | 3 |",
        "| macro-F1 (labels that occur) | ",
        "| expected calibration error | ",
        "|  | favor | against | neutral | none | F1 |",
        "- It knows the topics, sources and coders named above; elsewhere, measure before you count.",
    ):
        assert line in text, line


def test_tensorboard_has_the_curves(made: Made) -> None:
    (events,) = (made.out / "tensorboard").glob("events.out.tfevents.*")
    content = events.read_bytes()
    for name in (b"eval/loss", b"eval/macro_f1", b"train/loss", b"train/learning_rate"):
        assert name in content


def test_two_trainings_with_one_seed_give_the_same_bytes(made: Made, tmp_path: Path) -> None:
    train(made.settings, tmp_path)
    assert {"model.onnx", "model.safetensors"} <= digests(made.folder).keys()
    assert digests(tmp_path / "model") == digests(made.folder)


@pytest.mark.parametrize("has_dev", [True, False])
def test_a_training_that_is_cut_off_goes_on_and_gives_the_same_bytes(
    made: Made, quick: TuneSettings, tmp_path: Path, has_dev: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stancewire.training import tuner

    settings = made.settings if has_dev else replace(quick, dev=(), dev_share=0.0, method=Method.LORA)
    end = 45 if has_dev else 10

    def cut_off(self: Any, args: Any, state: Any, control: Any, **_: Any) -> None:
        if state.global_step == end:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(tuner._Progress, "on_step_end", cut_off, raising=False)
        with pytest.raises(KeyboardInterrupt):
            train(settings, tmp_path / "cut")
    (kept,) = (tmp_path / "cut" / "checkpoints").glob("checkpoint-*")
    broken = kept.with_name(f"checkpoint-{end}")
    broken.mkdir()  # as a kill leaves one that was being written
    (broken / "model.safetensors").write_bytes(b"half")
    train(settings, tmp_path / "cut")
    if has_dev:
        assert digests(tmp_path / "cut" / "model") == digests(made.folder)
        return
    train(settings, tmp_path / "whole")
    assert digests(tmp_path / "cut" / "model") == digests(tmp_path / "whole" / "model")


def test_training_ends_when_what_is_held_back_gets_no_better(quick: TuneSettings, tmp_path: Path) -> None:
    long = train(replace(quick, epochs=20, patience=2, rate=0.05), tmp_path)
    assert long.steps < long.plan.schedule.steps
    history = json.loads((tmp_path / "training.json").read_text())["history"]
    losses = [row["eval_loss"] for row in history]
    assert long.steps == history[losses.index(min(losses))]["step"]


def test_a_folder_of_another_training_is_not_written_to(made: Made) -> None:
    before = digests(made.folder)
    with pytest.raises(
        ConfigError, match=r"out: holds a training with another seed: 3, not 5; name another --out"
    ):
        train(replace(made.settings, seed=5), made.out)
    assert digests(made.folder) == before


def test_few_examples_are_all_learned_from_and_the_card_says_that_there_are_no_figures(
    made: Made, tmp_path: Path
) -> None:
    few = own.write(tmp_path / "few.jsonl", own.rows(16, ["favor", "against"]))
    found = train(replace(made.settings, on=(str(few),), dev=(), epochs=1), tmp_path / "out")
    assert (len(found.plan.split.train), found.before, found.after) == (16, None, None)
    text = (found.folder / "README.md").read_text(encoding="utf-8")
    assert "None: nothing was held back." in text
    assert "No example says none: the model unlearns that a passage may hold no stance." in text
    assert load_card(found.folder).calibration == Calibration()


def test_held_back_texts_are_not_learned_from(made: Made, tmp_path: Path) -> None:
    mine = own.rows(40)
    on = own.write(tmp_path / "mine.jsonl", mine)
    dev = own.write(tmp_path / "held.jsonl", mine[:10])
    from stancewire.training.plan import make_plan

    plan = make_plan(replace(made.settings, on=(str(on),), dev=(str(dev),)))
    assert (len(plan.split.train), len(plan.split.dev)) == (30, 10)
    assert any("10 examples are left out, since their texts are in" in note for note in plan.notes)
    with pytest.raises(InputError, match="0 examples; 8 are needed at least"):
        make_plan(replace(made.settings, on=(str(on),), dev=(str(on),)))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"rate": -1.0}, r"--rate -1\.0; must be from"),
        ({"batch": 0}, "--batch 0; must be from 1"),
        ({"dev_share": 1.0}, r"--dev-share 1\.0; must be from 0 to 0\.9"),
        ({"dev_share": 0.1}, "--dev and --dev-share: held back is a file or a share, not both"),
    ],
)
def test_numbers_that_cannot_be_are_named(made: Made, changed: dict[str, Any], said: str) -> None:
    from stancewire.training.plan import make_plan

    with pytest.raises(ConfigError, match=said):
        make_plan(replace(made.settings, **changed))


def test_lora_trains_a_hundredth_and_writes_whole_weights(made: Made, tmp_path: Path) -> None:
    from safetensors.torch import load_file

    found = train(replace(made.settings, method=Method.LORA, epochs=1), tmp_path)
    before, after = (
        load_file(folder / "model.safetensors") for folder in (Path(made.settings.start), found.folder)
    )
    assert before.keys() == after.keys()
    changed = {name for name in before if not (before[name].half() == after[name]).all()}
    assert "bert.encoder.layer.0.attention.self.query.weight" in changed
    assert not any("embeddings" in name for name in changed)


def test_a_disk_that_is_too_small_is_named_before_training(made: Made, disk: Disk) -> None:
    disk.resize(1_000_000)
    with pytest.raises(
        ModelError, match=r"0\.00 GB free, and checkpoints and the finished model take 0\.00; make room"
    ):
        train(made.settings, disk.path / "out")


def test_a_disk_that_fills_up_while_a_checkpoint_is_written_is_named_and_the_training_goes_on_later(
    made: Made, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stancewire.training import tuner

    with monkeypatch.context() as patch:
        patch.setattr(tuner, "ROOM", 0.0)  # as when somebody else fills the disk meanwhile
        disk.resize(600_000)
        with pytest.raises(
            ModelError, match="no room for a checkpoint or the model; make room, and the same command goes on"
        ):
            train(made.settings, disk.path / "out")
    disk.resize(50_000_000)
    train(made.settings, disk.path / "out")
    assert digests(disk.path / "out" / "model") == digests(made.folder)


def test_full_memory_says_which_option_to_lower(made: Made, tmp_path: Path) -> None:
    import torch

    from stancewire.training.plan import make_plan
    from stancewire.training.tuner import named_failures

    schedule = make_plan(made.settings).schedule
    with (
        pytest.raises(
            ModelError, match=r"memory is full with batches of 8 pairs .*lower --batch \(now 8\) or --max-"
        ),
        named_failures(schedule, tmp_path),
    ):
        torch.empty(2**60)
    with (
        pytest.raises(ModelError, match=r"the GPU's memory is full .* or train with --method lora"),
        named_failures(schedule, tmp_path),
    ):
        raise torch.OutOfMemoryError("CUDA out of memory")  # what torch raises where there is a GPU
    with pytest.raises(RuntimeError, match="inconsistent tensor size"), named_failures(schedule, tmp_path):
        torch.ones(2) @ torch.ones(3)


def test_an_nli_model_begins_with_what_it_knows(tmp_path: Path) -> None:
    from stancewire.stance.nli_backend import FORMAT, NliClassifier
    from stancewire.training.starts import load_start, open_start

    tiny_bert.save_bert(tmp_path, ["contradiction", "entailment", "neutral"])
    start = open_start(str(tmp_path))
    assert (start.pair, start.kind) == (FORMAT, "classifier")
    model, tokenizer = load_start(start, dropout=0.0, calibration=None)
    pairs = [
        FORMAT.pair(StanceQuery(text=row["text"], topic=row["topic"], holder=row["holder"]))
        for row in own.rows(9)
    ]
    inputs = tokenizer(*map(list, zip(*pairs, strict=True)), padding=True, return_tensors="pt")
    p = model.eval()(**inputs).logits.softmax(dim=-1).detach().numpy()
    zero_shot = NliClassifier(str(tmp_path)).weigh(pairs)
    ratio = [each.favor / each.against for each in zero_shot]
    np.testing.assert_allclose(p[:, 0] / p[:, 1], ratio, rtol=1e-3)
    assert (p[:, 2] < p[:, 3]).all()


def test_any_other_encoder_gets_a_head_of_its_own(quick: TuneSettings, tmp_path: Path) -> None:
    found = train(quick, tmp_path / "out")
    assert found.before is None
    assert found.after.confusion.total == 102
    assert not (found.folder / "model.onnx").exists()
    text = (found.folder / "README.md").read_text(encoding="utf-8")
    assert "- There is no ONNX file for this kind of encoder: it runs in torch." in text
    assert load_card(found.folder).window == 136


def test_a_model_with_other_labels_is_told_or_named(
    made: Made, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from stancewire.training.starts import open_start

    tiny_bert.save_bert(tmp_path / "mood", ["negative", "positive"])
    with caplog.at_level("WARNING"):
        assert open_start(str(tmp_path / "mood")).heads == {}
    assert "its labels are negative, positive, none of ours; its head is left out" in caplog.text
    own.save_start(tmp_path / "wrong")
    config = json.loads((tmp_path / "wrong" / "config.json").read_text())
    config["id2label"] = {"0": "pro", "1": "contra", "2": "neutral", "3": "none"}
    config["label2id"] = {name: int(number) for number, name in config["id2label"].items()}
    (tmp_path / "wrong" / "config.json").write_text(json.dumps(config))
    with pytest.raises(
        ModelError, match="its labels are pro, contra, neutral, none; a stance classifier of ours has"
    ):
        open_start(str(tmp_path / "wrong"))
    with pytest.raises(ModelError, match="attribution: BertForTokenClassification marks words; stances want"):
        open_start("attribution")
    with pytest.raises(ModelError, match="'gone': no shipped model, folder or hub name"):
        open_start("gone")
    with pytest.raises(ModelError, match="'gone/gone': no such model"):
        open_start("gone/gone")


def test_the_small_model_begins_with_its_calibrated_answers(root: Path) -> None:
    from stancewire.stance.torch_backend import TorchClassifier
    from stancewire.training.starts import load_start, open_start

    start = open_start("small")
    assert start.licence == "Apache-2.0"
    model, tokenizer = load_start(start, dropout=0.0, calibration=start.calibration)
    pairs = [
        start.pair.pair(StanceQuery(text=row["text"], topic=own.TOPIC, holder=row["holder"]))
        for row in own.rows(6)
    ]
    inputs = tokenizer(*map(list, zip(*pairs, strict=True)), padding=True, return_tensors="pt")
    p = model.eval()(**inputs).logits.softmax(dim=-1).detach().numpy()
    expected = TorchClassifier(root / "models" / "small", precision="fp32").weigh(pairs)
    np.testing.assert_allclose(p[:, 0], [each.favor for each in expected], atol=2e-3)
    np.testing.assert_allclose(p[:, 3], [each.none for each in expected], atol=2e-3)
