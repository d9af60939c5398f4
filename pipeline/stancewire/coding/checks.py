"""What is wrong with codings taken together: topics outside the scheme, quotes that aren't in the text, no overlap."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

from stancewire.coding.coded import Coding
from stancewire.errors import InputError
from stancewire.evaluation.gold import GoldRecord
from stancewire.exporters.text import one_newline

_EXAMPLES = 3  # ids named in a message
_SHOWN = 60  # characters of a text in a message


def check_topics(codings: Sequence[Coding], topics: Collection[str]) -> None:
    """Raise InputError for a record whose topic is not in the scheme; names its row and the topics that are."""
    for coding in codings:
        for record in coding.records:
            if record.topic not in topics:
                raise InputError(
                    f"{record.where or coding.source}: topic {record.topic!r} is not in the scheme;"
                    f" known: {', '.join(sorted(topics))}"
                )


def check_evidence(codings: Sequence[Coding], texts: Mapping[str, str]) -> None:
    """Raise InputError for evidence that isn't what the article's text has at its offsets, where the text is known."""
    for coding in codings:
        for record in coding.records:
            text = texts.get(record.article_id or "")
            if text is not None:
                _check_record(record, text, record.where or coding.source)


def check_overlap(codings: Sequence[Coding]) -> None:
    """Raise InputError where no two coders coded the same article."""
    if any(one.articles & other.articles for one, other in combinations(codings, 2)):
        return
    raise InputError(
        "no article was coded by two coders: "
        + "; ".join(f"{coding.coder} has {_some(coding.articles)} ({coding.source})" for coding in codings)
        + ". The ids must be the same in every file"
    )


def _check_record(record: GoldRecord, text: str, place: str) -> None:
    for number, each in enumerate(record.evidence, start=1):
        found = text[each.start : each.end]
        where = f"{place}: evidence {number} of {record.holder!r}, {each.start} to {each.end} in {record.article_id}"
        if each.end > len(text):
            raise InputError(f"{where}: the text ends at {len(text)}")
        if each.quote and one_newline(found) != one_newline(each.quote):  # Label Studio has line feeds only
            raise InputError(
                f"{where}: the text has {_short(found)} there, the quote says {_short(each.quote)};"
                " offsets count characters of the text as the run read it"
            )


def _short(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def _some(articles: Collection[str]) -> str:
    first = ", ".join(repr(article) for article in sorted(articles)[:_EXAMPLES])
    return f"{len(articles)} articles, such as {first}" if articles else "no articles"
