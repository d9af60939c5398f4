"""Measures every accuracy figure that the README and the model cards quote, from the public dev sets.

    python tests/bench/figures.py --data data --model small --model torch:small

Questions are asked as `stancewire classify` asks them. Sets that aren't under --data are named and left out.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from stancewire.classify import classify_lines
from stancewire.errors import InputError, ModelError, StancewireError
from stancewire.evaluation import (
    Answer,
    ClassifiedRow,
    ClassifiedScores,
    DirectedRow,
    score_classified,
    score_dse,
)
from stancewire.evaluation.answers import read_answer
from stancewire.evaluation.figures import Confusion
from stancewire.evaluation.rows import Row
from stancewire.model_folders import find_model
from stancewire.stance.calibration import ANSWERS
from stancewire.stance.models import QueryClassifier, open_classifier
from stancewire.stance.pairs import StanceQuery
from stancewire.training.recipe import DataSource
from stancewire.training.rows import FORMATS, JsonRow, TrainingRow, is_there, read_json_rows
from stancewire.types import Stance

SEED = 13
BATCH = 64  # as in `stancewire classify`; answers don't depend on it
TUNED = "trained on the train part; this part also calibrates the model"
IN_DOMAIN = "trained on the train part"
NEWS = ("articles/tehran_times_load.jsonl.gz", "articles/tehran_times_afghanistan.jsonl.gz")

CALIBRATION_ERROR = "expected calibration error, 4 labels"
POLAR = (Stance.FAVOR, Stance.AGAINST)

Measure = tuple[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A dev set with its answers: rows as read, their questions with the right answers, and the model's."""

    rows: Sequence[JsonRow]
    questions: Sequence[TrainingRow]
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class DevSet:
    """A data file, how its rows become questions, and what is measured on it."""

    source: DataSource
    note: str
    measures: Callable[[Asked], Iterable[Measure]]

    @property
    def path(self) -> str:
        """Return what the set is called in tables."""
        return self.source.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number; None where nothing could be divided."""

    dataset: str
    measure: str
    model: str
    value: float | None
    rows: int
    questions: int
    note: str


def directed_measures(asked: Asked) -> Iterator[Measure]:
    """Two questions a row: what p thinks of q, then what q thinks of p."""
    p = [asdict(answer.weights) for answer in asked.answers]
    both = zip(asked.rows, p[0::2], p[1::2], strict=True)
    scores = score_dse([DirectedRow(gold=row["label"], forward=one, backward=two) for row, one, two in both])
    yield "micro-F1, 5 labels", scores.confusion.accuracy
    yield "macro-F1, 5 labels", scores.confusion.macro_f1
    yield "polarity accuracy, given a stance", scores.polarity.rate
    yield "direction accuracy, given a stance", scores.direction.rate
    yield CALIBRATION_ERROR, _scored(asked).four.calibration.expected_error


def target_measures(asked: Asked) -> Iterator[Measure]:
    """The author's stance on a target, with off-topic texts among the rows."""
    yield "macro-F1, favor/against/none", _scored(asked).three.confusion.macro_f1
    yield CALIBRATION_ERROR, _scored(asked).four.calibration.expected_error


def polar_measures(asked: Asked) -> Iterator[Measure]:
    """The author's stance on a claim where none is never right: as answered, and as a choice between two."""
    yield "macro-F1, favor/against, none is a miss", _scored(asked).three.confusion.macro_f1
    yield "macro-F1, favor/against, likelier of the two", _forced(asked).macro_f1


def written_measures(asked: Asked) -> Iterator[Measure]:
    """The project's own passages, the only set with neutral as an answer of its own."""
    scores = _scored(asked)
    yield "macro-F1, favor/against/none", scores.three.confusion.macro_f1
    yield "macro-F1, 4 labels", scores.four.confusion.macro_f1
    yield "F1 of neutral", scores.four.confusion.f1[Stance.NEUTRAL]
    yield CALIBRATION_ERROR, scores.four.calibration.expected_error


def news_measures(asked: Asked) -> Iterator[Measure]:
    """Questions of a run about real news: how many of the stances found are right, and how many are found."""
    scored = _scored(asked).three
    found = [answer.weights.stance for answer in asked.answers]
    pairs = [(_gold(question), stance) for question, stance in zip(asked.questions, found, strict=True)]
    right = sum(gold is stance and stance in POLAR for gold, stance in pairs)
    yield "precision of favor/against", _ratio(right, sum(stance in POLAR for _, stance in pairs))
    yield "recall of favor/against", _ratio(right, sum(gold in POLAR for gold, _ in pairs))
    yield "macro-F1, favor/against/none", scored.confusion.macro_f1
    yield CALIBRATION_ERROR, _scored(asked).four.calibration.expected_error


