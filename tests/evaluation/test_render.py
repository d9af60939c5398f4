from __future__ import annotations

import json
from xml.etree import ElementTree

import numpy as np
import pytest

from stancewire.evaluation import (
    Answer,
    ClassifiedRow,
    DirectedRow,
    GoldRecord,
    Scores,
    as_json,
    as_markdown,
    as_text,
    calibration_svg,
    score_classified,
    score_dse,
    score_records,
)
from stancewire.evaluation.calibration import calibrate
from stancewire.types import HolderKind, Stance, Weights

SVG = "{http://www.w3.org/2000/svg}"
P = {"favor": 0.7, "against": 0.1, "none": 0.2}
WEIGHTS = Weights(favor=0.7, against=0.1, neutral=0.0, none=0.2)

RECORDS = score_records(
    [],
    [
        GoldRecord(article_id="a", holder="A|B <c>", kind=HolderKind.PERSON, topic="t", stance=Stance.FAVOR),
        GoldRecord(
            article_id="a", holder="Council", kind=HolderKind.GROUP, topic="long-topic", stance=Stance.FAVOR
        ),
    ],
    genres={"a": "wire"},
)
CLASSIFIED = score_classified(
    [ClassifiedRow(gold=Stance.FAVOR, answer=Answer(stance=Stance.FAVOR, weights=WEIGHTS))]
)
DIRECTED = score_dse([DirectedRow(gold=1, forward=P, backward=P)])
ALL = pytest.mark.parametrize("scores", [RECORDS, CLASSIFIED, DIRECTED])


@ALL
def test_json_holds_only_what_json_knows(scores: Scores) -> None:
    assert isinstance(json.loads(as_json(scores)), dict)


@ALL
def test_text_and_markdown_say_the_same_figures(scores: Scores) -> None:
    text, markdown = as_text(scores), as_markdown(scores)
    assert text.endswith("\n")
    titles = [line.removeprefix("## ") for line in markdown.splitlines() if line.startswith("## ")]
    assert titles
    assert all(title in text.splitlines() for title in titles)


def test_json_carries_derived_figures_and_null_for_none() -> None:
    found = json.loads(as_json(RECORDS))
    assert found["total"]["holders"] == {
        "right": 0,
        "spurious": 0,
        "missing": 2,
        "precision": None,
        "recall": 0.0,
        "f1": 0.0,
    }
    assert found["missed"][0].startswith("a, t: ")


def test_text_columns_are_aligned() -> None:
    table = as_text(RECORDS).split("By topic\n")[1].split("\n\n")[0].splitlines()
    assert {len(line) for line in table} == {len(table[0])}


def test_markdown_from_names_in_the_data_stays_text() -> None:
    assert r"A\|B \<c\>" in as_markdown(RECORDS)


def test_every_markdown_table_row_has_as_many_cells_as_its_header() -> None:
    for part in as_markdown(CLASSIFIED).split("## ")[1:]:
        rows = [line for line in part.splitlines() if line.startswith("|")]
        assert len({row.count("|") for row in rows}) == 1


def test_the_chart_is_a_self_contained_picture_with_labelled_axes() -> None:
    confidence = np.linspace(0.5, 1, 60)
    p = np.stack([confidence, 1 - confidence], axis=1)
    calibration = calibrate(p, gold=[0, 1, 0] * 20, answers=[0] * 60)
    picture = ElementTree.fromstring(calibration_svg(calibration, title="dev <set>"))
    words = [element.text for element in picture.iter(f"{SVG}text")]
    assert {"confidence", "accuracy", "share of rows answered", "0.0", "1.0"} <= set(words)
    assert words[0] == f"dev <set>: expected calibration error {calibration.expected_error:.3f}"
    assert len(list(picture.iter(f"{SVG}circle"))) == len(calibration.bins) == 15
    line = next(picture.iter(f"{SVG}polyline")).attrib["points"].split()
    assert len(line) == len(calibration.coverage)
    assert line[-1] == "260.0,86.7"  # all rows answered, two thirds right, on a square of 260 pixels
    assert "href" not in calibration_svg(calibration)
