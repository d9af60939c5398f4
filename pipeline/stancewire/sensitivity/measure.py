"""Measures how often records change where they shouldn't: reads articles once, judges their questions many times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from stancewire.agreement.bootstrap import Bootstrap
from stancewire.errors import ConfigError, InputError
from stancewire.extract import Pipeline
from stancewire.passages import asks_anything
from stancewire.sensitivity.asked import Asked, ask
from stancewire.sensitivity.compare import Answered, compare
from stancewire.sensitivity.perturbations import Change, Perturbation
from stancewire.sensitivity.results import Sensitivity
from stancewire.sensitivity.tally import tally_all, tally_kinds, tally_wordings
from stancewire.sensitivity.variants import LeftOut, Sources, Variant, variants
from stancewire.sensitivity.verdict import judge_topics
from stancewire.stance.models import QueryClassifier, judge
from stancewire.stance.pairs import StanceQuery
from stancewire.types import Article, Outcome, Skip, Weights

CHUNK = 16  # articles read together: enough for even batches, small enough to show progress
PAIRS = 256  # questions judged between two steps of the progress

Progress = Callable[[str, int, int], None]
"""Called with what is under way, how much of it is done, and of how much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is tried on which articles: `articles` draws so many of those that name a topic, None takes all."""

    perturbations: tuple[Perturbation, ...] = tuple(Perturbation)
    articles: int | None = None
    seed: int = 0
    samples: int = 1000

    def __post_init__(self) -> None:
        if self.articles is not None and self.articles < 1:
            raise ConfigError(f"{self.articles} articles to draw; must be 1 at least")
        if not self.perturbations:
            raise ConfigError(f"no perturbation; known: {', '.join(Perturbation)}")


def measure_sensitivity(
    articles: Iterable[Article | Skip],
    pipeline: Pipeline,
    sources: Sources,
    options: Options,
    *,
    inputs: Sequence[str] = (),
    progress: Progress | None = None,
) -> Sensitivity:
    """Return how records change when questions about `articles` are asked otherwise.

    Raises InputError where there is no question to ask.
    """
    show = progress or (lambda doing, done, whole: None)
    chosen, found = _choose(articles, pipeline, options)
    asked, notes = _ask(chosen, pipeline, show)
    notes = found + notes
    if not asked:
        raise InputError(
            f"{', '.join(inputs) or 'the input'}: no question to ask again: {'; '.join(notes) or 'empty'}"
        )
    made = [each for one in asked for each in variants(one, sources, options.perturbations)]
    left_out = [each for each in made if isinstance(each, LeftOut)]
    answered = _judged([each for each in made if isinstance(each, Variant)], pipeline.classifier, show)
    cases = list(compare(asked, answered, pipeline))
    bootstrap = Bootstrap(samples=options.samples, seed=options.seed)
    topics = [topic.id for topic in pipeline.codebook.topics]
    named = {one.question.passage.topic.id for one in asked}
    if unasked := [topic for topic in topics if topic not in named]:
        notes.append(f"no question on {', '.join(unasked)}")
    tallies = tally_all(topics, options.perturbations, cases, answered, left_out, bootstrap)
    return Sensitivity(
        model=pipeline.classifier.name,
        codebook=pipeline.codebook.name,
        inputs=tuple(inputs),
        articles=len(chosen),
        articles_asked=len({one.article.id for one in asked}),
        questions=len(asked),
        judged=len({each.variant.query for each in answered}),
        seed=options.seed,
        samples=options.samples,
        swaps=sources.swaps,
        verdicts=tuple(judge_topics(topics, tallies)),
        tallies=tuple(tallies),
        wordings=tuple(tally_wordings(sources.paraphrases, cases, bootstrap)),
        kinds=tuple(tally_kinds(options.perturbations, cases, bootstrap)),
        cases=tuple(case for case in cases if case.change is not Change.AS_EXPECTED),
        notes=tuple(notes),
    )


def _choose(
    articles: Iterable[Article | Skip], pipeline: Pipeline, options: Options
) -> tuple[list[Article], list[str]]:
    """Return the articles that name a topic, or as many of them as asked for, and what is left out."""
    topical: list[Article] = []
    reasons: Counter[str] = Counter()
    silent = 0
    for item in articles:
        if isinstance(item, Skip):
            reasons[item.reason] += 1
        elif asks_anything(item, pipeline.codebook.topics):
            topical.append(item)
        else:
            silent += 1
    notes = [f"{number} x {reason}: left out" for reason, number in reasons.most_common()]
    if silent:
        notes.append(f"articles that name no topic of the codebook: {silent}")
    if options.articles is not None and options.articles < len(topical):
        drawn = sorted(Random(options.seed).sample(range(len(topical)), options.articles))
        notes.append(
            f"{options.articles} of {len(topical)} articles that name a topic, drawn with seed {options.seed}"
        )
        topical = [topical[place] for place in drawn]
    return topical, notes


def _ask(articles: Sequence[Article], pipeline: Pipeline, show: Progress) -> tuple[list[Asked], list[str]]:
    asked: list[Asked] = []
    reasons: Counter[str] = Counter()
    show("articles read", 0, len(articles))
    for start in range(0, len(articles), CHUNK):
        found, results = ask(articles[start : start + CHUNK], pipeline)
        asked += found
        reasons.update(str(one.entry.reason) for one in results if one.entry.outcome is not Outcome.DONE)
        show("articles read", min(start + CHUNK, len(articles)), len(articles))
    return asked, [f"{number} x {reason}: left out" for reason, number in reasons.most_common()]


def _judged(made: Sequence[Variant], classifier: QueryClassifier, show: Progress) -> list[Answered]:
    """Return each variant with its answer; what two of them ask alike is judged once."""
    queries = list(dict.fromkeys(each.query for each in made))
    answers: dict[StanceQuery, Weights] = {}
    show("questions judged", 0, len(queries))
    for query, weights in zip(queries, judge(queries, classifier, chunk=PAIRS), strict=True):
        answers[query] = weights
        if len(answers) % PAIRS == 0 or len(answers) == len(queries):
            show("questions judged", len(answers), len(queries))
    return [Answered(variant=each, weights=answers[each.query]) for each in made]
