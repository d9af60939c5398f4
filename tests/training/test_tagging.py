"""From articles with spans to a tagger's folder, shown on a tiny BERT that learns one pattern by heart."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests import tiny_bert

from stancewire.attribution.models import open_attributor
from stancewire.attribution.tagger import TaggerAttributor
from stancewire.attribution.tagging import LABELS
from stancewire.errors import ConfigError, InputError, ModelError
from stancewire.training.recipe import DataSource, EncoderSource, Recipe, Stage, Teacher

pytest.importorskip("onnx", reason="needs onnx, from stancewire[train]")
pytest.importorskip("torch", reason="needs torch, from stancewire[train]")
pytest.importorskip("transformers", reason="needs transformers, from stancewire[train]")
pytestmark = pytest.mark.filterwarnings("ignore")  # torch's exporter and tracer warn of themselves

WINDOW = 136
SOURCE = DataSource(path="said/train.jsonl.gz", format="attribution", passes=25)
RECIPE = Recipe(
    id="tiny",
    task="attribution",
    seed=1,
    encoder=EncoderSource(name="tiny", weights="../start"),
    stages=(Stage(name="spans", learning_rate=3e-3, data=(SOURCE,), batch_size=8, dropout=0.0),),
    dev=(replace(SOURCE, passes=1),),
    max_tokens=WINDOW,
    window=WINDOW,
    dev_every=1000,
)
SENTENCE = "@ = < {} > . "


def text_of(number: int) -> str:
    return "y " * (number * 7 % 23) + "".join(
        SENTENCE.format("x" * (1 + (number + i) % 3)) for i in range(13)
    )


def said(text: str) -> list[dict[str, list[list[int]]]]:
    """Return the spans of the pattern: "@" says, by "=", what stands in "<>"."""
    found, position = [], 0
    while (start := text.find("@", position)) >= 0:
        position = text.index(".", start)
        found.append(
            {
                "source": [[start, start + 1]],
                "cue": [[start + 2, start + 3]],
                "content": [[start + 4, position - 1]],
            }
        )
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from stancewire.training.make import make_model

    place = tmp_path_factory.mktemp("tagger")
    tiny_bert.save_bert(place / "start", ["x"], positions=WINDOW)
    (place / "data" / "said").mkdir(parents=True)
    with gzip.open(place / "data" / "said" / "train.jsonl.gz", "wt", encoding="utf-8") as lines:
        for number in range(60):
            text = text_of(number)
            lines.write(json.dumps({"text": text, "annotations": {"a": said(text)}}) + "\n")
        lines.write(json.dumps({"text": "Nobody read this.", "annotations": {}}) + "\n")
    return make_model(RECIPE, data=place / "data", out=place / "out")


@pytest.fixture(scope="module")
def tagger(folder: Path) -> TaggerAttributor:
    return TaggerAttributor(folder)


def test_pattern_is_learnt_and_its_spans_are_linked(tagger: TaggerAttributor) -> None:
    text = text_of(1)
    (found,) = tagger.attribute([text])
    assert [
        {
            "source": [[span.start, span.end] for span in item.source],
            "cue": [[span.start, span.end] for span in item.cue],
            "content": [[span.start, span.end] for span in item.content],
        }
        for item in found
    ] == said(text)


def test_text_of_many_windows_is_read_as_one(tagger: TaggerAttributor) -> None:
    text = text_of(0) * 5
    (found,) = tagger.attribute([text])
    right = {tuple(item["content"][0]) for item in said(text)}
    spans = [(span.start, span.end) for item in found for span in item.content]
    assert len(spans) == len(set(spans))
    assert len(right & set(spans)) >= 0.9 * len(right)


@pytest.mark.parametrize("batch_size", [1, 3, 50])
def test_attributions_are_the_same_for_every_batch_size(
    folder: Path, tagger: TaggerAttributor, batch_size: int
) -> None:
    texts = [text_of(number) * (1 + number % 3) for number in range(7)]
    other = TaggerAttributor(folder, batch_size=batch_size)
    assert other.attribute(texts) == tagger.attribute(texts)
    for one, two in zip(other.scores(texts), tagger.scores(texts), strict=True):
        np.testing.assert_array_equal(one, two)


def test_empty_and_silent_texts_have_no_attributions(tagger: TaggerAttributor) -> None:
    assert tagger.attribute(["", " \n"]) == [(), ()]
    assert tagger.attribute([]) == []


def test_folder_is_taken_by_its_path_and_rules_by_their_name(folder: Path) -> None:
    assert isinstance(open_attributor(str(folder)), TaggerAttributor)
    assert type(open_attributor("rules")).__name__ == "RuleAttributor"


def test_card_names_task_labels_and_files(folder: Path) -> None:
    card = json.loads((folder / "stancewire.json").read_text(encoding="utf-8"))
    assert (card["task"], card["window"], len(card["labels"])) == ("attribution", WINDOW, 7)
    assert card["files"].keys() == {"model.onnx", "model.safetensors"}


@pytest.mark.parametrize(
    ("card", "named"),
    [
        (None, "no stancewire.json; a model folder has one"),
        ("{", "not the card of an attribution tagger"),
        ('{"id": "stancewire-small", "window": 256}', "not the card of an attribution tagger: KeyError"),
        (
            '{"id": "x", "task": "stance", "labels": [], "window": 200, "pad_id": 0, "files": {}}',
            "task 'stance', labels .*; a tagger has 'attribution'",
        ),
        (
            json.dumps(
                {"id": "x", "task": "attribution", "labels": LABELS, "window": 99, "pad_id": 0, "files": {}}
            ),
            "a window of 99 tokens; windows share 64, so more than twice that",
        ),
    ],
)
def test_folder_of_another_kind_is_a_model_error(tmp_path: Path, card: str | None, named: str) -> None:
    if card is not None:
        (tmp_path / "stancewire.json").write_text(card, encoding="utf-8")
    with pytest.raises(ModelError, match=named):
        TaggerAttributor(tmp_path)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"window": 100}, "tiny: window: a window of 100 tokens"),
        ({"max_tokens": 64}, "tiny: max_tokens: a window of 64 tokens"),
        ({"window": 4000}, "tiny: windows are longer than the encoder's 136 positions"),
    ],
)
def test_window_that_no_model_could_read_is_named_before_training(
    tmp_path: Path, change: dict[str, int], named: str
) -> None:
    from stancewire.training.make import make_model

    tiny_bert.save_bert(tmp_path / "start", ["x"], positions=WINDOW)
    with pytest.raises(ModelError, match=named):
        make_model(replace(RECIPE, **change), data=tmp_path, out=tmp_path / "out")  # type: ignore[arg-type]


def test_row_of_another_kind_is_named(tmp_path: Path) -> None:
    from stancewire.training.make import make_model

    tiny_bert.save_bert(tmp_path / "start", ["x"], positions=WINDOW)
    (tmp_path / "said").mkdir()
    with gzip.open(tmp_path / "said" / "train.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.write('{"text": "Noori spoke.", "label": 1}\n')
    with pytest.raises(
        InputError, match=r"train\.jsonl\.gz: row 1: text and annotations must be there; has \['label'"
    ):
        make_model(RECIPE, data=tmp_path, out=tmp_path / "out")


def test_format_of_the_other_task_is_named(tmp_path: Path) -> None:
    from stancewire.training.make import make_model

    tiny_bert.save_bert(tmp_path / "start", ["x"], positions=WINDOW)
    stage = replace(RECIPE.stages[0], data=(replace(SOURCE, format="target"),))
    with pytest.raises(ConfigError, match="unknown format 'target'; known for this task: attribution, unl"):
        make_model(replace(RECIPE, stages=(stage,), dev=()), data=tmp_path, out=tmp_path / "out")


def taught_recipe(folder: Path, *, share: float = 1.0, format: str = "unlabelled") -> Recipe:
    """Return a recipe whose rows the tagger in `folder` answers."""
    source = replace(SOURCE, format=format, taught=share, passes=1)
    stages = (replace(RECIPE.stages[0], data=(source,), epochs=25),)
    return replace(RECIPE, teacher=Teacher(weights=str(folder)), stages=stages, dev=())


def test_texts_without_spans_are_learnt_from_a_teacher(folder: Path, tmp_path: Path) -> None:
    from stancewire.training.make import make_model

    data = folder.parent.parent / "data"
    tiny_bert.save_bert(tmp_path / "start", ["x"], positions=WINDOW)
    pupil = TaggerAttributor(make_model(taught_recipe(folder), data=data, out=tmp_path / "out"))
    (found,) = pupil.attribute([text_of(1)])
    assert [(span.start, span.end) for item in found for span in item.content] == [
        tuple(item["content"][0]) for item in said(text_of(1))
    ]


def test_teacher_reads_each_text_once_even_after_an_interruption(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from stancewire.training.token_teacher import TokenTeacher

    caplog.set_level("INFO")
    teacher = TokenTeacher(folder, answers=tmp_path)
    offsets = [[(0, 0), (0, 1), (2, 3), (0, 0)]]
    first = teacher.chances(["@ ="], window=WINDOW, offsets=offsets)
    assert "knows" not in caplog.text
    again = TokenTeacher(folder, answers=tmp_path).chances(["@ ="], window=WINDOW, offsets=offsets)
    assert "tiny knows these 1 windows" in caplog.text
    np.testing.assert_array_equal(first[0], again[0])
    assert first[0].shape == (4, len(LABELS))
    np.testing.assert_allclose(first[0].sum(axis=-1), 1, atol=2e-3)


def test_teacher_of_other_tokens_is_named(folder: Path, tmp_path: Path) -> None:
    from stancewire.training.token_teacher import TokenTeacher

    teacher = TokenTeacher(folder, answers=tmp_path)
    with pytest.raises(ModelError, match="tiny: reads other tokens than the encoder that it teaches"):
        teacher.chances(["@ ="], window=WINDOW, offsets=[[(0, 0), (0, 3), (0, 0)]])


def test_targets_are_mixed_by_the_share_where_a_token_is_scored() -> None:
    from stancewire.training.token_teacher import mixed

    own = np.zeros((2, len(LABELS)), dtype=np.float32)
    own[1, 0] = 1
    theirs = np.full((2, len(LABELS)), 1 / 7, dtype=np.float16)
    found = mixed(own, theirs, 0.7)
    np.testing.assert_allclose(found[0], 0)
    np.testing.assert_allclose(found[1], [0.4, *[0.1] * 6], atol=1e-3)


def test_tagger_that_is_to_teach_and_is_not_there_is_named(tmp_path: Path) -> None:
    from stancewire.training.make import make_model

    tiny_bert.save_bert(tmp_path / "start", ["x"], positions=WINDOW)
    with pytest.raises(ModelError, match=r"no stancewire\.json; a model folder has one"):
        make_model(taught_recipe(tmp_path / "none"), data=tmp_path, out=tmp_path / "out")
