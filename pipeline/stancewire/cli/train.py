"""`stancewire train`: a recipe or own annotations in, a model folder out."""

from __future__ import annotations

import logging
import shlex
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from stancewire.errors import ConfigError
from stancewire.training.recipe import load_recipe
from stancewire.training.settings import Method, TuneSettings


class OwnTask(StrEnum):
    """What own annotations are of."""

    STANCE = "stance"
    ATTRIBUTION = "attribution"


STARTS = {OwnTask.STANCE: "small", OwnTask.ATTRIBUTION: "attribution"}
DEFAULTS = TuneSettings(on=(), name="")
EXAMPLES = """\
Own annotations (--on): JSON lines or CSV with text, holder, topic and stance, as `classify` takes them with the right
answer added; a Label Studio export; the folder of a run that people reviewed; a coder's table or gold rows. For
--task attribution: rows as `attribute` writes them, put right.

Examples:

  stancewire train --on mine.jsonl --out runs/mine && stancewire classify new.jsonl --model runs/mine/model

  stancewire train --on runs/news --on export.json --topics configs/topics/afghanistan.toml --out runs/ours

  stancewire train --on mine.csv --dev held.csv --start owner/large-nli-model --method lora --out runs/large

  stancewire train --task attribution --on said.jsonl --out runs/said

  stancewire train models/recipes/small.toml --data data --out runs/small

Checkpoints are written as it goes; the same command after an interruption goes on from the last one. The finished model
is OUT/model, with a card of data, numbers and figures (README.md); OUT/tensorboard has the curves.
"""


def train_command(
    out: Annotated[Path, typer.Option(help="Folder for checkpoints and the finished model.")],
    recipe: Annotated[
        Path | None, typer.Argument(help="Recipe (TOML), such as models/recipes/small.toml.")
    ] = None,
    data: Annotated[
        Path, typer.Option(help="Folder of the data sets of a recipe (corpora/cards says where to get them).")
    ] = Path("data"),
    on: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="Own annotations to train on; may be repeated.")
    ] = None,
    dev: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE", help="Own annotations to hold back; may be repeated. Without: --dev-share."
        ),
    ] = None,
    dev_share: Annotated[
        float | None,
        typer.Option(help="Share of the examples to hold back, whole texts; .2 of 80 or more, else 0."),
    ] = None,
    topics: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Codebook whose ids or claims the topics are.")
    ] = None,
    texts: Annotated[
        list[str] | None,
        typer.Option(
            metavar="INPUT", help="Articles (as for run) that coders' records are about; may be repeated."
        ),
    ] = None,
    task: Annotated[
        OwnTask, typer.Option(help="What own annotations are of: stances, or who says what.")
    ] = OwnTask.STANCE,
    start: Annotated[
        str | None,
        typer.Option(
            help="What to start from: small (default), base, a folder, a Hugging Face model; attribution for that task."
        ),
    ] = None,
    method: Annotated[
        Method, typer.Option(help="Train all weights, or LoRA for large encoders.")
    ] = DEFAULTS.method,
    epochs: Annotated[
        float | None, typer.Option(help="How often the examples are seen at most; 3 to 20 by their number.")
    ] = None,
    rate: Annotated[float | None, typer.Option(help="Learning rate; 5e-5, for LoRA 1e-3.")] = None,
    batch: Annotated[
        int | None, typer.Option(help="Pairs in a batch; 8 or 16 by their number. Fewer take less memory.")
    ] = None,
    max_tokens: Annotated[
        int, typer.Option(help="Longer pairs are cut in training. Fewer take less memory.")
    ] = DEFAULTS.max_tokens,
    patience: Annotated[
        int, typer.Option(help="Looks (of twelve) without progress on what is held back.")
    ] = DEFAULTS.patience,
    seed: Annotated[int, typer.Option(min=0, help="What all chance is drawn from.")] = DEFAULTS.seed,
) -> None:
    """Train a classifier or tagger, from a recipe or on own annotations; write a folder that --model takes."""
    logging.getLogger("stancewire").setLevel(logging.INFO)
    for handler in logging.getLogger().handlers:
        handler.setLevel(logging.INFO)
    if (recipe is None) == (not on):
        raise ConfigError("train takes a recipe or own annotations (--on FILE): one of the two")
    if recipe:
        _run_recipe(recipe, data=data, out=out)
        return
    settings = TuneSettings(
        on=tuple(on or ()),
        name=out.resolve().name,
        dev=tuple(dev or ()),
        dev_share=dev_share,
        topics=topics,
        texts=tuple(texts or ()),
        start=start or STARTS[task],
        method=method,
        seed=seed,
        epochs=epochs,
        rate=rate,
        batch=batch,
        max_tokens=max_tokens,
        patience=patience,
    )
    if task is OwnTask.ATTRIBUTION:
        _run_tagger_tuning(settings, out)
    else:
        _run_tuning(settings, out)


train_command.__doc__ = f"{train_command.__doc__}\n\n{EXAMPLES}"


def _run_recipe(recipe: Path, *, data: Path, out: Path) -> None:
    read = load_recipe(recipe)
    try:
        from stancewire.training.make import make_model
    except ImportError as error:
        raise _missing(error) from error
    folder = make_model(read, data=data, out=out)
    typer.echo(f"{folder}: ready for --model")


def _run_tuning(settings: TuneSettings, out: Path) -> None:
    try:
        from stancewire.training.model_card import summary
        from stancewire.training.plan import make_plan
        from stancewire.training.tune import tune
    except ImportError as error:
        raise _missing(error) from error
    plan = make_plan(settings)
    typer.echo(
        f"{len(plan.split.train)} examples to learn from, {len(plan.split.dev)} held back; from {plan.start.name},"
        f" at most {plan.schedule.steps} steps of {plan.schedule.batch}"
    )
    made = tune(plan, out=out, command=_command())
    for line in summary(made):
        typer.echo(line)
    typer.echo(f"{made.folder}: ready for --model")


def _run_tagger_tuning(settings: TuneSettings, out: Path) -> None:
    for name in ("topics", "texts"):
        if getattr(settings, name):
            raise ConfigError(f"--{name} is for stances; --task attribution has none")
    try:
        from stancewire.training.tune_tagger import tune_tagger
    except ImportError as error:
        raise _missing(error) from error
    made = tune_tagger(settings, out=out, command=_command())
    for line in made.summary():
        typer.echo(line)
    typer.echo(f"{made.folder}: ready for --model")


def _command() -> str:
    return shlex.join(["stancewire", *sys.argv[1:]])


def _missing(error: ImportError) -> ConfigError:
    return ConfigError(f"training needs {error.name}; pip install 'stancewire[train]'")
