"""Own annotations: what is read, and what a row that can't teach is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.training.own import TOPIC, rows, write

from stancewire.errors import InputError
from stancewire.training.annotated import AnnotatedFile, read_question_rows, same_questions, sha256_of
from stancewire.training.sources import (
    check_rows,
    read_annotations,
    split_by_text,
    stances_of,
    without_texts_of,
)
from stancewire.types import Codebook, Span, Stance, Topic

BOOK = Codebook(
    id="book", version="1", digest="0", topics=(Topic(id="dam", name="The dam", claim=TOPIC, terms=("dam",)),)
)


def read(path: Path, codebook: Codebook | None = None) -> AnnotatedFile:
    (found,) = read_annotations([str(path)], codebook=codebook)
    return found


def test_json_lines_of_classify_with_the_answer_are_read(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.jsonl", rows(9))
    found = read(path)
    assert stances_of(found.rows) == {"favor": 3, "against": 3, "none": 3}
    first = found.rows[0]
    assert (first.query.holder, first.query.mention, first.query.topic) == (
        "Ms Noori",
        Span(start=0, end=8),
        TOPIC,
    )
    assert (first.where, found.sha256) == (f"{path}:1", sha256_of(path))


def test_the_label_of_a_person_counts_before_the_stance_of_a_model(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.jsonl", [{**rows(1)[0], "gold": "against", "p": {"favor": 1.0}}])
    assert read(path).rows[0].stance is Stance.AGAINST
    path = write(tmp_path / "machine.jsonl", [{**row, "p": {"favor": 1.0}} for row in rows(2)])
    assert "2 rows have a model's probabilities" in read(path).notes[0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_with_any_delimiter_and_texts_of_several_lines(
    tmp_path: Path, delimiter: str
) -> None:
    lines = [
        delimiter.join(("text", "holder", "start", "end", "topic", "stance")),
        delimiter.join(('"The council met.\nIt backs the dam."', "The council", "0", "11", TOPIC, "Favor")),
        delimiter.join(("The dam is a mistake.", "", "", "", TOPIC, "against")),
    ]
    path = tmp_path / "mine.csv"
    path.write_text("\r\n".join(lines), encoding="utf-8-sig")
    first, second = read(path).rows
    assert (first.stance, first.query.mention, first.where) == (
        Stance.FAVOR,
        Span(start=0, end=11),
        f"{path}:2",
    )
    assert (second.query.holder, second.stance, second.where) == (
        None,
        Stance.AGAINST,
        f"{path}:4 (row 3)",
    )


def test_topics_are_ids_or_claims_of_a_codebook(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.jsonl", [{**rows(1)[0], "topic": topic} for topic in ("dam", TOPIC)])
    assert {row.query.topic for row in read(path, BOOK).rows} == {TOPIC}
    path = write(tmp_path / "other.jsonl", [{**rows(1)[0], "topic": "taxes"}])
    with pytest.raises(
        InputError, match=r"other\.jsonl:1: topic 'taxes' is not in the codebook; known: The dam"
    ):
        read(path, BOOK)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"stance": "pro"},
            r"mine\.jsonl:2: 'stance' must be one of favor, against, neutral, none .*got 'pro'",
        ),
        ({"stance": 1}, r"mine\.jsonl:2: 'stance' must be one of favor, .*got 1"),
        (
            {"stance": None},
            r"mine\.jsonl:2: 'stance' must be one of favor, .*nobody coded must go\), got None",
        ),
        ({"label": "support"}, r"mine\.jsonl:2: 'label' must be one of favor, .*got 'support'"),
        (
            {"start": 0, "end": 900},
            r"mine\.jsonl:2: start 0, end 900 are no span of the text; 0 <= start < end <=",
        ),
        (
            {"start": 1, "end": 8},
            r"mine\.jsonl:2: start 1, end 8 cut a word \('s Noori'\); offsets count characters",
        ),
        (
            {"mention": "Ms Nuri"},
            r"mine\.jsonl:2: the text has 'Ms Noori' at 0 to 8, 'mention' says 'Ms Nuri'",
        ),
        ({"text": ""}, r"mine\.jsonl:2: 'text' is ''; it must be a non-empty string"),
        ({"topic": None}, r"mine\.jsonl:2: 'topic' is None; it must be a non-empty string"),
        ({"error": "x"}, r"mine\.jsonl:2: carries an error, 'x'; mend the row or take it out"),
    ],
)
def test_a_row_that_cannot_teach_is_named_by_file_and_line(
    tmp_path: Path, changed: dict[str, object], said: str
) -> None:
    path = write(tmp_path / "mine.jsonl", [rows(1)[0], {**rows(1)[0], **changed}])
    with pytest.raises(InputError, match=said):
        read(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"empty; the first row must name the columns: text, topic"),
        ("text,stance\na,favor\n", r"no column 'topic'; needed: text, topic"),
        ("text,topic,stance\na,b\n", r"mine\.csv:2: 2 cells; the header has 3 columns"),
        ("text,topic,start,stance\na,b,one,favor\n", r"mine\.csv:2: 'start' is 'one'; it must be a number"),
        ("text,topic,stance\na,b,yes\n", r"mine\.csv:2: 'stance' must be one of .*got 'yes'"),
    ],
)
def test_a_table_that_cannot_be_read_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_question_rows(path, None)


def test_files_of_no_known_form_are_named(tmp_path: Path) -> None:
    for name, text, said in (
        ("mine.txt", "x", r"mine\.txt: can't tell the form from '\.txt'; must be \.jsonl or \.csv"),
        ("mine.jsonl", "", r"mine\.jsonl: empty; must be"),
        ("mine.jsonl", "[1]\n", r"mine\.jsonl:1: must be a JSON object, got list"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=said):
            read_annotations([str(tmp_path / name)])
    with pytest.raises(InputError, match="gone: no such file or folder"):
        read_annotations([str(tmp_path / "gone")])


def test_three_examples_are_too_few_and_one_class_is_none(tmp_path: Path) -> None:
    few = read(write(tmp_path / "few.jsonl", rows(3))).rows
    with pytest.raises(InputError, match=r"few\.jsonl: 3 examples; 8 are needed at least"):
        check_rows(few, place="few.jsonl")
    one = read(write(tmp_path / "one.jsonl", rows(20, ["favor"]))).rows
    with pytest.raises(
        InputError, match=r"one\.jsonl: all 20 examples are 'favor'; .*add some of against, neutral"
    ):
        check_rows(one, place="one.jsonl")


def test_a_text_is_never_on_both_sides_of_a_split(tmp_path: Path) -> None:
    made = [{**row, "text": f"{row['text']}"} for row in rows(60)]
    made += [{**row, "text": row["text"].upper(), "topic": "Dams are good."} for row in made[:30]]
    found = read(write(tmp_path / "mine.jsonl", made)).rows
    split = split_by_text(found, share=0.2, seed=1)
    texts = [{row.text.casefold() for row in part} for part in (split.train, split.dev)]
    assert not texts[0] & texts[1]
    assert len(split.train) + len(split.dev) == 90
    assert all(4 <= count <= 6 for count in stances_of(split.dev).values())
    assert split == split_by_text(found, share=0.2, seed=1) != split_by_text(found, share=0.2, seed=2)
    assert len(without_texts_of(found, split.dev)) == len(split.train)


def test_a_question_that_is_answered_twice_teaches_the_shares(tmp_path: Path) -> None:
    first = rows(1)[0]
    path = write(tmp_path / "mine.jsonl", [first, first, {**first, "stance": "none"}, rows(2)[1]])
    made = same_questions(read(path).rows)
    assert [row.target for row in made] == [
        (pytest.approx(2 / 3), 0.0, 0.0, pytest.approx(1 / 3)),
        (0.0, 1.0, 0.0, 0.0),
    ]


def test_rows_are_json_with_characters_outside_ascii(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    row = {
        "text": "Zoë 🌍 backs it.",
        "holder": "Zoë",
        "start": 0,
        "end": 3,
        "topic": TOPIC,
        "stance": "favor",
    }
    path.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    assert read(path).rows[0].query.mention == Span(start=0, end=3)
