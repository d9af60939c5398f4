"""The project's own corpora: as their READMEs describe them, with offsets that fit, train and dev apart."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

CORPORA = Path(__file__).parents[1] / "corpora"
WRITTEN = ("train", "dev", "plain", "actors", "opposition")
NEWS = ("train", "dev", "carried")
DIRECTED = "directed/train"
FILES = [*(f"written/{part}" for part in WRITTEN), *(f"news/{part}" for part in NEWS), DIRECTED]


def rows(name: str) -> list[dict[str, Any]]:
    with gzip.open(CORPORA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def lines(name: str) -> list[dict[str, Any]]:
    """Return the rows of a file that isn't zipped."""
    return [json.loads(line) for line in (CORPORA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def described(name: str) -> str:
    """Return the line of the folder's README that describes the file."""
    folder, part = name.split("/")
    readme = (CORPORA / folder / "README.md").read_text(encoding="utf-8")
    return next(line for line in readme.splitlines() if line.startswith(f"| `{part}.jsonl.gz`"))


@pytest.mark.parametrize("name", FILES)
def test_readme_gives_the_sum_and_the_counts(name: str) -> None:
    line, found = described(name), rows(name)
    assert hashlib.sha256((CORPORA / f"{name}.jsonl.gz").read_bytes()).hexdigest() in line
    if name.startswith("written/"):
        counts = [len(found), *(sum(len(row[key]) for row in found) for key in ("topics", "questions"))]
    elif name == DIRECTED:
        labels = Counter(row["label"] for row in found)
        counts = [len({row["article"] for row in found}), len(found), *(labels[label] for label in range(5))]
    else:
        stances = Counter(row["stance"] for row in found)
        articles = len({row["article"] for row in found})
        counts = [articles, len(found), *(stances[key] for key in ("favor", "against", "neutral", "none"))]
    assert [cell.strip() for cell in line.split("|")[2:-2]] == [f"{count:,}" for count in counts]


@pytest.mark.parametrize("part", WRITTEN)
def test_written_questions_point_to_their_holder_and_topic(part: str) -> None:
    for row in rows(f"written/{part}"):
        topics = {topic["id"] for topic in row["topics"]}
        for question in row["questions"]:
            assert question["topic"] in topics
            assert question["stance"] in ("favor", "against", "neutral", "none")
            if question["holder"] is not None:
                assert row["text"][question["start"] : question["end"]] == question["holder"]


@pytest.mark.parametrize("part", WRITTEN)
def test_written_ids_occur_once(part: str) -> None:
    ids = [row["id"] for row in rows(f"written/{part}")]
    assert len(set(ids)) == len(ids)


def test_no_passage_is_in_two_parts() -> None:
    texts = [row["text"] for part in WRITTEN for row in rows(f"written/{part}")]
    assert len(set(texts)) == len(texts)


def test_news_rows_carry_offsets_and_no_text() -> None:
    for part in NEWS:
        for row in rows(f"news/{part}"):
            assert set(row) - {"raised"} == {"article", "context", "mention", "topic", "stance"}
            start, end = row["context"]
            raised = row.get("raised")
            assert raised in (None, "title") or 0 <= raised[0] < raised[1] <= start
            assert 0 <= start < end
            assert row["mention"] is None or row["mention"][0] < row["mention"][1]


def test_no_news_article_of_dev_is_trained_on() -> None:
    train, dev, carried = ({row["article"] for row in rows(f"news/{part}")} for part in NEWS)
    assert not dev & (train | carried)


def test_no_coded_article_is_trained_on() -> None:
    coded = {row["article_id"] for row in lines("news/records")}
    assert not coded & {row["article"] for part in NEWS for row in rows(f"news/{part}")}


def test_directed_rows_mark_two_actors_inside_a_passage() -> None:
    for row in rows(DIRECTED):
        assert set(row) == {"article", "context", "p", "q", "label"}
        (start, end), (p_start, p_end), (q_start, q_end) = row["context"], row["p"], row["q"]
        assert start <= p_start < p_end <= q_start < q_end <= end
        assert row["label"] in range(5)


def test_directed_questions_are_asked_once() -> None:
    asked = [(row["article"], *row["p"], *row["q"]) for row in rows(DIRECTED)]
    assert len(set(asked)) == len(asked)


def test_annotated_mentions_are_where_they_say() -> None:
    texts = {article["id"]: article["text"] for article in lines("sample/dev.articles")}
    for row in lines("sample/dev.mentions"):
        assert texts[row["article_id"]][row["start"] : row["end"]] == row["words"]
    for row in lines("news/mentions"):
        assert set(row) == {"article_id", "start", "end", "actor"}
        assert 0 <= row["start"] < row["end"]


def test_annotated_mentions_have_their_actor_and_are_as_many_as_the_readme_says() -> None:
    readme = (CORPORA / "news" / "README.md").read_text(encoding="utf-8")
    for name, told in (
        ("news/mentions", "`mentions.jsonl`: {} pron"),
        ("sample/dev.mentions", " has {} more"),
    ):
        found = lines(name)
        assert told.format(len(found)) in readme
        assert all(row["actor"] for row in found)
        assert len({(row["article_id"], row["start"], row["end"]) for row in found}) == len(found)
