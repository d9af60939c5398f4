"""From changed answers to changed records: aggregates them as a run would, and says what became of each record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from stancewire.aggregate import Provenance, aggregate
from stancewire.extract import Pipeline
from stancewire.sensitivity.asked import Asked, Slot
from stancewire.sensitivity.perturbations import Change, Expected, Perturbation, change_of, expected_of
from stancewire.sensitivity.results import Answer, Case
from stancewire.sensitivity.variants import Variant
from stancewire.stance.pairs import StanceQuery
from stancewire.types import HolderKind, Judgement, Stance, Weights

_ROUND = tuple[Perturbation, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A changed question with its answer."""

    variant: Variant
    weights: Weights

    @property
    def expected(self) -> Expected:
        """Return what should become of the answer."""
        return expected_of(self.variant.perturbation)

    @property
    def moved(self) -> float:
        """Return how far the answer is from the one before, or from its reverse where that is expected."""
        return distance(
            self.variant.asked.weights, self.weights, is_reversed=self.expected is Expected.REVERSED
        )


def compare(asked: Sequence[Asked], answered: Iterable[Answered], pipeline: Pipeline) -> Iterator[Case]:
    """Yield each record that is there before or after, once for each variant of each perturbation, in order.

    Questions that a perturbation doesn't fit keep their answers; a record that it fits no question of isn't compared.
    """
    by_slot: dict[Slot, list[Asked]] = defaultdict(list)
    for one in asked:
        by_slot[one.slot].append(one)
    before = {
        slot: _record(((one, one.weights) for one in group), pipeline) for slot, group in by_slot.items()
    }
    rounds: dict[tuple[Slot, _ROUND], list[Answered]] = defaultdict(list)
    for each in answered:
        rounds[(each.variant.asked.slot, (each.variant.perturbation, each.variant.number))].append(each)
    for (slot, (perturbation, _)), changed in rounds.items():
        new = {id(each.variant.asked): each.weights for each in changed}
        after = _record(((one, new.get(id(one), one.weights)) for one in by_slot[slot]), pipeline)
        change = change_of(before[slot], after, expected_of(perturbation))
        if change is not None:
            yield _case(changed, change, before[slot], after, questions=len(by_slot[slot]))


def distance(before: Weights, after: Weights, *, is_reversed: bool = False) -> float:
    """Return the total variation distance of two answers, 0 to 1, or that of the first to the reverse of the second."""
    favor, against = (after.against, after.favor) if is_reversed else (after.favor, after.against)
    parts = (
        before.favor - favor,
        before.against - against,
        before.neutral - after.neutral,
        before.none - after.none,
    )
    return sum(map(abs, parts)) / 2


def _record(answers: Iterable[tuple[Asked, Weights]], pipeline: Pipeline) -> Stance:
    judgements = [Judgement(question=one.question, weights=weights) for one, weights in answers]
    names = Provenance(model=pipeline.classifier.name, codebook=pipeline.codebook.name, run_id="")
    records = aggregate(judgements, provenance=names, rule=pipeline.rule)
    return records[0].stance if records else Stance.NONE


def _case(
    changed: Sequence[Answered], change: Change, before: Stance, after: Stance, *, questions: int
) -> Case:
    most = max(changed, key=lambda each: _did(each, before, after))
    asked, variant = most.variant.asked, most.variant
    holder = asked.question.holder
    return Case(
        article_id=asked.article.id,
        topic=asked.question.passage.topic.id,
        holder=holder.actor.name if holder else "the author",
        kind=holder.actor.kind if holder else HolderKind.AUTHOR,
        perturbation=variant.perturbation,
        variant=variant.number,
        change=change,
        questions=questions,
        moved=most.moved,
        before=_answer(asked.query, asked.weights, before),
        after=_answer(variant.query, most.weights, after),
    )


def _did(answered: Answered, before: Stance, after: Stance) -> float:
    """Return how much an answer did for the record there is now, or against the one that is gone."""
    old, new = answered.variant.asked.weights, answered.weights
    return old.of(before) - new.of(before) if after is Stance.NONE else new.of(after) - old.of(after)


def _answer(query: StanceQuery, weights: Weights, record: Stance) -> Answer:
    return Answer(text=query.text, holder=query.holder, topic=query.topic, weights=weights, record=record)
