"""From judgements to stance records: one holder, one topic, one article.

The rule for several judgements on one holder and topic: those whose likeliest stance doesn't reach the threshold are
left out; the others are averaged, each weighted by its probability that there is a stance at all. The likeliest of
favor, against and neutral in that average is the stance, also where "none" is likelier still: the confidence says so.
A neutral judgement gives way to a polar one, since a holder who is undecided in one sentence and takes sides in
another has taken sides. A sentence about the past ("had hoped to negotiate") gives way to a later one with the
opposite stance: the record has that one, and is marked as changed. Where favor and against come out equal, there is
no record. Every judgement that agrees with the outcome becomes evidence, strongest first.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from stancewire.authors import author_kind, author_name
from stancewire.modality import find_cues, find_earlier
from stancewire.types import (
    Article,
    Cue,
    CueKind,
    Evidence,
    HolderKind,
    Judgement,
    Question,
    Stance,
    StanceRecord,
    Topic,
    Voice,
    Weights,
)

SCHEMA_VERSION = "2"
UNDECIDED_MARGIN = (
    0.05  # where favor and against come this close, the text contradicts itself for all we know
)
TURNING = 2 / 3  # how sure, beside a stance of the past, a later one has to be to take its place


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What every record of a run carries about where it came from."""

    model: str
    codebook: str
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregationRule:
    """Thresholds: below `confidence` no record is made; at most `evidence` quotes are kept.

    An author's own stance must reach `author_confidence` as well, and what a sentence says that neither names its topic
    nor points to it nor takes sides `carried_confidence`.
    """

    confidence: float = 0.4
    author_confidence: float = 0.5
    carried_confidence: float = 0.5  # of .4, .45, .5, .55 and .6 the best on the sample's dev part
    evidence: int = 3


def aggregate(
    judgements: Iterable[Judgement], *, provenance: Provenance, rule: AggregationRule
) -> list[StanceRecord]:
    """Return the records of one article, by topic, then in order of first evidence."""
    groups: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        groups[(judgement.question.passage.topic.id, _holder_key(judgement))].append(judgement)
    found = [_record(group, provenance, rule) for group in groups.values()]
    records = [record for record in found if record]
    return sorted(records, key=lambda record: (record.topic, record.evidence[0].start, record.holder))


def _record(
    judgements: Sequence[Judgement], provenance: Provenance, rule: AggregationRule
) -> StanceRecord | None:
    stated = [judgement for judgement in judgements if _strength(judgement) >= _threshold(judgement, rule)]
    polar = [judgement for judgement in stated if judgement.weights.likeliest is not Stance.NEUTRAL]
    given_up = _given_up(polar)
    stated = [judgement for judgement in stated if judgement not in given_up]
    polar = [judgement for judgement in polar if judgement not in given_up]
    pooled = pool([judgement.weights for judgement in polar or stated])
    if pooled is None:
        return None
    if polar and abs(pooled.favor - pooled.against) < UNDECIDED_MARGIN:
        return None
    best = (polar or stated)[0].question
    threshold = rule.confidence if best.holder else max(rule.confidence, rule.author_confidence)
    if pooled.of(pooled.likeliest) < threshold:
        return None
    agreeing = [judgement for judgement in stated if judgement.weights.likeliest is pooled.likeliest]
    if not agreeing:  # opposite judgements can average to a neutral that no sentence states
        return None
    turned = [each for each in given_up if each.weights.likeliest is not pooled.likeliest]
    past = tuple(cue for judgement in turned if (cue := _earlier(judgement)))
    return _filled(agreeing, pooled, provenance, rule, past=past)


def _given_up(polar: Sequence[Judgement]) -> list[Judgement]:
    """Return the judgements on what a holder thought before: a later sentence says the opposite."""
    return [
        judgement
        for judgement in polar
        if _earlier(judgement) and any(_turns(later, judgement) for later in polar)
    ]


def _turns(later: Judgement, judgement: Judgement) -> bool:
    """Say whether `later` comes later, has another stance, isn't about the past itself, and is not much less sure."""
    is_later = later.question.passage.focus.start > judgement.question.passage.focus.start
    is_sure = _strength(later) >= TURNING * _strength(judgement)
    return (
        is_later
        and is_sure
        and later.weights.likeliest is not judgement.weights.likeliest
        and not _earlier(later)
    )


def _earlier(judgement: Judgement) -> Cue | None:
    passage = judgement.question.passage
    return find_earlier(passage.focus.start, passage.focus.of(passage.article.text))


