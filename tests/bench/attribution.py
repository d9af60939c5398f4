"""Measures who says what on PolNeAR's dev part: exact spans of each attributor, and the linking on the true spans.

    python tests/bench/attribution.py --data data --model rules --model runs/attribution/model

A span is right where both of its ends are; of several annotators of an article the first counts. For "linking" the
spans are given: it counts how many of an article's sources and contents are put to the cue that the annotator put
them to, where there is one cue.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from stancewire.attribution.linking import link
from stancewire.attribution.models import open_attributor
from stancewire.attribution.tagging import PARTS
from stancewire.errors import InputError, StancewireError
from stancewire.evaluation.figures import Hits, Share
from stancewire.types import Attribution, Span

DEV = "polnear/dev.jsonl.gz"
Row = dict[str, Any]


def read(data: Path) -> list[Row]:
    """Return the dev articles that somebody annotated, each with its first annotator's attributions under "said"."""
    path = data / DEV
    if not path.is_file():
        raise InputError(f"{path}: not there; corpora/cards/polnear.md says where to get it")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [{**row, "said": next(iter(row["annotations"].values()))} for row in rows if row["annotations"]]


def span_hits(rows: Sequence[Row], found: Sequence[Sequence[Attribution]]) -> dict[str, Hits]:
    """Return right, spurious and missing spans of each part."""
    counts = {part: Counter[str]() for part in PARTS}
    for row, attributions in zip(rows, found, strict=True):
        for part in PARTS:
            gold = set(spans_of(row, part))
            given = {span for item in attributions for span in getattr(item, part)}
            counts[part] += Counter(
                right=len(gold & given), spurious=len(given - gold), missing=len(gold - given)
            )
    return {
        part: Hits(right=count["right"], spurious=count["spurious"], missing=count["missing"])
        for part, count in counts.items()
    }


def linked_shares(rows: Sequence[Row]) -> dict[str, Share]:
    """Return how many of the true sources and contents the linking puts to their cue."""
    right: Counter[str] = Counter()
    size: Counter[str] = Counter()
    for row in rows:
        sources, cues, contents = (spans_of(row, part) for part in PARTS)
        by_cue = {
            item.cue[0]: item
            for item in link(row["text"], sources=sources, cues=cues, contents=contents)
            if item.cue
        }
        for item in row["said"]:
            cue = [Span(start=start, end=end) for start, end in item["cue"]]
            for part in ("source", "content") if len(cue) == 1 else ():
                wanted = {Span(start=start, end=end) for start, end in item[part]}
                right[part] += len(wanted & set(getattr(by_cue[cue[0]], part) if cue[0] in by_cue else ()))
                size[part] += len(wanted)
    return {part: Share(hits=right[part], of=size[part]) for part in ("source", "content")}


def spans_of(row: Row, part: str) -> list[Span]:
    """Return the annotated spans of a part, each once, in text order."""
    return sorted({Span(start=start, end=end) for item in row["said"] for start, end in item[part]})


def table(rows: Sequence[Row], models: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the table."""
    yield f"{DEV}: {len(rows)} articles"
    yield f"{'model':30} {'part':8} {'P':>6} {'R':>6} {'F1':>6}"
    texts = [row["text"] for row in rows]
    for name in models:
        for part, hits in span_hits(rows, open_attributor(name).attribute(texts)).items():
            figures = (hits.precision or 0.0, hits.recall or 0.0, hits.f1 or 0.0)
            yield f"{name:30} {part:8} " + " ".join(f"{value:6.3f}" for value in figures)
    for part, share in linked_shares(rows).items():
        yield f"{'linking of true spans':30} {part:8} {share.rate or 0.0:6.3f} of {share.of:,}"


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--data", type=Path, default=Path("data"), help="folder of the data sets")
    options.add_argument("--model", action="append", help="tagger, rules, or a folder; may be given again")
    chosen = options.parse_args()
    try:
        for line in table(read(chosen.data), chosen.model or ["rules"]):
            print(line, flush=True)
    except StancewireError as error:
        options.error(str(error))


if __name__ == "__main__":
    main()
