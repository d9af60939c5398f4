"""Measures how much faster articles that name no topic leave when their words are looked at before their terms.

    python tests/bench/terms.py --data data

Both ways decide the same for every article; it is an error if they don't.
"""

from __future__ import annotations

import argparse
from itertools import islice
from pathlib import Path
from time import perf_counter

from stancewire.errors import InputError, StancewireError
from stancewire.passages import asks_anything
from stancewire.readers.archive import read_articles
from stancewire.resources import resource
from stancewire.terms import compile_terms
from stancewire.topics import load_codebook
from stancewire.types import Article, Codebook

ARCHIVES = ("articles/tehran_times_load.jsonl.gz", "articles/tehran_times_afghanistan.jsonl.gz")


def by_terms_alone(article: Article, codebook: Codebook) -> bool:
    """Say whether an article names a topic, by searching for the terms."""
    texts = (article.text, article.title or "")
    return any(compile_terms(topic).search(text) for topic in codebook.topics for text in texts)


def line(path: Path, codebook: Codebook, limit: int) -> str:
    """Return what both ways take for the articles of one archive."""
    if not path.is_file():
        raise InputError(f"{path}: not there; corpora/cards/tehran_times.md says where to get it")
    articles = [item for item in islice(read_articles([str(path)]), limit) if isinstance(item, Article)]
    asks_anything(articles[0], codebook.topics)  # compiles the terms
    started = perf_counter()
    plain = [by_terms_alone(article, codebook) for article in articles]
    middle = perf_counter()
    quick = [asks_anything(article, codebook.topics) for article in articles]
    ended = perf_counter()
    if plain != quick:
        raise InputError(f"{path}: {sum(a != b for a, b in zip(plain, quick, strict=True))} articles differ")
    before, after = middle - started, ended - middle
    return (
        f"{path.name:40} {len(articles):6,} articles, {sum(quick):5,} name a topic; "
        f"{1e3 * before / len(articles):.2f} ms -> {1e3 * after / len(articles):.2f} ms, {before / after:.1f} x"
    )


def main() -> None:
    """Print a line an archive."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--data", type=Path, default=Path("data"), help="folder of the data sets")
    options.add_argument("--limit", type=int, default=2000, help="articles of each archive")
    chosen = options.parse_args()
    codebook = load_codebook(resource("configs/topics/afghanistan.toml"))
    try:
        for name in ARCHIVES:
            print(line(chosen.data / name, codebook, chosen.limit), flush=True)
    except StancewireError as error:
        options.error(str(error))


if __name__ == "__main__":
    main()
