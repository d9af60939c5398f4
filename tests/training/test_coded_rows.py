"""Coders' records as training rows: from a reviewed run, a Label Studio export, and a coder's table."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.coding.test_label_studio import annotated
from tests.review.runs import article, finish, record, two_articles

from stancewire.errors import InputError
from stancewire.exporters.label_studio import write_label_studio
from stancewire.exporters.source import Source
from stancewire.review.decisions import Correct, Reject
from stancewire.review.store import ReviewStore
from stancewire.run_folder import RunFolder
from stancewire.topics import load_codebook
from stancewire.training.annotated import AnnotatedFile
from stancewire.training.sources import read_annotations
from stancewire.types import Codebook, HolderKind, Stance

TALKS = (
    "The council met on Monday. Laila Noori rose first. She praised federalism, and nobody spoke against it. "
    "Omid Karimi waited. He would never talk to them, he said. The session ended late."
)
BOOK = """[codebook]
id = "book"
version = "1"

[[topic]]
id = "federalism"
name = "Federalism"
claim = "The country should be a federal state."
terms = ["federalism"]

[[topic]]
id = "negotiation"
name = "Negotiation"
claim = "The opposition should negotiate."
terms = ["negotiat*"]
"""


@pytest.fixture
def codebook(tmp_path: Path) -> Codebook:
    (tmp_path / "book.toml").write_text(BOOK, encoding="utf-8")
    return load_codebook(tmp_path / "book.toml")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    text = article("a3", TALKS)
    records = (
        record(text, "Laila Noori", "She praised federalism, and nobody spoke against it."),
        record(
            text,
            "Omid Karimi",
            "He would never talk to them, he said.",
            topic="negotiation",
            stance=Stance.AGAINST,
            mention="He",
        ),
    )
    return finish(tmp_path / "run", [*two_articles(), (text, records)])


def review(run: Path) -> None:
    (_, (first, second)), _ = two_articles()
    store = ReviewStore(run)
    at = "2026-01-01T00:00:00+00:00"
    store.append(Correct(by="anna", at=at, record=replace(first, stance=Stance.AGAINST), machine=first))
    store.append(Reject(by="anna", at=at, record=second, machine=second))
    store.close()


def read(words: object, codebook: Codebook | None = None, texts: tuple[str, ...] = ()) -> AnnotatedFile:
    (found,) = read_annotations([str(words)], codebook=codebook, texts=texts)
    return found


def test_a_run_teaches_what_people_decided_and_a_rejected_record_is_none(run: Path) -> None:
    review(run)
    found = read(run)
    assert [(row.query.holder, row.stance, row.query.topic) for row in found.rows] == [
        ("Laila Noori", Stance.AGAINST, "Federalism is right."),
        ("Omid Karimi", Stance.NONE, "Negotiation is right."),
    ]
    first = found.rows[0].query
    assert first.text == "Laila Noori said on Monday that federalism 🌍 would save the country."
    assert first.mention is not None
    assert first.mention.of(first.text) == "Laila Noori"
    assert len(found.sha256) == 64


def test_the_codebook_words_the_topics_and_the_passage_has_the_sentence_before_where_it_does_not_name_them(
    run: Path, codebook: Codebook
) -> None:
    rows = read(f"{run}@human-over-machine", codebook).rows
    passages = {row.query.text: row.query for row in rows if row.text == TALKS}
    assert "She praised federalism, and nobody spoke against it." in passages
    raised = passages["Omid Karimi waited. He would never talk to them, he said."]
    assert raised.topic == "The opposition should negotiate."
    assert raised.mention is not None
    assert raised.mention.of(raised.text) == "He"


def test_a_passage_without_the_holders_name_has_no_mark_and_is_counted(run: Path, codebook: Codebook) -> None:
    found = read(f"{run}@human-over-machine", codebook)
    (unmarked,) = [row for row in found.rows if "She praised" in row.query.text]
    assert (unmarked.query.holder, unmarked.query.mention) == ("Laila Noori", None)
    assert "1 passages in which the holder's name isn't, so that nothing is marked" in found.notes


def test_an_export_of_label_studio_carries_its_texts(run: Path, codebook: Codebook, tmp_path: Path) -> None:
    write_label_studio(Source(folder=RunFolder(run)), tmp_path / "tasks.json")
    tasks = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    export = tmp_path / "export.json"
    export.write_text(json.dumps(annotated(tasks, "anna@example.org")), encoding="utf-8")
    rows = read(export, codebook).rows
    assert sorted(row.stance.value for row in rows) == ["against", "against", "favor", "favor", "favor"]
    assert {row.query.topic for row in rows} == {
        "The country should be a federal state.",
        "The opposition should negotiate.",
    }
    with pytest.raises(
        InputError, match=r"export\.json: its records have topics such as .*--topics FILE names"
    ):
        read(export)


def test_a_coders_table_needs_the_texts_and_an_author_is_no_holder(
    codebook: Codebook, tmp_path: Path
) -> None:
    (tmp_path / "news.jsonl").write_text(json.dumps({"id": "a", "text": TALKS}) + "\n", encoding="utf-8")
    start = TALKS.index("She praised")
    table = tmp_path / "anna.csv"
    table.write_text(
        "article_id,holder,holder_kind,topic,stance,evidence_start,evidence_end\n"
        f"a,Laila Noori,author,federalism,favor,{start},{start + 22}\n"
        "a,Omid Karimi,person,negotiation,against,,\n",
        encoding="utf-8",
    )
    with pytest.raises(
        InputError, match=r"anna\.csv: no text of 1 articles, such as 'a'; --texts names the files"
    ):
        read(table, codebook)
    found = read(table, codebook, (str(tmp_path / "news.jsonl"),))
    assert [(row.query.holder, row.query.text) for row in found.rows] == [
        (None, "She praised federalism, and nobody spoke against it.")
    ]
    assert "1 records without evidence, which have no passage to learn from" in found.notes


def test_a_coders_table_with_its_texts_teaches_by_quotes_and_leaves_out_articles_without_a_stance(
    codebook: Codebook, tmp_path: Path
) -> None:
    table = tmp_path / "anna.csv"
    table.write_text(
        "article_id,holder,holder_kind,topic,stance,evidence_quote,text\n"
        f'a,Laila Noori,person,federalism,favor,She praised federalism,"{TALKS}"\n'
        "b,,,,none,,Nothing of the kind.\n",
        encoding="utf-8",
    )
    found = read(table, codebook)
    assert [(row.query.text, row.stance) for row in found.rows] == [
        ("She praised federalism, and nobody spoke against it.", Stance.FAVOR)
    ]


def test_evidence_that_is_not_in_the_text_and_topics_outside_the_scheme_are_named(
    codebook: Codebook, tmp_path: Path
) -> None:
    (tmp_path / "news.jsonl").write_text(json.dumps({"id": "a", "text": TALKS}) + "\n", encoding="utf-8")
    row = {"article_id": "a", "holder": "Laila Noori", "kind": HolderKind.PERSON.value, "stance": "favor"}
    gold = tmp_path / "gold.jsonl"
    gold.write_text(
        json.dumps({**row, "topic": "federalism", "evidence": [{"start": 0, "end": 4, "quote": "They"}]})
        + "\n",
        encoding="utf-8",
    )
    with pytest.raises(
        InputError, match=r"gold\.jsonl:1: evidence 1 .*the text has 'The ' there, the quote says 'They'"
    ):
        read(gold, codebook, (str(tmp_path / "news.jsonl"),))
    gold.write_text(json.dumps({**row, "topic": "taxes"}) + "\n", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"gold\.jsonl:1: topic 'taxes' is not in the codebook; known: federalism"
    ):
        read(gold, codebook, (str(tmp_path / "news.jsonl"),))


def test_a_models_own_records_are_refused(run: Path) -> None:
    with pytest.raises(
        InputError, match="a model's own records teach it nothing; name what people decided: @human"
    ):
        read(f"{run}@machine")
