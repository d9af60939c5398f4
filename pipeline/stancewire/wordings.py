"""Other wordings of a topic's claim, as the codebook gives them: tried by the sensitivity test, never by a run."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from stancewire.topics import Level, Remark, folded, is_claim, load_codebook
from stancewire.types import Codebook, Topic


def read_paraphrases(path: Path | str) -> dict[str, tuple[str, ...]]:
    """Return each topic's `paraphrases` by its id, in the file's order; raises ConfigError as load_codebook does."""
    codebook = load_codebook(path)
    rows = tomllib.loads(Path(path).read_text(encoding="utf-8"))["topic"]
    pairs = zip(codebook.topics, rows, strict=True)
    return {
        topic.id: tuple(wording.strip() for wording in row.get("paraphrases", ())) for topic, row in pairs
    }


def check_paraphrases(codebook: Codebook, paraphrases: Mapping[str, tuple[str, ...]]) -> list[Remark]:
    """Return what is doubtful about other wordings of claims."""
    return [remark for topic in codebook.topics for remark in _remarks(topic, paraphrases.get(topic.id, ()))]


def _remarks(topic: Topic, wordings: tuple[str, ...]) -> Iterator[Remark]:
    seen = {folded(topic.claim): "the claim"}
    for wording in wordings:
        if topic.opposite and folded(wording) == folded(topic.opposite):
            yield _remark(topic, Level.ERROR, f"paraphrase {wording!r} is the opposite, not the claim")
        elif (same := seen.get(folded(wording))) is not None:
            yield _remark(topic, Level.WARNING, f"paraphrase {wording!r} says the same words as {same}")
        elif not is_claim(wording):
            message = (
                f"paraphrase {wording!r} is no claim: write a full sentence that one can support or reject"
            )
            yield _remark(topic, Level.WARNING, message)
        seen.setdefault(folded(wording), "another one")


def _remark(topic: Topic, level: Level, message: str) -> Remark:
    return Remark(level=level, topic=topic.id, message=message)
