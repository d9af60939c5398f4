"""Comparing coders: all of them two by two, people together where there are three, each field apart."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations

from stancewire.agreement.bootstrap import FEWEST_ARTICLES, Bootstrap, Figure
from stancewire.agreement.disagreements import list_disagreements
from stancewire.agreement.evidence import record_continua, topic_continua
from stancewire.agreement.fields import (
    ASKED,
    Answers,
    Field,
    answers_of_holders,
    answers_of_passages,
    answers_of_topics,
    holder_names,
)
from stancewire.agreement.measures import (
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    percent_agreement,
    specific_agreement,
)
from stancewire.agreement.metric import Metric
from stancewire.agreement.ratings import MISSING, Floats, Ratings, once, value_counts
from stancewire.agreement.results import Agreement, Coder, Comparison, FieldAgreement
from stancewire.agreement.unitizing import Continuum, Unitized, shared_characters, unitizing_alpha
from stancewire.agreement.units import holder_units, passage_units, topic_units
from stancewire.coding.checks import check_evidence, check_overlap, check_topics
from stancewire.coding.coded import Coding
from stancewire.coding.quotes import placed
from stancewire.errors import InputError
from stancewire.types import Stance

NOT_COUNTED = Figure(reason="undefined: what nobody found can't be counted")
NO_KAPPA = Figure(reason="not made for stretches of text")


def compare_codings(
    codings: Sequence[Coding],
    *,
    texts: Mapping[str, str] | None = None,
    topics: Collection[str] | None = None,
    metric: Metric = Metric.NOMINAL,
    bootstrap: Bootstrap | None = None,
) -> Agreement:
    """Return how far coders agree on the articles that they share, and what they disagree on.

    `texts` by article id check evidence and give the lengths that its measure needs, beside those that the codings
    carry. `topics` is the scheme; by default that of the run among the codings, else whatever topics there are.
    `metric` says how far apart two stances are. Raises InputError for a topic outside the scheme, evidence that isn't
    in the text, a single coder, and coders without a common article.
    """
    if len(codings) < 2:
        names = ", ".join(coding.coder for coding in codings) or "none"
        raise InputError(
            f"one coder ({names}); agreement needs two, from two files or one export of two annotators"
        )
    check_overlap(codings)
    scheme = _scheme(codings, topics)
    known = {**{name: text for coding in codings for name, text in coding.texts.items()}, **(texts or {})}
    codings = [placed(coding, known) for coding in codings]
    check_evidence(codings, known)
    lengths = {name: len(text) for name, text in known.items()}
    made = bootstrap or Bootstrap()
    compare = partial(_compare, scheme=scheme, lengths=lengths, metric=metric, bootstrap=made)
    comparisons = tuple(map(compare, _sets(codings)))
    return Agreement(
        coders=tuple(map(_coder, codings)),
        comparisons=comparisons,
        disagreements=tuple(list_disagreements(codings)),
        notes=tuple(_notes(codings, comparisons, lengths)),
        metric=metric.value,
        bootstrap=made,
    )


def _scheme(codings: Sequence[Coding], topics: Collection[str] | None) -> list[str]:
    """Return the topics, sorted, after checking that no coder has another one."""
    schemes = [coding.topics for coding in codings if coding.topics is not None]
    known = topics if topics is not None else frozenset().union(*schemes)
    if known:
        check_topics(codings, known)
        return sorted(known)
    return sorted({record.topic for coding in codings for record in coding.records})


def _sets(codings: Sequence[Coding]) -> Iterator[tuple[Coding, ...]]:
    """Yield people together where there are three, or everybody where there are fewer people, then all pairs."""
    people = [coding for coding in codings if not coding.is_model]
    together = people if len(people) >= 2 else codings
    if len(together) >= 3:
        yield tuple(together)
    yield from (pair for pair in combinations(codings, 2) if pair[0].articles & pair[1].articles)


def _compare(
    codings: Sequence[Coding],
    *,
    scheme: Sequence[str],
    lengths: Mapping[str, int],
    metric: Metric,
    bootstrap: Bootstrap,
) -> Comparison:
    holders = holder_units(codings)
    found, *of_records = answers_of_holders(holders)
    passages = answers_of_passages(passage_units(codings), holder_names(holders))
    names = [coding.coder for coding in codings]
    rated = partial(_rated, names=names, metric=metric, bootstrap=bootstrap)
    unitized = partial(_unitized, bootstrap=bootstrap)
    return Comparison(
        coders=tuple(names),
        articles=len({unit.article_id for unit in topic_units(codings, ["any"])}),
        fields=(
            rated(answers_of_topics(topic_units(codings, scheme))),
            unitized(Field.PASSAGES, topic_continua(codings, lengths)),
            rated(found),
            rated(passages),
            *map(rated, of_records),
            unitized(Field.EVIDENCE, record_continua(holders, lengths)),
        ),
    )


def _rated(answers: Answers, *, names: Sequence[str], metric: Metric, bootstrap: Bootstrap) -> FieldAgreement:
    """Measure a field whose units have values."""
    ratings = answers.ratings.pairable.compact()
    figure = partial(_figure, ratings, bootstrap)
    is_found = answers.field is Field.FOUND
    scale = metric if answers.field is Field.STANCE else Metric.NOMINAL
    kappa = cohen_kappa if len(names) == 2 else fleiss_kappa
    return FieldAgreement(
        field=answers.field,
        asked=ASKED[answers.field],
        units=len(ratings.codes),
        articles=ratings.article_count,
        agreement=figure(specific_agreement if is_found else percent_agreement),
        alpha=NOT_COUNTED if is_found else figure(partial(krippendorff_alpha, metric=scale)),
        kappa=NOT_COUNTED if is_found else figure(kappa, all_of=len(names)),
        prevalence={} if answers.field is Field.HOLDER else _prevalence(ratings, names),
    )


def _figure(
    ratings: Ratings, bootstrap: Bootstrap, measure: Callable[[Ratings, Floats], Floats], *, all_of: int = 0
) -> Figure:
    """Measure ratings; `all_of` is the number of coders where only units with a value of every one count."""
    used = ratings.complete.compact() if all_of else ratings
    return bootstrap.figure(partial(measure, used), used.article_count, undefined=_why(used, all_of))


def _why(ratings: Ratings, all_of: int) -> str:
    """Say why a measure of these ratings has no value, if it has none."""
    if not len(ratings.codes):
        return f"undefined: no unit with a value of all {all_of}" if all_of else "undefined: no such unit"
    given = ratings.codes[ratings.codes != MISSING]
    return f"undefined: all {len(given)} values are {ratings.values[given[0]]!r}"


def _prevalence(ratings: Ratings, names: Sequence[str]) -> Mapping[str, Mapping[str, float]]:
    """Return each coder's shares of values in the units that are compared."""
    if not len(ratings.codes):
        return {}
    counts = [value_counts(ratings, once(ratings), coder=index)[0] for index in range(len(names))]
    return {
        name: dict(zip(ratings.values, map(float, row / row.sum()), strict=True))
        for name, row in zip(names, counts, strict=True)
        if row.sum()
    }


