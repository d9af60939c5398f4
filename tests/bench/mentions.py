"""Measures whom pronouns and descriptions are taken to mean: "they", "the group", "the former vice president".

    python tests/bench/mentions.py --data data

Gold: every such mention of an actor that is named elsewhere in the article, in the sample's dev part and in ten real
articles (corpora/sample and corpora/news say how they were annotated). A mention is right where it is given the gold
actor; "of those given one" leaves out those that the pipeline gives nobody, which may cost a record, but make no wrong
one.
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
from stancewire.types import Article, Mention, Reading, Span

ROOT = Path(__file__).resolve().parent.parent.parent
ARCHIVE = "articles/tehran_times_afghanistan.jsonl.gz"
SAME = 0.5  # shared words from which two wordings name one actor: "Abdul Rashid Dostum", "Marshal Dostum"
PRONOUNS = frozenset(
    "i we he she they it me us him them himself herself themselves itself".split()  # noqa: SIM905 - a list of words
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


def outcomes(reading: Reading, rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """Yield (kind of mention, right, wrong or nobody) for each annotated mention of an article."""
    for row in rows:
        span = Span(start=row["start"], end=row["end"])
        words = span.of(reading.article.text).lower()
        kind = "pronoun" if words in PRONOUNS else "description"
        given = _given(reading.mentions, span)
        if given is None:
            yield kind, "nobody"
        else:
            names = [_spaced(name) for name in row["actor"].split("; ")]
            is_right = any(token_f1(_spaced(given.actor.name), name) >= SAME for name in names)
            yield kind, "right" if is_right else "wrong"


def _spaced(name: str) -> str:
    return name.replace("-", " ")


def _given(mentions: Sequence[Mention], span: Span) -> Mention | None:
    """Return the mention that has the same words, or shares most of them."""
    near = [mention for mention in mentions if mention.is_reference and mention.span.overlaps(span)]
    return min(
        near,
        key=lambda mention: abs(mention.span.start - span.start) + abs(mention.span.end - span.end),
        default=None,
    )


def table(data: Path) -> Iterator[str]:
    """Yield the lines of the table."""
    recognizer = SpacyRecognizer(
        registry=ActorRegistry.load(sorted(resource("configs/actors").glob("*.toml")))
    )
    yield f"{'set':8} {'mention':12} {'right':>16} {'of those given one':>20}"
    sample = gold_rows(ROOT / "corpora" / "sample" / "dev.mentions.jsonl")
    articles = read_articles([str(ROOT / "corpora" / "sample" / "dev.articles.jsonl")])
    yield from _lines("sample", [each for each in articles if isinstance(each, Article)], sample, recognizer)
    if not (data / ARCHIVE).is_file():
        yield f"real     {data / ARCHIVE} isn't there; corpora/cards/tehran_times.md says where to get it"
        return
    real = gold_rows(ROOT / "corpora" / "news" / "mentions.jsonl")
    yield from _lines("real", real_articles(data, set(real)), real, recognizer)


def _lines(
    name: str, articles: Sequence[Article], gold: dict[str, list[Row]], recognizer: SpacyRecognizer
) -> Iterator[str]:
    counts = Counter(
        outcome
        for reading in recognizer.read(articles)
        for outcome in outcomes(reading, gold.get(reading.article.id, []))
    )
    for kind in ("pronoun", "description"):
        right, wrong, nobody = (counts[kind, outcome] for outcome in ("right", "wrong", "nobody"))
        every = Share(hits=right, of=right + wrong + nobody)
        given = Share(hits=right, of=right + wrong)
        yield f"{name:8} {kind:12} {_shown(every):>16} {_shown(given):>20}"


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
