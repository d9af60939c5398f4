"""Label Studio tasks without the model's stances, so that coders aren't led by them.

The regions are those of exporters/label_studio.py, whose labelling interface they need.
"""

from __future__ import annotations

from typing import Any

from stancewire.coding.label_studio import ASKED
from stancewire.exporters.label_studio import EVIDENCE, SPAN, TEXT
from stancewire.exporters.text import one_newline
from stancewire.types import Article, StanceRecord


def article_task(article: Article) -> dict[str, Any]:
    """Return a task that asks for every stance in an article."""
    return {
        "data": {
            **{"id": article.id, "title": article.title or "", TEXT: one_newline(article.text)},
            **{
                "outlet": article.outlet,
                "author": article.author,
                "url": article.url,
                "language": article.language,
            },
            "published": article.published.isoformat() if article.published else None,
        }
    }


def record_task(article: Article, record: StanceRecord) -> dict[str, Any]:
    """Return a task that asks for the stance of one record: words, topic and holder are there, the rest is not."""
    task = article_task(article)
    result = []
    for index, words in enumerate(record.evidence):
        place = {"start": words.start, "end": words.end}
        id_ = f"{record.record_id}-{index}"
        parts: list[tuple[str, str, dict[str, Any]]] = [
            (SPAN, "labels", {**place, TEXT: words.quote, "labels": [EVIDENCE]}),
            ("topic", "choices", {**place, "choices": [record.topic]}),
            ("holder_kind", "choices", {**place, "choices": [record.holder_kind.value]}),
            ("holder_name", "textarea", {**place, TEXT: [record.holder]}),
        ]
        result += [
            {"id": id_, "from_name": name, "to_name": TEXT, "type": kind, "value": value}
            for name, kind, value in parts
        ]
    task["data"][ASKED] = {
        "record_id": record.record_id,
        "holder": record.holder,
        "holder_kind": record.holder_kind.value,
        "holder_mention": record.holder_mention,
        "topic": record.topic,
    }
    task["predictions"] = [{"model_version": f"{record.model}, without stances", "result": result}]
    return task
