"""Coders' spreadsheets: what is read, and what is said of what can't be."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.review.runs import article, record

from stancewire.coding.tables import read_table
from stancewire.errors import InputError
from stancewire.types import HolderKind, Stance, Voice
from stancewire.writers.csv import CsvWriter

HEADER = "article_id,holder,holder_kind,topic,stance"


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Return the place of a table that a test writes."""
    return tmp_path / "anna.csv"


def test_a_runs_own_csv_is_read(written: Path) -> None:
    text = article()
    with CsvWriter(written) as file:
        file.write(
            [
                record(
                    text, "=Laila Noori", "federalism 🌍 would save the country", mention="Noori", hedged=True
                )
            ]
        )
    (found,) = read_table(written, coder="anna").records
    assert (found.holder, found.aliases, found.kind) == ("=Laila Noori", ("Noori",), HolderKind.PERSON)
    assert (found.stance, found.attribution, found.hedged, found.changed) == (
        Stance.FAVOR,
        Voice.REPORTED,
        True,
        False,
    )
    assert text.text[found.evidence[0].start : found.evidence[0].end] == found.evidence[0].quote


def test_few_columns_are_enough_and_empty_cells_are_not_coded(written: Path) -> None:
    written.write_text(f"{HEADER},hedged\na,Council,group,talks,favor,\n")
    (found,) = read_table(written, coder="anna").records
    assert (found.attribution, found.hedged, found.evidence) == (None, None, ())


def test_semicolons_and_capitals_of_excel_are_read(written: Path) -> None:
    written.write_text("﻿" + HEADER.replace(",", ";") + ";hedged\r\na;Council;group;talks;favor;TRUE\r\n")
    assert read_table(written, coder="anna").records[0].hedged is True


def test_an_article_without_a_stance_is_coded(written: Path) -> None:
    written.write_text(f"{HEADER}\na,Council,group,talks,favor\nb,,,,none\n")
    coding = read_table(written, coder="anna")
    assert coding.articles == {"a", "b"}
    assert len(coding.records) == 1


def test_aliases_are_names_of_the_holder(written: Path) -> None:
    written.write_text(f"{HEADER},aliases\na,Council,group,talks,favor,the elders | they\n")
    assert read_table(written, coder="anna").records[0].aliases == ("the elders", "they")


def test_given_records_may_have_no_stance(written: Path) -> None:
    written.write_text(
        f"unit,{HEADER}\nrecord,a,Council,group,talks,none\nrecord,a,Ministry,group,talks,favor\n"
    )
    coding = read_table(written, coder="anna")
    assert coding.is_partial
    assert [each.stance for each in coding.records] == [Stance.NONE, Stance.FAVOR]


def test_capitals_and_blanks_of_a_spreadsheet_are_read_and_told(written: Path) -> None:
    written.write_text(
        f"{HEADER},attribution,hedged\na, Council ,Group,talks ,FAVOR,Quoted ,Yes\nb,,,,None,,\n"
    )
    coding = read_table(written, coder="anna")
    (found,) = coding.records
    assert (found.holder, found.kind, found.topic) == ("Council", HolderKind.GROUP, "talks")
    assert (found.stance, found.attribution, found.hedged) == (Stance.FAVOR, Voice.QUOTED, True)
    assert coding.articles == {"a", "b"}
    assert coding.notes == (
        "anna: 6 cells have capitals or blanks around them, such as ' Council '; they are read without",
    )


def test_the_text_beside_a_row_gives_words_their_offsets(written: Path) -> None:
    written.write_text(
        f"{HEADER},evidence_quote,text\na,Council,group,talks,favor,It wants talks.,So? It wants talks.\n"
    )
    coding = read_table(written, coder="anna")
    assert [(each.start, each.end) for each in coding.records[0].evidence] == [(4, 19)]
    assert coding.texts == {"a": "So? It wants talks."}


def test_a_text_that_excel_cut_is_not_the_articles_text(written: Path) -> None:
    written.write_text(f"{HEADER},text\na,Council,group,talks,favor,{'x' * 32_767}\n")
    assert not read_table(written, coder="anna").texts


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            "a,Council,group,talks,pro",
            r"anna.csv:2: 'stance' must be one of favor, against, neutral, got 'pro'",
        ),
        ("a,Council,party,talks,favor", "'holder_kind' must be one of person, organisation"),
        ("a,Council,group,talks", "anna.csv:2: 4 cells; the header has 5 columns"),
        (
            "a,Council,group,talks,favor\na,,,,none",
            r"anna.csv:3: 'none' under stance, but .*anna.csv:2 has a stance in the same article, 'a'",
        ),
        ("a,,,,", "anna.csv:2: no holder and no 'none' under stance"),
        (",Council,group,talks,favor", "no 'article_id', which must be a text"),
        ("a,Council,group,talks,none", "'stance' must be one of favor, against, neutral, got 'none'"),
        (
            "a,Council,group,talks,favor\na,Council,group,talks,against",
            r"anna.csv:3: holder 'Council' .* again",
        ),
    ],
)
def test_a_bad_row_is_named_by_line_and_column(written: Path, rows: str, message: str) -> None:
    written.write_text(f"{HEADER}\n{rows}\n")
    with pytest.raises(InputError, match=message):
        read_table(written, coder="anna")


@pytest.mark.parametrize(
    ("columns", "cells", "message"),
    [
        ("hedged", "perhaps", "'hedged' must be true or false, got 'perhaps'"),
        ("attribution", "cited", "'attribution' must be one of quoted, reported, author"),
        ("evidence_start,evidence_end", "5,x", "'evidence_end' must be a whole number of characters"),
        ("evidence_start,evidence_end", "5,", "no 'evidence_end', which must be a whole number"),
        ("evidence_start,evidence_end", "9,5", "'evidence_end' must be behind evidence_start, 9"),
    ],
)
def test_a_bad_optional_cell_is_named(written: Path, columns: str, cells: str, message: str) -> None:
    written.write_text(f"{HEADER},{columns}\na,Council,group,talks,favor,{cells}\n")
    with pytest.raises(InputError, match=message):
        read_table(written, coder="anna")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "anna.csv: empty; the first row must name the columns"),
        (HEADER.encode(), "no rows under the header"),
        (
            b"article_id,holder,topic,stance\na,b,c,favor\n",
            "no column 'holder_kind'; needed: article_id, holder",
        ),
        (b"\xff\xfea\x00", "not UTF-8: .*CSV UTF-8"),
    ],
)
def test_a_file_that_is_no_coding_says_what_would_be(written: Path, content: bytes, message: str) -> None:
    written.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_table(written, coder="anna")
