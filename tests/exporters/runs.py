"""A finished run's folder with what exports stumble over: names like formulas, control characters, emoji, CR LF."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from stancewire.fingerprint import Fingerprint
from stancewire.review.decisions import Accept, Add, Correct, Decision
from stancewire.review.store import ReviewStore
from stancewire.run_folder import RunFolder
from stancewire.store.packing import pack
from stancewire.store.run_store import RunStore, StoredResult, article_key
from stancewire.types import (
    Article,
    Cue,
    CueKind,
    Evidence,
    HolderKind,
    LedgerEntry,
    Outcome,
    Stance,
    StanceRecord,
    Voice,
)
from stancewire.writers.jsonl import JsonlWriter

TEXT = "The 🏛 council met.\r\nZahra Amini may back the dam, she said.\rOthers 🙂 rejected the dam: ما مخالفیم"
SECOND = "The Water Union wants the tax. It rejects the dam."
ARTICLES = (
    Article(
        id="a1",
        text=TEXT,
        source="news.jsonl:1",
        title='=HYPERLINK("http://x") <script>alert(1)</script>',
        outlet="The Courier & Sons",
        url="https://courier.example/a1?x=1&y=2",
        published=date(2023, 5, 1),
        language="en",
    ),
    Article(
        id="a2", text=SECOND, source="news.jsonl:2", title="Tax", outlet="Post", published=date(2024, 2, 3)
    ),
)
TOPICS = [
    {
        "id": "dam",
        "name": "The dam",
        "claim": "The dam should be built.",
        "opposite": "It should not.",
        "terms": ["dam"],
    },
    {"id": "tax", "name": "Tax", "claim": "There should be a water tax.", "terms": ["tax"]},
]
EVIL = '=cmd|"/c calc"!A1 <script>\x07"\ud800\ufffe\n' + "x" * 10_000


def evidence(text: str, quote: str, p: float) -> Evidence:
    start = text.index(quote)
    return Evidence(start=start, end=start + len(quote), quote=quote, p=p)


def cue(text: str, quote: str, kind: CueKind) -> Cue:
    start = text.index(quote)
    return Cue(kind=kind, start=start, end=start + len(quote), quote=quote)


def record(id_: str, article: Article, holder: str, topic: str, stance: str, *quotes: str) -> StanceRecord:
    words = tuple(evidence(article.text, quote, 0.9 - index / 10) for index, quote in enumerate(quotes))
    return StanceRecord(
        record_id=id_,
        article_id=article.id,
        outlet=article.outlet,
        url=article.url,
        title=article.title,
        published=article.published.isoformat() if article.published else None,
        language=article.language,
        holder=holder,
        holder_id=None,
        holder_kind=HolderKind.PERSON,
        holder_mention=holder,
        topic=topic,
        stance=Stance(stance),
        confidence=0.9,
        p_favor=0.9 if stance == "favor" else 0.05,
        p_against=0.9 if stance == "against" else 0.05,
        p_neutral=0.02,
        attribution=Voice.REPORTED,
        speaker=None,
        hedged=False,
        conditional=False,
        changed=False,
        evidence=words,
        cues=(),
        cluster_id=None,
        model="tiny@1#abc",
        codebook="test@1#def",
        run_id="run-1",
        schema_version="2",
    )


ZAHRA = replace(
    record("r1", ARTICLES[0], "Zahra Amini", "dam", "favor", "Zahra Amini may back the dam, she said."),
    hedged=True,
    speaker="Zahra Amini",
    holder_id="zahra-amini",
    cues=(cue(TEXT, "said", CueKind.SPEECH), cue(TEXT, "may", CueKind.HEDGED)),
)
OTHERS = replace(
    record(
        "r2", ARTICLES[0], "Others", "dam", "against", "Others 🙂 rejected the dam: ما مخالفیم", "ما مخالفیم"
    ),
    holder_kind=HolderKind.GROUP,
)
UNION = replace(
    record("r3", ARTICLES[1], "The Water Union", "tax", "favor", "The Water Union wants the tax."),
    holder_kind=HolderKind.ORGANISATION,
)
UNSURE = replace(
    record("r4", ARTICLES[1], EVIL, "dam", "neutral", "It rejects the dam."),
    confidence=0.41,
    holder_mention="It",
    cluster_id="c-1",
)
RECORDS = (ZAHRA, OTHERS, UNION, UNSURE)
ADDED = replace(record("r5", ARTICLES[1], "Zahra Amini", "dam", "against"), model="", confidence=1.0)


def decisions() -> list[Decision]:
    """Return what two people said: r1 is right, r3 is against, and r5 was missed."""
    at = "2026-03-03T10:00:00+00:00"
    corrected = replace(UNION, stance=Stance.AGAINST, confidence=1.0)
    return [
        Accept(by="Mira", at=at, record=ZAHRA, machine=ZAHRA),
        Correct(by="Jon", at=at, record=corrected, machine=UNION),
        Add(by="Mira", at=at, record=ADDED, machine=None),
    ]


def make_run(
    folder: Path,
    records: Sequence[StanceRecord] = RECORDS,
    *,
    said: Sequence[Decision] = (),
    articles: Sequence[Article] = ARTICLES,
) -> RunFolder:
    """Write a run's folder as `stancewire run` leaves it."""
    folder.mkdir(parents=True, exist_ok=True)
    with JsonlWriter(folder / "records.jsonl") as file:
        file.write(records)
    manifest = {
        **{"run_id": "run-1", "codebook": "test@1#def", "model": "tiny@1#abc", "schema_version": "2"},
        **{"started": "2026-03-02T12:30:00+00:00", "topics": TOPICS, "counts": {"records": len(records)}},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    store = RunStore(folder)
    store.start({"run_id": "run-1"})
    with store.transaction():
        for article in articles:
            store.save(
                [_result(article)],
                made_by=Fingerprint(run_id="run-1", readings=b"r", answers=b"a"),
                readings={},
                answers={},
            )
            store.add_article(article, digest=article.id.encode())
    store.close()
    if said:
        review = ReviewStore(folder)
        for decision in said:
            review.append(decision)
        review.close()
    return RunFolder(folder)


def _result(article: Article) -> StoredResult:
    entry = LedgerEntry(source=article.source, outcome=Outcome.DONE, article_id=article.id, records=1)
    return StoredResult(key=article_key(article), entry=entry, records=pack(()), article=pack(article))
