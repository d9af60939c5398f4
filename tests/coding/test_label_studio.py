"""Label Studio: what the export writes comes back from an annotated export, and other shapes are named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.review.runs import finish, two_articles

from stancewire.coding.json_rows import as_coded
from stancewire.coding.label_studio import read_label_studio
from stancewire.errors import InputError
from stancewire.evaluation.gold import GoldRecord
from stancewire.exporters.label_studio import write_label_studio
from stancewire.exporters.source import Source
from stancewire.review.reviewed import Version
from stancewire.run_folder import RunFolder
from stancewire.types import HolderKind, Stance, Voice

TEXT = "Who asked? The council 🌍 favours talks.\nThe ministry rejects them."
EVIDENCE = (11, 39)
Task = dict[str, Any]


def annotated(tasks: Iterable[Task], email: str) -> list[Task]:
    """Return the tasks as Label Studio exports them once somebody has submitted each prediction as it was."""
    return [
        {
            "id": number,
            "data": task["data"],
            "annotations": [
                {
                    "id": 100 + number,
                    "completed_by": {"id": 1, "email": email, "first_name": "", "last_name": ""},
                    "result": [
                        {**item, "origin": "prediction"}
                        for each in task["predictions"]
                        for item in each["result"]
                    ],
                    "was_cancelled": False,
                    "ground_truth": False,
                    "created_at": "2026-01-02T10:00:00.000000Z",
                    "updated_at": "2026-01-02T10:05:00.000000Z",
                    "lead_time": 31.4,
                    "prediction": {},
                    "result_count": 0,
                    "unique_id": "0b7c8b0c-6f4e-4b51-8a53-52f2a34c8f6a",
                }
            ],
            "drafts": [],
            "predictions": [],
            "meta": {},
            "project": 1,
            "total_annotations": 1,
        }
        for number, task in enumerate(tasks, start=1)
    ]


def said(record: GoldRecord) -> tuple[object, ...]:
    """Return everything that a coder can say of a record."""
    spans = sorted((each.start, each.end, each.quote) for each in record.evidence)
    flags = (record.hedged, record.conditional, record.changed)
    names = {record.holder, *record.aliases}
    return (
        record.article_id,
        names,
        record.kind,
        record.topic,
        record.stance,
        record.attribution,
        *flags,
        spans,
    )


def test_what_is_exported_and_submitted_comes_back_whole(tmp_path: Path) -> None:
    found = two_articles()
    english, (first, second) = found[0]
    found[0] = (
        english,
        (
            replace(first, hedged=True, changed=True, attribution=Voice.QUOTED),
            replace(second, holder_kind=HolderKind.GROUP, conditional=True),
        ),
    )
    run = RunFolder(finish(tmp_path / "run", found))
    write_label_studio(Source(folder=run), tmp_path / "tasks.json")
    tasks = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    (tmp_path / "export.json").write_text(json.dumps(annotated(tasks, "anna@example.org")), encoding="utf-8")

    (coding,) = read_label_studio(tmp_path / "export.json")

    expected = [said(as_coded(record)) for record in run.records(Version.MACHINE)]
    assert coding.coder == "anna@example.org"
    assert sorted(map(said, coding.records), key=str) == sorted(expected, key=str)
    assert coding.articles == {"a1", "a2"}


def region(id_: str = "r1", at: tuple[int, int] = EVIDENCE, **chosen: str) -> list[Task]:
    """Return a region of evidence with what was chosen for it, as Label Studio writes it."""
    place = {"start": at[0], "end": at[1]}
    wanted = {"topic": "talks", "stance": "favor", "holder_kind": "group", "holder_name": "Council", **chosen}
    items: list[tuple[str, str, Task]] = [
        ("span", "labels", {**place, "text": TEXT[slice(*at)].replace("\n", "\\n"), "labels": ["evidence"]})
    ]
    for name, value in wanted.items():
        if name == "holder_name":
            items.append((name, "textarea", {**place, "text": [value]}))
        elif value:
            items.append((name, "choices", {**place, "text": TEXT[slice(*at)], "choices": value.split("+")}))
    return [
        {"id": id_, "from_name": name, "to_name": "text", "type": kind, "value": value}
        for name, kind, value in items
        if value.get("text") != [""]
    ]


def by(coder: object, *result: Task, cancelled: bool = False, at: str = "2026-01-01") -> Task:
    return {"completed_by": coder, "result": list(result), "was_cancelled": cancelled, "updated_at": at}


def task(*annotations: Task, article: str = "a") -> Task:
    return {"id": 7, "data": {"id": article, "text": TEXT}, "annotations": list(annotations)}


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes an export of these tasks."""

    def written(*tasks: object) -> Path:
        path = tmp_path / "export.json"
        path.write_text(json.dumps(list(tasks)), encoding="utf-8")
        return path

    return written


def test_each_annotator_is_a_coder(export: Callable[..., Path]) -> None:
    path = export(
        task(by({"id": 1, "email": "anna@example.org"}, *region()), by(2, *region(stance="against"))),
        task(by(2), article="b"),
    )
    anna, two = sorted(read_label_studio(path), key=lambda coding: len(coding.articles))
    assert (anna.coder, two.coder) == ("anna@example.org", "annotator 2")
    assert (anna.articles, two.articles) == (
        {"a"},
        {"a", "b"},
    )  # submitted without a region: coded, no stance
    assert two.records[0].stance is Stance.AGAINST
    assert anna.texts == {"a": TEXT}


