"""What a page is given: records as columns, texts in blocks, and what found no room."""

from __future__ import annotations

import base64
import gzip
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.desk.makers import BOOK, HOSTILE, TEXT, article_of, record_of, write_page

from stancewire.counting import Once, Unit
from stancewire.desk.payload import Limits, Payload, make_payload
from stancewire.desk.report import report
from stancewire.review.reviewed import Reviewed, Status, Version
from stancewire.run_folder import RunFolder
from stancewire.types import Article, Origins, Stance, StanceRecord


def unpacked(coded: str) -> Any:
    return json.loads(gzip.decompress(base64.b64decode(coded)))


def payload_of(records: list[StanceRecord], articles: list[Article], **more: Any) -> Payload:
    reviewed = [Reviewed(record=record, machine=record) for record in records]
    return make_payload(reviewed, articles, **({"manifest": {}, "name": "test", "codebook": BOOK} | more))


def test_only_articles_with_records_come_along_and_their_texts_are_whole() -> None:
    article, other = article_of(), article_of("other", "Nobody said a thing.")
    payload = payload_of([record_of(article)], [other, article])
    assert unpacked(payload.articles)["id"] == ["a1"]
    assert unpacked(payload.articles)["text"] == [[0, 0]]
    assert [unpacked(block) for block in payload.texts] == [[TEXT]]


def test_same_records_make_the_same_bytes() -> None:
    article = article_of()
    one, two = (payload_of([record_of(article)], [article]) for _ in range(2))
    assert one == two


def test_lone_surrogate_of_a_damaged_text_keeps_its_place() -> None:
    article = article_of(text="Broken \udc80 byte. The council agrees.")
    payload = payload_of([record_of(article, "The council agrees.")], [article])
    (block,) = payload.texts
    assert unpacked(block) == [article.text]


def test_evidence_comes_best_first_with_its_places() -> None:
    article = article_of()
    record = record_of(article, "The council met", "Others kept silent.")
    worse, better = record.evidence
    record = replace(record, evidence=(replace(worse, p=0.1), better))
    (evidence,) = unpacked(payload_of([record], [article]).table)["rows"]["evidence"]
    assert [quote for _, _, quote, _ in evidence] == ["Others kept silent.", "The council met"]
    assert all(article.text[start:end] == quote for start, end, quote, _ in evidence)


def test_columns_count_a_story_and_an_outlet_once_as_counting_does() -> None:
    article = article_of()
    records = [
        record_of(article, record_id="1", cluster_id="one", outlet="Courier"),
        record_of(article, record_id="2", cluster_id="one", outlet="COURIER"),
        record_of(article, record_id="3", cluster_id="one", outlet=None, stance=Stance.AGAINST),
        record_of(article, record_id="4", cluster_id=None, outlet=None),
    ]
    rows = unpacked(payload_of(records, []).table)["rows"]
    once = Once()
    units = [unit for record in records for unit in once.units(record)]
    assert len(set(rows["story"])) == units.count(Unit.STORY) == 3
    assert len(set(rows["once"])) == units.count(Unit.OUTLET) == 3


def test_records_beyond_the_limit_are_counted_and_named() -> None:
    articles = [article_of(f"a{index}") for index in range(3)]
    meta = payload_of([record_of(each) for each in articles], articles, limits=Limits(records=2)).meta
    assert meta["facts"]["records"] == meta["facts"]["articles"] == 3
    (note,) = meta["notes"]
    assert "first 2 records and counts only these; 1 more" in note
    assert "`stancewire serve`" in note


def test_texts_beyond_the_limit_are_counted_and_their_articles_known() -> None:
    long = [article_of(f"a{index}", f"{TEXT} {index} {'word ' * 60_000}", author="Ada") for index in range(3)]
    records = [record_of(each) for each in long]
    table = payload_of(records, []).table
    room = len(table) + len(payload_of(records[:1], long[:1]).texts[0]) + 50
    payload = payload_of(records, long, limits=Limits(packed_bytes=room))
    about = unpacked(payload.articles)
    assert about["text"] == [[0, 0], None, None]
    assert about["author"] == ["Ada"] * 3
    assert "texts of 2 articles are left out" in payload.meta["notes"][0]


