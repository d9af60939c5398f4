"""The texts of the articles that coders share, from runs' stores and from the articles themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

from stancewire.coding.coded import Coding
from stancewire.coding.runs import texts_of_run
from stancewire.errors import InputError
from stancewire.readers.archive import read_articles
from stancewire.types import Article, Skip


def texts_of(codings: Sequence[Coding], inputs: Sequence[str]) -> dict[str, str]:
    """Return the texts, by id, of articles that are needed: those in `inputs`, else in the runs among codings.

    Needed are those that two coders coded, and those in which one gave evidence in words only.
    Raises InputError where there are inputs without any of them.
    """
    times = Counter(article for coding in codings for article in coding.articles)
    wanted = {article for article, number in times.items() if number > 1}
    wanted |= {coding.records[index].article_id or "" for coding in codings for index in coding.quotes}
    texts: dict[str, str] = {}
    for coding in codings:
        if coding.is_run:
            texts |= texts_of_run(Path(coding.source), wanted)
    return {**texts, **{article.id: article.text for article in articles_of(inputs, wanted)}}


def articles_of(inputs: Sequence[str], wanted: Collection[str]) -> list[Article]:
    """Return the `wanted` articles of the inputs; raises InputError where there are inputs and none is in them."""
    if not inputs or not wanted:
        return []
    read = list(read_articles(inputs))
    articles = [found for found in read if isinstance(found, Article)]
    found = [article for article in articles if article.id in wanted]
    if not found:
        has = [article.id for article in articles[:3]] or [
            skip.detail for skip in read[:1] if isinstance(skip, Skip)
        ]
        raise InputError(
            f"{', '.join(inputs)}: none of the {len(wanted)} articles is there, such as {sorted(wanted)[0]!r};"
            f" has {has}; a column of another name (run's --column) must be called id, text ... here"
        )
    return found