def _threshold(judgement: Judgement, rule: AggregationRule) -> float:
    passage = judgement.question.passage
    if passage.is_carried and not any(hit.overlaps(passage.focus) for hit in passage.hits):
        return max(rule.confidence, rule.carried_confidence)
    return rule.confidence


def _strength(judgement: Judgement) -> float:
    return judgement.weights.of(judgement.weights.likeliest)


def pool(weights: Sequence[Weights]) -> Weights | None:
    """Return the average of `weights`, each counted by its probability that there is a stance, or None."""
    total = sum(1 - weight.none for weight in weights)
    if total <= 0:
        return None

    def mean(stance: Stance) -> float:
        return sum((1 - weight.none) * weight.of(stance) for weight in weights) / total

    return Weights(
        favor=mean(Stance.FAVOR),
        against=mean(Stance.AGAINST),
        neutral=mean(Stance.NEUTRAL),
        none=mean(Stance.NONE),
    )


def _filled(
    agreeing: Sequence[Judgement],
    pooled: Weights,
    provenance: Provenance,
    rule: AggregationRule,
    *,
    past: tuple[Cue, ...],
) -> StanceRecord:
    stance = pooled.likeliest
    strongest = sorted(agreeing, key=lambda judgement: -judgement.weights.of(stance))
    question = strongest[0].question
    article, topic = question.passage.article, question.passage.topic
    found = _evidence(strongest, stance)
    evidence = found[: rule.evidence]
    shown = {item.start for item in evidence}
    shown_questions = [each.question for each in strongest if each.question.passage.focus.start in shown]
    voice = _voice(shown_questions)
    said = next(each for each in shown_questions if each.voice is voice)
    cues = tuple(dict.fromkeys((*_speech(said), *find_cues(found, stance=stance), *past)))
    kinds = {cue.kind for cue in cues}
    return StanceRecord(
        record_id=record_id(article, topic, _holder_key(strongest[0])),
        article_id=article.id,
        outlet=article.outlet,
        url=article.url,
        title=article.title,
        published=article.published.isoformat() if article.published else None,
        language=article.language,
        holder=question.holder.actor.name if question.holder else author_name(article),
        holder_id=question.holder.actor.id if question.holder else None,
        holder_kind=question.holder.actor.kind if question.holder else author_kind(article),
        holder_mention=question.holder.text if question.holder else author_name(article),
        topic=topic.id,
        stance=stance,
        confidence=round(pooled.of(stance), 4),
        p_favor=round(pooled.favor, 4),
        p_against=round(pooled.against, 4),
        p_neutral=round(pooled.neutral, 4),
        attribution=voice,
        speaker=said.speaker.actor.name if said.speaker else None,
        hedged=CueKind.HEDGED in kinds,
        conditional=CueKind.CONDITIONAL in kinds,
        changed=CueKind.CHANGED in kinds,
        evidence=tuple(evidence),
        cues=cues,
        cluster_id=None,
        model=provenance.model,
        codebook=provenance.codebook,
        run_id=provenance.run_id,
        schema_version=SCHEMA_VERSION,
    )


def _evidence(strongest: Sequence[Judgement], stance: Stance) -> list[Evidence]:
    found: dict[int, Evidence] = {}
    for judgement in strongest:
        passage = judgement.question.passage
        quote = passage.focus.of(passage.article.text)
        p = round(judgement.weights.of(stance), 4)
        item = Evidence(start=passage.focus.start, end=passage.focus.end, quote=quote, p=p)
        found.setdefault(item.start, item)
    return list(found.values())


def _speech(question: Question) -> Iterator[Cue]:
    """Yield the words that say that somebody speaks."""
    for span in question.cue:
        quote = span.of(question.passage.article.text)
        yield Cue(kind=CueKind.SPEECH, start=span.start, end=span.end, quote=quote)


def _voice(strongest: Sequence[Question]) -> Voice:
    """Return the voice of the strongest evidence; a quote anywhere in the evidence makes it quoted."""
    voices = [question.voice for question in strongest]
    return Voice.QUOTED if Voice.QUOTED in voices else voices[0]


def record_id(article: Article, topic: Topic, holder_key: str) -> str:
    """Return the id of a record: a hash of article, topic and holder, equal in every run."""
    return hashlib.sha256(f"{article.id}\x1f{topic.id}\x1f{holder_key}".encode()).hexdigest()[:16]


def _holder_key(judgement: Judgement) -> str:
    holder = judgement.question.holder
    if holder is None:
        return f"{HolderKind.AUTHOR}:"
    return holder.actor.id or f"{holder.actor.kind}:{holder.actor.name.casefold()}"
