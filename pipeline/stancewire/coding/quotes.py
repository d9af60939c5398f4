"""Evidence that a coder gave in words only, without offsets: found in the article's text where it stands there once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from stancewire.coding.coded import Coding
from stancewire.evaluation.gold import GoldRecord
from stancewire.types import Evidence

_MARKS = "\"'“”„‟‘’«» \t\r\n…"  # what people put around words that they copy


def placed(coding: Coding, texts: Mapping[str, str]) -> Coding:
    """Return the coding with evidence for each quote that stands exactly once in its article's text.

    Blanks and ends of line count as the same, quotation marks around the whole only where the text has them. Quotes of
    articles whose text isn't known stay for a later call; of the others, a note says how many were found and how many
    left out.
    """
    records, waiting, count = list(coding.records), dict[int, str](), Counter[str]()
    example = ""
    for index, quote in coding.quotes.items():
        record = records[index]
        text = texts.get(record.article_id or "")
        if text is None:
            waiting[index] = quote
            continue
        places = find_quote(text, quote)
        if len(places) == 1:
            records[index] = _with_evidence(record, text, places[0])
            count["found"] += 1
        else:
            count["missing" if not places else "repeated"] += 1
            example = example or f"{record.where}: {quote[:60]!r}"
    notes = tuple(_notes(coding.coder, count, example))
    return replace(coding, records=tuple(records), quotes=waiting, notes=(*coding.notes, *notes))


def find_quote(text: str, quote: str) -> list[tuple[int, int]]:
    """Return where the quote stands in the text, as offsets; blanks and ends of line count as the same."""
    return _places(text, quote) or _places(text, quote.strip(_MARKS))


def _places(text: str, quote: str) -> list[tuple[int, int]]:
    words = quote.split()
    pattern = r"\s+".join(map(re.escape, words))
    return [found.span() for found in re.finditer(pattern, text)] if words else []


def _with_evidence(record: GoldRecord, text: str, place: tuple[int, int]) -> GoldRecord:
    start, end = place
    return replace(record, evidence=(Evidence(start=start, end=end, quote=text[start:end], p=1.0),))


def _notes(coder: str, count: Counter[str], example: str) -> list[str]:
    notes = [f"{coder}: {count['found']} quotes without offsets, found in the text"] if count["found"] else []
    if count["missing"] or count["repeated"]:
        notes.append(
            f"{coder}: {count['missing'] + count['repeated']} quotes without offsets don't count as evidence:"
            f" {count['missing']} aren't in the text, {count['repeated']} are there more than once; first: {example}"
        )
    return notes
