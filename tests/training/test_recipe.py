"""Reading a training recipe."""

from __future__ import annotations

from pathlib import Path

import pytest

from stancewire.errors import ConfigError
from stancewire.stance.pairs import PairFormat
from stancewire.training.recipe import DataSource, Teacher, load_recipe

RECIPE = """
id = "tiny"
seed = 1
{top}

[encoder]
name = "some-encoder"
{encoder}

{pair}

[[stage]]
name = "stance"
learning_rate = 1e-4
{stage}

[[stage.data]]
path = "written/train.jsonl.gz"
format = "written"
{data}
"""


def write(path: Path, **parts: str) -> Path:
    slots = dict.fromkeys(("top", "encoder", "pair", "stage", "data"), "")
    file = path / "tiny.toml"
    file.write_text(RECIPE.format(**slots | parts), encoding="utf-8")
    return file


def test_recipe_is_read_with_its_defaults(tmp_path: Path) -> None:
    recipe = load_recipe(write(tmp_path, data='keep = { label = ["favor"] }'))
    (stage,) = recipe.stages
    assert (recipe.id, recipe.encoder.name, recipe.pair, recipe.dev) == (
        "tiny",
        "some-encoder",
        PairFormat(),
        (),
    )
    assert (stage.name, stage.learning_rate, stage.batch_size) == ("stance", 1e-4, 32)
    assert stage.data == (
        DataSource(path="written/train.jsonl.gz", format="written", keep={"label": ["favor"]}),
    )


@pytest.mark.parametrize("data", ['format = "unlabelled"', 'format = "unlabelled"\ntaught = 1\npasses = 2'])
def test_unlabelled_texts_need_a_teacher_for_all_of_the_answer(tmp_path: Path, data: str) -> None:
    path = write(tmp_path, pair='[teacher]\nweights = "../base/model"', data=data)
    path.write_text(path.read_text().replace('format = "written"\n', ""))
    with pytest.raises(
        ConfigError, match=r"train\.jsonl\.gz: unlabelled rows need taught = 1 and passes from 0 to 1"
    ):
        load_recipe(path)


def test_teacher_is_read(tmp_path: Path) -> None:
    teacher = '[teacher]\nweights = "../base/model"'
    recipe = load_recipe(write(tmp_path, pair=teacher, data="taught = 0.25"))
    assert recipe.teacher == Teacher(weights="../base/model")
    assert recipe.stages[0].data[0].taught == 0.25


def test_wording_can_be_changed_in_part(tmp_path: Path) -> None:
    recipe = load_recipe(write(tmp_path, pair='[pair]\nstatement = "{holder}: {topic}"'))
    assert recipe.pair == PairFormat(statement="{holder}: {topic}")


@pytest.mark.parametrize("name", ["first", "second", "third", "teacher", "base", "small"])
def test_recipes_that_ship_are_read(root: Path, name: str) -> None:
    recipe = load_recipe(root / "models" / "recipes" / f"{name}.toml")
    assert recipe.id == f"stancewire-{name}"
    assert recipe.stages
    assert recipe.dev
    assert recipe.calibration


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ({"top": "epochs = 3"}, r"tiny\.toml: unknown key 'epochs'; known: id, seed"),
        ({"encoder": "nam = 1"}, r"tiny\.toml: \[encoder\]: unknown key 'nam'; known: name, weights"),
        ({"stage": "lr = 1"}, r"tiny\.toml: \[\[stage\]\]: unknown key 'lr'; known: name, learning_rate"),
        ({"data": "pass = 2"}, r"tiny\.toml: data: unknown key 'pass'; known: path, format"),
        ({"pair": '[pair]\nmarks = "x"'}, r"tiny\.toml: \[pair\]: unknown key 'marks'; known: holder_marks"),
        (
            {"pair": '[pair]\nholder_marks = ["x"]'},
            r"tiny\.toml: \[pair\]: two marks are needed, got \['x'\]",
        ),
        ({"top": "id ="}, r"tiny\.toml: not a TOML file"),
        ({"top": 'task = "tagging"'}, r"tiny\.toml: task is stance or attribution, got 'tagging'"),
        (
            {"top": 'task = "attribution"', "pair": '[[calibration]]\npath = "x"'},
            r"tiny\.toml: calibration is for the task stance; this one is attribution",
        ),
        ({"top": 'embeddings = "int4"'}, r"tiny\.toml: embeddings is fp16 or int8, got 'int4'"),
        (
            {"data": "taught = 0.25"},
            r"tiny\.toml: written/train\.jsonl\.gz is to be taught, but .* no \[teacher\]",
        ),
        (
            {"encoder": 'marks = ["@"]'},
            r"tiny\.toml: \[encoder\]: marks has 1 tokens for the 4 marks \('\[H\]'",
        ),
        ({"data": "taught = 2"}, r"tiny\.toml: data: taught is a share from 0 to 1, got 2"),
        (
            {"pair": "[teacher]\nmodel = 'x'"},
            r"tiny\.toml: \[teacher\]: unknown key 'model'; known: weights",
        ),
    ],
)
def test_wrong_key_is_named_with_the_known_ones(tmp_path: Path, parts: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        load_recipe(write(tmp_path, **parts))


def test_missing_key_is_named(tmp_path: Path) -> None:
    file = tmp_path / "tiny.toml"
    file.write_text('seed = 1\n[encoder]\nname = "x"\n[[stage]]\nname = "a"\nlearning_rate = 1.0\n')
    with pytest.raises(ConfigError, match=r"tiny\.toml: .*missing .* 'id'"):
        load_recipe(file)


def test_recipe_without_a_stage_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "tiny.toml"
    file.write_text('id = "x"\nseed = 1\n[encoder]\nname = "x"\n')
    with pytest.raises(ConfigError, match=r"no \[\[stage\]\]; a recipe needs at least one"):
        load_recipe(file)


def test_missing_recipe_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.toml: no such recipe"):
        load_recipe(tmp_path / "gone.toml")
