from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancewire.copies import sketch
from stancewire.normal_forms import JOINER, MARKS, normal_form
from stancewire.readers.articles import text_digest


@given(st.text(max_size=60))
def test_a_text_without_long_runs_of_marks_has_its_usual_normal_form(text: str) -> None:
    assert normal_form("NFKD", text).replace(JOINER, "") == normalize("NFKD", text).replace(JOINER, "")


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_thirty_marks_on_a_letter_are_left_alone(form: str) -> None:
    text = "a" + "\u0323\u0301" * (MARKS // 2)
    assert normal_form(form, text) == normalize(form, text)


def test_a_longer_run_is_broken_by_a_joiner_after_every_thirty() -> None:
    assert [len(run) for run in normal_form("NFD", "a" + "\u0301" * 75).split(JOINER)] == [31, 30, 15]


def test_a_run_that_ends_after_thirty_or_sixty_gets_no_joiner_at_its_end() -> None:
    assert not normal_form("NFD", "a" + "\u0301" * 60 + "b").split(JOINER)[-1].startswith("b")
    assert JOINER not in normal_form("NFD", "a" + "\u0301" * 30 + "b")


def test_megabytes_of_alternating_marks_are_digested_and_sketched() -> None:
    # Unbroken, the two take hours; a text that is left to run into the time limit of CI fails there.
    text = "a" + "\u0301\u0323" * 1_000_000
    assert text_digest(text) != text_digest(text + "\u0301")
    assert sketch(text)
