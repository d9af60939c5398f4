"""`stancewire topics check`: points out what is wrong or weak in a codebook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stancewire.readers.archive import read_articles
from stancewire.topics import check_codebook, load_codebook
from stancewire.types import Article
from stancewire.wordings import check_paraphrases, read_paraphrases

app = typer.Typer(help="Work on codebooks.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """Work on codebooks."""


@app.command("check")
def check_command(
    file: Annotated[Path, typer.Argument(help="Codebook (TOML).")],
    on: Annotated[
        list[str] | None, typer.Option(help="Articles to try the terms on; may be repeated.")
    ] = None,
) -> None:
    """Point out duplicate ids, claims that are no claims, and terms that hit nothing.

    Which topics hang on the wording of their claim, `stancewire sensitivity` measures.

    Example:

      stancewire topics check configs/topics/afghanistan.toml --on corpora/sample/dev.articles.jsonl
    """
    codebook = load_codebook(file)
    texts = [article.text for article in read_articles(on or []) if isinstance(article, Article)]
    remarks = check_codebook(codebook, texts) + check_paraphrases(codebook, read_paraphrases(file))
    for remark in remarks:
        typer.echo(f"{remark.level}: {remark.topic}: {remark.message}")
    errors = sum(remark.level == "error" for remark in remarks)
    typer.echo(f"{codebook.name}: {len(codebook.topics)} topics, {len(remarks)} remarks, {errors} errors")
    if errors:
        raise typer.Exit(1)