def test_regions_of_one_holder_and_topic_are_one_record(export: Callable[..., Path]) -> None:
    second = region("r2", (40, 66), attribution="quoted", flags="hedged+changed")
    (coding,) = read_label_studio(export(task(by(1, *region(attribution="reported"), *second))))
    (found,) = coding.records
    assert [(each.start, each.end) for each in found.evidence] == [EVIDENCE, (40, 66)]
    assert (found.attribution, found.hedged, found.conditional, found.changed) == (
        Voice.QUOTED,
        True,
        False,
        True,
    )


def test_words_tied_to_the_evidence_name_the_holder_where_nothing_was_typed(
    export: Callable[..., Path],
) -> None:
    words: Task = {"start": 11, "end": 22, "text": "The council", "labels": ["holder"]}
    tied = [
        {"id": "h", "from_name": "span", "to_name": "text", "type": "labels", "value": words},
        {"type": "relation", "from_id": "h", "to_id": "r1", "direction": "right", "labels": []},
    ]
    (coding,) = read_label_studio(export(task(by(1, *region(holder_name=""), *tied))))
    assert coding.records[0].holder == "The council"


def test_a_line_feed_may_be_written_as_two_characters(export: Callable[..., Path]) -> None:
    (coding,) = read_label_studio(export(task(by(1, *region(at=(30, 52))))))
    assert coding.records[0].evidence[0].quote == TEXT[30:52]


def test_what_was_skipped_is_not_coded_and_the_later_of_two_annotations_counts(
    export: Callable[..., Path],
) -> None:
    path = export(
        task(by(1, *region(stance="against"), at="2026-03-01"), by(1, *region(), at="2026-02-01")),
        task(by(1, cancelled=True), article="b"),
    )
    (coding,) = read_label_studio(path)
    assert coding.articles == {"a"}
    assert coding.records[0].stance is Stance.AGAINST
    assert "1 tasks annotated twice" in coding.notes[0]


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (
            region(stance="pro"),
            r"task 7 \(a\), annotator 1, evidence 11-39: stance is 'pro'; must be one of favor",
        ),
        (region(stance=""), "stance is not chosen; must be one of favor, against, neutral"),
        (region(stance="favor+against"), "stance is favor, against; must be one of"),
        (region(topic=""), "topic is not chosen; must be one"),
        (region(holder_name=""), "no holder; type its name, or tie words labelled 'holder' to it"),
        (region(holder_kind=""), "no holder_kind for 'Council'; must be one of person"),
        (region(flags="doubtful"), "flag 'doubtful'; known: hedged, conditional, changed"),
        (region() + region("r2", (40, 66), stance="against"), "is against on 'talks' and favor at 11-39"),
        (region(at=(11, 400)), "a region from 11 to 400; the text ends at 66"),
        (
            [{"id": "x", "from_name": "mood", "type": "choices", "value": {}}],
            "from_name 'mood' is not in the interface",
        ),
        (
            [{"id": "x", "from_name": "span", "type": "labels", "value": {"start": "/p[1]", "end": "/p[1]"}}],
            "must be whole numbers of characters, as the Text tag gives them",
        ),
    ],
)
def test_a_bad_region_is_named_with_what_would_be_right(
    export: Callable[..., Path], result: list[Task], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_label_studio(export(task(by(1, *result))))


def test_offsets_that_count_some_characters_twice_are_told_by_the_words(export: Callable[..., Path]) -> None:
    moved = region(at=EVIDENCE)
    for item in moved:  # 🌍 counted as two, as before Label Studio 1.2
        item["value"] = {**item["value"], "start": 12, "end": 40}
    with pytest.raises(InputError, match=r"the region says .* counts some characters twice"):
        read_label_studio(export(task(by(1, *moved))))


@pytest.mark.parametrize(
    ("tasks", "message"),
    [
        ([], "empty; in Label Studio choose Export, format"),
        (
            [{"id": 1, "data": {"id": "a", "text": "x"}, "completions": []}],
            "'completions', as Label Studio before 1.0",
        ),
        ([{"id": 1, "text": "x", "span": [], "annotator": 1}], "no 'data' with 'annotations'.*not JSON-MIN"),
        (
            [{"id": 1, "data": {"text": "x"}, "annotations": []}],
            "must have the article's 'id' and 'text'.*has text",
        ),
        ([{"id": 1, "data": {"id": "a", "text": "x"}, "annotations": []}], "no task has an annotation"),
        (
            [{"id": 1, "data": {"id": "a", "text": "x"}, "annotations": [{}]}],
            "an annotation without a list 'result'",
        ),
        ([1], "must be a list of tasks"),
    ],
)
def test_another_shape_is_named(export: Callable[..., Path], tasks: list[object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_label_studio(export(*tasks))


def test_what_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "export.json").write_text("id,text\n1,x\n")
    with pytest.raises(InputError, match=r"export.json: can't be read as JSON"):
        read_label_studio(tmp_path / "export.json")


def test_tasks_of_single_records_are_partial_and_without_evidence_hold_no_stance(
    export: Callable[..., Path],
) -> None:
    def asked(record_id: str, holder: str, *result: Task) -> Task:
        about = {"record_id": record_id, "holder": holder, "holder_kind": "group", "topic": "talks"}
        data = {"id": "a", "text": TEXT, "asked": {**about, "holder_mention": holder}}
        return {"id": 1, "data": data, "annotations": [by(1, *result)]}

    (coding,) = read_label_studio(export(asked("r1", "Council", *region()), asked("r2", "Ministry")))
    assert coding.is_partial
    assert {record.holder: record.stance for record in coding.records} == {
        "Council": Stance.FAVOR,
        "Ministry": Stance.NONE,
    }
