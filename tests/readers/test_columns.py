from __future__ import annotations

import pytest

from stancewire.errors import ConfigError
from stancewire.readers.columns import Columns


def test_a_column_can_be_named_for_a_field() -> None:
    columns = Columns.parse(["text=story", "id = key"])
    assert (columns.text, columns.id) == (("story",), ("key",))
    assert columns.title == Columns().title


def test_two_columns_for_a_field_are_tried_in_order() -> None:
    columns = Columns.parse(["text=long", "text=short"])
    assert columns.of({"long": None, "short": "s"})["text"] == "s"
    assert columns.of({"long": "l", "short": "s"})["text"] == "l"


def test_capitals_in_column_names_are_the_same() -> None:
    assert Columns().of({"ID": 1, "Text ": "t"})["text"] == "t"


def test_an_unknown_field_lists_the_known_ones() -> None:
    with pytest.raises(
        ConfigError, match=r"--column 'txt=body': field must be one of id, text, title, outlet"
    ):
        Columns.parse(["txt=body"])


@pytest.mark.parametrize("option", ["text", "text=", ""])
def test_an_option_without_a_column_is_an_error(option: str) -> None:
    with pytest.raises(ConfigError, match="must be FIELD=COLUMN, such as text=body"):
        Columns.parse([option])
