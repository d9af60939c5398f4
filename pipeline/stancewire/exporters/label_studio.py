"""Articles as Label Studio tasks: what the machine found as predictions, what people decided as annotations.

The format: Label Studio's "Import pre-annotated data". Offsets count Unicode characters, as Label Studio does since 1.2
(github.com/HumanSignal/label-studio, pull request 1559).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from stancewire.exporters.source import Exported, Source, review_cells
from stancewire.exporters.text import encodable, guid, one_newline
from stancewire.review.reviewed import Reviewed, Status
from stancewire.types import Article, CueKind, HolderKind, Stance, StanceRecord, Voice
from stancewire.writers.partial import PartialFile
from stancewire.writers.rows import as_row

SPAN, TEXT = "span", "text"
EVIDENCE, HOLDER = "evidence", "holder"
COLOURS: dict[str, str] = {
    EVIDENCE: "#f2c14e",
    HOLDER: "#4d9de0",
    CueKind.SPEECH.value: "#9aa5b1",
    CueKind.HEDGED.value: "#e15554",
    CueKind.CONDITIONAL.value: "#7768ae",
    CueKind.CHANGED.value: "#3bb273",
}
HELD = (Stance.FAVOR, Stance.AGAINST, Stance.NEUTRAL)


def write_label_studio(source: Source, out: Path) -> Exported:
    """Write the tasks, and beside them the labelling interface as <name>.xml.

    Raises InputError where the run's store, which has the texts, is gone.
    """
    interface = source.free(out.with_name(f"{out.stem}.xml"))
    unplaced = 0
    with PartialFile(out) as file:
        file.append(b"[")
        for number, (article, records) in enumerate(source.coded()):
            task = _task(article, records)
            unplaced += sum(not _holder_span(article, each.record) for each in records)
            line = json.dumps(task, ensure_ascii=False)
            file.append((b",\n" if number else b"\n") + encodable(line).encode("utf-8"))
        file.append(b"\n]\n")
    with PartialFile(interface) as file:
        file.append(labelling_interface(source).encode("utf-8"))
    left = f"label-studio: {unplaced} records' holders aren't named in the text by their mention; they have no span"
    return Exported(paths=(out, interface), notes=(left,) if unplaced else ())


def labelling_interface(source: Source) -> str:
    """Return the labelling interface: spans with a topic, a stance, a voice, flags, and the holder's name and kind."""
    topics = source.folder.codebook.topics
    labels = "\n".join(
        f"    <Label value={quoteattr(name)} background={quoteattr(colour)}/>"
        for name, colour in COLOURS.items()
    )
    return f"""<View>
  <Header value="$title"/>
  <Labels name="{SPAN}" toName="{TEXT}">
{labels}
  </Labels>
  <Text name="{TEXT}" value="$text" granularity="word"/>
{_choices("topic", [topic.id for topic in topics])}
{_choices("stance", HELD)}
{_choices("holder_kind", list(HolderKind))}
{_choices("attribution", list(Voice))}
{_choices("flags", ["hedged", "conditional", "changed"], choice="multiple")}
  <TextArea name="holder_name" toName="{TEXT}" perRegion="true" whenTagName="{SPAN}" whenLabelValue="{EVIDENCE}"/>
</View>
"""


def _choices(name: str, values: Sequence[str], *, choice: str = "single") -> str:
    options = "".join(f"<Choice value={quoteattr(encodable(str(value)))}/>" for value in values)
    return (
        f'  <Choices name="{name}" toName="{TEXT}" choice="{choice}" perRegion="true"'
        f' whenTagName="{SPAN}" whenLabelValue="{EVIDENCE}">{options}</Choices>'
    )


def _task(article: Article, records: Sequence[Reviewed]) -> dict[str, Any]:
    decided = [each for each in records if each.status is not Status.UNREVIEWED]
    found = [each for each in records if each.machine is not None]
    data = {
        **{"id": article.id, "title": article.title or "", TEXT: one_newline(article.text)},
        **{
            "outlet": article.outlet,
            "author": article.author,
            "url": article.url,
            "language": article.language,
        },
        "published": article.published.isoformat() if article.published else None,
        "records": [{**as_row(each.record), **review_cells(each)} for each in records],
    }
    predictions = _by_model(article, [each.machine for each in found if each.machine])
    task: dict[str, Any] = {"data": data, "predictions": predictions}
    if decided:
        result = [region for each in decided for region in _regions(article, each.record)]
        task["annotations"] = [{"result": result, "was_cancelled": False, "ground_truth": False}]
    return task


def _by_model(article: Article, records: Sequence[StanceRecord]) -> list[dict[str, Any]]:
    predictions = []
    for model in sorted({record.model for record in records}):
        made = [record for record in records if record.model == model]
        result = [region for record in made for region in _regions(article, record)]
        score = round(sum(record.confidence for record in made) / len(made), 4)
        predictions.append({"model_version": model, "score": score, "result": result})
    return predictions


def _regions(article: Article, record: StanceRecord) -> Iterator[dict[str, Any]]:
    """Yield the record's spans, and what is chosen of each passage of evidence."""
    main = ""
    for index, words in enumerate(record.evidence):
        id_ = guid(record.record_id, EVIDENCE, str(index))
        main = main or id_
        place = {"start": words.start, "end": words.end}
        yield _region(id_, SPAN, "labels", {**place, "text": words.quote, "labels": [EVIDENCE]}, words.p)
        for name, values in _chosen(record).items():
            if values:
                yield _region(id_, name, "choices", {**place, "choices": values})
        yield _region(id_, "holder_name", "textarea", {**place, "text": [record.holder]})
    for index, cue in enumerate(record.cues):
        value = {"start": cue.start, "end": cue.end, "text": cue.quote, "labels": [cue.kind.value]}
        yield _region(guid(record.record_id, "cue", str(index)), SPAN, "labels", value)
    if span := _holder_span(article, record):
        id_ = guid(record.record_id, HOLDER)
        value = {"start": span[0], "end": span[1], "text": article.text[slice(*span)], "labels": [HOLDER]}
        yield _region(id_, SPAN, "labels", value)
        if main:
            yield {"type": "relation", "from_id": id_, "to_id": main, "direction": "right", "labels": []}


def _chosen(record: StanceRecord) -> dict[str, list[str]]:
    return {
        "topic": [record.topic],
        "stance": [record.stance.value],
        "holder_kind": [record.holder_kind.value],
        "attribution": [record.attribution.value],
        "flags": [name for name in ("hedged", "conditional", "changed") if getattr(record, name)],
    }


def _region(
    id_: str, name: str, kind: str, value: dict[str, Any], score: float | None = None
) -> dict[str, Any]:
    region = {"id": id_, "from_name": name, "to_name": TEXT, "type": kind, "value": value}
    return region if score is None else {**region, "score": score}


def _holder_span(article: Article, record: StanceRecord) -> tuple[int, int] | None:
    """Return where the holder is named: in the evidence, else last before it, else first behind it.

    Records have the words of the mention, not their place.
    """
    words = record.holder_mention
    if not words or not record.evidence:
        return None
    best = max(record.evidence, key=lambda each: each.p)
    text = article.text
    at = text.find(words, best.start, best.end)
    if at < 0:
        at = text.rfind(words, 0, best.end)
    if at < 0:
        at = text.find(words, best.end)
    return (at, at + len(words)) if at >= 0 else None