def _unitized(field: Field, continua: Sequence[Continuum], *, bootstrap: Bootstrap) -> FieldAgreement:
    """Measure a field that marks stretches of text."""
    unitized = Unitized.of(continua)
    articles = len(unitized.shared)
    why = "undefined: the same everywhere" if continua else "undefined: no text with evidence of two coders"
    figure = partial(bootstrap.figure, articles=articles, undefined=why)
    return FieldAgreement(
        field=field,
        asked=ASKED[field],
        units=len(continua),
        articles=articles,
        agreement=figure(partial(shared_characters, unitized)),
        alpha=figure(partial(unitizing_alpha, unitized)),
        kappa=NO_KAPPA,
        prevalence={},
    )


def _coder(coding: Coding) -> Coder:
    return Coder(
        name=coding.coder,
        source=coding.source,
        is_model=coding.is_model,
        articles=len(coding.articles),
        records=sum(record.stance is not Stance.NONE for record in coding.records),
    )


def _notes(
    codings: Sequence[Coding], compared: Sequence[Comparison], lengths: Mapping[str, int]
) -> Iterator[str]:
    for coding in codings:
        yield from coding.notes
        if coding.quotes:
            yield (
                f"{coding.coder}: {len(coding.quotes)} quotes without offsets don't count as evidence:"
                " their articles have no text here; give the texts (--texts)"
            )
    for one, other in combinations(codings, 2):
        if not one.articles & other.articles:
            yield f"{one.coder} and {other.coder} share no article and are not compared"
    for comparison in compared:
        if comparison.articles < FEWEST_ARTICLES:
            names = ", ".join(comparison.coders)
            yield f"{names}: {comparison.articles} articles; intervals from under {FEWEST_ARTICLES} are too narrow"
    shared = frozenset[str]().union(
        *(one.articles & other.articles for one, other in combinations(codings, 2))
    )
    marked = {record.article_id for coding in codings for record in coding.records if record.evidence}
    if missing := len(marked & shared - lengths.keys()):
        yield f"{missing} articles with evidence have no text here and don't count for it; give the texts (--texts)"
