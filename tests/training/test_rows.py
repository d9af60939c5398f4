"""From the rows of public sets to training rows."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from stancewire.errors import ConfigError, InputError
from stancewire.training.recipe import DataSource
from stancewire.training.rows import TrainingRow, as_claim, negate, one_hot, read_rows
from stancewire.types import Span

FAVOR, AGAINST, NEUTRAL, NONE = map(one_hot, ("favor", "against", "neutral", "none"))
DSE = {"text": "Noori blames Amini for it.", "p": [0, 5], "q": [13, 18]}
WRITTEN = {
    "text": "Noori backs the dam; Amini only shrugs.",
    "topics": [{"id": "t1", "claim": "The dam should be built.", "noun": "the dam"}],
    "questions": [
        {"holder": "Noori", "topic": "t1", "stance": "favor", "start": 0, "end": 5},
        {"holder": "Amini", "topic": "t1", "stance": "neutral", "start": 21, "end": 26},
        {"holder": None, "topic": "t1", "stance": "none", "start": None, "end": None},
    ],
}


def read(
    folder: Path, format_: str, *rows: dict[str, Any], seed: int = 1, **options: Any
) -> list[TrainingRow]:
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    source = DataSource(path="rows.jsonl", format=format_, **options)
    return read_rows(source, folder, rng=Random(seed))


def test_one_hot_follows_the_order_of_the_answers() -> None:
    assert FAVOR == (1, 0, 0, 0)
    assert NONE == (0, 0, 0, 1)


def test_inference_rows_ask_what_the_author_of_the_premise_says(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        "nli",
        {"premise": "A man sleeps.", "hypothesis": "A man rests.", "label": "entailment"},
        {"premise": "A man sleeps.", "hypothesis": "A man runs.", "label": "contradiction"},
        {"premise": "A man sleeps.", "hypothesis": "He is old.", "label": "neutral"},
    )
    assert [row.target for row in rows] == [FAVOR, AGAINST, NONE]
    assert (rows[0].query.text, rows[0].query.topic) == ("A man sleeps.", "A man rests.")
    assert rows[0].query.holder is None


def test_target_rows_take_words_offsets_and_shares_of_annotators(tmp_path: Path) -> None:
    words = {"text": "No to the dam!", "target": "Should we build the dam?", "label": "against"}
    place = {"text": "No to the dam!", "target": [6, 13], "label": "against"}
    soft = {"text": "Dams.", "target": "the dam", "p_favor": 0.25, "p_against": 0.25, "p_none": 0.5}
    rows = read(tmp_path, "target", words, place, soft)
    assert [row.query.topic for row in rows] == ["We should build the dam.", "the dam", "the dam"]
    assert [row.target for row in rows] == [AGAINST, AGAINST, (0.25, 0.25, 0.0, 0.5)]


@pytest.mark.parametrize(
    ("label", "targets"),
    [(1, [FAVOR, NONE]), (2, [NONE, FAVOR]), (3, [AGAINST, NONE]), (4, [NONE, AGAINST])],
)
def test_directed_rows_ask_both_directions(
    tmp_path: Path, label: int, targets: list[tuple[float, ...]]
) -> None:
    forward, backward = read(tmp_path, "directed", {**DSE, "label": label})
    assert [forward.target, backward.target] == targets
    assert (forward.query.holder, forward.query.topic) == ("Noori", "Amini")
    assert (backward.query.holder, backward.query.topic) == ("Amini", "Noori")
    assert backward.query.mention is not None
    assert backward.query.mention.of(DSE["text"]) == "Amini"


def test_renamed_rows_keep_what_is_said_and_mark_the_new_names(tmp_path: Path) -> None:
    rows = [{**DSE, "label": 3}, {"text": "He met Omar Karimi there.", "p": [0, 2], "q": [7, 18], "label": 0}]
    found = [row for seed in range(20) for row in read(tmp_path, "directed", *rows, seed=seed, renamed=1)]
    blames = [row for row in found if " blames " in row.query.text]
    assert {row.query.text.split(" blames ")[0] for row in blames} == {"Noori", "Amini", "Omar Karimi"}
    for row in found:
        assert row.query.mention is not None
        assert row.query.mention.of(row.query.text) == row.query.holder
    for row in blames:
        assert (row.target == AGAINST) == (row.query.mention is not None and row.query.mention.start == 0)
    assert any(row.query.text.startswith("He met ") for row in found)  # a pronoun is no name


def test_rows_about_real_news_point_into_the_articles(tmp_path: Path) -> None:
    text = "Old news. Noori backs the dam. The end."
    (tmp_path / "news.jsonl").write_text(json.dumps({"id": "a1", "text": text}) + "\n", encoding="utf-8")
    asked = {"article": "a1", "context": [10, 30], "topic": "The dam should be built.", "stance": "favor"}
    rows = [{**asked, "mention": [10, 15]}, {**asked, "mention": None, "stance": "none"}]
    holder, author = read(tmp_path, "located", *rows, texts=("news.jsonl",))
    assert holder.query.text == "Noori backs the dam."
    assert (holder.query.holder, holder.target) == ("Noori", FAVOR)
    assert holder.query.mention is not None
    assert holder.query.mention.of(holder.query.text) == "Noori"
    assert (author.query.holder, author.target) == (None, NONE)


@pytest.mark.parametrize(("raised", "words"), [([0, 9], "Old news."), ("title", "A dam for all")])
def test_rows_about_real_news_may_begin_with_the_words_that_raised_the_topic(
    tmp_path: Path, raised: list[int] | str, words: str
) -> None:
    article = {"id": "a1", "title": "A dam for all", "text": "Old news. It rained. Noori backs it."}
    (tmp_path / "news.jsonl").write_text(json.dumps(article) + "\n", encoding="utf-8")
    row = {
        "article": "a1",
        "raised": raised,
        "context": [21, 36],
        "mention": [21, 26],
        "topic": "The dam should be built.",
    }
    (found,) = read(tmp_path, "located", {**row, "stance": "favor"}, texts=("news.jsonl",))
    assert found.query.text == f"{words} Noori backs it."
    assert found.query.mention is not None
    assert found.query.mention.of(found.query.text) == "Noori"


def test_directed_rows_may_point_into_an_article(tmp_path: Path) -> None:
    text = "Long before. Noori blames Amini for it. And after."
    (tmp_path / "news.jsonl").write_text(json.dumps({"id": "a1", "text": text}) + "\n", encoding="utf-8")
    place = {"article": "a1", "context": [13, 39], "p": [13, 18], "q": [26, 31], "label": 3}
    pointed = read(tmp_path, "directed", place, texts=("news.jsonl",))
    assert pointed == read(tmp_path, "directed", {**DSE, "label": 3})
    assert pointed[0].query.text == DSE["text"]


def test_silent_rows_are_thinned_out_topic_by_topic(tmp_path: Path) -> None:
    """A topic without any stance is left out: its wording alone would come to mean "none"."""
    (tmp_path / "news.jsonl").write_text(json.dumps({"id": "a1", "text": "x" * 50}) + "\n", encoding="utf-8")
    asked = {"article": "a1", "mention": None}
    rows = [
        {**asked, "context": [place, place + 1], "topic": topic, "stance": stance}
        for topic, stances in (("A", ["favor", "against"]), ("B", ["neutral"]), ("C", []))
        for place, stance in enumerate([*stances, *["none"] * 12])
    ]
    found = Counter(
        (row.query.topic, row.target)
        for row in read(tmp_path, "located", *rows, texts=("news.jsonl",), silent=3)
    )
    assert found == {
        ("A", FAVOR): 1,
        ("A", AGAINST): 1,
        ("A", NONE): 6,
        ("B", NEUTRAL): 1,
        ("B", NONE): 3,
    }


def test_missing_article_is_named(tmp_path: Path) -> None:
    (tmp_path / "news.jsonl").write_text(json.dumps({"id": "a1", "text": "x"}) + "\n", encoding="utf-8")
    row = {"article": "a7", "context": [0, 1], "mention": None, "topic": "the dam", "stance": "none"}
    with pytest.raises(
        InputError, match=r"news\.jsonl: 1 articles that rows point into are missing, first 'a7'"
    ):
        read(tmp_path, "located", row, texts=("news.jsonl",))


def test_pair_without_a_stance_gives_one_direction_in_training_and_both_on_dev(tmp_path: Path) -> None:
    empty = {**DSE, "label": 0}
    (row,) = read(tmp_path, "directed", empty)
    assert row.target == NONE
    assert [row.target for row in read(tmp_path, "directed-dev", empty)] == [NONE, NONE]


def test_written_dev_rows_ask_every_question_with_the_claim(tmp_path: Path) -> None:
    rows = read(tmp_path, "written-dev", WRITTEN)
    assert [row.target for row in rows] == [FAVOR, NEUTRAL, NONE]
    assert {row.query.topic for row in rows} == {"The dam should be built."}
    assert [row.query.mention and row.query.mention.of(WRITTEN["text"]) for row in rows] == [
        "Noori",
        "Amini",
        None,
    ]


def test_written_rows_vary_the_wording_and_turn_the_answer_with_a_negation(tmp_path: Path) -> None:
    found = Counter(
        (row.query.holder, row.query.topic, row.target)
        for seed in range(40)
        for row in read(tmp_path, "written", WRITTEN, seed=seed, passes=3)
    )
    noori = {(topic, target) for holder, topic, target in found if holder == "Noori"}
    assert noori == {
        ("the dam", FAVOR),
        ("The dam should be built.", FAVOR),
        ("The dam should not be built.", AGAINST),
    }
    assert {target for holder, _, target in found if holder == "Amini"} == {NEUTRAL}
    negated = sum(count for (_, topic, _), count in found.items() if "not" in topic)
    plain = sum(count for (_, topic, _), count in found.items() if topic.endswith("be built."))
    assert 0.05 < negated / plain < 0.25


@pytest.mark.parametrize(
    ("claim", "negated"),
    [
        ("The dam should be built.", "The dam should not be built."),
        ("The dam should not be built.", "The dam should be built."),
        ("The dam is good.", None),
        ("They should say what it should cost.", None),
    ],
)
def test_claims_with_one_plain_should_are_negated(claim: str, negated: str | None) -> None:
    assert negate(claim) == negated


def test_motions_become_claims() -> None:
    assert as_claim("Should we ban the dam?") == "We should ban the dam."
    assert as_claim(" the dam ") == "the dam"


@pytest.mark.parametrize(("passes", "expected"), [(0.5, 5), (1, 10), (2.3, 23), (0, 0)])
def test_rows_are_seen_as_often_as_asked(tmp_path: Path, passes: float, expected: int) -> None:
    rows = [{"text": f"{n}", "target": "the dam", "label": "favor"} for n in range(10)]
    found = read(tmp_path, "target", *rows, passes=passes)
    assert len(found) == expected
    assert set(Counter(row.query.text for row in found).values()) <= {int(passes), int(passes) + 1}


def test_only_rows_with_the_kept_values_are_read(tmp_path: Path) -> None:
    rows = [{"text": "x", "target": "y", "label": "favor", "source": name} for name in ("a", "b", "a")]
    assert len(read(tmp_path, "target", *rows, keep={"source": ["a"]})) == 2
    assert read(tmp_path, "target", *rows, keep={"source": ["a"], "year": [1]}) == []


def test_own_annotations_are_rows_of_classify_with_the_answer(tmp_path: Path) -> None:
    row = {
        "text": DSE["text"],
        "holder": "Noori",
        "start": 0,
        "end": 5,
        "topic": "Amini",
        "stance": "against",
    }
    (made,) = read(tmp_path, "annotated", row)
    assert (made.query.holder, made.query.mention, made.target) == ("Noori", Span(start=0, end=5), AGAINST)
    with pytest.raises(
        InputError, match=r"row 'Noori blames .*': 'stance' must be one of favor, .*, got 'anti'"
    ):
        read(tmp_path, "annotated", {**row, "stance": "anti"})


def test_unknown_format_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"rows\.jsonl: unknown format 'csv'; known: nli, target, directed"):
        read(tmp_path, "csv", WRITTEN)


def test_missing_data_says_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"gone\.jsonl: no such data file; corpora/cards says where to get it"
    ):
        read_rows(DataSource(path="gone.jsonl", format="nli"), tmp_path, rng=Random(1))


@pytest.mark.parametrize("content", [b"not json\n", b"\xff\xfe\x00", b"\x1f\x8b"])
@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz"])
def test_damaged_data_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=rf"{name}: not \(gzipped\) JSON lines"):
        read_rows(DataSource(path=name, format="nli"), tmp_path, rng=Random(1))


def test_cut_off_archive_is_named(tmp_path: Path) -> None:
    whole = gzip.compress(json.dumps(WRITTEN).encode() * 50)
    (tmp_path / "rows.jsonl.gz").write_bytes(whole[:-20])
    with pytest.raises(InputError, match=r"rows\.jsonl\.gz: not \(gzipped\) JSON lines"):
        read_rows(DataSource(path="rows.jsonl.gz", format="written"), tmp_path, rng=Random(1))
