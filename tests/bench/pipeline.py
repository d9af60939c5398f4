"""Measures articles/s and pairs/s, and how many times faster the pipeline is than the naive way.

    python tests/bench/pipeline.py [--articles FILE.jsonl] [--limit N | --all] [--model small]

The naive way asks the same weights, in fp32, about every sentence x every holder x every topic, one pair at a
time. It is timed on a random sample of its pairs and extrapolated by their exact number.
"""

from __future__ import annotations

import argparse
import glob
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from random import Random
from statistics import fmean, stdev
from time import perf_counter

import numpy as np

from stancewire.buckets import Batch
from stancewire.errors import InputError, StancewireError
from stancewire.extract import Pipeline, extract, open_pipeline
from stancewire.model_folders import find_model
from stancewire.passages import asks_anything
from stancewire.readers.archive import read_articles
from stancewire.resources import resource
from stancewire.settings import Settings
from stancewire.stage_clock import StageClock
from stancewire.stages import Recognizer
from stancewire.stance.batching import score_pairs
from stancewire.stance.calibration import ANSWERS, Scores
from stancewire.stance.card import CARD, load_card
from stancewire.stance.models import QueryClassifier
from stancewire.stance.pairs import PairFormat, StanceQuery
from stancewire.tokens import load_tokenizer
from stancewire.topics import load_codebook
from stancewire.types import Article, Codebook, Reading, Topic, Weights

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "corpora" / "sample" / "*.articles.jsonl"
ARCHIVE = ROOT.parent / "shared" / "data" / "articles" / "tehran_times_afghanistan.jsonl.gz"
ARTICLES = 150
LONGEST = (
    20_000  # characters; one page of 400,000 would have most of the naive way's pairs and make the ratio
)
NAIVE_PAIRS = 150  # puts the mean's 95 % interval at about 5 %
BATCHED_PAIRS = 1000  # enough for full batches of most lengths
WARM_UP = 5  # pairs judged before a clock starts: the first ones pay for memory and thread pools
SEED = 13

Line = tuple[str, str, str]
Pair = tuple[str, str]


class KeptReadings:
    """A recognizer that remembers its readings, so that both ways share them."""

    def __init__(self, recognizer: Recognizer) -> None:
        self._recognizer = recognizer
        self.readings: list[Reading] = []

    @property
    def name(self) -> str:
        """Return the recognizer's name."""
        return self._recognizer.name

    def read(self, articles: Iterable[Article]) -> Iterator[Reading]:
        """Yield one reading an article, in order."""
        for reading in self._recognizer.read(articles):
            self.readings.append(reading)
            yield reading


class KeptPairs:
    """A classifier that remembers the pairs it was asked."""

    def __init__(self, classifier: QueryClassifier) -> None:
        self._classifier = classifier
        self.pairs: list[Pair] = []

    @property
    def name(self) -> str:
        """Return the classifier's name."""
        return self._classifier.name

    @property
    def pair_format(self) -> PairFormat:
        """Return the classifier's wording."""
        return self._classifier.pair_format

    def weigh(self, pairs: Sequence[Pair]) -> list[Weights]:
        """Return one answer a pair, in order."""
        self.pairs += pairs
        return self._classifier.weigh(pairs)


