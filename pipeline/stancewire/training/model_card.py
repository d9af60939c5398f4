"""The README.md of a model trained on own annotations: data, base, numbers, figures, limits, filled in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stancewire import __version__
from stancewire.evaluation.calibration import Calibration
from stancewire.evaluation.figures import Confusion
from stancewire.stance.calibration import ANSWERS
from stancewire.training.annotated import Annotated
from stancewire.training.plan import CALIBRATED_FROM, Plan
from stancewire.training.sources import stances_of

MOST_TOPICS = 30  # listed one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How a model answers examples that were held back."""

    confusion: Confusion
    calibration: Calibration


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    """A finished model folder, how it was made, and its figures before and after.

    `before` is None where the start had no answers, both are where nothing was held back. `steps` are those of the
    weights that were kept; `notes` say in words what a reader of the figures should know; `command` made it.
    """

    plan: Plan
    folder: Path
    steps: int
    notes: tuple[str, ...]
    before: Figures | None
    after: Figures | None
    command: str


def write_readme(made: Tuned) -> None:
    """Write README.md into the model's folder."""
    (made.folder / "README.md").write_text(readme(made), encoding="utf-8")


def readme(made: Tuned) -> str:
    """Return the card as Markdown, with the front matter that model hubs read."""
    return "\n".join([*_head(made), *_data(made), *_training(made), *_measured(made), *_limits(made)])


def summary(made: Tuned) -> Iterator[str]:
    """Yield the lines that say in short what came of a training."""
    for name, figures in (("before", made.before), ("after", made.after)):
        if figures:
            yield (
                f"{name}: macro-F1 {_number(figures.confusion.macro_f1)}, accuracy"
                f" {_number(figures.confusion.accuracy)}, calibration error"
                f" {figures.calibration.expected_error:.3f} (on {figures.confusion.total} examples held back)"
            )
    for note in made.notes:
        yield f"note: {note}"


def _head(made: Tuned) -> Iterator[str]:
    start = made.plan.start
    yield from ("---", "library_name: transformers", "pipeline_tag: text-classification")
    yield from (f"base_model: {_quoted(start.name)}", "tags: [stance-detection, stancewire]", "---")
    yield from (f"# {made.plan.settings.name}", "")
    yield (
        "Judges one question: does this holder, in this passage, support or oppose this topic, take a neutral position,"
        f" or none? Fine-tuned from `{start.name}` on own annotations with `stancewire train` {__version__}."
    )
    yield from ("", "```sh", made.command, "```", "")
    yield "Use it by `--model` with this folder, or with transformers:"
    first, second = start.pair.statement.format(holder="HOLDER", topic="TOPIC"), " ".join(start.pair.markers)
    yield from (
        "",
        "```python",
        "from transformers import AutoModelForSequenceClassification, AutoTokenizer",
        'model = AutoModelForSequenceClassification.from_pretrained("this folder")',
        'tokenizer = AutoTokenizer.from_pretrained("this folder")',
        "```",
        "",
        f'A pair is the passage{f" with marks ({second})" if second else ""} and "{first}" (`stancewire.json` has the',
        "wording and the calibration; transformers gives the scores before calibration).",
        "",
    )


def _data(made: Tuned) -> Iterator[str]:
    plan = made.plan
    yield from ("## Data", "")
    rows = [
        (
            f"`{file.path}`",
            "held back" if file.path in plan.settings.dev else "training",
            *_counts(file.rows),
            f"`{file.sha256}`",
        )
        for file in plan.files
    ]
    yield _table(("file", "use", "examples", *ANSWERS, "sha256"), rows)
    yield "The sha256 of a folder is that of the examples made of it. Licence of texts and labels: yours to say here.\n"
    yield _table(("part", "examples", *ANSWERS), _parts(made))
    topics = Counter(row.topic for row in plan.split.train)
    held = Counter(row.topic for row in plan.split.dev)
    listed = [
        (_cell(topic), str(count), str(held[topic])) for topic, count in topics.most_common(MOST_TOPICS)
    ]
    yield _table(("topic", "training", "held back"), listed)
    if len(topics) > MOST_TOPICS:
        yield f"and {len(topics) - MOST_TOPICS} topics with fewer examples.\n"


