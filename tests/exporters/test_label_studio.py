"""Label Studio tasks: every span is at its words, and the labelling interface knows every name that tasks use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from tests.exporters.runs import OTHERS, TEXT, UNION, ZAHRA

from stancewire.exporters.export import export
from stancewire.exporters.source import Source
from stancewire.run_folder import RunFolder
from stancewire.writers.rows import FIELDS, from_row


def exported(folder: RunFolder) -> tuple[list[dict[str, Any]], Path]:
    tasks, interface = export(Source(folder=folder, overwrite=True), "label-studio").paths
    return json.loads(tasks.read_text(encoding="utf-8")), interface


def test_every_span_is_at_its_words(folder: RunFolder) -> None:
    tasks, _ = exported(folder)
    assert len(tasks[0]["data"]["text"]) == len(TEXT)
    for task in tasks:
        regions = task["predictions"][0]["result"]
        spans = [region["value"] for region in regions if region["type"] == "labels"]
        assert spans
        assert [task["data"]["text"][span["start"] : span["end"]] for span in spans] == [
            span["text"] for span in spans
        ]


def test_spans_have_stance_topic_voice_flags_and_holder(folder: RunFolder) -> None:
    tasks, _ = exported(folder)
    regions = tasks[0]["predictions"][0]["result"]
    first = regions[0]["id"]
    chosen = {
        each["from_name"]: each["value"]
        for each in regions
        if each.get("id") == first and "from_name" in each
    }
    assert chosen["span"]["labels"] == ["evidence"]
    assert [chosen[name]["choices"] for name in ("topic", "stance", "attribution", "flags")] == [
        *(["dam"], ["favor"]),
        *(["reported"], ["hedged"]),
    ]
    assert chosen["holder_name"]["text"] == ["Zahra Amini"]
    cues = [
        each["value"] for each in regions if each.get("value", {}).get("labels") in (["speech"], ["hedged"])
    ]
    assert [cue["text"] for cue in cues] == ["said", "may"]


def test_records_read_again_from_the_task_are_the_same(folder: RunFolder) -> None:
    tasks, _ = exported(folder)
    rows = [row for task in tasks for row in task["data"]["records"]]
    records = [from_row({name: row[name] for name in FIELDS}) for row in rows]
    assert records[:3] == [ZAHRA, OTHERS, UNION]


def test_decisions_are_annotations_and_the_machines_stances_stay_predictions(reviewed: RunFolder) -> None:
    tasks, _ = exported(reviewed)
    second = tasks[1]

    def stances(part: list[dict[str, Any]]) -> list[str]:
        return [each["value"]["choices"][0] for each in part if each.get("from_name") == "stance"]

    assert stances(second["annotations"][0]["result"]) == ["against"]
    assert stances(second["predictions"][0]["result"]) == ["favor", "neutral"]


def test_the_interface_knows_every_name_and_choice(reviewed: RunFolder) -> None:
    tasks, interface = exported(reviewed)
    root = ElementTree.parse(interface).getroot()
    known = {
        tag.get("name"): {each.get("value") for each in tag} for tag in root if tag.get("toName") == "text"
    }
    for task in tasks:
        for part in (*task["predictions"], *task.get("annotations", ())):
            for region in part["result"]:
                if region["type"] == "relation":
                    continue
                values = region["value"].get("choices", region["value"].get("labels", []))
                assert set(values) <= known[region["from_name"]]


def test_the_sdk_takes_interface_and_predictions(reviewed: RunFolder) -> None:
    reason = "needs label-studio-sdk: pip install label-studio-sdk"
    sdk = pytest.importorskip("label_studio_sdk.label_interface", reason=reason)
    tasks, path = exported(reviewed)
    interface = sdk.LabelInterface(path.read_text(encoding="utf-8"))
    for task in tasks:
        for prediction in task["predictions"]:
            assert interface.validate_prediction(prediction)
