"""How much of a record is right, one thing more at each step: topic, holder, stance, voice, flags, evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from stancewire.evaluation.figures import Hits
from stancewire.evaluation.gold import FLAGS
from stancewire.evaluation.matching import Matching, Pair, do_overlap


class Step(StrEnum):
    """What must be right, with all the steps before; topic asks only whether an article has any stance on it."""

    TOPIC = "article x topic"
    HOLDER = "+ holder"
    STANCE = "+ stance"
    VOICE = "+ attribution"
    FLAGS = "+ flags"
    EVIDENCE = "+ evidence overlaps"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepScore:
    """The hits of one step."""

    step: Step
    hits: Hits


def score_steps(matching: Matching) -> tuple[StepScore, ...]:
    """Return precision, recall and F1 with ever more of a record asked for.

    What a coder left open (an attribution or flag that is None, no evidence) is never wrong.
    """
    return tuple(
        StepScore(step=step, hits=_topics(matching) if step is Step.TOPIC else _joint(matching, step))
        for step in Step
    )


def _topics(matching: Matching) -> Hits:
    gold = [pair.gold for pair in matching.pairs] + list(matching.unanswered)
    wanted = {(row.article_id, row.topic) for row in gold if row.required}
    allowed = {(row.article_id, row.topic) for row in gold}
    given = {
        (record.article_id, record.topic)
        for record in (*(pair.predicted for pair in matching.pairs), *matching.extra)
    }
    return Hits(right=len(given & wanted), spurious=len(given - allowed), missing=len(wanted - given))


def _joint(matching: Matching, step: Step) -> Hits:
    asked = [check for level, check in _CHECKS if list(Step).index(level) <= list(Step).index(step)]
    right = [pair for pair in matching.pairs if all(check(pair) for check in asked)]
    required = sum(pair.gold.required for pair in matching.pairs)
    required += sum(row.required for row in matching.unanswered)
    hits = sum(pair.gold.required for pair in right)
    wrong = len(matching.pairs) - len(right)
    return Hits(right=hits, spurious=len(matching.extra) + wrong, missing=required - hits)


def _has_stance(pair: Pair) -> bool:
    return pair.predicted.stance is pair.gold.stance


def _has_voice(pair: Pair) -> bool:
    return pair.gold.attribution in (None, pair.predicted.attribution)


def _has_flags(pair: Pair) -> bool:
    return all(getattr(pair.gold, flag) in (None, getattr(pair.predicted, flag)) for flag in FLAGS)


def _has_evidence(pair: Pair) -> bool:
    return not pair.gold.evidence or do_overlap(pair.predicted.evidence, pair.gold.evidence)


_CHECKS: tuple[tuple[Step, Callable[[Pair], bool]], ...] = (
    (Step.STANCE, _has_stance),
    (Step.VOICE, _has_voice),
    (Step.FLAGS, _has_flags),
    (Step.EVIDENCE, _has_evidence),
)
