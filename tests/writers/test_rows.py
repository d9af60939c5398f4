"""Records as rows and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest

from stancewire.errors import InputError
from stancewire.types import Article, Cue, CueKind, Evidence, StanceRecord
from stancewire.writers.rows import EvidenceError, as_row, best_evidence, check_evidence, from_row

Maker = Callable[..., StanceRecord]


def test_row_has_the_fields_of_the_record_in_order(make_record: Maker) -> None:
    assert list(as_row(make_record())) == [each.name for each in fields(StanceRecord)]


def test_row_survives_json_and_gives_the_record_back(make_record: Maker) -> None:
    record = make_record("federal state", "Zahra Amini", title=None)
    assert from_row(json.loads(json.dumps(as_row(record)))) == record


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("stance", "maybe", "news:7: stance is 'maybe'; known: favor, against, neutral"),
        ("stance", "none", "news:7: stance is 'none'; known: favor, against, neutral"),
        ("holder_kind", None, "news:7: holder_kind is None; known: person, organisation"),
        ("holder", None, "news:7: holder is None; should be text"),
        ("title", 3, "news:7: title is 3; should be text or null"),
        ("hedged", "no", "news:7: hedged is 'no'; should be true or false"),
        ("confidence", 1.2, "news:7: confidence is 1.2; should be a number from 0 to 1"),
        ("p_favor", float("nan"), "news:7: p_favor is nan; should be a number"),
        ("p_favor", True, "news:7: p_favor is True; should be a number"),
        ("evidence", "words", "news:7: evidence is 'words'; should be a list"),
        ("evidence", [{"start": 0}], "news:7: evidence[0]: no end; has ['start']"),
        ("evidence", [{"start": -1, "end": 1, "quote": "ab", "p": 1}], "news:7: evidence[0].start is -1"),
        (
            "evidence",
            [{"start": 0, "end": 3, "quote": "ab", "p": 1}],
            "should be the 3 characters from 0 to 3",
        ),
        ("speaker", 1, "news:7: speaker is 1; should be text or null"),
        ("cues", [{"start": 0}], "news:7: cues[0]: no kind; has ['start']"),
        (
            "cues",
            [{"kind": "loud", "start": 0, "end": 2, "quote": "ab"}],
            "news:7: cues[0].kind is 'loud'; known: speech, hedged, conditional, changed",
        ),
        (
            "cues",
            [{"kind": "hedged", "start": 0, "end": 3, "quote": "ab"}],
            "news:7: cues[0].quote is 'ab'; should be the 3 characters from 0 to 3",
        ),
    ],
)
def test_wrong_value_is_named_by_place_and_field(
    make_record: Maker, field: str, value: Any, told: str
) -> None:
    with pytest.raises(InputError) as caught:
        from_row({**as_row(make_record()), field: value}, place="news:7")
    assert told in str(caught.value)


def test_missing_and_unknown_fields_are_named(make_record: Maker) -> None:
    row = as_row(make_record())
    with pytest.raises(InputError, match="row: unknown field 'mood'"):
        from_row({**row, "mood": "good"}, place="row")
    del row["topic"]
    with pytest.raises(InputError, match="row: no topic; has"):
        from_row(row, place="row")


def test_best_evidence_is_the_likeliest(make_record: Maker) -> None:
    record = make_record("Zahra Amini", "federal state")
    best = best_evidence(record)
    assert best is not None
    assert best.quote == "Zahra Amini"
    assert best_evidence(replace(record, evidence=())) is None


def test_true_evidence_passes(make_record: Maker, article: Article) -> None:
    check_evidence(make_record("federal state", "Zahra Amini"), article.text)


@pytest.mark.parametrize(
    ("start", "end", "quote"), [(0, 3, "the"), (-7, -1, "silent"), (3, 3, ""), (90, 99, "silent.")]
)
def test_untrue_evidence_is_a_bug_that_names_its_record(
    make_record: Maker, article: Article, start: int, end: int, quote: str
) -> None:
    record = make_record(evidence=(Evidence(start=start, end=end, quote=quote, p=0.5),))
    with pytest.raises(EvidenceError, match=r"record a1-record, article a1, evidence 0: text\["):
        check_evidence(record, article.text)


def test_cue_that_the_text_does_not_have_is_a_bug_that_names_its_record(
    make_record: Maker, article: Article
) -> None:
    record = make_record(cues=(Cue(kind=CueKind.HEDGED, start=4, end=7, quote="may"),))
    with pytest.raises(EvidenceError, match=r"record a1-record, article a1, cue 0: text\[4:7\]"):
        check_evidence(record, article.text)