def test_article_that_is_not_given_is_known_from_its_record() -> None:
    about = unpacked(payload_of([record_of(article_of())], []).articles)
    assert (about["title"], about["text"]) == (["Council meets"], [None])


def test_origins_of_metadata_come_along() -> None:
    article = article_of(origins=Origins(outlet="meta og:site_name"))
    assert unpacked(payload_of([record_of(article)], [article]).articles)["origins"] == [
        {"outlet": "meta og:site_name"}
    ]


def test_topics_come_in_the_order_of_the_codebook_then_those_it_does_not_know() -> None:
    article = article_of()
    records = [record_of(article, topic=topic) for topic in ("new", "schools", "federalism")]
    topics = payload_of(records, []).meta["topics"]
    assert [(each["id"], each["name"]) for each in topics] == [
        ("federalism", "Federalism"),
        ("schools", "Schools"),
        ("new", "new"),
    ]


def test_corrected_record_carries_what_the_machine_said() -> None:
    machine = record_of(article_of())
    record = replace(machine, stance=Stance.AGAINST)
    reviewed = Reviewed(
        record=record, machine=machine, status=Status.CORRECTED, by="Mina", at="2026-01-02T03:04:05Z"
    )
    payload = make_payload([reviewed], [], manifest={}, name="test")
    table = unpacked(payload.table)
    assert table["machine"][record.record_id]["stance"] == "favor"
    assert (table["rows"]["by"], payload.meta["choices"]["statuses"]) == (["Mina"], ["corrected"])


def test_run_without_records_makes_a_page(tmp_path: Path) -> None:
    path = write_page(tmp_path / "report.html", [], [])
    assert "<h1" in path.read_text("utf-8")


def test_nothing_in_the_data_ends_its_element(tmp_path: Path) -> None:
    article = article_of(title=HOSTILE, text=TEXT + HOSTILE)
    record = record_of(article, holder=HOSTILE, topic=HOSTILE)
    page = write_page(
        tmp_path / "report.html", [record], [article], name=HOSTILE, manifest={HOSTILE: HOSTILE}
    ).read_text("utf-8")
    script = r"<script(?: [^>]*)?>(?:(?!</script).)*</script>"
    assert len(re.findall("</script", page)) == len(re.findall(script, page, re.S)) == 5
    assert "<script>alert" not in page
    assert "\u2028" not in page


def test_page_refers_to_nothing_outside(tmp_path: Path) -> None:
    page = write_page(tmp_path / "report.html", [record_of(article_of())], []).read_text("utf-8")
    markup = re.sub(r"<script.*?</script>|<style>.*?</style>", "", page, flags=re.S)
    assert "default-src 'none'" in page
    assert not re.findall(r"""(?:src|href)=""", markup)


def test_report_of_a_folder_has_the_version_asked_for(demo: RunFolder, tmp_path: Path) -> None:
    whole = report(demo, tmp_path / "whole.html").read_text("utf-8")
    people = report(demo, tmp_path / "people.html", version=Version.HUMAN).read_text("utf-8")
    count = len(list(demo.records()))
    assert count > 10
    assert f'"facts":{{"records":{count},' in whole
    assert '"facts":{"records":0,' in people


@pytest.mark.parametrize("name", ["d3.min.js", "plot.umd.min.js"])
def test_vendored_library_is_the_one_that_its_note_names(root: Path, name: str) -> None:
    import hashlib

    folder = root / "pipeline" / "stancewire" / "desk" / "page" / "vendor"
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    assert f"| {name} |" in (folder / "README.md").read_text("utf-8")
    assert digest in (folder / "README.md").read_text("utf-8")
