"""A record as the page has it: what `row` is in the page's scripts, whether it comes from a report or the app."""

from __future__ import annotations

from typing import Any

from stancewire.review.reviewed import Reviewed, Status
from stancewire.types import StanceRecord

FLAGS = ("hedged", "conditional", "changed")


def row_of(reviewed: Reviewed) -> dict[str, Any]:
    """Return a record for the page, with the machine's where a person changed it."""
    is_changed = reviewed.status is Status.CORRECTED and reviewed.machine is not None
    return _shown(reviewed.record) | {
        "status": reviewed.status.value,
        "by": reviewed.by,
        "at": reviewed.at,
        "acceptedBy": reviewed.accepted_by,
        "acceptedAt": reviewed.accepted_at,
        "machine": _shown(reviewed.machine) if is_changed and reviewed.machine else None,
    }


def _shown(record: StanceRecord) -> dict[str, Any]:
    return {
        "id": record.record_id,
        "article": record.article_id,
        "title": record.title,
        "outlet": record.outlet,
        "published": record.published,
        "language": record.language,
        "holder": record.holder,
        "holderId": record.holder_id,
        "kind": record.holder_kind.value,
        "mention": record.holder_mention,
        "topic": record.topic,
        "stance": record.stance.value,
        "confidence": record.confidence,
        "p": [record.p_favor, record.p_against, record.p_neutral],
        "voice": record.attribution.value,
        "speaker": record.speaker,
        "flags": [name for name in FLAGS if getattr(record, name)],
        "evidence": evidence_of(record),
        "cues": cues_of(record),
        "cluster": record.cluster_id,
    }


def evidence_of(record: StanceRecord) -> list[list[Any]]:
    """Return [start, end, quote, p] of each piece of evidence, the best first."""
    best_first = sorted(record.evidence, key=lambda each: -each.p)
    return [[each.start, each.end, each.quote, each.p] for each in best_first]


def cues_of(record: StanceRecord) -> list[list[Any]]:
    """Return [kind, start, end, quote] of each cue."""
    return [[each.kind.value, each.start, each.end, each.quote] for each in record.cues]
