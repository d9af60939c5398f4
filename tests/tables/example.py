"""A small made-up run for the tests and for docs/tables.md: python tests/tables/example.py runs/example"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from stancewire.types import Cue, CueKind, Evidence, HolderKind, Stance, StanceRecord, Voice
from stancewire.writers.jsonl import JsonlWriter

TOPICS = (
    {"id": "dam", "name": "The dam", "claim": "The dam should be built."},
    {"id": "schools", "name": "Girls' schools", "claim": "Girls should go to secondary school."},
)
FAVOR, AGAINST, NEUTRAL = Stance.FAVOR, Stance.AGAINST, Stance.NEUTRAL
_PLAIN = StanceRecord(
    record_id="r0",
    article_id="a0",
    outlet="The Courier",
    url=None,
    title=None,
    published="2024-01-10",
    language="en",
    holder="Laila Noori",
    holder_id=None,
    holder_kind=HolderKind.PERSON,
    holder_mention="Laila Noori",
    topic="dam",
    stance=FAVOR,
    confidence=0.9,
    p_favor=0.9,
    p_against=0.05,
    p_neutral=0.05,
    attribution=Voice.QUOTED,
    speaker="Laila Noori",
    hedged=False,
    conditional=False,
    changed=False,
    evidence=(Evidence(start=0, end=15, quote="“Build the dam”", p=0.9),),
    cues=(),
    cluster_id=None,
    model="m",
    codebook="valley@1#0",
    run_id="run-example",
    schema_version="2",
)


def record(article: str = "a0", **changes: Any) -> StanceRecord:
    """Return a record of an article, `Laila Noori` for the dam unless told otherwise."""
    if "quote" in changes:
        quote = changes.pop("quote")
        changes["evidence"] = (Evidence(start=0, end=len(quote), quote=quote, p=0.9),)
    made = replace(_PLAIN, article_id=article, **changes)
    if "speaker" not in changes:
        made = replace(made, speaker=made.holder)
    if "record_id" not in changes:
        made = replace(made, record_id=f"{article}-{made.holder}-{made.holder_kind}-{made.topic}")
    return made


def write_run(folder: Path, records: Iterable[StanceRecord]) -> Path:
    """Write a run's folder that has these records, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    number = 0
    with JsonlWriter(folder / "records.jsonl") as file:
        for each in records:
            file.write([each])
            number += 1
    manifest = {
        "run_id": "run-example",
        "codebook": "valley@1#0",
        "topics": TOPICS,
        "counts": {"records": number},
        "finished": "2026-03-02T12:30:00+00:00",
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def example() -> list[StanceRecord]:
    """Return the run's records: two outlets, a copied story, a turn, a contradiction, an article without a date."""
    council = {
        "holder": "River Council",
        "holder_kind": HolderKind.ORGANISATION,
        "attribution": Voice.REPORTED,
    }
    opposed = {**council, "speaker": "Laila Noori", "stance": AGAINST, "cluster_id": "c1"}
    safi, valley = {"holder": "Karim Safi"}, {"outlet": "Valley Post"}
    unnamed = {"outlet": None, "speaker": None, "attribution": Voice.REPORTED}
    no_longer = (Cue(kind=CueKind.CHANGED, start=12, end=21, quote="no longer"),)
    later = "The council no longer opposes the dam."
    records = [
        record("a1", published="2023-05-02", quote="“Build the dam, and build it now.”"),
        record("a1", **safi, published="2023-05-02", stance=AGAINST, quote="Safi called the dam a folly."),
        # a2 and a3 are one story in two outlets.
        record("a2", published="2023-09-20", cluster_id="c1", quote="“The valley needs the dam.”"),
        record("a2", **opposed, published="2023-09-20", quote="She said that the council rejects it."),
        record("a3", **valley, published="2023-09-21", cluster_id="c1", quote="“The valley needs the dam.”"),
        record(
            "a3", **valley, **opposed, published="2023-09-21", quote="She said that the council rejects it."
        ),
        record("a4", **valley, published="2024-02-11", stance=AGAINST, quote="“Not this dam, not any more.”"),
        record("a5", published="2024-03-05", stance=AGAINST, attribution=Voice.REPORTED, confidence=0.55),
        record("a6", **valley, **council, published="2024-06-30", changed=True, cues=no_longer, quote=later),
        record("a7", **safi, published="2024-06-30", topic="schools"),
        record("a7", **safi, published="2024-06-30", stance=AGAINST),
        record("a8", **safi, **unnamed, published=None, topic="schools", stance=NEUTRAL),
    ]
    return [replace(each, record_id=f"r{number:02}") for number, each in enumerate(records, start=1)]


if __name__ == "__main__":
    write_run(Path(sys.argv[1]), example())
