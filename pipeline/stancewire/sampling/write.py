"""What a sample leaves in its folder: the design, and for each coder Label Studio tasks and a table to fill in.

sample.json    the design: unit, seed, strata with population and drawn, each item with its chance, weight and coders
sample.csv     the items as a table
labels.xml     the labelling interface for Label Studio
NAME.json      a coder's tasks for Label Studio, in the coder's order
NAME.csv       the same for a spreadsheet: a row for each item, with the columns that `stancewire agree` reads

Coders don't see what the model says of an article; of a record they see holder, topic and words, not the stance.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from stancewire.coding.tables import JUDGED
from stancewire.errors import ConfigError
from stancewire.exporters.label_studio import labelling_interface
from stancewire.exporters.source import Source
from stancewire.exporters.text import one_newline
from stancewire.sampling.coders import coders_of
from stancewire.sampling.population import Item, Unit
from stancewire.sampling.sample import Sample
from stancewire.sampling.tasks import article_task, record_task
from stancewire.types import Article, StanceRecord
from stancewire.writers.csv import guarded
from stancewire.writers.partial import PartialFile, make_folder
from stancewire.writers.rows import best_evidence

DESIGN, ITEMS, INTERFACE = "sample.json", "sample.csv", "labels.xml"
ASKED = ("holder", "holder_kind", "topic", "stance", "attribution", "hedged", "conditional", "changed")
WORDS = ("holder_mention", "evidence_start", "evidence_end", "evidence_quote")
SEEN = ("title", "outlet", "published", "url", "text")


def write_sample(sample: Sample, out: Path) -> list[Path]:
    """Write a sample into a folder and return the files; raises ConfigError where a sample lies there already."""
    if (out / DESIGN).exists():
        raise ConfigError(
            f"{out}: there is a sample already; choose another folder, its coders may be at work"
        )
    make_folder(out)
    items = {item.id: item for item in sample.items}
    files: dict[str, bytes] = {INTERFACE: labelling_interface(Source(folder=sample.folder)).encode()}
    for coder, own in sample.given.items():
        chosen = [items[name] for name in own]
        files[f"{coder}.json"] = _json([_task(sample, item) for item in chosen])
        files[f"{coder}.csv"] = _table([*_head(sample), *ASKED, *WORDS, *SEEN], _rows(sample, chosen))
    files[ITEMS] = _table(list(_item_columns(sample)), [list(_cells(row)) for row in _items(sample)])
    files[DESIGN] = _json(_design(sample))  # last: a folder with it is whole
    for name, data in files.items():
        with PartialFile(out / name) as file:
            file.append(data)
    return [out / name for name in files]


def _design(sample: Sample) -> dict[str, Any]:
    settings, population, folder = sample.settings, sample.population, sample.folder
    manifest = folder.manifest
    return {
        "run": {name: manifest.get(name) for name in ("run_id", "model", "codebook", "schema_version")},
        "version": settings.version.value,
        "unit": settings.unit.value,
        "size": settings.size,
        "seed": settings.seed,
        "population": len(population.items),
        "left_out": dict(population.left_out),
        "by": [each.value for each in settings.by],
        "allocation": settings.allocation.value if sample.drawn else None,
        "at_least": settings.at_least,
        "whole": list(settings.whole),
        "with_records_only": settings.with_records_only,
        "useful": settings.useful.value if settings.useful else None,
        "strata": [
            {
                "name": stratum.name,
                "population": stratum.population,
                "drawn": stratum.drawn,
                "probability": stratum.probability,
                "weight": stratum.weight,
            }
            for stratum in (sample.drawn.strata if sample.drawn else ())
        ],
        "coders": {coder: list(own) for coder, own in sample.given.items()},
        "overlap": settings.overlap,
        "items": list(_items(sample)),
    }


def _items(sample: Sample) -> Iterator[dict[str, Any]]:
    coders = coders_of(sample.given)
    scores = {each.item.id: each for each in sample.chosen}
    for item in sample.items:
        row: dict[str, Any] = {"id": item.id, "article_id": item.article_id, "stratum": item.stratum}
        if sample.drawn:
            stratum = sample.drawn.stratum_of(item)
            row |= {"probability": stratum.probability, "weight": stratum.weight}
        else:
            row |= {"score": round(scores[item.id].score, 6), "why": scores[item.id].why}
        yield {**row, "coders": coders[item.id]}


def _item_columns(sample: Sample) -> Sequence[str]:
    return list(next(_items(sample)))


def _cells(row: dict[str, Any]) -> Iterator[str]:
    for value in row.values():
        yield guarded(" ".join(value) if isinstance(value, list) else str(value))


def _task(sample: Sample, item: Item) -> dict[str, Any]:
    article = sample.articles[item.article_id]
    record = sample.records.get(item.id)
    return record_task(article, record) if record else article_task(article)


def _head(sample: Sample) -> list[str]:
    return ["article_id", "unit"] if sample.settings.unit is Unit.RECORD else ["article_id"]


def _rows(sample: Sample, items: Iterable[Item]) -> Iterator[list[str]]:
    """Yield a coder's rows: of an article blank to fill in, of a record blank but for what is asked about."""
    for item in items:
        article = sample.articles[item.article_id]
        record = sample.records.get(item.id)
        head = [item.article_id, JUDGED] if record else [item.article_id]
        cells = _of_record(record) if record else [""] * (len(ASKED) + len(WORDS))
        yield [guarded(cell) for cell in (*head, *cells, *_of_article(article))]


def _of_record(record: StanceRecord) -> list[str]:
    best = best_evidence(record)
    asked = [record.holder, record.holder_kind.value, record.topic, *[""] * (len(ASKED) - 3)]
    words = [str(best.start), str(best.end), best.quote] if best else ["", "", ""]
    return [*asked, record.holder_mention, *words]


def _of_article(article: Article) -> list[str]:
    published = article.published.isoformat() if article.published else ""
    return [
        article.title or "",
        article.outlet or "",
        published,
        article.url or "",
        one_newline(article.text),
    ]


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(header)
    table.writerows(rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