class NaivePairs:
    """Every sentence x every holder (the article's actors and its author) x every topic."""

    def __init__(self, readings: Sequence[Reading], topics: Sequence[Topic], wording: PairFormat) -> None:
        self._holders = [
            (*sorted({mention.actor.name for mention in some.mentions}), None) for some in readings
        ]
        self._readings, self._topics, self._wording = readings, topics, wording
        sizes = [len(some.sentences) * len(self._holders[place]) for place, some in enumerate(readings)]
        self._ends = np.cumsum(sizes, dtype=np.int64) * len(topics)

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    def pair(self, number: int) -> Pair:
        """Return the pair of one number from 0."""
        place = int(np.searchsorted(self._ends, number, side="right"))
        reading, holders = self._readings[place], self._holders[place]
        inside = number - (int(self._ends[place - 1]) if place else 0)
        inside, topic = divmod(inside, len(self._topics))
        sentence, holder = divmod(inside, len(holders))
        text = reading.sentences[sentence].span.of(reading.article.text)
        claim = self._topics[topic].claim
        return self._wording.pair(StanceQuery(text=text, topic=claim, holder=holders[holder]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run of the pipeline took, with what it read and asked."""

    articles: int
    characters: int
    read: int  # those that name a topic; the pipeline doesn't parse the others
    records: int
    seconds: float
    clock: StageClock
    readings: Sequence[Reading]
    reading_seconds: float  # of all articles
    pairs: Sequence[Pair]


@dataclass(frozen=True, slots=True, kw_only=True)
class Naive:
    """The naive way: its exact number of pairs, and what a random sample of them took."""

    pairs: int
    sampled: Sequence[float]  # seconds, one a pair
    reading: float

    @property
    def judging(self) -> float:
        """Return the extrapolated seconds for all pairs."""
        return self.pairs * fmean(self.sampled)

    @property
    def interval(self) -> float:
        """Return half the 95 % interval of the mean, as a share of it; one pair alone says nothing of it."""
        if len(self.sampled) < 2:
            return float("inf")
        return float(1.96 * stdev(self.sampled) / len(self.sampled) ** 0.5 / fmean(self.sampled))


def choose(
    files: Sequence[str], codebook: Codebook, limit: int | None, *, every: bool, longest: int = LONGEST
) -> list[Article]:
    """Return the first `limit` articles that name a topic and aren't too long; `every`: also without one."""
    articles = (item for item in read_articles(files) if isinstance(item, Article))
    wanted = (
        article
        for article in articles
        if len(article.text) <= longest and (every or asks_anything(article, codebook.topics))
    )
    chosen = list(islice(wanted, limit))
    if not chosen:
        raise InputError(f"{', '.join(files)}: no article that names a topic of codebook {codebook.name}")
    return chosen


def run_pipeline(articles: Sequence[Article], pipeline: Pipeline, settings: Settings) -> Run:
    """Run all stages over articles that are in memory, and read those that the pipeline had no need to."""
    recognizer, classifier = KeptReadings(pipeline.recognizer), KeptPairs(pipeline.classifier)
    watched, clock = replace(pipeline, recognizer=recognizer, classifier=classifier), StageClock()
    started = perf_counter()
    results = list(extract(articles, watched, run_id="bench", chunk=settings.batch_articles, clock=clock))
    seconds = perf_counter() - started
    done = {reading.article.id for reading in recognizer.readings}
    started = perf_counter()
    list(recognizer.read(article for article in articles if article.id not in done))
    return Run(
        articles=len(results),
        characters=sum(len(article.text) for article in articles),
        read=len(done),
        records=sum(len(result.records) for result in results),
        seconds=seconds,
        clock=clock,
        readings=recognizer.readings,
        reading_seconds=clock.seconds["entities"] + perf_counter() - started,
        pairs=classifier.pairs,
    )


def padding_share(pairs: Sequence[Pair], folder: Path, *, batch_size: int) -> float:
    """Return the share of padding among the tokens that are computed for `pairs`."""
    card = load_card(folder)
    tokens = {"read": 0, "computed": 0}

    def count(batch: Batch) -> Scores:
        tokens["read"] += int(batch.attention_mask.sum())
        tokens["computed"] += batch.attention_mask.size
        return np.zeros((len(batch.pieces), len(ANSWERS)), dtype=np.float32)

    tokenizer = load_tokenizer(folder, window=card.window)
    keep = card.pair.holder_marks[0] or None
    score_pairs(pairs, tokenizer=tokenizer, batch_size=batch_size, score=count, keep=keep)
    return 1 - tokens["read"] / max(tokens["computed"], 1)


def time_naive(run: Run, topics: Sequence[Topic], folder: Path, *, sample: int, threads: int) -> Naive:
    """Time a random sample of the naive way's pairs, one call of transformers' own pipeline a pair."""
    every = NaivePairs(run.readings, topics, load_card(folder).pair)
    chosen = [
        every.pair(number) for number in Random(SEED).sample(range(len(every)), min(sample, len(every)))
    ]
    classify = _transformers_pipeline(folder, threads)
    for pair in chosen[:WARM_UP]:
        classify(pair)
    return Naive(
        pairs=len(every), sampled=[_timed(classify, pair) for pair in chosen], reading=run.reading_seconds
    )


def pairs_per_second(classifier: QueryClassifier, pairs: Sequence[Pair]) -> float:
    """Return how many of `pairs` the classifier judges in a second, all handed over at once."""
    classifier.weigh(pairs[:WARM_UP])
    return len(pairs) / _timed(classifier.weigh, pairs)


def stage_lines(run: Run, model: Path | None, settings: Settings) -> Iterator[Line]:
    """Return what the run took, stage by stage."""
    clock = run.clock
    rest = run.seconds - sum(clock.seconds.values())
    yield "articles", f"{run.articles:,}", f"of them read: {run.read:,}; records: {run.records:,}"
    yield "characters", f"{run.characters:,}", f"{run.characters / run.articles:,.0f} an article"
    yield "whole pipeline", f"{run.seconds:.2f} s", f"{run.articles / run.seconds:.2f} articles/s"
    for stage, seconds in (*clock.seconds.items(), ("records", rest)):
        yield f"  {stage}", f"{seconds:.2f} s", f"{seconds / run.seconds:.1%}"
    asked = len(run.pairs)
    yield "questions", f"{asked:,}", f"{asked / run.articles:.1f} an article"
    yield "stance stage", f"{asked / clock.seconds['stance']:.1f}", "pairs/s"
    if model and asked:
        share = padding_share(run.pairs, model, batch_size=settings.batch_pairs)
        yield "padding", f"{share:.1%}", "of the tokens computed in the stance stage"


def naive_lines(run: Run, naive: Naive) -> Iterator[Line]:
    """Return the naive way's cost beside the run's; all of its times but the sample's are extrapolated."""
    total, judging = naive.reading + naive.judging, run.clock.seconds["stance"]
    yield "naive way, extrapolated", _duration(total), "the same reading, then all pairs one at a time"
    yield "  pairs", f"{naive.pairs:,}", f"{naive.pairs / max(len(run.pairs), 1):.0f} times the questions"
    yield (
        "  seconds a pair",
        f"{fmean(naive.sampled):.4f}",
        f"measured on {len(naive.sampled)} random pairs, +-{naive.interval:.0%}",
    )
    yield "faster than the naive way", f"{total / run.seconds:,.0f} x", "whole pipeline (extrapolated)"
    yield "", f"{naive.judging / judging:,.0f} x", "judging alone (extrapolated)"


def backend_lines(pairs: Sequence[Pair], folder: Path, *, batch_size: int, threads: int) -> Iterator[Line]:
    """Return pairs/s of both backends on the same pairs, in the same batches."""
    from stancewire.stance.onnx_backend import OnnxClassifier
    from stancewire.stance.torch_backend import TorchClassifier

    chosen = Random(SEED).sample(pairs, min(BATCHED_PAIRS, len(pairs)))
    onnx = pairs_per_second(OnnxClassifier(folder, batch_size=batch_size, threads=threads), chosen)
    torch = pairs_per_second(
        TorchClassifier(folder, batch_size=batch_size, threads=threads, precision="fp32"), chosen
    )
    yield "ONNX int8, batched", f"{onnx:.1f}", f"pairs/s on {len(chosen):,} of the run's questions"
    yield "torch fp32, batched", f"{torch:.1f}", "pairs/s on the same"
    yield "ONNX int8 to torch fp32", f"{onnx / torch:.2f} x", ""


def as_text(lines: Iterable[Line]) -> str:
    """Return aligned columns."""
    rows = list(lines)
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    return "\n".join(f"{a:<{first}}  {b:>{second}}  {c}".rstrip() for a, b, c in rows) + "\n"


def _transformers_pipeline(folder: Path, threads: int) -> Callable[[Pair], object]:
    import torch
    import transformers

    if threads:
        torch.set_num_threads(threads)
    made = transformers.pipeline(
        "text-classification", model=str(folder), top_k=None, device="cpu", dtype=torch.float32
    )
    return lambda pair: made({"text": pair[0], "text_pair": pair[1]}, truncation=True)


def _timed(call: Callable[..., object], *arguments: object) -> float:
    started = perf_counter()
    call(*arguments)
    return perf_counter() - started


def _duration(seconds: float) -> str:
    return f"{seconds / 3600:.1f} h" if seconds >= 3600 else f"{seconds:.0f} s"


def _model_folder(name: str) -> Path | None:
    """Return the folder of a trained model; None for a classifier that has no weights to compare with."""
    folder = find_model(name)
    return folder if folder and (folder / CARD).is_file() else None


def _default_articles() -> str:
    return str(ARCHIVE if ARCHIVE.is_file() else SAMPLE)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add(
        "--articles",
        nargs="+",
        metavar="FILE",
        help="default: the archive beside the checkout, else the sample",
    )
    add("--topics", type=Path, metavar="FILE", help="codebook (default: configs/topics/afghanistan.toml)")
    add("--limit", type=int, metavar="N", help=f"only the first N articles (default: {ARTICLES})")
    add("--all", action="store_true", help="all articles, also those that name no topic")
    add("--longest", type=int, default=LONGEST, metavar="N", help="leave out articles of more characters")
    add("--model", default="small", help="shipped model, model folder, or lexicon (a dry run)")
    add("--naive-pairs", type=int, default=NAIVE_PAIRS, metavar="N", help="pairs to time the naive way on")
    add("--threads", type=int, default=0, help="cores to use; 0 means all")
    return parser.parse_args()


def _measure(options: argparse.Namespace) -> Iterator[Line]:
    settings = Settings(model=options.model, workers=options.threads)
    codebook = load_codebook(options.topics or resource("configs/topics/afghanistan.toml"))
    files = options.articles or sorted(glob.glob(_default_articles()))
    limit = options.limit or (None if options.all else ARTICLES)
    articles = choose(files, codebook, limit, every=options.all, longest=options.longest)
    pipeline, folder = open_pipeline(codebook, settings), _model_folder(options.model)
    run = run_pipeline(articles, pipeline, settings)
    kind = "articles" if options.all else "articles that name a topic"
    yield "input", "", ", ".join(Path(file).name for file in files)
    yield "", "", f"{kind}, of up to {options.longest:,} characters"
    yield "model", "", pipeline.classifier.name
    yield "", "", f"{len(codebook.topics)} topics, {_threads(settings)} threads"
    yield from stage_lines(run, folder, settings)
    if folder is None:
        yield "naive way", "-", f"{options.model!r} has no weights to ask it with"
        return
    naive = time_naive(run, codebook.topics, folder, sample=options.naive_pairs, threads=settings.workers)
    yield from naive_lines(run, naive)
    yield from backend_lines(run.pairs, folder, batch_size=settings.batch_pairs, threads=settings.workers)


def _threads(settings: Settings) -> int:
    return settings.workers or os.cpu_count() or 1


def main() -> None:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ["CUDA_VISIBLE_DEVICES"] = ""  # a ratio of a GPU to a CPU would say nothing about the two ways
    try:
        print(as_text(_measure(_options())), end="")
    except StancewireError as error:
        sys.exit(f"bench: {error}")


if __name__ == "__main__":
    main()
