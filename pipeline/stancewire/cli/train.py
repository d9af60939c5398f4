"""`stancewire train`: a recipe in, a model folder out."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from stancewire.errors import ConfigError
from stancewire.training.recipe import load_recipe


def train_command(
    recipe: Annotated[Path, typer.Argument(help="Recipe (TOML), such as models/recipes/small.toml.")],
    out: Annotated[Path, typer.Option(help="Folder for checkpoints and the finished model.")],
    data: Annotated[
        Path, typer.Option(help="Folder of the data sets (corpora/cards says where to get them).")
    ] = Path("data"),
) -> None:
    """Train a stance classifier or an attribution tagger and write a model folder that --model takes.

    Checkpoints are written as it goes; the same command after an interruption goes on from the last one.

    Example:

      stancewire train models/recipes/small.toml --data data --out runs/small
    """
    logging.getLogger("stancewire").setLevel(logging.INFO)
    for handler in logging.getLogger().handlers:
        handler.setLevel(logging.INFO)
    read = load_recipe(recipe)
    try:
        from stancewire.training.make import make_model
    except ImportError as error:
        raise ConfigError(f"training needs {error.name}; pip install 'stancewire[train]'") from error

    folder = make_model(read, data=data, out=out)
    typer.echo(f"{folder}: ready for --model")