DEV_SETS = (
    DevSet(
        source=DataSource(path="dse/dev.jsonl.gz", format="directed-dev"),
        note=TUNED,
        measures=directed_measures,
    ),
    DevSet(
        source=DataSource(path="corpora/news/dev.jsonl.gz", format="located", texts=NEWS),
        note=TUNED,
        measures=news_measures,
    ),
    DevSet(
        source=DataSource(path="corpora/written/dev.jsonl.gz", format="written-dev"),
        note=TUNED,
        measures=written_measures,
    ),
    DevSet(
        source=DataSource(path="vast/dev.jsonl.gz", format="target", keep={"zero_shot": [True]}),
        note="zero-shot rows: topics that the train part hasn't",
        measures=target_measures,
    ),
    *(
        DevSet(
            source=DataSource(path=f"{name}/dev.jsonl.gz", format="target"),
            note=IN_DOMAIN,
            measures=polar_measures,
        )
        for name in ("iam", "perspectrum", "ibm_argkp")
    ),
)


def measure(names: Sequence[str], data: Path, *, limit: int | None = None, threads: int = 0) -> list[Figure]:
    """Return every model's figures on every set that is under `data`; `limit` draws some rows of each."""
    found = [dev_set for dev_set in DEV_SETS if is_there(dev_set.source, data)]
    for missing in sorted({dev_set.path for dev_set in DEV_SETS} - {dev_set.path for dev_set in found}):
        _say(f"left out: {missing} or its texts aren't under {data}; corpora/cards says where to get them")
    if not found:
        raise InputError(
            f"--data {str(data)!r}: has none of {', '.join(dev_set.path for dev_set in DEV_SETS)}"
        )
    figures: list[Figure] = []
    first: dict[str, Asked] = {}
    for name in names:
        classifier = open_model(name, threads=threads)
        for dev_set in found:
            asked = ask(dev_set, data, classifier, limit=limit)
            measures = list(dev_set.measures(asked))
            if name != names[0]:
                measures.append((f"same answers as {names[0]}", _agreement(first[dev_set.path], asked)))
            first.setdefault(dev_set.path, asked)
            figures += [_figure(dev_set, asked, name, value) for value in measures]
    return figures


def open_model(name: str, *, threads: int = 0) -> QueryClassifier:
    """Return the classifier `name` as the commands would, but "torch:..." in fp32 on every machine."""
    backend, _, model = name.partition(":")
    if backend != "torch":
        return open_classifier(name, batch_size=BATCH, threads=threads)
    from stancewire.stance.torch_backend import TorchClassifier

    folder = find_model(model)
    if folder is None:
        raise ModelError(f"--model {name!r}: {model!r} is neither a shipped model nor a folder")
    return TorchClassifier(folder, batch_size=BATCH, threads=threads, precision="fp32")


def ask(dev_set: DevSet, data: Path, classifier: QueryClassifier, *, limit: int | None = None) -> Asked:
    """Put a set's questions to the classifier, as rows that `stancewire classify` reads and writes."""
    path = dev_set.path
    rows = read_json_rows(dev_set.source, data)
    if limit and limit < len(rows):
        rows = Random(SEED).sample(rows, limit)
    questions = [made for row in rows for made in FORMATS[dev_set.source.format](row, 0, Random(0))]
    lines = (json.dumps(as_line(question.query)) for question in questions)
    started = perf_counter()
    answers: list[Answer] = []
    for given in classify_lines(lines, classifier, source=path):
        answers.append(read_answer(Row(where=f"{path}: question {len(answers) + 1}", values=given)))
        if len(answers) % 1000 == 0 or len(answers) == len(questions):
            done = f"{len(answers)}/{len(questions)} questions, {perf_counter() - started:.0f} s"
            _say(f"{classifier.name} {dev_set.path}: {done}")
    return Asked(rows=rows, questions=questions, answers=answers)


def as_line(query: StanceQuery) -> dict[str, Any]:
    """Return a question as a row of `stancewire classify`."""
    row: dict[str, Any] = {"text": query.text, "holder": query.holder, "topic": query.topic}
    return row if query.mention is None else {**row, "start": query.mention.start, "end": query.mention.end}


