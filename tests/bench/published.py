"""Puts the models' figures beside the best published ones, set by set, as a Markdown table.

    python tests/bench/published.py --data data --model small --model small+base

A set is measured on its authors' test part where `stancewire corpora build NAME --from CLONE --tests` has put it under
--data, and on its dev part otherwise: the first column says on which. Published figures are of test parts. What isn't
under --data is named and left out.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from figures import Asked, DevSet, Measure, ask, directed_measures, open_model, target_measures

from attribution import span_hits
from stancewire.attribution.models import open_attributor
from stancewire.errors import InputError, StancewireError
from stancewire.training.recipe import DataSource
from stancewire.training.rows import read_json_lines

Published = Mapping[str, str]  # by measure: the figure, and whose it is
MACRO = "macro-F1, favor/against/none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A set of stance questions: its parts, the authors' test part first, and what is published on it."""

    name: str
    parts: tuple[str, ...]
    format: str
    measures: Callable[[Asked], Iterable[Measure]]
    published: Published
    keep: Mapping[str, list[Any]] = field(default_factory=dict)
    missing: str = ""

    def find(self, data: Path) -> DevSet | None:
        """Return the first part that is under `data`."""
        paths = [f"{self.name}/{part}.jsonl.gz" for part in self.parts]
        path = next((path for path in paths if (data / path).is_file()), None)
        source = DataSource(path=path, format=self.format, keep=dict(self.keep)) if path else None
        return DevSet(source=source, note="", measures=self.measures) if source else None


BENCHMARKS = (
    Benchmark(
        name="dse",
        parts=("test", "dev"),
        format="directed-dev",
        measures=directed_measures,
        published={
            "micro-F1, 5 labels": ".852, an encoder of 125M; .211, BLOOMZ-176B (Wen et al., ACL 2024)",
            "macro-F1, 5 labels": ".725; .186 (the same)",
        },
        missing="`stancewire corpora build dse` makes its parts",
    ),
    Benchmark(
        name="vast",
        parts=("test", "dev"),
        format="target",
        keep={"zero_shot": [True]},
        measures=target_measures,
        published={MACRO: ".771, TATA; .832, an LLM of 7B"},
        missing="`stancewire corpora build vast` makes its parts",
    ),
    Benchmark(
        name="newsmtsc",
        parts=("devtest_rw", "devtest_mt"),
        format="target",
        measures=target_measures,
        published={MACRO: ".831, an encoder of the size of RoBERTa-base"},
        missing="the models learned from its train part, so only its test parts can tell:"
        " `stancewire corpora build newsmtsc --tests`",
    ),
)
SPANS: Published = {
    "source": ".832, CofeNet on BERT-base (110M); .107 and .139, quotation rules and CoreNLP",
    "cue": ".753 (CofeNet)",
    "content": ".729 (CofeNet)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the table: ours by model, and what is published."""

    part: str
    rows: int
    measure: str
    ours: Mapping[str, float | None]
    published: str


def stance_lines(
    names: Sequence[str], data: Path, *, limit: int | None = None, threads: int = 0
) -> Iterator[Line]:
    """Yield the published measures of each benchmark that is under `data`, with every model's figure."""
    models = {name: open_model(name, threads=threads) for name in names}
    for benchmark in BENCHMARKS:
        found = benchmark.find(data)
        if found is None:
            _say(f"left out: {benchmark.name}: {benchmark.missing}")
            continue
        asked = {name: ask(found, data, model, limit=limit) for name, model in models.items()}
        figures = {name: dict(benchmark.measures(one)) for name, one in asked.items()}
        rows = len(next(iter(asked.values())).rows)
        for measure, published in benchmark.published.items():
            ours = {name: each[measure] for name, each in figures.items()}
            yield Line(part=_part(found.path), rows=rows, measure=measure, ours=ours, published=published)


def span_lines(
    names: Sequence[str], data: Path, *, limit: int | None = None, threads: int = 0
) -> Iterator[Line]:
    """Yield the F1 of exact spans on PolNeAR, an attributor's figure in the place of a model's."""
    paths = [f"polnear/{part}.jsonl.gz" for part in ("test", "dev")]
    path = next((path for path in paths if (data / path).is_file()), None)
    if path is None:
        _say("left out: polnear: `stancewire corpora build polnear` makes its parts")
        return
    kept = [row for row in read_json_lines(data / path) if row["annotations"]][:limit]
    rows = [{**row, "said": next(iter(row["annotations"].values()))} for row in kept]
    texts = [row["text"] for row in rows]
    hits = {name: span_hits(rows, open_attributor(name, threads=threads).attribute(texts)) for name in names}
    for part, published in SPANS.items():
        ours = {name: each[part].f1 for name, each in hits.items()}
        yield Line(part=_part(path), rows=len(rows), measure=f"F1 of {part}s", ours=ours, published=published)


def as_markdown(lines: Sequence[Line]) -> str:
    """Return a Markdown table, a column a model."""
    models = list(dict.fromkeys(name for line in lines for name in line.ours))
    header = ["set, part (rows)", "measure", *models, "published (test part)"]
    body = [
        [
            f"{line.part} ({line.rows:,})",
            line.measure,
            *(_number(line.ours[name]) if name in line.ours else "" for name in models),
            line.published,
        ]
        for line in lines
    ]
    rule = ["---", "---", *["---:"] * len(models), "---"]
    return "".join(f"| {' | '.join(row)} |\n" for row in (header, rule, *body))


def _part(path: str) -> str:
    return path.removesuffix(".jsonl.gz").replace("/", ", ")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}".removeprefix("0")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, default=Path("data"), help="folder of the data sets (default: data)"
    )
    parser.add_argument("--model", action="append", help="stance models (default: small and small+base)")
    parser.add_argument("--attributor", action="append", help="who says what (default: tagger and rules)")
    parser.add_argument("--limit", type=int, metavar="N", help="N random rows of each set, for a quick look")
    parser.add_argument("--threads", type=int, default=0, help="processor threads; 0: all cores")
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    options = _options()
    given = {"limit": options.limit, "threads": options.threads}
    try:
        lines = [
            *stance_lines(options.model or ["small", "small+base"], options.data, **given),
            *span_lines(options.attributor or ["tagger", "rules"], options.data, **given),
        ]
        if not lines:
            raise InputError(
                f"--data {str(options.data)!r}: has none of the sets; corpora/README.md says how to build them"
            )
    except StancewireError as error:
        sys.exit(f"published.py: {error}")
    print(as_markdown(lines), end="")


if __name__ == "__main__":
    main()
