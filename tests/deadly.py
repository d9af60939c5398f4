"""A recognizer whose process some articles are the death of, installed as a plug-in of another package."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stancewire.settings import Settings

DEADLY = """
import os, re, signal
from pathlib import Path
from stancewire.types import Actor, HolderKind, Mention, Reading, Role, Sentence, Span

FOLDER = Path(__file__).parent

class DeadlyRecognizer:
    '''Knows whoever an article's first two words name; some articles are the death of the process.'''
    name = "deadly"

    def __init__(self, *, model, registry):
        if (FOLDER / "too large").exists():
            os.kill(os.getpid(), signal.SIGKILL)

    def read(self, articles):
        for article in articles:
            if not (FOLDER / "mended").exists():
                if "SIGKILL" in article.text:
                    os.kill(os.getpid(), signal.SIGKILL)
                if "exit" in article.text:
                    os._exit(3)
            name = re.match(r"\\w+ \\w+", article.text)[0]
            actor = Actor(name=name, kind=HolderKind.PERSON)
            span = Span(start=0, end=len(name))
            yield Reading(
                article=article,
                sentences=(Sentence(span=Span(start=0, end=len(article.text)), index=0, paragraph=0),),
                mentions=(Mention(span=span, text=name, actor=actor, role=Role.SUBJECT),),
            )
"""


def install_deadly(folder: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Settings:
    """Put the plug-in into `folder`, where this process and its workers find it; return settings that name it."""
    (folder / "deadly.py").write_text(DEADLY, encoding="utf-8")
    metadata = folder / "deadly-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: deadly\nVersion: 1.0\n", encoding="utf-8"
    )
    (metadata / "entry_points.txt").write_text(
        "[stancewire.recognizers]\ndeadly = deadly:DeadlyRecognizer\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "deadly", raising=False)
    return replace(settings, recognizer="deadly")


def fatal(row: dict[str, str], death: str) -> dict[str, str]:
    """Return another article, one that names the topic and is the death of its process."""
    return {"id": f"{row['id']}-{death}", "text": f"Laila Noori rejects federalism. {death}! {row['text']}"}


def ledger(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "ledger.jsonl").read_text(encoding="utf-8").splitlines()]