def as_text(figures: Sequence[Figure]) -> str:
    """Return aligned columns: a set and its measures, one column a model."""
    header, rows = _table(figures)
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = []
    for row in (header, *rows):
        words, numbers = row[:2], row[2:-1]
        cells = [cell.ljust(width) for cell, width in zip(words, widths, strict=False)]
        cells += [cell.rjust(width) for cell, width in zip(numbers, widths[2:], strict=False)]
        lines.append("  ".join([*cells, row[-1]]).rstrip())
    return "\n".join(lines) + "\n"


def as_markdown(figures: Sequence[Figure]) -> str:
    """Return a Markdown table: a set and its measures, one column a model."""
    header, rows = _table(figures)
    rule = ["---", "---", *["---:"] * (len(header) - 3), "---"]
    return "".join(f"| {' | '.join(row)} |\n" for row in (header, rule, *rows))


def as_json(figures: Sequence[Figure]) -> str:
    """Return the figures with all their digits."""
    return json.dumps([asdict(figure) for figure in figures], indent=2) + "\n"


RENDERERS = {"text": as_text, "markdown": as_markdown, "json": as_json}


def _scored(asked: Asked) -> ClassifiedScores:
    pairs = zip(asked.questions, asked.answers, strict=True)
    return score_classified(
        [ClassifiedRow(gold=_gold(question), answer=answer) for question, answer in pairs]
    )


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _gold(question: TrainingRow) -> Stance:
    return Stance(ANSWERS[question.target.index(max(question.target))])


def _forced(asked: Asked) -> Confusion:
    """Count answers where only favor and against are on offer."""
    weights = [answer.weights for answer in asked.answers]
    forced = [Stance.FAVOR if p.favor > p.against else Stance.AGAINST for p in weights]
    return Confusion.of([_gold(question) for question in asked.questions], forced, labels=ANSWERS)


def _agreement(one: Asked, other: Asked) -> float:
    same = [a.stance is b.stance for a, b in zip(one.answers, other.answers, strict=True)]
    return sum(same) / len(same)


def _figure(dev_set: DevSet, asked: Asked, model: str, measured: Measure) -> Figure:
    name, value = measured
    return Figure(
        dataset=dev_set.path,
        measure=name,
        model=model,
        value=value,
        rows=len(asked.rows),
        questions=len(asked.questions),
        note=dev_set.note,
    )


def _table(figures: Sequence[Figure]) -> tuple[list[str], list[list[str]]]:
    models = list(dict.fromkeys(figure.model for figure in figures))
    header = ["set (rows)", "measure", *models, "note"]
    by_place: dict[tuple[str, str], dict[str, Figure]] = {}
    for figure in sorted(
        figures, key=lambda figure: [dev_set.path for dev_set in DEV_SETS].index(figure.dataset)
    ):
        by_place.setdefault((figure.dataset, figure.measure), {})[figure.model] = figure
    rows = []
    for (dataset, name), by_model in by_place.items():
        known = next(iter(by_model.values()))
        numbers = [_number(by_model[model].value) if model in by_model else "" for model in models]
        rows.append(
            [
                f"{dataset.removeprefix('corpora/').partition('.')[0]} ({known.rows:,})",
                name,
                *numbers,
                known.note,
            ]
        )
    return header, rows


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, default=Path("data"), help="folder of the data sets (default: data)"
    )
    parser.add_argument(
        "--model", action="append", help="may be given again: small, torch:small, a folder, lexicon"
    )
    parser.add_argument("--format", choices=RENDERERS, default="text")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write there instead of printing")
    parser.add_argument(
        "--limit", type=int, metavar="N", help="only N random rows of each set, for a quick look"
    )
    parser.add_argument("--threads", type=int, default=0, help="cores to use; 0 means all")
    return parser.parse_args()


def main() -> None:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    options = _options()
    names = list(dict.fromkeys(options.model or ["small"]))
    try:
        figures = measure(names, options.data, limit=options.limit, threads=options.threads)
    except StancewireError as error:
        sys.exit(f"figures: {error}")
    shown = RENDERERS[options.format](figures)
    if options.write:
        options.write.write_text(shown, encoding="utf-8")
    else:
        print(shown, end="")


if __name__ == "__main__":
    main()
