from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.evaluation.test_records import gold, predicted
from tests.evaluation.test_render import CLASSIFIED, SVG

from stancewire.evaluation import Resampling, compare_records, confusion_svg, score_records
from stancewire.evaluation.figures import Confusion
from stancewire.evaluation.report import chart_of, write_report
from stancewire.types import Stance

GIVEN = [predicted("Ahmad", confidence=0.9), predicted("Sima", confidence=0.7, stance=Stance.AGAINST)]
WANTED = [gold("Ahmad"), gold("Sima")]


def test_a_report_has_figures_and_pictures_that_can_be_read(tmp_path: Path) -> None:
    files = write_report(score_records(GIVEN, WANTED), tmp_path / "out", title="dev <set>")
    assert [path.name for path in files] == ["confusion.svg", "reliability.svg", "scores.json", "scores.md"]
    assert json.loads((tmp_path / "out" / "scores.json").read_text())["stance"]["accuracy"] == 0.5
    for path in files[:2]:
        assert ElementTree.parse(path).getroot().tag == f"{SVG}svg"
    assert "![confusion](confusion.svg)" in (tmp_path / "out" / "scores.md").read_text()


def test_a_report_on_two_models_has_their_difference(tmp_path: Path) -> None:
    comparison = compare_records(
        GIVEN,
        GIVEN[:1],
        WANTED,
        articles=frozenset(),
        names=("one", "other"),
        resampling=Resampling(samples=100),
    )
    write_report(score_records(GIVEN, WANTED), tmp_path, title="dev", comparison=comparison)
    assert json.loads((tmp_path / "comparison.json").read_text())["second"] == "other"
    assert "## one against other" in (tmp_path / "scores.md").read_text()
    picture = ElementTree.parse(tmp_path / "differences.svg")
    shown = [each for each in comparison.differences if each.difference is not None]
    assert len(list(picture.iter(f"{SVG}circle"))) == len(shown) > 5
    assert "one less other" in [element.text for element in picture.iter(f"{SVG}text")]


def test_a_confusion_has_every_count_and_each_rows_shares() -> None:
    counts = Confusion.of(["a", "a", "a", "b"], ["a", "a", "b", "b"], labels=["a", "b", "c<"])
    picture = ElementTree.fromstring(confusion_svg(counts, title="dev <set>"))
    words = [element.text for element in picture.iter(f"{SVG}text")]
    assert {"2", "1", "0", "67 %", "33 %", "100 %", "c<", "gold", "answer"} <= set(words)
    assert len(words) - words.count(None) == len(words)
    titles = [element.text for element in picture.iter(f"{SVG}title")]
    assert "gold a, answer b: 1 of 3" in titles


@pytest.mark.parametrize("scores", [CLASSIFIED, score_records(GIVEN, WANTED)])
def test_a_chart_is_drawn_where_answers_say_how_sure_they_are(scores: object) -> None:
    assert "expected calibration error" in str(chart_of(scores, "dev"))  # type: ignore[arg-type]


def test_no_chart_without_confidences() -> None:
    assert chart_of(score_records([predicted("Ahmad")], WANTED), "dev") is None
