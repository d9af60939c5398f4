"""A teacher's answers in the targets of training rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from stancewire.stance.pairs import PairFormat, StanceQuery
from stancewire.training.rows import TrainingRow, one_hot
from stancewire.types import Weights

pytest.importorskip("datasets", reason="needs datasets, from stancewire[train]")


class Counting:
    """Is for everything that mentions a dam, by 0.5, and counts what it was asked."""

    name = "counting#0"
    pair_format = PairFormat()

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> list[Weights]:
        self.asked += pairs
        return [
            Weights(favor=0.5, against=0.2, neutral=0.1, none=0.2)
            if "dam" in topic
            else Weights(favor=0.0, against=0.0, neutral=0.0, none=1.0)
            for _, topic in pairs
        ]


def test_targets_are_mixed_by_the_share_and_each_question_is_asked_once() -> None:
    from stancewire.training.teacher import mixed

    dam = TrainingRow(query=StanceQuery(text="Build it!", topic="the dam"), target=one_hot("favor"))
    tax = TrainingRow(query=StanceQuery(text="Build it!", topic="the tax"), target=one_hot("none"))
    teacher = Counting()
    found = mixed([dam, tax, dam], teacher, share=0.5)
    assert [row.query for row in found] == [dam.query, tax.query, dam.query]
    assert found[0].target == found[2].target == pytest.approx((0.75, 0.1, 0.05, 0.1))
    assert found[1].target == pytest.approx((0, 0, 0, 1))
    assert len(teacher.asked) == 2


def test_answers_are_kept_and_only_new_questions_are_asked_again(tmp_path: Path) -> None:
    from stancewire.training.teacher import mixed

    dam = TrainingRow(query=StanceQuery(text="Build it!", topic="the dam"), target=one_hot("favor"))
    tax = TrainingRow(query=StanceQuery(text="“Lower it!”\u2028", topic="the tax"), target=one_hot("none"))
    book = tmp_path / "answers" / "0.jsonl"
    first = mixed([dam], Counting(), share=1, book=book)
    teacher = Counting()
    both = mixed([dam, tax], teacher, share=1, book=book)
    assert both[0] == first[0]
    assert [topic for _, topic in teacher.asked] == ["The author supports: the tax"]
    silent = Counting()
    assert mixed([dam, tax], silent, share=1, book=book) == both
    assert silent.asked == []


def test_an_answer_that_was_cut_short_is_asked_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from stancewire.training.teacher import mixed

    dam = TrainingRow(query=StanceQuery(text="Build it!", topic="the dam"), target=one_hot("favor"))
    book = tmp_path / "0.jsonl"
    expected = mixed([dam], Counting(), share=1, book=book)
    book.write_text(book.read_text()[:-20])
    again = Counting()
    assert mixed([dam], again, share=1, book=book) == expected
    assert len(again.asked) == 1
    assert "0.jsonl:2: not an answer; its question is asked again" in caplog.text
    assert mixed([dam], Counting(), share=1, book=book) == expected
