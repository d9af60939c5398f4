"""Coders' records as training rows: the passage around each piece of evidence, with the holder's mention marked.

A passage is what the pipeline shows a classifier: the sentence with the evidence, after the one before it where it
doesn't name its topic itself. A record with no stance (judged so, or rejected in review) teaches "none".
"""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stancewire.coding.checks import check_evidence
from stancewire.coding.coded import Coding
from stancewire.coding.quotes import placed
from stancewire.coding.runs import read_run, texts_of_run
from stancewire.coding.sources import read_codings
from stancewire.coding.texts import articles_of
from stancewire.errors import InputError
from stancewire.evaluation.gold import GoldRecord
from stancewire.review.reviewed import Version
from stancewire.run_folder import RunFolder
from stancewire.stance.pairs import StanceQuery, find_words
from stancewire.topics import compile_terms
from stancewire.training.annotated import Annotated, AnnotatedFile, digest_of, sha256_of
from stancewire.training.rows import SENTENCE_END
from stancewire.types import Codebook, Evidence, HolderKind, Span, Topic

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Left:
    """What became of records that give no row, or not a whole one, counted by reason."""

    counts: Counter[str] = field(default_factory=Counter)

    def notes(self) -> tuple[str, ...]:
        """Return the counts in words."""
        return tuple(f"{count} {reason}" for reason, count in sorted(self.counts.items()))


def read_coded(words: str, codebook: Codebook | None, inputs: Sequence[str]) -> list[AnnotatedFile]:
    """Read a run's folder, a Label Studio export, gold rows or a coder's table as one set of rows a coder.

    A run's folder gives what people decided in review, unless it says @human-over-machine. The topics' claims are those
    of the codebook, else of the run; the texts those of the run or export, else of the articles among `inputs`. Raises
    InputError where a claim or a text is missing, and for evidence that isn't in the text.
    """
    codings = _codings(words)
    made = []
    for coding in codings:
        topics = _topics(coding, codebook)
        texts = _texts(coding, inputs)
        coding = placed(coding, texts)
        check_evidence([coding], texts)
        left = _Left()
        rows = tuple(
            row for record in coding.records for row in _rows(record, topics, texts, coding.source, left)
        )
        sha256 = digest_of(rows) if coding.is_run else sha256_of(Path(coding.source))
        name = coding.source if len(codings) == 1 else f"{coding.source} ({coding.coder})"
        made.append(AnnotatedFile(path=name, sha256=sha256, rows=rows, notes=(*coding.notes, *left.notes())))
    return made


def _codings(words: str) -> list[Coding]:
    """Read the source; a run's folder means what people say there, since its own records teach nothing new."""
    path = Path(words)
    if path.is_dir():
        return [read_run(path, coder=path.resolve().name, version=Version.HUMAN)]
    if words.endswith(f"@{Version.MACHINE}"):
        raise InputError(
            f"{words}: a model's own records teach it nothing; name what people decided: @{Version.HUMAN}"
        )
    return read_codings([words])


def _topics(coding: Coding, codebook: Codebook | None) -> Mapping[str, Topic]:
    if codebook is None and coding.is_run:
        codebook = RunFolder(Path(coding.source)).codebook
    wanted = {record.topic: record.where for record in reversed(coding.records)}
    if codebook is None:
        raise InputError(
            f"{coding.source}: its records have topics such as {min(wanted, default='-')!r}, and a model reads claims;"
            " --topics FILE names the codebook that they are from"
        )
    known = {topic.id: topic for topic in codebook.topics}
    for topic, where in wanted.items():
        if topic not in known:
            raise InputError(
                f"{where or coding.source}: topic {topic!r} is not in the codebook; known: {', '.join(sorted(known))}"
            )
    return known


def _texts(coding: Coding, inputs: Sequence[str]) -> dict[str, str]:
    """Return the articles' texts; raises InputError where records have an article that is nowhere."""
    wanted = {record.article_id for record in coding.records if record.article_id is not None}
    texts = dict(coding.texts)
    if coding.is_run:
        texts |= texts_of_run(Path(coding.source), wanted)
    if missing := wanted - texts.keys():
        texts |= {article.id: article.text for article in articles_of(inputs, missing)}
    if nowhere := sorted(wanted - texts.keys()):
        raise InputError(
            f"{coding.source}: no text of {len(nowhere)} articles, such as {nowhere[0]!r}; --texts names the files that"
            " they were read from"
        )
    return texts


def _rows(
    record: GoldRecord, topics: Mapping[str, Topic], texts: Mapping[str, str], source: str, left: _Left
) -> Iterator[Annotated]:
    if not record.evidence:
        left.counts["records without evidence, which have no passage to learn from"] += 1
        return
    topic, text = topics[record.topic], texts[record.article_id or ""]
    for each in record.evidence:
        passage = _passage(text, each, topic)
        holder = None if record.kind is HolderKind.AUTHOR else record.holder
        mention = _mention(record, passage, each, text) if holder else None
        if holder and mention is None:
            left.counts["passages in which the holder's name isn't, so that nothing is marked"] += 1
        yield Annotated(
            query=StanceQuery(text=passage.of(text), topic=topic.claim, holder=holder, mention=mention),
            stance=record.stance,
            text=text,
            topic=record.topic,
            where=record.where or source,
        )


def _passage(text: str, evidence: Evidence, topic: Topic) -> Span:
    """Return the sentences that hold the evidence, after the one before where they don't name the topic."""
    ends = [match.end() for match in SENTENCE_END.finditer(text)]
    starts = [0, *ends]
    first = bisect_right(starts, evidence.start) - 1
    last = next((end for end in ends if end >= evidence.end), len(text))
    span = _stripped(text, Span(start=starts[first], end=last))
    if first and not compile_terms(topic).search(span.of(text)):
        span = _stripped(text, Span(start=starts[first - 1], end=last))
    return span


def _stripped(text: str, span: Span) -> Span:
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip())
    return Span(start=start, end=max(start + 1, span.start + len(words.rstrip())))


def _mention(record: GoldRecord, passage: Span, evidence: Evidence, text: str) -> Span | None:
    """Return where the passage names the holder: in the evidence if it does, by the words used there before others."""
    inside = Span(start=evidence.start, end=evidence.end)
    for stretch in (inside, passage):
        for name in (*record.aliases, record.holder):
            found = find_words(name, stretch.of(text))
            if found:
                shift = stretch.start - passage.start
                return Span(start=found.start + shift, end=found.end + shift)
    return None
