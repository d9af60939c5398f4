"""Finished runs' folders, made without a model: given articles and records, written as a run writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from stancewire.copies import sketch
from stancewire.exports import write_exports
from stancewire.fingerprint import Fingerprint
from stancewire.store.packing import pack
from stancewire.store.run_store import RunStore, StoredResult, article_key
from stancewire.types import Article, Evidence, HolderKind, LedgerEntry, Outcome, Stance, StanceRecord, Voice
from stancewire.writers.manifest import write_manifest

TOPICS = {"federalism": "Federalism", "negotiation": "Negotiation"}
ENGLISH = "Laila Noori said on Monday that federalism 🌍 would save the country. Omid Karimi rejects talks."
PERSIAN = "لیلا نوری گفت که فدرالیسم کشور را نجات می‌دهد. امید کریمی مذاکره با طالبان را رد می‌کند."


def article(
    article_id: str = "a1",
    text: str = ENGLISH,
    *,
    outlet: str | None = "The Courier",
    day: str = "2024-05-01",
) -> Article:
    language = "fa" if text == PERSIAN else "en"
    return Article(
        id=article_id,
        text=text,
        source=f"news.jsonl:{article_id.strip('a') or 1}",
        title=f"Title of {article_id}",
        outlet=outlet,
        published=date.fromisoformat(day),
        language=language,
    )


def record(
    of: Article,
    holder: str,
    quote: str,
    *,
    topic: str = "federalism",
    stance: Stance = Stance.FAVOR,
    kind: HolderKind = HolderKind.PERSON,
    mention: str | None = None,
    confidence: float = 0.8,
    hedged: bool = False,
) -> StanceRecord:
    start = of.text.index(quote)
    shares = {each: round((1 - confidence) / 2, 4) for each in Stance}
    shares[stance] = confidence
    return StanceRecord(
        record_id=f"{of.id}-{holder}-{topic}",
        article_id=of.id,
        outlet=of.outlet,
        url=None,
        title=of.title,
        published=of.published.isoformat() if of.published else None,
        language=of.language,
        holder=holder,
        holder_id=None,
        holder_kind=kind,
        holder_mention=mention or holder,
        topic=topic,
        stance=stance,
        confidence=confidence,
        p_favor=shares[Stance.FAVOR],
        p_against=shares[Stance.AGAINST],
        p_neutral=shares[Stance.NEUTRAL],
        attribution=Voice.REPORTED,
        speaker=holder,
        hedged=hedged,
        conditional=False,
        changed=False,
        evidence=(Evidence(start=start, end=start + len(quote), quote=quote, p=confidence),),
        cues=(),
        cluster_id=None,
        model="m#1",
        codebook="book@1#abc",
        run_id="run-1",
        schema_version="2",
    )


def two_articles() -> list[tuple[Article, tuple[StanceRecord, ...]]]:
    """Return an English and a Persian article with three records."""
    english, persian = article(), article("a2", PERSIAN, outlet="Hasht", day="2024-07-09")
    return [
        (
            english,
            (
                record(english, "Laila Noori", "federalism 🌍 would save the country"),
                record(
                    english,
                    "Omid Karimi",
                    "Omid Karimi rejects talks.",
                    topic="negotiation",
                    stance=Stance.AGAINST,
                ),
            ),
        ),
        (persian, (record(persian, "لیلا نوری", "فدرالیسم کشور را نجات می‌دهد"),)),
    ]


def finish(folder: Path, found: Iterable[tuple[Article, Sequence[StanceRecord]]], **manifest: object) -> Path:
    """Write a run's folder: store, record files, ledger and manifest."""
    folder.mkdir(exist_ok=True)
    store = RunStore(folder)
    made_by = Fingerprint(run_id="run-1", readings=b"r", answers=b"a")
    store.start({"run_id": "run-1", "started": "2026-01-01T00:00:00+00:00"})
    with store.transaction():
        for each, records in found:
            store.add_article(each, digest=each.text.encode("utf-8", "replace"))
            store.save([_stored(each, tuple(records))], made_by=made_by, readings={}, answers={})
    write_exports(store, folder)
    store.close()
    write_manifest(folder / "manifest.json", {**_manifest(), **manifest})
    return folder


def _stored(each: Article, records: tuple[StanceRecord, ...]) -> StoredResult:
    entry = LedgerEntry(source="", outcome=Outcome.DONE, records=len(records))
    packed = pack(tuple(replace(one, cluster_id=None) for one in records)) if records else None
    return StoredResult(
        key=article_key(each),
        entry=entry,
        records=packed,
        article=pack(replace(each, source="", origins=type(each.origins)())) if records else None,
        sketch=sketch(each.text) if records else None,
    )


def _manifest() -> Mapping[str, object]:
    topics = [{"id": key, "name": name, "claim": f"{name} is right."} for key, name in TOPICS.items()]
    return {
        "codebook": "book@1#abc",
        "model": "m#1",
        "run_id": "run-1",
        "topics": topics,
        "schema_version": "2",
    }
