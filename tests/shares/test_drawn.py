"""Designs as files: what is read, and which of them are refused."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stancewire.errors import InputError
from stancewire.sampling.population import Unit
from stancewire.shares.drawn import DrawnItem, SampleDesign, coded_design, read_design

ITEM = {"id": "a", "article_id": "a", "stratum": "all", "probability": 0.5, "weight": 2.0}


def written(folder: Path, **values: Any) -> Path:
    base = {"unit": "record", "version": "machine", "population": 2, "items": [ITEM]}
    path = folder / "sample.json"
    path.write_text(json.dumps({**base, **values}))
    return path


def test_the_design_that_sample_writes_is_read(drawn: Path) -> None:
    design = read_design(drawn)
    assert (design.unit, design.population, len(design.items)) == (Unit.RECORD, 120, 90)
    assert sum(item.weight for item in design.items) == pytest.approx(120)
    assert {item.stratum for item in design.items} == {"favor", "against"}
    assert design == read_design(drawn / "sample.json")


def test_the_table_of_a_sample_has_the_same_weights(drawn: Path) -> None:
    table = read_design(drawn / "sample.csv")
    assert {item.id: (item.weight, item.stratum) for item in table.items} == {
        item.id: (item.weight, item.stratum) for item in read_design(drawn).items
    }


def test_chances_do_instead_of_weights(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("id,probability\na,0.25\nb,1\n")
    assert [item.weight for item in read_design(path).items] == [4, 1]


@pytest.mark.parametrize("name", ["a\u2028b", "a\x85b", "a\x0bb", "a\nb", "a\r\nb"])
def test_line_ends_of_other_trades_and_quoted_ones_stay_in_an_id(tmp_path: Path, name: str) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(f'id,weight\r\n"{name}",2\r\nc,3\r\n'.encode())
    assert [(item.id, item.weight) for item in read_design(path).items] == [(name, 2), ("c", 3)]


@pytest.fixture
def short_cells() -> Iterator[int]:
    """Set the csv module's own limit of a cell's length, whatever other tests made of it, and put theirs back."""
    before = csv.field_size_limit(1 << 17)
    yield 1 << 17
    csv.field_size_limit(before)


def test_a_long_text_beside_an_id_is_read_over(tmp_path: Path, short_cells: int) -> None:
    path = tmp_path / "own.csv"
    path.write_text(f"id,text,weight\na,{'x' * (short_cells + 1)},2\n")
    assert [item.weight for item in read_design(path).items] == [2]


def test_a_cell_over_the_limit_is_named_with_its_file(
    tmp_path: Path, short_cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stancewire.shares.drawn._LONGEST", 20)
    path = tmp_path / "own.csv"
    path.write_text(f"id,text,weight\na,{'x' * 21},2\n")
    with pytest.raises(InputError, match=r"own\.csv:2: no CSV: field larger than field limit"):
        read_design(path)


@pytest.mark.parametrize("rest", [{}, {"unit": None, "version": None, "population": None}])
def test_a_design_made_by_hand_needs_no_more_than_items(tmp_path: Path, rest: dict[str, None]) -> None:
    path = tmp_path / "sample.json"
    path.write_text(json.dumps({"items": [ITEM], **rest}))
    design = read_design(path)
    assert (design.unit, design.version, design.population) == (None, None, None)
    assert [item.weight for item in design.items] == [2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,weight\na,0\n", r"item 'a' has weight '0'; must be 1 or more: for how many it stands"),
        ("id,weight\na,-3\n", r"item 'a' has weight '-3'; must be 1 or more"),
        ("id,weight\na,much\n", r"item 'a' has weight 'much'"),
        ("id,weight\na,nan\n", r"item 'a' has weight 'nan'"),
        ("id,weight\na,\n", r"item 'a' has neither weight nor probability"),
        ("id,probability\na,0\n", r"item 'a' has probability '0'; must be above 0 and 1 at most"),
        ("id,probability\na,1.5\n", r"item 'a' has probability '1.5'; must be above 0"),
        ("id,weight\n,2\n", r"item 1 has no id"),
        ("id,weight\na,2\na,2\n", r"item 'a' twice"),
        ("id,stratum\na,x\n", r"has the columns \['id', 'stratum'\]; must be sample.json"),
        ("id,weight\n", r"nothing drawn"),
        ("", r"empty; must be sample.json"),
    ],
)
def test_tables_without_right_weights_are_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "own.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_design(path)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"useful": "uncertainty"}, "chosen by uncertainty, not drawn at random: such items have no weights"),
        ({"unit": "sentence"}, "unit is 'sentence'; known: article, record"),
        ({"version": "best"}, "version is 'best'; known: machine"),
        ({"items": None}, "no list 'items' in it"),
        ({"items": [{"id": "a"}]}, "item 'a' has neither weight nor probability"),
        ({"items": ["a"]}, "item 1 has no id: 'a'"),
    ],
)
def test_designs_that_say_no_chances_are_refused(
    tmp_path: Path, values: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_design(written(tmp_path, **values))


def test_a_design_that_is_no_json_or_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "sample.json").write_text("{")
    with pytest.raises(InputError, match=r"sample\.json: not JSON"):
        read_design(tmp_path / "sample.json")
    with pytest.raises(InputError, match=r"gone\.json: can't be read"):
        read_design(tmp_path / "gone.json")


def design(*strata: str) -> SampleDesign:
    items = tuple(DrawnItem(id=f"i{at}", weight=3.0, stratum=each) for at, each in enumerate(strata))
    return SampleDesign(source="sample.json", items=items)


def test_coded_items_stand_for_those_of_their_stratum_that_are_not() -> None:
    ids, found, notes = coded_design(design("x", "x", "x", "y", "y"), {"i0", "i1", "i3", "i4"})
    assert ids == ("i0", "i1", "i3", "i4")
    assert found.weights.tolist() == [4.5, 4.5, 3, 3]
    assert notes[0].startswith("1 of 5 drawn items aren't coded")


def test_a_stratum_of_which_nothing_is_coded_is_an_error() -> None:
    with pytest.raises(
        InputError, match=r"stratum 'y': none of its 2 drawn items is coded, such as \['i2', 'i3'\]"
    ):
        coded_design(design("x", "x", "y", "y"), {"i0", "i1"})


def test_strata_with_one_coded_item_are_told() -> None:
    _, _, notes = coded_design(design("x", "y", "z", "z"), {"i0", "i1", "i2", "i3"})
    assert "2 strata have one coded item" in notes[0]
