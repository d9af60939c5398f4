"""Copies of a story get one cluster id, and stories that only resemble each other don't."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from random import Random
from time import process_time

import pytest

from stancewire.copies import SKETCH_BYTES, clusters, sketch
from stancewire.errors import InputError
from tests.bench.copies import CUTS, EDITS, Edit, labelled, score

# Of STORY's sketch; if it changes, VERSION must too, because stores keep sketches.
DIGEST = "6955f5f9b7ec4de0746246cf50a2bd09bbb62001a8afdb2cf9c55981828e9f2e"
STORY = (
    "KABUL – The council will meet on Sunday, “whatever happens”, its chairman told reporters after a long night of "
    "talks with the governors. He did not say who would come. Two of the eleven members had left the hall before "
    "midnight, and a third said that he would only return if the vote was public."
)
PERSIAN = (
    "رئیس شورا گفت که نشست روز یکشنبه برگزار می‌شود و اعضای آن درباره آینده کشور گفت‌وگو خواهند کرد. "
    "او افزود که هنوز روشن نیست چه کسانی در این نشست شرکت می‌کنند و نتیجه آن چه خواهد بود."
)
CHINESE = "理事会主席周日表示,会议将按计划举行,成员将讨论国家的未来。他说,目前尚不清楚谁将出席会议,也不清楚结果如何。"


@pytest.fixture(scope="module")
def texts(root: Path) -> dict[str, str]:
    """Return the invented sample articles by id."""
    files = sorted((root / "corpora" / "sample").glob("*.articles.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return {row["id"]: row["text"] for row in rows}


def found(texts: Mapping[str, str]) -> dict[str, str]:
    return clusters((key, sketch(text)) for key, text in texts.items())


def test_labelled_copies_of_the_sample_are_found(texts: dict[str, str]) -> None:
    rows = labelled(texts, stories=12)
    hits, _ = score(rows, clusters((row.id, sketch(row.text)) for row in rows))
    assert hits.right > 50
    assert (hits.f1 or 0.0) >= 0.95


@pytest.mark.parametrize("edit", EDITS + CUTS)
def test_each_edit_alone_leaves_a_copy_a_copy(texts: dict[str, str], edit: Edit) -> None:
    copies = {f"{key}~": edit(text, Random(key)) for key, text in texts.items()}
    clustered = found(texts | copies)
    together = [key for key in texts if key in clustered and clustered[key] == clustered.get(f"{key}~")]
    assert len(together) >= 0.95 * len(texts)


def test_the_sample_has_no_copies(texts: dict[str, str]) -> None:
    assert found(texts) == {}


def test_order_does_not_matter(texts: dict[str, str]) -> None:
    rows = [(row.id, sketch(row.text)) for row in labelled(texts, stories=12)]
    shuffled = Random(3).sample(rows, len(rows))
    assert clusters(shuffled) == clusters(rows)


def test_identical_texts_are_one_cluster() -> None:
    assert len(set(found({"a": STORY, "b": STORY, "c": STORY}).values())) == 1


def test_an_unrelated_article_changes_no_id(texts: dict[str, str]) -> None:
    rows = {row.id: row.text for row in labelled(texts, stories=12)}
    assert found(rows | {"0": STORY, "zz": PERSIAN}) == found(rows)


def test_the_order_of_a_growing_cluster_leaves_its_id() -> None:
    two = found({"a": STORY, "b": f"{STORY} More follows."})
    three = found({"a": STORY, "b": f"{STORY} More follows.", "c": f"By Laila Noori. {STORY}"})
    assert set(two.values()) == set(three.values())
    assert set(three) == {"a", "b", "c"}


def test_no_archive_has_no_clusters() -> None:
    assert clusters([]) == {}


def test_empty_texts_are_no_copies_of_each_other() -> None:
    assert found({"a": "", "b": "", "c": " \n–…", "d": STORY}) == {}


def test_short_texts_are_copies_only_where_they_say_the_same() -> None:
    texts = {
        "a": "Correction",
        "b": "correction.",
        "c": "Weather",
        "d": "Kabul weather today",
        "e": "Photos of today",
    }
    assert set(found(texts)) == {"a", "b"}


@pytest.mark.parametrize("text", [PERSIAN, CHINESE], ids=["right to left", "without spaces"])
def test_every_script_is_read(text: str) -> None:
    clustered = found(
        {"a": text, "b": f"AFP – {text}", "c": text[: len(text) * 4 // 5], "d": text[::-1], "e": STORY}
    )
    assert set(clustered) == {"a", "b", "c"}


def test_arabic_and_persian_keyboards_write_the_same_word() -> None:
    assert sketch(PERSIAN.replace("ی", "ي").replace("ک", "ك")) == sketch(PERSIAN)


def test_quotes_case_and_entities_do_not_matter() -> None:
    other = STORY.upper().replace("“", "&quot;").replace("”", "&quot;").replace("–", "--")
    assert sketch(other) == sketch(STORY)


def test_a_brief_in_two_stories_does_not_make_them_one(texts: dict[str, str]) -> None:
    first, second, *_ = texts.values()
    clustered = found({"a": f"{STORY} {first}", "b": f"{STORY} {second}", "c": STORY})
    assert "a" not in clustered or clustered["a"] != clustered.get("b")


@pytest.mark.parametrize("tail", ["", " Page {}."], ids=["identical", "nearly identical"])
def test_5_000_copies_of_one_page_are_quick(tail: str) -> None:
    sketches = [(f"{number:04}", sketch(STORY + tail.format(number))) for number in range(5000)]
    started = process_time()
    clustered = clusters(sketches)
    assert process_time() - started < 20  # 0.5 s on an idle core; all pairs would take minutes
    assert len(clustered) == 5000
    assert len(set(clustered.values())) == 1


def test_a_sketch_is_the_same_whatever_the_hash_seed() -> None:
    code = f"from stancewire.copies import sketch; print(sketch({STORY!r}).hex())"
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert bytes.fromhex(run.stdout) == sketch(STORY)


def test_a_sketch_is_what_stores_have_kept() -> None:
    assert len(sketch(STORY)) == len(sketch("")) == SKETCH_BYTES
    assert sha256(sketch(STORY)).hexdigest() == DIGEST


def test_what_is_no_sketch_is_named() -> None:
    with pytest.raises(InputError, match=r"tt-1: not a sketch of version 1"):
        clusters([("tt-1", b"\x00" * SKETCH_BYTES)])
