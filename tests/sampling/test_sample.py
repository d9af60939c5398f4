"""A sample as coders get it, and as its design can be recomputed from what lies in the folder."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from tests.review.runs import article, finish, record

from stancewire.coding.tables import read_table
from stancewire.errors import ConfigError, InputError
from stancewire.run_folder import RunFolder
from stancewire.sampling.population import By, Unit
from stancewire.sampling.sample import SampleSettings, draw_sample
from stancewire.sampling.useful import Usefulness
from stancewire.sampling.write import write_sample
from stancewire.types import Stance

EMPTY = "Nobody said anything of the kind on that day."


@pytest.fixture
def run(tmp_path: Path) -> Path:
    found = []
    for number in range(1, 9):
        one = article(f"a{number}", day=f"202{number % 3}-05-01")
        stance = Stance.AGAINST if number % 2 else Stance.FAVOR
        found.append((one, (record(one, "Laila Noori", "federalism 🌍 would save", stance=stance),)))
    return finish(tmp_path / "run", [*found, (article("a9", EMPTY), ())])


@pytest.fixture
def articles(tmp_path: Path) -> str:
    """Return a file with the article of which the run has no text."""
    path = tmp_path / "news.jsonl"
    path.write_text(json.dumps({"id": "a9", "text": EMPTY, "title": "Quiet day"}))
    return str(path)


def written(run: Path, out: Path, **settings: Any) -> dict[str, Any]:
    write_sample(draw_sample(run, SampleSettings(**settings)), out)
    design: dict[str, Any] = json.loads((out / "sample.json").read_text(encoding="utf-8"))
    return design


def test_weights_can_be_recomputed_from_the_design(run: Path, tmp_path: Path, articles: str) -> None:
    design = written(run, tmp_path / "gold", size=5, by=(By.STANCE,), texts=(articles,), seed=3)
    strata = {each["name"]: each for each in design["strata"]}
    assert strata.keys() == {"against", "favor", "no record"}
    assert sum(each["population"] for each in strata.values()) == design["population"] == 9
    assert sum(item["weight"] for item in design["items"]) == pytest.approx(9)
    for item in design["items"]:
        stratum = strata[item["stratum"]]
        assert item["weight"] == pytest.approx(stratum["population"] / stratum["drawn"])
    assert (design["seed"], design["run"]["run_id"]) == (3, "run-1")


def test_same_seed_writes_the_same_bytes(run: Path, tmp_path: Path, articles: str) -> None:
    for name in ("one", "two"):
        written(run, tmp_path / name, size=4, texts=(articles,), coders=("anna", "ben"), overlap=0.5, seed=2)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_an_article_without_records_is_drawn_with_its_text(run: Path, tmp_path: Path, articles: str) -> None:
    written(run, tmp_path / "gold", size=9, texts=(articles,))
    tasks = json.loads((tmp_path / "gold" / "coding.json").read_text(encoding="utf-8"))
    assert {task["data"]["id"]: task["data"]["text"] for task in tasks}["a9"] == EMPTY


def test_an_article_whose_text_is_nowhere_says_how_to_give_it(run: Path) -> None:
    with pytest.raises(InputError, match=r"no text of article 'a9'.*--texts.*--with-records-only"):
        draw_sample(run, SampleSettings(size=9))


def test_only_articles_with_records_need_no_texts(run: Path, tmp_path: Path) -> None:
    design = written(run, tmp_path / "gold", size=8, with_records_only=True)
    assert design["left_out"] == {"without a record": 1}
    assert design["population"] == 8


def test_coders_of_articles_see_nothing_of_the_model(run: Path, tmp_path: Path) -> None:
    written(run, tmp_path / "gold", size=8, with_records_only=True)
    text = (tmp_path / "gold" / "coding.json").read_text(encoding="utf-8")
    assert "predictions" not in text
    assert '"stance"' not in text
    with (tmp_path / "gold" / "coding.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["stance"] for row in rows} == {""}
    assert {row["holder"] for row in rows} == {""}


def test_coders_of_records_see_what_is_asked_about_and_not_the_stance(run: Path, tmp_path: Path) -> None:
    written(run, tmp_path / "check", size=3, unit=Unit.RECORD)
    tasks = json.loads((tmp_path / "check" / "coding.json").read_text(encoding="utf-8"))
    names = {item["from_name"] for item in tasks[0]["predictions"][0]["result"]}
    assert names == {"span", "topic", "holder_kind", "holder_name"}
    span = tasks[0]["predictions"][0]["result"][0]["value"]
    assert tasks[0]["data"]["text"][span["start"] : span["end"]] == span["text"]


def test_the_interface_knows_every_name_and_choice_of_the_tasks(run: Path, tmp_path: Path) -> None:
    written(run, tmp_path / "check", size=3, unit=Unit.RECORD)
    root = ElementTree.parse(tmp_path / "check" / "labels.xml").getroot()
    known = {
        tag.get("name"): {each.get("value") for each in tag} for tag in root if tag.get("toName") == "text"
    }
    for task in json.loads((tmp_path / "check" / "coding.json").read_text(encoding="utf-8")):
        for region in task["predictions"][0]["result"]:
            values = region["value"].get("choices", region["value"].get("labels", []))
            assert set(values) <= known[region["from_name"]]


def test_a_filled_in_table_is_read_back(run: Path, tmp_path: Path) -> None:
    written(run, tmp_path / "check", size=3, unit=Unit.RECORD)
    path = tmp_path / "check" / "coding.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, stance in zip(rows, ("favor", "none", "neutral"), strict=True):
        row["stance"] = stance
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    coding = read_table(path, coder="anna")
    assert coding.is_partial
    assert [each.stance.value for each in coding.records] == ["favor", "none", "neutral"]
    assert {each.holder for each in coding.records} == {"Laila Noori"}


def test_a_table_that_was_not_filled_in_is_an_error(run: Path, tmp_path: Path) -> None:
    written(run, tmp_path / "gold", size=3, with_records_only=True)
    with pytest.raises(InputError, match=r"coding.csv:\d+: no holder and no 'none' under stance"):
        read_table(tmp_path / "gold" / "coding.csv", coder="anna")


def test_coders_share_as_much_as_asked(run: Path, tmp_path: Path) -> None:
    design = written(
        run, tmp_path / "gold", size=8, with_records_only=True, coders=("anna", "ben"), overlap=0.25
    )
    assert sum(len(item["coders"]) == 2 for item in design["items"]) == 2
    assert sorted(path.name for path in (tmp_path / "gold").iterdir()) == [
        *("anna.csv", "anna.json", "ben.csv", "ben.json"),
        *("labels.xml", "sample.csv", "sample.json"),
    ]
    for coder in ("anna", "ben"):
        tasks = json.loads((tmp_path / "gold" / f"{coder}.json").read_text(encoding="utf-8"))
        assert [task["data"]["id"] for task in tasks] == design["coders"][coder]


@pytest.mark.parametrize("useful", [Usefulness.UNCERTAINTY, Usefulness.DIVERSITY])
def test_what_is_chosen_has_scores_and_no_weights(run: Path, tmp_path: Path, useful: Usefulness) -> None:
    design = written(run, tmp_path / "more", size=3, unit=Unit.RECORD, useful=useful)
    assert design["strata"] == []
    assert design["useful"] == useful.value
    assert all("score" in item and "weight" not in item for item in design["items"])


def test_disagreement_takes_a_second_run(run: Path, tmp_path: Path) -> None:
    changed = [
        (article(record.article_id), ())
        if record.article_id == "a3"
        else (article(record.article_id), (record,))
        for record in RunFolder(run).records()
    ]
    other = finish(tmp_path / "other", changed)
    design = written(run, tmp_path / "more", size=1, useful=Usefulness.DISAGREEMENT, other=other)
    assert [item["id"] for item in design["items"]] == ["a3"]


def test_a_sample_is_never_overwritten(run: Path, tmp_path: Path) -> None:
    written(run, tmp_path / "gold", size=2, with_records_only=True)
    with pytest.raises(ConfigError, match="there is a sample already"):
        written(run, tmp_path / "gold", size=2, with_records_only=True)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"size": 0}, "size 0; must be 1 or more"),
        ({"size": 2, "overlap": 0.5}, "overlap 0.5 needs two coders"),
        (
            {"size": 2, "useful": Usefulness.DIVERSITY, "by": (By.TOPIC,)},
            "strata and diversity: one or the other",
        ),
        ({"size": 2, "useful": Usefulness.DISAGREEMENT}, "disagreement needs a second run's folder"),
        ({"size": 2, "other": Path("x")}, "only disagreement does"),
        ({"size": 2, "unit": Unit.RECORD, "with_records_only": True}, "only articles can be without records"),
    ],
)
def test_settings_that_exclude_each_other_are_named(
    run: Path, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        draw_sample(run, SampleSettings(**settings))


def test_a_folder_that_is_no_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no finished run here"):
        draw_sample(tmp_path, SampleSettings(size=1))
