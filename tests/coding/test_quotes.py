"""Evidence in words only, found in the text or told."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.agreement.coders import TEXT, coded, coding

from stancewire.coding.coded import Coding
from stancewire.coding.quotes import find_quote, placed
from stancewire.coding.tables import read_table
from stancewire.evaluation.gold import GoldRecord

HEADER = "article_id,holder,holder_kind,topic,stance,evidence_quote"


def quoted(tmp_path: Path, *quotes: str) -> Coding:
    rows = [f'a,Holder {number},group,talks,favor,"{quote}"' for number, quote in enumerate(quotes)]
    (tmp_path / "anna.csv").write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    return read_table(tmp_path / "anna.csv", coder="anna")


def words(record: GoldRecord) -> list[str]:
    return [TEXT[each.start : each.end] for each in record.evidence]


@pytest.mark.parametrize(
    "quote",
    ["The ministry rejects talks.", " “The ministry  rejects\ntalks.” ", "The ministry rejects talks. …"],
)
def test_words_that_stand_in_the_text_once_are_evidence(tmp_path: Path, quote: str) -> None:
    found = placed(quoted(tmp_path, quote), {"a": TEXT})
    assert words(found.records[0]) == ["The ministry rejects talks."]
    assert found.records[0].evidence[0].quote == "The ministry rejects talks."
    assert found.notes == ("anna: 1 quotes without offsets, found in the text",)
    assert not found.quotes


def test_words_that_are_not_there_or_twice_are_counted_and_the_first_named(tmp_path: Path) -> None:
    found = placed(quoted(tmp_path, "talks", "The ministry accepts talks."), {"a": TEXT})
    assert [words(record) for record in found.records] == [[], []]
    assert found.notes == (
        "anna: 2 quotes without offsets don't count as evidence: 1 aren't in the text, 1 are there more than once;"
        f" first: {tmp_path}/anna.csv:2: 'talks'",
    )


def test_words_of_an_article_without_a_text_wait(tmp_path: Path) -> None:
    found = placed(quoted(tmp_path, "talks"), {"b": TEXT})
    assert found.quotes == {0: "talks"}
    assert not found.notes


def test_offsets_need_no_words(tmp_path: Path) -> None:
    record = coded("a", "Council")
    assert placed(coding("anna", record), {"a": TEXT}).records == (record,)


def test_letters_of_patterns_are_letters() -> None:
    assert find_quote("Is it so (or not)? It is.", "so (or not)?") == [(6, 18)]
    assert find_quote("anything", " “” ") == []


def test_quotation_marks_that_the_text_has_are_in_the_evidence() -> None:
    text = "“We cannot sleep,” said Ana Brod."
    assert find_quote(text, "“We cannot sleep,” said") == [(0, 23)]
    assert find_quote(text, '"We cannot sleep,"') == [(1, 17)]
