from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from stancewire.errors import InputError
from stancewire.evaluation import By, Grouping, Resampling, compare_files, evaluate_files, read_gold
from stancewire.evaluation.answers import ClassifiedScores
from stancewire.evaluation.records import RecordScores

SEED = Path(__file__).parents[3] / "shared" / "seed" / "gold.jsonl"

GOLD = {"article_id": "a", "holder": "Ahmad", "kind": "person", "topic": "t", "stance": "favor"}
RECORD = {
    "record_id": "r",
    "article_id": "a",
    "holder": "Ahmad",
    "holder_kind": "person",
    "holder_mention": "he",
    "topic": "t",
    "stance": "favor",
    "attribution": "quoted",
    "hedged": False,
    "conditional": False,
    "changed": False,
    "evidence": [{"start": 3, "end": 9, "quote": "for it", "p": 0.8}],
}
ANSWER = {"id": 1, "text": "…", "stance": "favor", "p": {"favor": 0.8, "against": 0.1, "none": 0.1}}
LABEL = {"id": 1, "text": "…", "gold": "favor"}


def write(path: Path, *rows: Mapping[str, object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_run_folder_is_scored_against_gold_records(tmp_path: Path) -> None:
    write(tmp_path / "records.jsonl", RECORD)
    scores = evaluate_files(tmp_path, write(tmp_path / "gold.jsonl", GOLD | {"genre": "wire"}))
    assert isinstance(scores, RecordScores)
    assert scores.total.right == 1
    assert list(scores.by_genre) == ["wire"]


def test_a_run_that_found_nothing_misses_everything(tmp_path: Path) -> None:
    write(tmp_path / "records.jsonl")
    scores = evaluate_files(tmp_path, write(tmp_path / "gold.jsonl", GOLD))
    assert isinstance(scores, RecordScores)
    assert len(scores.missed) == 1


def test_a_folder_without_records_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no records\.jsonl"):
        evaluate_files(tmp_path, write(tmp_path / "gold.jsonl", GOLD))


def test_predicted_articles_that_gold_does_not_know_are_named(tmp_path: Path) -> None:
    given = write(tmp_path / "given.jsonl", RECORD | {"article_id": "zz"})
    with pytest.raises(InputError, match=r"1 predicted article ids are not in gold, such as \['zz'\]"):
        evaluate_files(given, write(tmp_path / "gold.jsonl", GOLD))


def test_an_article_coded_without_a_stance_makes_its_records_extra(tmp_path: Path) -> None:
    given = write(tmp_path / "given.jsonl", RECORD | {"article_id": "b"})
    scores = evaluate_files(given, write(tmp_path / "gold.jsonl", GOLD, {"article_id": "b", "holder": None}))
    assert isinstance(scores, RecordScores)
    assert (scores.total.required, scores.total.extra) == (1, 1)


def test_answers_are_matched_to_labels_by_id(tmp_path: Path) -> None:
    given = write(tmp_path / "given.jsonl", ANSWER, ANSWER | {"id": "x", "stance": "none"})
    gold = write(tmp_path / "gold.jsonl", {"id": "x", "label": "none"}, LABEL)
    scores = evaluate_files(given, gold)
    assert isinstance(scores, ClassifiedScores)
    assert scores.four.confusion.accuracy == 1


def test_answers_that_still_carry_their_labels_are_scored_against_themselves(tmp_path: Path) -> None:
    both = write(
        tmp_path / "both.jsonl", {key: value for key, value in (ANSWER | LABEL).items() if key != "id"}
    )
    scores = evaluate_files(both, both)
    assert isinstance(scores, ClassifiedScores)
    assert scores.rows == 1


def test_gzipped_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "both.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(ANSWER | LABEL).encode()))
    assert isinstance(evaluate_files(path, path), ClassifiedScores)


def test_answers_are_told_apart_by_what_their_gold_rows_say(tmp_path: Path) -> None:
    given = write(tmp_path / "given.jsonl", ANSWER, ANSWER | {"id": 2, "stance": "none"})
    gold = write(tmp_path / "gold.jsonl", LABEL | {"topic": "dam"}, LABEL | {"id": 2, "topic": "schools"})
    scores = evaluate_files(given, gold, grouping=Grouping(by=(By.TOPIC,)))
    assert isinstance(scores, ClassifiedScores)
    assert {name: group.accuracy for name, group in scores.by["topic"].items()} == {"dam": 1, "schools": 0}
    with pytest.raises(InputError, match="by outlet: no gold row has 'outlet'"):
        evaluate_files(given, gold, grouping=Grouping(by=(By.OUTLET,)))


def test_answers_of_two_models_are_drawn_by_the_article_that_gold_names(tmp_path: Path) -> None:
    given = write(tmp_path / "given.jsonl", *(ANSWER | {"id": number} for number in range(6)))
    labels = [LABEL | {"id": number, "article": f"a{number // 2}"} for number in range(6)]
    resampling = Resampling(samples=100)
    found = compare_files(given, given, write(tmp_path / "gold.jsonl", *labels), resampling=resampling)
    assert (found.unit, found.units) == ("articles", 3)
    del labels[4]["article"]
    with pytest.raises(InputError, match=r"gold\.jsonl:5: no 'article', which other rows"):
        compare_files(given, given, write(tmp_path / "gold.jsonl", *labels), resampling=resampling)


def test_an_export_of_several_coders_is_not_one_gold(tmp_path: Path) -> None:
    task = {
        "id": 1,
        "data": {"id": "a", "text": "Nobody said so."},
        "annotations": [{"completed_by": name, "result": []} for name in ("anna", "ben")],
    }
    gold = tmp_path / "export.json"
    gold.write_text(json.dumps([task]))
    with pytest.raises(InputError, match=r"has several coders \(anna, ben\); gold is one"):
        evaluate_files(write(tmp_path / "given.jsonl", RECORD), gold)


@pytest.mark.parametrize(
    ("given", "gold", "message"),
    [
        ([ANSWER, ANSWER | {"id": 2}], [LABEL], r"1 ids are not in gold, such as \[2\]"),
        ([ANSWER], [LABEL, LABEL | {"id": 3}], r"1 ids are not in predicted, such as \[3\]"),
        ([ANSWER, ANSWER], [LABEL], r"given\.jsonl:2: id 1 again, as in .*given\.jsonl:1"),
        ([ANSWER], [{"text": "…", "gold": "favor"}], r"gold\.jsonl:1: no 'id'"),
        ([RECORD], [LABEL], "holds stance records but .* holds classified rows"),
        (
            [{"error": "no text"}],
            [{"gold": "favor"}],
            r"given\.jsonl:1: the classifier gave no answer: 'no text'",
        ),
        ([{"title": "x"}], [LABEL], r"given\.jsonl:1: neither a stance record .* has \['title'\]"),
        ([ANSWER], [LABEL | {"gold": "pro"}], r"gold\.jsonl:1: 'gold' must be one of favor, .*, got 'pro'"),
        ([ANSWER | {"p": {"favor": 0.9, "none": 0.1}}], [LABEL], r"given\.jsonl:1: 'p' must be"),
        ([ANSWER | {"p": {"favor": 0.9, "against": 0.9, "none": 0.1}}], [LABEL], "sum to 1"),
        ([ANSWER], [], r"gold\.jsonl: no gold rows"),
        (
            [RECORD | {"stance": "none"}],
            [GOLD],
            r"given\.jsonl:1: 'stance' must be one of favor, against, neutral",
        ),
        ([RECORD | {"hedged": None}], [GOLD], "'hedged' must be true or false"),
    ],
)
def test_files_that_do_not_fit_are_refused_with_examples(
    tmp_path: Path, given: list[dict[str, object]], gold: list[dict[str, object]], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        evaluate_files(write(tmp_path / "given.jsonl", *given), write(tmp_path / "gold.jsonl", *gold))


def test_rows_without_ids_must_be_the_same_rows(tmp_path: Path) -> None:
    given = write(tmp_path / "given.jsonl", {key: ANSWER[key] for key in ("text", "stance", "p")})
    with pytest.raises(InputError, match="rows in the same place differ in 'text'"):
        evaluate_files(given, write(tmp_path / "gold.jsonl", {"text": "other", "gold": "favor"}))
    with pytest.raises(InputError, match="1 and 2 rows without ids"):
        evaluate_files(given, write(tmp_path / "longer.jsonl", *[{"text": "…", "gold": "favor"}] * 2))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"holder": ', "gold.jsonl:2: not JSON"),
        ("[1]", "gold.jsonl:2: must be a JSON object, got list"),
        (
            json.dumps(GOLD | {"stance": "none"}),
            "gold.jsonl:2: 'stance' must be one of favor, against, neutral, got",
        ),
        (json.dumps(GOLD | {"topic": " "}), "gold.jsonl:2: 'topic' must be a text, got ' '"),
        (
            json.dumps({"article_id": "a", "holder": "B"}),
            "gold.jsonl:2: no 'kind', which must be one of person",
        ),
        (json.dumps(GOLD | {"aliases": "B"}), "gold.jsonl:2: 'aliases' must be a list of texts, got 'B'"),
        (json.dumps(GOLD | {"changed": "no"}), "gold.jsonl:2: 'changed' must be true or false, got 'no'"),
        (
            json.dumps(GOLD | {"evidence": [{"start": 5, "end": 5}]}),
            "gold.jsonl:2: 'evidence' must be a list of",
        ),
        (json.dumps(GOLD), "gold.jsonl:2: holder 'Ahmad' and topic 't' again"),
    ],
)
def test_bad_line_is_named_by_file_and_number(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(f"{json.dumps(GOLD)}\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_gold(path)
    assert message in str(caught.value)


def test_files_that_are_no_text_or_not_there_are_input_errors(tmp_path: Path) -> None:
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00{")
    (tmp_path / "torn.jsonl.gz").write_bytes(gzip.compress(json.dumps(GOLD).encode())[:-9])
    for name, message in (
        ("binary.jsonl", "can't be read"),
        ("torn.jsonl.gz", "can't be read"),
        ("no", "no such"),
    ):
        with pytest.raises(InputError, match=message):
            read_gold(tmp_path / name)


@pytest.mark.skipif(not SEED.is_file(), reason="the seed article is not part of the repository")
def test_the_seed_gold_scored_against_itself_is_perfect(tmp_path: Path) -> None:
    rows = [json.loads(line) for line in SEED.read_text(encoding="utf-8").splitlines()]
    as_records = (
        row | {"article_id": "seed", "holder_kind": row["kind"], "holder_mention": row["holder"]}
        for row in rows
    )
    scores = evaluate_files(write(tmp_path / "records.jsonl", *as_records), SEED)
    assert isinstance(scores, RecordScores)
    assert scores.total.right == scores.total.required == sum(row["required"] for row in rows)
    assert (scores.total.extra, scores.evidence.mean_iou) == (0, 1)
