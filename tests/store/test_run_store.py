"""The run's store: what is committed together, what comes back, and what is said when the file is wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stancewire.errors import StancewireError
from stancewire.fingerprint import Fingerprint
from stancewire.store.database import FILE, SCHEMA, connect
from stancewire.store.packing import pack
from stancewire.store.run_store import RunStore, StoredResult, article_key, place_of
from stancewire.types import Article, LedgerEntry, Outcome, Skip

ARTICLE = Article(id="a1", text="Laila Noori rejects federalism.", source="a/news.jsonl:1")
MADE_BY = Fingerprint(run_id="run-1", readings=b"readings", answers=b"answers")
OTHER = Fingerprint(run_id="run-2", readings=b"others", answers=b"others")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    made = RunStore(tmp_path)
    yield made
    made.close()


def result(article: Article, outcome: Outcome = Outcome.DONE) -> StoredResult:
    entry = LedgerEntry(
        source=article.source, outcome=outcome, article_id=article.id, counts={"questions": 2}
    )
    return StoredResult(key=article_key(article), entry=entry, article=pack(article))


def save(store: RunStore, *articles: Article, made_by: Fingerprint = MADE_BY) -> None:
    with store.transaction():
        store.save([result(article) for article in articles], made_by=made_by, readings={}, answers={})
        for article in articles:
            store.add_article(article, digest=article.text.encode())


def test_an_article_and_its_result_come_back_together(store: RunStore) -> None:
    save(store, ARTICLE)
    (fate,) = store.fates()
    assert fate.entry == result(ARTICLE).entry
    assert fate.article == ARTICLE


def test_nothing_of_a_transaction_that_is_broken_off_stays(store: RunStore) -> None:
    def broken_off() -> None:
        with store.transaction():
            store.save([result(ARTICLE)], made_by=MADE_BY, readings={b"r": b"1"}, answers={b"a": b"2"})
            store.add_article(ARTICLE, digest=b"d")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert list(store.fates()) == []
    assert store.result(article_key(ARTICLE), made_by="run-1") is None


def test_result_counts_only_for_what_made_it(store: RunStore) -> None:
    save(store, ARTICLE)
    assert store.result(article_key(ARTICLE), made_by="run-1") is not None
    assert store.result(article_key(ARTICLE), made_by="run-2") is None


def test_a_new_run_forgets_the_input_of_the_last_and_not_its_results(store: RunStore) -> None:
    save(store, ARTICLE)
    store.start({"run_id": "run-1"})
    assert list(store.fates()) == []
    assert store.result(article_key(ARTICLE), made_by="run-1") is not None


def test_ledger_goes_by_source_with_numbers_by_size(store: RunStore) -> None:
    for number in (10, 9, 100):
        save(store, replace(ARTICLE, id=f"a{number}", source=f"a/news.jsonl:{number}"))
    with store.transaction():
        store.add_skip(Skip(source="a/news.jsonl:11", reason="no-text", detail="no text"))
    assert [fate.entry.source for fate in store.fates()] == [f"a/news.jsonl:{n}" for n in (9, 10, 11, 100)]


@pytest.mark.parametrize("source", ["a:9", "b/2024-01-02.txt", "news 10\n.txt", "x" * 500, "۹۹:1", ""])
def test_places_of_two_sources_differ(source: str) -> None:
    assert place_of(source) != place_of(f"{source}0")


def test_of_two_articles_with_one_id_the_first_source_counts_whichever_came_first(store: RunStore) -> None:
    other = replace(ARTICLE, text="Another text.", source="a/news.jsonl:3")
    copy = replace(ARTICLE, source="a/news.jsonl:2")
    save(store, other, copy, ARTICLE)
    assert [(fate.entry.outcome, fate.entry.reason) for fate in store.fates()] == [
        ("done", None),
        ("skipped", "duplicate"),
        ("failed", "duplicate-id"),
    ]


def test_adding_an_article_says_whether_its_id_is_new(store: RunStore) -> None:
    with store.transaction():
        assert store.add_article(ARTICLE, digest=b"d")
        assert not store.add_article(replace(ARTICLE, source="a/news.jsonl:2"), digest=b"d")


def test_article_is_the_same_whatever_its_source_and_another_if_anything_else_differs() -> None:
    assert article_key(ARTICLE) == article_key(replace(ARTICLE, source="elsewhere"))
    assert article_key(ARTICLE) != article_key(replace(ARTICLE, outlet="Another"))


def test_counts_say_what_became_of_the_input(store: RunStore) -> None:
    save(store, ARTICLE)
    with store.transaction():
        store.add_skip(Skip(source="b", reason="no-text", detail="no text"))
        store.add_article(replace(ARTICLE, source="c"), digest=b"another")
        store.add_article(replace(ARTICLE, source="d"), digest=ARTICLE.text.encode())
    tally = store.tally()
    assert tally.outcomes == {"done": 1, "failed": 2, "skipped": 1}
    assert tally.reasons == {"no-text": 1, "duplicate": 1, "duplicate-id": 1}


def test_others_read_while_one_writes(store: RunStore, tmp_path: Path) -> None:
    save(store, ARTICLE)
    with store.transaction():
        store.add_skip(Skip(source="b", reason="no-text", detail="no text"))
        reader = RunStore(tmp_path, read_only=True)
        assert len(list(reader.fates())) == 1
        reader.close()


def test_what_others_made_is_dropped_and_its_room_given_back(store: RunStore, tmp_path: Path) -> None:
    mine, theirs = (
        {number.to_bytes(2) + made: made * 5000 for number in range(500)} for made in (b"m", b"t")
    )
    other = replace(ARTICLE, id="a2")
    with store.transaction():
        store.save([result(other)], made_by=OTHER, readings=theirs, answers=theirs)
        store.save([result(ARTICLE)], made_by=MADE_BY, readings=mine, answers=mine)
    store.start({})  # what left the input stays
    before = size(store)
    assert store.drop_outdated(MADE_BY) == 1001
    assert size(store) < 0.6 * before
    assert store.result(article_key(ARTICLE), made_by="run-1") is not None
    assert store.result(article_key(other), made_by="run-2") is None
    for table, column in (("readings", "reading"), ("answers", "weights")):
        rows = store._connection.execute(f"SELECT key, {column} FROM {table}")
        assert dict(rows.fetchall()) == mine
    assert store.drop_outdated(MADE_BY) == 0


def size(store: RunStore) -> int:
    """Return how many bytes the store takes, its log written back."""
    store._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return (store._path).stat().st_size


def test_full_disk_is_named_and_what_was_committed_stays(store: RunStore) -> None:
    save(store, ARTICLE)
    pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
    store._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with (
        pytest.raises(StancewireError, match=r"run\.sqlite: database or disk is full; make room"),
        store.transaction(),
    ):
        store.save([result(ARTICLE)], made_by=OTHER, readings={b"r": b"x" * 100_000}, answers={})
    assert len(list(store.fates())) == 1
    assert store.result(article_key(ARTICLE), made_by="run-1") is not None


def test_store_of_another_version_is_named(tmp_path: Path) -> None:
    RunStore(tmp_path).close()
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("PRAGMA user_version = 7")
    connection.close()
    with pytest.raises(
        StancewireError, match=rf"run\.sqlite: a store of version 7, must be {SCHEMA}; choose another --out"
    ):
        connect(tmp_path)


def test_file_that_is_no_store_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all" * 100)
    with pytest.raises(
        StancewireError, match=r"run\.sqlite: file is not a database; damaged, or not a store"
    ):
        connect(tmp_path)


def test_no_store_to_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(StancewireError, match=r"run\.sqlite: unable to open database file"):
        connect(tmp_path, read_only=True)
    assert not (tmp_path / FILE).exists()
