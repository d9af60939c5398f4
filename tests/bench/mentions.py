"""Measures whom pronouns and descriptions are taken to mean: "they", "the group", "the former vice president".

    python tests/bench/mentions.py --data data

Gold: every such mention of an actor that is named elsewhere in the article, in the sample's dev part and in 18 real
articles (corpora/news says how they were annotated). A mention is right where it is given the gold actor, or one of
several; "given anybody" leaves out those that the pipeline takes to mean no actor that the article names.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from stancewire.entities.actors import ActorRegistry
from stancewire.entities.spacy_recognizer import SpacyRecognizer
from stancewire.errors import StancewireError
from stancewire.evaluation.figures import Share
from stancewire.evaluation.names import token_f1
from stancewire.readers.archive import read_articles
from stancewire.resources import resource
from stancewire.types import Actor, Article, Mention, Reading, Span

ROOT = Path(__file__).resolve().parent.parent.parent
ARCHIVE = "articles/tehran_times_afghanistan.jsonl.gz"
SAME = (
    0.6  # shared words from which two wordings name one unregistered actor: "Haji Karim Safi", "Karim Safi"
)
PRONOUNS = frozenset(
    "i we he she they it me us him her them himself herself themselves itself".split()  # noqa: SIM905 - a list of words
)

Row = dict[str, Any]


def gold_rows(path: Path) -> dict[str, list[Row]]:
    """Return the annotated mentions by article."""
    found: dict[str, list[Row]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found.setdefault(row["article_id"], []).append(row)
    return found


def real_articles(data: Path, wanted: set[str]) -> list[Article]:
    """Return the articles of the archive that are annotated."""
    with gzip.open(data / ARCHIVE, "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["id"] in wanted]
    return [Article(id=row["id"], text=row["text"], title=row["title"], source=row["id"]) for row in rows]


def outcomes(reading: Reading, rows: Sequence[Row], registry: ActorRegistry) -> Iterator[tuple[str, str]]:
    """Yield (kind of mention, right, wrong or nobody) for each annotated mention of an article."""
    for row in rows:
        span = Span(start=row["start"], end=row["end"])
        words = span.of(reading.article.text).lower()
        kind = "pronoun" if words in PRONOUNS else "description"
        given = _given(reading.mentions, span)
        if given is None:
            yield kind, "nobody"
        else:
            is_right = any(_is_same(given.actor, name, registry) for name in row["actor"].split("; "))
            yield kind, "right" if is_right else "wrong"


def _is_same(actor: Actor, name: str, registry: ActorRegistry) -> bool:
    known = registry.find(name)
    if known or actor.id:
        return known is not None and known.id == actor.id
    return token_f1(actor.name.replace("-", " "), name.replace("-", " ")) >= SAME


def _given(mentions: Sequence[Mention], span: Span) -> Mention | None:
    """Return the reference that shares words with it, the nearest in its edges."""
    near = [mention for mention in mentions if mention.is_reference and mention.span.overlaps(span)]
    return min(
        near,
        key=lambda mention: abs(mention.span.start - span.start) + abs(mention.span.end - span.end),
        default=None,
    )


def table(data: Path) -> Iterator[str]:
    """Yield the lines of the table."""
    registry = ActorRegistry.load(sorted(resource("configs/actors").glob("*.toml")))
    recognizer = SpacyRecognizer(registry=registry)
    yield f"{'set':8} {'mention':12} {'right':>16} {'given anybody':>16}"
    sample = gold_rows(ROOT / "corpora" / "sample" / "dev.mentions.jsonl")
    articles = read_articles([str(ROOT / "corpora" / "sample" / "dev.articles.jsonl")])
    yield from _lines(
        "sample", [each for each in articles if isinstance(each, Article)], sample, recognizer, registry
    )
    if not (data / ARCHIVE).is_file():
        yield f"real     {data / ARCHIVE} isn't there; corpora/cards/tehran_times.md says where to get it"
        return
    real = gold_rows(ROOT / "corpora" / "news" / "mentions.jsonl")
    yield from _lines("real", real_articles(data, set(real)), real, recognizer, registry)


def _lines(
    name: str,
    articles: Sequence[Article],
    gold: dict[str, list[Row]],
    recognizer: SpacyRecognizer,
    registry: ActorRegistry,
) -> Iterator[str]:
    counts = Counter(
        outcome
        for reading in recognizer.read(articles)
        for outcome in outcomes(reading, gold.get(reading.article.id, []), registry)
    )
    for kind in ("pronoun", "description"):
        right, wrong, nobody = (counts[kind, outcome] for outcome in ("right", "wrong", "nobody"))
        every = Share(hits=right, of=right + wrong + nobody)
        given = Share(hits=right, of=right + wrong)
        yield f"{name:8} {kind:12} {_shown(every):>16} {_shown(given):>16}"


def _shown(share: Share) -> str:
    return f"{share.rate or 0.0:.3f} of {share.of:,}"


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--data", type=Path, default=Path("data"), help="folder of the data sets")
    try:
        for line in table(options.parse_args().data):
            print(line, flush=True)
    except StancewireError as error:
        options.error(str(error))


if __name__ == "__main__":
    main()
