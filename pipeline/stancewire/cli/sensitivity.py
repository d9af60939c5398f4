"""`stancewire sensitivity`: whether records hang on the wording of claims, on names, or on no topic at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from stancewire.errors import ConfigError
from stancewire.run_folder import MANIFEST, RunFolder
from stancewire.sensitivity.perturbations import Perturbation
from stancewire.settings import Settings, load_settings
from stancewire.types import Article, Codebook, Skip

EXAMPLES = """\
Examples:

  stancewire sensitivity news.jsonl --topics configs/topics/afghanistan.toml --out runs/sensitivity

  stancewire sensitivity runs/demo --out runs/sensitivity --try invented-name --try masked-topic

  stancewire sensitivity archive/ --topics my-topics.toml --out check --articles 100 --actors my-actors.toml

INPUT is what `stancewire run` takes, or the folder of a finished run, which keeps the articles with records: with its
model and codebook, unless --model, --topics or --config name others. Each question is judged a dozen times more, so
draw some hundred articles of an archive (--articles). docs/sensitivity.md: what is tried, and when a topic is fragile.
"""
# What of a run's settings makes its records.
_KEPT = ("recognizer", "spacy_model", "attributor", "actors", "languages", "model", "confidence", "evidence")


def sensitivity_command(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT...", help="Articles as for run, or one finished run's folder."),
    ],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder for tables, verdicts and changed records.")
    ],
    topics: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Codebook, with paraphrases of its claims (TOML).")
    ] = None,
    model: Annotated[str | None, typer.Option(help="As for run. [the run's, or small+base]")] = None,
    tried: Annotated[
        list[Perturbation] | None, typer.Option("--try", help="Only this perturbation; may be repeated.")
    ] = None,
    actors: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="Actor files, or names of shipped ones, whose names are tried; may be repeated.",
        ),
    ] = None,
    swaps: Annotated[int, typer.Option(min=1, help="Names to try for each holder.")] = 2,
    articles: Annotated[
        int | None, typer.Option(metavar="N", help="Draw N of the articles that name a topic.")
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="Name a column: text=body. May be repeated.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="Settings file (see configs/default.toml).")] = None,
    samples: Annotated[
        int, typer.Option(min=0, help="Bootstrap samples of articles; 0 for no intervals.")
    ] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="What names, articles and samples are drawn from.")] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no table.")] = False,
) -> None:
    """Judge questions again under changes that should not matter, and count the records that change."""
    from stancewire.cli.step_progress import shown_steps
    from stancewire.entities.actors import ActorRegistry
    from stancewire.extract import actor_files, open_pipeline
    from stancewire.sensitivity.measure import Options, measure_sensitivity
    from stancewire.sensitivity.names import invented_names, known_names
    from stancewire.sensitivity.render import as_text
    from stancewire.sensitivity.variants import Sources
    from stancewire.sensitivity.write import write_sensitivity
    from stancewire.wordings import read_paraphrases
    from stancewire.writers.partial import make_folder

    options = Options(
        perturbations=tuple(tried or Perturbation), articles=articles, seed=seed, samples=samples
    )
    codebook, settings, found = _source(inputs, topics, config, model, column)
    known = ActorRegistry.load(actor_files(replace(settings, actors=tuple(actors)) if actors else settings))
    sources = Sources(
        paraphrases=read_paraphrases(topics) if topics else {},
        invented=invented_names(seed=seed),
        known=known_names(known, seed=seed),
        swaps=swaps,
    )
    make_folder(out)
    pipeline = open_pipeline(codebook, settings)
    with shown_steps(quiet=quiet) as progress:
        test = measure_sensitivity(found, pipeline, sources, options, inputs=inputs, progress=progress)
    files = write_sensitivity(test, out)
    if not quiet:
        typer.echo(as_text(test), nl=False)
        typer.echo(f"\nin {out}: {', '.join(path.name for path in files)}")


sensitivity_command.__doc__ = f"{sensitivity_command.__doc__}\n\n{EXAMPLES}"


def _source(
    inputs: list[str],
    topics: Path | None,
    config: Path | None,
    model: str | None,
    column: list[str] | None,
) -> tuple[Codebook, Settings, Iterable[Article | Skip]]:
    """Return what is asked about which articles, by which settings."""
    from stancewire.readers.archive import read_articles
    from stancewire.readers.columns import Columns
    from stancewire.topics import load_codebook

    overrides = {"model": model}
    if len(inputs) == 1 and (Path(inputs[0]) / MANIFEST).is_file():
        folder = RunFolder(Path(inputs[0]))
        of_run = folder.manifest.get("settings", {})
        if config is None:
            overrides = {name: of_run.get(name) for name in _KEPT} | ({"model": model} if model else {})
        codebook = load_codebook(topics) if topics else folder.codebook
        return codebook, load_settings(config, overrides), folder.articles()
    if topics is None:
        raise ConfigError(f"{', '.join(inputs)}: no finished run's folder, so --topics must name a codebook")
    articles = read_articles(inputs, columns=Columns.parse(column or []))
    return load_codebook(topics), load_settings(config, overrides), articles