def _parts(made: Tuned) -> list[tuple[str, ...]]:
    split = made.plan.split
    parts = (("training", split.train), ("held back", split.dev))
    return [(name, *_counts(rows)) for name, rows in parts if rows]


def _counts(rows: Sequence[Annotated]) -> tuple[str, ...]:
    counts = stances_of(rows)
    return (str(len(rows)), *(str(counts.get(answer, 0)) for answer in ANSWERS))


def _training(made: Tuned) -> Iterator[str]:
    schedule, settings, start = made.plan.schedule, made.plan.settings, made.plan.start
    licence = start.licence or "not stated in its folder: look it up before you share these weights"
    yield from ("## Training", "")
    stopped = f" of at most {schedule.steps}" if made.steps != schedule.steps else ""
    values = {
        "base": f"`{start.name}`, {start.kind}",
        "licence of the base": licence,
        "method": "all weights" if schedule.method == "full" else "LoRA on all linear layers, merged",
        "steps": f"{made.steps}{stopped}, batches of {schedule.batch}",
        "learning rate": f"{schedule.rate:g}, linear, {schedule.warmup:.0%} warm-up",
        "optimizer": f"AdamW, weight decay {schedule.weight_decay:g}",
        "dropout": f"{settings.dropout:g}",
        "longest pair in training": f"{min(settings.max_tokens, start.window)} tokens",
        "early stopping": f"after {schedule.patience} of 12 looks without a lower loss"
        if made.after
        else "none",
        "seed": str(schedule.seed),
    }
    yield _table(("", ""), list(values.items()))


def _measured(made: Tuned) -> Iterator[str]:
    yield from ("## Figures", "")
    if made.after is None:
        yield "None: nothing was held back. Measure on others: `stancewire classify`, then `stancewire evaluate`.\n"
        return
    total = made.after.confusion.total
    fitted = total >= CALIBRATED_FROM
    yield (
        f"On the {total} examples that were held back, as `--model` answers them. They chose the step at which training"
        f" stopped{' and the calibration was fitted to them' if fitted else ''}, so the figures are somewhat too good;"
        " others, never looked at, give the ones to publish.\n"
    )
    columns = [("before", made.before), ("after", made.after)]
    shown = [(name, figures) for name, figures in columns if figures]
    yield _table(
        ("", *(name for name, _ in shown)),
        [
            ("macro-F1 (labels that occur)", *(_number(each.confusion.macro_f1) for _, each in shown)),
            ("accuracy", *(_number(each.confusion.accuracy) for _, each in shown)),
            (
                "expected calibration error",
                *(_number(each.calibration.expected_error) for _, each in shown),
            ),
        ],
    )
    yield "Answers (columns) to what people said (rows), after:\n"
    confusion = made.after.confusion
    yield _table(
        ("", *confusion.labels, "F1"),
        [
            (label, *map(str, counts), _number(confusion.f1[label]))
            for label, counts in zip(confusion.labels, confusion.counts, strict=True)
            if sum(counts) or confusion.f1[label] is not None
        ],
    )


def _limits(made: Tuned) -> Iterator[str]:
    yield from ("## Limits", "")
    yield "- It knows the topics, sources and coders named above; elsewhere, measure before you count."
    yield "- Word a topic as it was worded in training."
    for note in made.notes:
        yield f"- {note[0].upper()}{note[1:]}."
    if not (made.folder / "model.onnx").is_file():
        yield "- There is no ONNX file for this kind of encoder: it runs in torch."
    yield ""


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows), ""])


def _cell(words: str) -> str:
    return " ".join(words.split()).replace("|", "\\|")


def _quoted(name: str) -> str:
    return f'"{name}"'


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
