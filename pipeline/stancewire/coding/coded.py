"""What one coder, a person or a model, says of a set of articles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from stancewire.errors import InputError
from stancewire.evaluation.gold import GoldRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """One coder's records, and the articles that were coded, also those without a stance.

    `source` names the file or folder; `is_run` says that it is a run's folder. A coder who `is_partial` judged given
    records only, so that what it hasn't is not thereby missed. A record of stance none says that the coder looked for
    it and found no stance. `topics` is the scheme where the source has one, `texts` those of articles that the source
    carries, by id. `quotes` are words given as evidence without offsets, by the place of their record (coding/quotes.py
    finds them). `notes` say in words what a reader of figures should know.
    """

    coder: str
    source: str
    records: tuple[GoldRecord, ...]
    articles: frozenset[str]
    is_model: bool = False
    is_run: bool = False
    is_partial: bool = False
    topics: frozenset[str] | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    quotes: Mapping[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def without_doubles(records: Iterable[GoldRecord]) -> tuple[GoldRecord, ...]:
    """Return the records; raises InputError where a coder has one holder and topic twice in an article."""
    first: dict[tuple[str | None, str, str], GoldRecord] = {}
    for record in records:
        known = first.setdefault((record.article_id, record.holder, record.topic), record)
        if known is not record:
            raise InputError(
                f"{record.where}: holder {record.holder!r} and topic {record.topic!r} again, as in {known.where};"
                " a coder gives one stance for a holder and a topic in an article"
            )
    return tuple(first.values())
