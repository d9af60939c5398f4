"""Counts what became of records: by topic and perturbation, and by the kind of holder, with intervals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from stancewire.agreement.bootstrap import Bootstrap, Figure
from stancewire.sensitivity.compare import Answered
from stancewire.sensitivity.intervals import Part, share
from stancewire.sensitivity.perturbations import Change, Perturbation, change_of, expected_of
from stancewire.sensitivity.results import ALL, Case, KindTally, Tally, WordingTally
from stancewire.sensitivity.variants import LeftOut
from stancewire.types import HolderKind


def tally_all(
    topics: Sequence[str],
    perturbations: Sequence[Perturbation],
    cases: Sequence[Case],
    answered: Sequence[Answered],
    left_out: Sequence[LeftOut],
    bootstrap: Bootstrap,
) -> list[Tally]:
    """Return a tally for each topic and perturbation, then for each perturbation over all topics."""
    made = []
    for topic in (*topics, ALL):
        for perturbation in perturbations:
            own = [each for each in cases if each.perturbation is perturbation and topic in (each.topic, ALL)]
            answers = [
                each
                for each in answered
                if each.variant.perturbation is perturbation and topic in (_topic(each), ALL)
            ]
            reasons = Counter(
                each.reason
                for each in left_out
                if each.perturbation is perturbation and topic in (each.asked.question.passage.topic.id, ALL)
            )
            made.append(_tally(topic, perturbation, own, answers, reasons, bootstrap))
    return made


def tally_kinds(
    perturbations: Sequence[Perturbation], cases: Sequence[Case], bootstrap: Bootstrap
) -> Iterator[KindTally]:
    """Yield how records of persons, organisations, states and groups fared, all topics together."""
    for perturbation in perturbations:
        for kind in HolderKind:
            own = [each for each in cases if each.perturbation is perturbation and each.kind is kind]
            if own:
                yield KindTally(
                    kind=kind,
                    perturbation=perturbation,
                    records=len(own),
                    articles=len({each.article_id for each in own}),
                    changed=_changed(own, bootstrap),
                    flipped=_flipped(own, bootstrap),
                )


def tally_wordings(
    paraphrases: Mapping[str, Sequence[str]], cases: Sequence[Case], bootstrap: Bootstrap
) -> Iterator[WordingTally]:
    """Yield how records fared under each paraphrase."""
    paraphrased = [each for each in cases if each.perturbation is Perturbation.PARAPHRASE]
    for topic, wordings in paraphrases.items():
        for number, wording in enumerate(wordings):
            own = [each for each in paraphrased if (each.topic, each.variant) == (topic, number)]
            if own:
                yield WordingTally(
                    topic=topic,
                    wording=wording,
                    records=len(own),
                    articles=len({each.article_id for each in own}),
                    changed=_changed(own, bootstrap),
                    flipped=_flipped(own, bootstrap),
                )


def _tally(
    topic: str,
    perturbation: Perturbation,
    cases: Sequence[Case],
    answered: Sequence[Answered],
    left_out: Counter[str],
    bootstrap: Bootstrap,
) -> Tally:
    expected = expected_of(perturbation)
    changes = [
        change
        for each in answered
        if (change := change_of(each.variant.asked.weights.stance, each.weights.stance, expected))
    ]
    counts = Counter(each.change for each in cases)
    return Tally(
        topic=topic,
        perturbation=perturbation,
        expected=expected,
        questions=len({id(each.variant.asked) for each in answered}),
        variants=max((each.variant.number + 1 for each in answered), default=0),
        records=len(cases),
        articles=len({each.article_id for each in cases}),
        counts={change: counts[change] for change in Change if counts[change]},
        changed=_changed(cases, bootstrap),
        flipped=_flipped(cases, bootstrap),
        answers=len(changes),
        answers_changed=sum(change is not Change.AS_EXPECTED for change in changes),
        left_out=dict(left_out.most_common()),
    )


def _changed(cases: Iterable[Case], bootstrap: Bootstrap) -> Figure:
    return share(
        _parts((each.article_id, each.change is not Change.AS_EXPECTED) for each in cases), bootstrap
    )


def _flipped(cases: Iterable[Case], bootstrap: Bootstrap) -> Figure:
    return share(_parts((each.article_id, each.change is Change.FLIPPED) for each in cases), bootstrap)


def _parts(found: Iterable[tuple[str, bool]]) -> list[Part]:
    """Return one part an article, in order of its id, so that the same cases give the same interval."""
    by_article: dict[str, list[bool]] = defaultdict(list)
    for article, is_hit in found:
        by_article[article].append(is_hit)
    return [Part(hits=sum(hits), whole=len(hits)) for _, hits in sorted(by_article.items())]


def _topic(answered: Answered) -> str:
    return answered.variant.asked.question.passage.topic.id
