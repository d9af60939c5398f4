"""Whatever a text says, the stages that need no model raise nothing of their own, and every offset is inside it."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.fuzz import damage

from stancewire.attribution.linking import link
from stancewire.attribution.quotations import fill_quotations
from stancewire.attribution.rules import RuleAttributor
from stancewire.attribution.turns import attribute_turns, read_turns
from stancewire.classify import query_of
from stancewire.copies import SKETCH_BYTES, clusters, sketch
from stancewire.errors import ConfigError
from stancewire.json_lines import parse_lines
from stancewire.languages import detect, language_of, unknown_language
from stancewire.readers.bylines import split_names
from stancewire.readers.dates import parse_date
from stancewire.readers.prose import find_opening, split_dateline
from stancewire.readers.refusals import is_refusal
from stancewire.stretches import LONG, shorten
from stancewire.terms import check_term, compile_term
from stancewire.topics import load_codebook
from stancewire.types import (
    Article,
    Attribution,
    Cue,
    CueKind,
    Evidence,
    HolderKind,
    Span,
    Stance,
    StanceRecord,
    Topic,
    Voice,
)
from stancewire.writers import WRITERS
from stancewire.writers.csv import COLUMNS, unguarded
from stancewire.writers.jsonl import read_records
from stancewire.writers.rows import as_row, from_row

# What news is made of, in any order: the signs that rules look for, next to each other as no author puts them.
PIECES = (
    *("The council ", "said ", "Zahra Amini ", "KABUL, ", "March 3 ", "(Reuters) ", "— ", "--", "Q: "),
    *("A: ", "AMINI: ", "“", "”", '"', "«", "»", "‘", "‹", ". ", "? ", "! ", "\n", "according to "),
    *("federalism", "U.S. ", "2.0", "…", "1,234 ", "&amp;", "&#x41;", "Tehran Times The ", "By ", "and "),
    *(
        ", ",
        "; ",
        "Редакция ",
        "کابل ",
        "🙂",
        "\u200c",
        "\u0301",
        "\n\n",
        "\t",
        "\xa0",
        "\u2028",
        "\x85",
        "İ",
    ),
    *("ß", "ﬁ", "²", "our cookies ", "page not found", "x" * 50),
)
pieces = st.sampled_from(PIECES)
others = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
prose = st.lists(pieces | others, max_size=40).map("".join)
terms = st.lists(pieces | st.sampled_from(("...", "*", "-", "a", "[", "\\"))).map("".join)
languages = damage.texts | st.sampled_from(
    (None, "en", "EN_gb", "English", "und", "zxx", "x", "_", "zh_Hant")
)
TERMS = ("federal*", "U.S. ... said", "İ", "e\u0301*")
TOPIC = Topic(id="f", name="Federalism", claim="It should be federal.", terms=TERMS)
CODEBOOK = b'[codebook]\nid = "a"\nversion = "1"\n[[topic]]\nid = "b"\nclaim = "It is."\nterms = ["c"]\n'


def article(text: str, **more: Any) -> Article:
    return Article(id="a", text=text, source="s", **more)


@given(value=damage.written_dates | damage.plain_values.filter(lambda value: value is not None))
@settings(max_examples=200)
@example(value=10**4000)
def test_whatever_is_written_is_a_day_or_none(value: str | int | float) -> None:
    assert type(parse_date(value)) in {date, type(None)}


@given(text=prose, title=st.none() | prose, outlet=st.none() | prose)
@settings(max_examples=100)
def test_prose_begins_inside_the_text(text: str, title: str | None, outlet: str | None) -> None:
    opening = find_opening(text, title=title, outlet=outlet, may_start_with_title=True)
    assert 0 <= opening.body_start <= len(text)
    dateline, place = split_dateline(text)
    assert 0 <= place <= len(text)
    assert text.startswith(dateline or "")
    assert opening.title is None or opening.title in text


@given(line=prose)
@settings(max_examples=100)
def test_a_byline_gives_names_that_are_none_of_them_empty(line: str) -> None:
    assert all(name.strip() for name in split_names(line))


@given(text=prose, title=st.none() | prose)
@settings(max_examples=100)
def test_a_text_is_a_refusal_or_not(text: str, title: str | None) -> None:
    assert is_refusal(text, title) in {True, False}


@given(text=prose, stated=languages)
@settings(max_examples=30)
def test_a_language_is_told_or_left_open(text: str, stated: str | None) -> None:
    found = detect(text)
    assert found is None or re.fullmatch("[a-z]{2}", found)
    said = unknown_language(language_of(article(text, language=stated)), {"en"})
    assert said is None or said.endswith("known: en")


@given(text=prose.filter(bool), times=st.integers(1, 3), start=st.integers(0, 50))
@settings(max_examples=30)
def test_a_shortened_text_has_blanks_and_nothing_else_new(text: str, times: int, start: int) -> None:
    long = text * (times * LONG // len(text) + 1)
    short, left_out = shorten(article(long, body_start=min(start, len(long))), [TOPIC])
    assert len(short.text) == len(long)
    differing = [new for new, old in zip(short.text, long, strict=True) if new != old]
    assert set(differing) <= {" ", "\n"}
    assert len(differing) <= left_out <= len(long)


def spans_of(text: str) -> st.SearchStrategy[list[Span]]:
    """Return lists of spans apart from each other, as a tagger gives them, in order."""
    ends = st.lists(st.integers(0, len(text)), max_size=12, unique=True).map(sorted)
    return ends.map(
        lambda given: [Span(start=a, end=b) for a, b in zip(given[::2], given[1::2], strict=False)]
    )


@given(data=st.data(), text=prose)
@settings(max_examples=80)
def test_linked_spans_are_those_given(data: st.DataObject, text: str) -> None:
    parts: dict[str, list[Span]] = {"source": [], "cue": [], "content": []}
    for span in data.draw(spans_of(text)):
        parts[data.draw(st.sampled_from(sorted(parts)))].append(span)
    whole = fill_quotations(text, parts)
    for said in link(text, sources=whole["source"], cues=whole["cue"], contents=whole["content"]):
        assert set(said.source) <= set(whole["source"])
        assert set(said.cue) <= set(whole["cue"])
        assert set(said.content) <= set(whole["content"])
        check_spans(said, text)


@given(text=prose)
@settings(max_examples=80)
@example(text="Q: One?\nA: \u2028Two.\nQ: Three?\nA: Four.")
def test_attributions_are_inside_the_text(text: str) -> None:
    (by_rules,) = RuleAttributor().attribute([text])
    for said in (*by_rules, *attribute_turns(read_turns(text))):
        check_spans(said, text)


def check_spans(said: Attribution, text: str) -> None:
    for span in (*said.source, *said.cue, *said.content, *([said.prompt] if said.prompt else [])):
        assert 0 <= span.start <= span.end <= len(text)


@given(term=terms, text=prose)
@settings(max_examples=100)
def test_a_term_has_no_meaning_or_finds_words(term: str, text: str) -> None:
    try:
        check_term(term)
    except ConfigError:
        return
    assert all(match.start() < match.end() for match in compile_term(term).finditer(text))


@given(data=st.binary(max_size=60) | damage.damaged(CODEBOOK))
@settings(max_examples=80)
def test_a_codebook_is_read_or_named(folder: Path, data: bytes) -> None:
    path = folder / "codebook.toml"
    path.write_bytes(data)
    try:
        codebook = load_codebook(path)
    except ConfigError as error:
        said = str(error)
    else:
        said = f"{path} has {len(codebook.topics)} topics"
    assert said.startswith(str(path))


@given(texts=st.lists(prose, max_size=4))
@settings(max_examples=30)
@example(texts=["&#" + "9" * 5000 + ";"])
def test_every_text_has_a_sketch_and_copies_are_found(texts: list[str]) -> None:
    sketches = [(str(number), sketch(text)) for number, text in enumerate(texts * 2)]
    assert all(len(made) == SKETCH_BYTES for _, made in sketches)
    found = clusters(sketches)
    for number, text in enumerate(texts):
        if sketch(text) != sketch(""):
            assert found[str(number)] == found[str(number + len(texts))]


@given(rows=st.lists(damage.rows_with_text | damage.values | damage.texts, max_size=5), add=st.booleans())
@settings(max_examples=80)
def test_each_json_line_is_answered_or_says_what_is_wrong(rows: list[object], add: bool) -> None:
    lines = [
        json.dumps({**row, "holder": "x", "topic": "y"} if add and isinstance(row, dict) else row)
        for row in rows
    ]
    answered = list(parse_lines(lines, query_of, source="rows", keys="text", added={"stance"}))
    assert len(answered) == len(rows)
    for row, query in answered:
        json.dumps(row)
        assert (query is None) == str(row.get("error", "")).startswith("rows:")


words = st.text(st.characters(), min_size=1, max_size=20) | st.sampled_from(
    ("=1+1", "'", "a\r\nb", '"', "\ufeff")
)
probabilities = st.floats(0, 1)
starts = st.integers(0, 2**31 - 100)


def evidence(start: int, quote: str, p: float) -> Evidence:
    return Evidence(start=start, end=start + len(quote), quote=quote, p=p)


def cue(start: int, quote: str, kind: CueKind) -> Cue:
    return Cue(kind=kind, start=start, end=start + len(quote), quote=quote)


OF_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: words,
    str | None: st.none() | words,
    float: probabilities,
    bool: st.booleans(),
    HolderKind: st.sampled_from(HolderKind),
    Voice: st.sampled_from(Voice),
    Stance: st.sampled_from([each for each in Stance if each is not Stance.NONE]),
    tuple[Evidence, ...]: st.lists(st.builds(evidence, starts, words, probabilities), max_size=3).map(tuple),
    tuple[Cue, ...]: st.lists(st.builds(cue, starts, words, st.sampled_from(CueKind)), max_size=3).map(tuple),
}
records = st.builds(
    StanceRecord, **{name: OF_TYPE[kind] for name, kind in get_type_hints(StanceRecord).items()}
)


@given(written=st.lists(records, max_size=3))
@settings(max_examples=25)
@pytest.mark.parametrize("name", WRITERS)
def test_records_come_back_as_they_were_written(folder: Path, name: str, written: list[StanceRecord]) -> None:
    path = folder / f"records.{name}"
    module, _, member = WRITERS[name].partition(":")
    with getattr(import_module(module), member)(path) as file:
        file.write(written)
    wanted = written if name == "jsonl" else [from_row(replaced(as_row(record))) for record in written]
    if name == "csv":  # keeps the best quote only
        found = [(row["holder"], int(row["evidence_count"])) for row in read_table(path)]
        assert found == [(record.holder, len(record.evidence)) for record in wanted]
    else:
        assert list(read_back(path)) == wanted


def read_back(path: Path) -> Iterator[StanceRecord]:
    if path.suffix == ".jsonl":
        return read_records(path)
    return map(from_row, import_module("pyarrow.parquet").read_table(path).to_pylist())


def read_table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            assert tuple(row) == COLUMNS
            yield {name: unguarded(cell) for name, cell in row.items()}


def replaced(value: Any) -> Any:
    """Return a row with "?" for half characters, which only JSON can hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [replaced(each) for each in value]
    return {name: replaced(each) for name, each in value.items()} if isinstance(value, dict) else value
