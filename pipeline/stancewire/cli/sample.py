"""`stancewire sample`: what to annotate next, drawn with known chances or chosen as most useful, for its coders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stancewire.review.reviewed import Version
from stancewire.sampling.design import Allocation
from stancewire.sampling.population import By, Unit
from stancewire.sampling.useful import Usefulness

EXAMPLES = """\
Examples:

  stancewire sample runs/demo --size 12 --out gold --texts 'corpora/sample/*.articles.jsonl'

  stancewire sample runs/news --size 300 --out gold --stratify topic,year --coders anna,ben --overlap 0.2 --seed 7

  stancewire sample runs/news --unit record --size 200 --out check --stratify stance --whole neutral

  stancewire sample runs/news --unit record --size 64 --out more --by uncertainty

What is drawn at random has weights (sample.json): with them a share among coded items is a share of the archive. What
is chosen (--by) has none. Articles without a record are drawn, too, since only they tell what was missed; a run
doesn't keep their texts, so name what went into it (--texts).
"""


def sample_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A finished run's folder.")],
    size: Annotated[int, typer.Option(help="How many to draw.")],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the sample goes.")],
    unit: Annotated[
        Unit, typer.Option(help="What is drawn: whole articles or single records.")
    ] = Unit.ARTICLE,
    stratify: Annotated[
        str, typer.Option(metavar="LIST", help=f"Strata: any of {', '.join(By)}, with commas.")
    ] = "",
    allocation: Annotated[
        Allocation, typer.Option(help="How the sample is spread over strata.")
    ] = Allocation.PROPORTIONAL,
    at_least: Annotated[int, typer.Option(min=1, help="The fewest to draw from a stratum.")] = 1,
    whole: Annotated[
        list[str] | None, typer.Option(metavar="STRATUM", help="Take all of this stratum; may be repeated.")
    ] = None,
    by: Annotated[
        Usefulness | None,
        typer.Option(help="Choose what is most worth annotating instead of drawing at random."),
    ] = None,
    against: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The second run, for --by disagreement.")
    ] = None,
    coders: Annotated[str, typer.Option(metavar="LIST", help="Who codes, with commas: anna,ben.")] = "",
    overlap: Annotated[float, typer.Option(help="The share that every coder codes, for agreement.")] = 0.0,
    version: Annotated[Version, typer.Option(help="Whose values of the table.")] = Version.MACHINE,
    with_records_only: Annotated[
        bool, typer.Option("--with-records-only", help="Leave out articles without a record.")
    ] = False,
    texts: Annotated[
        list[str] | None,
        typer.Option(
            metavar="INPUT", help="Articles (as for run) whose texts the run didn't keep; may be repeated."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="What the sample is drawn from.")] = 0,
) -> None:
    """Draw what to annotate next, and write Label Studio tasks and tables for the coders."""
    from stancewire.sampling.sample import SampleSettings, draw_sample
    from stancewire.sampling.write import write_sample

    settings = SampleSettings(
        size=size,
        unit=unit,
        by=tuple(_strata(stratify)),
        allocation=allocation,
        at_least=at_least,
        whole=tuple(whole or ()),
        useful=by,
        other=against,
        version=version,
        with_records_only=with_records_only,
        texts=tuple(texts or ()),
        coders=tuple(_listed(coders)),
        overlap=overlap,
        seed=seed,
    )
    sample = draw_sample(folder, settings)
    files = write_sample(sample, out)
    typer.echo(f"{len(sample.items)} of {len(sample.population.items)} {unit}s, seed {seed}")
    for stratum in sample.drawn.strata if sample.drawn else ():
        typer.echo(f"  {stratum.name}: {stratum.drawn} of {stratum.population}, weight {stratum.weight:.3f}")
    for coder, own in sample.given.items():
        typer.echo(f"  {coder}: {len(own)} {unit}s")
    typer.echo(f"in {out}: {', '.join(path.name for path in files)}")


sample_command.__doc__ = f"{sample_command.__doc__}\n\n{EXAMPLES}"


def _listed(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]


def _strata(words: str) -> list[By]:
    from stancewire.errors import ConfigError

    known = {each.value: each for each in By}
    for word in _listed(words):
        if word not in known:
            raise ConfigError(f"--stratify {word!r}; known: {', '.join(By)}")
    return [known[word] for word in _listed(words)]
