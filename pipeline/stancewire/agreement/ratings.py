"""Who gave which value to which unit, as arrays, and the sums from which every measure of agreement follows.

The sums are over articles with weights, so that one product gives them for a thousand bootstrap samples of articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

MISSING = -1
# Above this many cells, sums by article and value are not kept (16 MB of them) but counted anew for each sample:
# holders have as many values as there are names.
_LARGEST_TABLE = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ratings:
    """A value (by its index in `values`) or MISSING for each unit and coder, and each unit's article (by its index).

    `codes` is units x coders, `articles` as long as there are units, with `article_count` articles in all.
    """

    values: tuple[str, ...]
    codes: Integers
    articles: Integers
    article_count: int

    @classmethod
    def of(
        cls, rows: Sequence[tuple[str, Sequence[str | None]]], *, values: Sequence[str] | None = None
    ) -> Ratings:
        """Return ratings from (article, value of each coder or None) of each unit.

        `values` gives their order where that means something; ValueError for a value that isn't among them.
        """
        seen = sorted({value for _, given in rows for value in given if value is not None})
        order = tuple(seen if values is None else values)
        if strange := set(seen) - set(order):
            raise ValueError(f"values {sorted(strange)} are not among {list(order)}")
        places = {value: index for index, value in enumerate(order)}
        names = sorted({article for article, _ in rows})
        known = {name: index for index, name in enumerate(names)}
        width = len(rows[0][1]) if rows else 0
        codes = [[MISSING if value is None else places[value] for value in given] for _, given in rows]
        return cls(
            values=order,
            codes=np.array(codes, dtype=np.int64).reshape(len(rows), width),
            articles=np.array([known[article] for article, _ in rows], dtype=np.int64),
            article_count=len(names),
        )

    @property
    def pairable(self) -> Ratings:
        """Return the units that at least two coders gave a value to; only they say anything of agreement."""
        return self._only((self.codes != MISSING).sum(axis=1) >= 2)

    @property
    def complete(self) -> Ratings:
        """Return the units that every coder gave a value to."""
        return self._only((self.codes != MISSING).all(axis=1))

    def compact(self) -> Ratings:
        """Return the same units with only the articles that they are in."""
        kept, articles = np.unique(self.articles, return_inverse=True)
        return Ratings(values=self.values, codes=self.codes, articles=articles, article_count=len(kept))

    def _only(self, kept: NDArray[np.bool_]) -> Ratings:
        return Ratings(
            values=self.values,
            codes=self.codes[kept],
            articles=self.articles[kept],
            article_count=self.article_count,
        )


def once(ratings: Ratings) -> Floats:
    """Return the weights under which every article counts once: what was observed, 1 x articles."""
    return np.ones((1, ratings.article_count))


def unit_sums(per_unit: Floats, ratings: Ratings, weights: Floats) -> Floats:
    """Return the sum of a number of each unit, one for each row of weights."""
    by_article = np.bincount(ratings.articles, weights=per_unit, minlength=ratings.article_count)
    return np.asarray(weights @ by_article, dtype=np.float64)


def value_counts(ratings: Ratings, weights: Floats, *, coder: int | None = None) -> Floats:
    """Return how often each value was given, by one coder or by all: rows of weights x values."""
    codes = ratings.codes if coder is None else ratings.codes[:, [coder]]
    articles = np.repeat(ratings.articles, codes.shape[1])
    flat = codes.reshape(-1)
    given, articles = flat[flat != MISSING], articles[flat != MISSING]
    size = len(ratings.values)
    if ratings.article_count * size > _LARGEST_TABLE:
        return np.stack([np.bincount(given, weights=row[articles], minlength=size) for row in weights])
    table = np.bincount(articles * size + given, minlength=ratings.article_count * size)
    return np.asarray(weights @ table.reshape(ratings.article_count, size), dtype=np.float64)


def agreeing(ratings: Ratings) -> Floats:
    """Return for each unit how many of its ordered pairs of coders agree, over its coders less one."""
    codes = ratings.codes
    same = np.zeros(len(codes))
    for first in range(codes.shape[1]):
        for second in range(codes.shape[1]):
            if first != second:
                same += (codes[:, first] == codes[:, second]) & (codes[:, first] != MISSING)
    return np.asarray(same / np.maximum((codes != MISSING).sum(axis=1) - 1, 1), dtype=np.float64)


def coincidences(ratings: Ratings, weights: Floats) -> Floats:
    """Return Krippendorff's coincidence matrices, rows of weights x values x values; for few values."""
    size, codes = len(ratings.values), ratings.codes
    share = 1 / np.maximum((codes != MISSING).sum(axis=1) - 1, 1)
    table = np.zeros(ratings.article_count * size * size)
    for first in range(codes.shape[1]):
        for second in range(codes.shape[1]):
            both = (codes[:, first] != MISSING) & (codes[:, second] != MISSING)
            if first != second:
                cell = (ratings.articles * size + codes[:, first]) * size + codes[:, second]
                table += np.bincount(cell[both], weights=share[both], minlength=len(table))
    summed = weights @ table.reshape(ratings.article_count, size * size)
    return np.asarray(summed, dtype=np.float64).reshape(len(weights), size, size)
