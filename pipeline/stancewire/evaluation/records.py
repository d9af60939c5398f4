"""Stance records against gold: who was found, with which stance, said how, on which evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stancewire.errors import InputError
from stancewire.evaluation.calibration import Calibration, calibrate
from stancewire.evaluation.figures import Confusion, Hits, Share
from stancewire.evaluation.gold import FLAGS, STANCES, GoldRecord, Predicted, place_gold
from stancewire.evaluation.groups import UNKNOWN
from stancewire.evaluation.matching import Matching, Pair, character_iou, do_overlap, match_records
from stancewire.evaluation.steps import StepScore, score_steps
from stancewire.types import Voice

QUOTE_LENGTH = 80  # characters of evidence in a line for error analysis: one line of a terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What of the gold rows was found. Optional rows: finding one is no hit, leaving it out no miss.

    `right` counts required rows found with their stance, `wrong` rows found with another one (optional rows
    too), `extra` predicted records that answer no gold row.
    """

    required: int
    found: int
    right: int
    wrong: int
    extra: int

    @property
    def holders(self) -> Hits:
        """Return precision, recall and F1 of (holder, topic)."""
        return Hits(right=self.found, spurious=self.extra, missing=self.required - self.found)

    @property
    def stances(self) -> Hits:
        """Return the same of (holder, topic, stance): a wrong stance is both spurious and missing."""
        return Hits(right=self.right, spurious=self.extra + self.wrong, missing=self.required - self.right)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagScore:
    """How well one flag was set on matched records whose gold row codes it."""

    accuracy: Share
    hits: Hits


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceScore:
    """Of matched records with gold evidence: how many overlap it, and the mean character IoU of all."""

    overlap: Share
    mean_iou: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordScores:
    """Everything that records against gold tell; the lists at the end are lines for error analysis.

    `stance`, `attribution`, `flags` and `evidence` are over matched records, required or optional. `steps` ask for ever
    more of a record at once. `holder_given_passage`: of required rows whose words some record has for the topic, how
    many have the holder. `by` has the groups that were asked for. `calibration` compares confidence with being right
    (a gold row's holder, topic and stance), where records have a confidence. `left_out` counts records of articles that
    nobody coded, where these were to be left out.
    """

    total: Tally
    by_topic: Mapping[str, Tally]
    by_genre: Mapping[str, Tally]
    by_kind: Mapping[str, Tally]
    stance: Confusion
    attribution: Confusion
    flags: Mapping[str, FlagScore]
    evidence: EvidenceScore
    steps: tuple[StepScore, ...]
    holder_given_passage: Share
    by: Mapping[str, Mapping[str, Tally]]
    calibration: Calibration | None
    missed: tuple[str, ...]
    wrong_stance: tuple[str, ...]
    extra: tuple[str, ...]
    left_out: int = 0


def score_records(
    predicted: Sequence[Predicted],
    gold: Sequence[GoldRecord],
    *,
    genres: Mapping[str, str] | None = None,
    groups: Mapping[str, Mapping[str, str]] | None = None,
) -> RecordScores:
    """Match predicted records with gold rows (rules: matching.py) and count; `genres` is genre by article id.

    `groups` name further groups of articles, each a mapping like `genres`.

    Gold rows without an article belong to the predictions' only one; InputError where there are several.
    """
    placed = place_gold(gold, {record.article_id for record in predicted})
    matching = match_records(predicted, placed)
    return RecordScores(
        total=_tally(matching),
        by_topic=_broken_down(matching, lambda given: given.topic, lambda wanted: wanted.topic),
        by_genre=_by_article_group(matching, genres) if genres else {},
        by_kind=_broken_down(
            matching, lambda given: given.holder_kind.value, lambda wanted: wanted.kind.value
        ),
        stance=_stance_confusion(matching.pairs),
        attribution=_attribution_confusion(matching.pairs),
        flags={flag: _score_flag(matching.pairs, flag) for flag in FLAGS},
        evidence=_score_evidence(matching.pairs),
        steps=score_steps(matching),
        holder_given_passage=_holder_given_passage(matching),
        by={name: _by_article_group(matching, own) for name, own in (groups or {}).items()},
        calibration=_calibrate(matching),
        missed=tuple(
            _missed_line(wanted, matching.extra) for wanted in matching.unanswered if wanted.required
        ),
        wrong_stance=tuple(_wrong_line(pair) for pair in matching.pairs if _is_wrong(pair)),
        extra=tuple(_extra_line(given) for given in matching.extra),
    )


def check_articles(predicted: Iterable[Predicted], gold_articles: frozenset[str]) -> None:
    """Raise InputError where records are predicted for articles that no gold row names."""
    strange = sorted({record.article_id for record in predicted} - gold_articles)
    if gold_articles and strange:
        raise InputError(
            f"{len(strange)} predicted article ids are not in gold, such as {strange[:3]}; gold has such as "
            f"{sorted(gold_articles)[:3]}. For an article that was coded and holds no stance, gold takes "
            'a line {"article_id": ..., "holder": null}; where only some articles were coded, --coded-only leaves'
            " out the others"
        )


def _tally(matching: Matching) -> Tally:
    required = [pair for pair in matching.pairs if pair.gold.required]
    return Tally(
        required=len(required) + sum(wanted.required for wanted in matching.unanswered),
        found=len(required),
        right=sum(not _is_wrong(pair) for pair in required),
        wrong=sum(_is_wrong(pair) for pair in matching.pairs),
        extra=len(matching.extra),
    )


def _is_wrong(pair: Pair) -> bool:
    return pair.predicted.stance is not pair.gold.stance


def _by_article_group(matching: Matching, groups: Mapping[str, str]) -> Mapping[str, Tally]:
    return _broken_down(
        matching,
        lambda given: groups.get(given.article_id, UNKNOWN),
        lambda wanted: groups.get(wanted.article_id or "", UNKNOWN),
    )


def _broken_down(
    matching: Matching, of_predicted: Callable[[Predicted], str], of_gold: Callable[[GoldRecord], str]
) -> Mapping[str, Tally]:
    """Tally each group apart; a matched record counts where its gold row belongs."""
    groups = {of_gold(pair.gold) for pair in matching.pairs} | {of_gold(row) for row in matching.unanswered}
    groups |= {of_predicted(record) for record in matching.extra}
    return {
        group: _tally(
            Matching(
                pairs=tuple(pair for pair in matching.pairs if of_gold(pair.gold) == group),
                unanswered=tuple(row for row in matching.unanswered if of_gold(row) == group),
                extra=tuple(record for record in matching.extra if of_predicted(record) == group),
            )
        )
        for group in sorted(groups)
    }


def _stance_confusion(pairs: Sequence[Pair]) -> Confusion:
    gold = [pair.gold.stance.value for pair in pairs]
    answers = [pair.predicted.stance.value for pair in pairs]
    return Confusion.of(gold, answers, labels=[stance.value for stance in STANCES])


def _attribution_confusion(pairs: Sequence[Pair]) -> Confusion:
    coded = [(pair.gold.attribution, pair.predicted.attribution) for pair in pairs]
    both = [(wanted.value, given.value) for wanted, given in coded if wanted is not None]
    labels = [voice.value for voice in Voice]
    return Confusion.of([wanted for wanted, _ in both], [given for _, given in both], labels=labels)


def _score_flag(pairs: Sequence[Pair], flag: str) -> FlagScore:
    both = [(getattr(pair.gold, flag), getattr(pair.predicted, flag)) for pair in pairs]
    coded = [(wanted, given) for wanted, given in both if wanted is not None]
    return FlagScore(
        accuracy=Share(hits=sum(wanted == given for wanted, given in coded), of=len(coded)),
        hits=Hits(
            right=coded.count((True, True)),
            spurious=coded.count((False, True)),
            missing=coded.count((True, False)),
        ),
    )


def _score_evidence(pairs: Sequence[Pair]) -> EvidenceScore:
    spans = [(pair.predicted.evidence, pair.gold.evidence) for pair in pairs if pair.gold.evidence]
    ious = [character_iou(given, wanted) for given, wanted in spans]
    return EvidenceScore(
        overlap=Share(hits=sum(do_overlap(given, wanted) for given, wanted in spans), of=len(spans)),
        mean_iou=sum(ious) / len(ious) if ious else None,
    )


def _holder_given_passage(matching: Matching) -> Share:
    """Count required rows whose words a record on their topic shares, and those of them that have their holder."""
    found = [pair for pair in matching.pairs if pair.gold.required and pair.gold.evidence]
    met = [pair for pair in found if do_overlap(pair.predicted.evidence, pair.gold.evidence)]
    records = [*(pair.predicted for pair in matching.pairs), *matching.extra]
    others: dict[tuple[str | None, str], list[Predicted]] = {}
    for record in records:
        others.setdefault((record.article_id, record.topic), []).append(record)
    lost = [
        row
        for row in matching.unanswered
        if row.required
        and any(
            do_overlap(each.evidence, row.evidence) for each in others.get((row.article_id, row.topic), ())
        )
    ]
    return Share(hits=len(met), of=len(met) + len(lost))


def _calibrate(matching: Matching) -> Calibration | None:
    """Compare each record's confidence with whether it is right; None where a record has no confidence."""
    outcomes = [(pair.predicted.confidence, not _is_wrong(pair)) for pair in matching.pairs]
    outcomes += [(extra.confidence, False) for extra in matching.extra]
    confidence = [each for each, _ in outcomes if each is not None]
    if not outcomes or len(confidence) < len(outcomes):
        return None
    p = np.column_stack([confidence, 1 - np.array(confidence)])
    return calibrate(p, gold=[0 if is_right else 1 for _, is_right in outcomes], answers=[0] * len(p))


def _missed_line(wanted: GoldRecord, extra: Iterable[Predicted]) -> str:
    near = [
        f"{given.holder!r} ({given.stance})"
        for given in extra
        if (given.article_id, given.topic) == (wanted.article_id, wanted.topic)
        and do_overlap(given.evidence, wanted.evidence)
    ]
    hint = f"; on the same evidence: {', '.join(near)}" if near else ""
    return f"{_place(wanted)}: {wanted.holder!r} ({wanted.kind}) {wanted.stance}{_words(wanted)}{hint}"


def _wrong_line(pair: Pair) -> str:
    return (
        f"{_place(pair.predicted)}: {pair.gold.holder!r} ({pair.gold.kind}) is {pair.gold.stance}, "
        f"predicted {pair.predicted.stance}{_words(pair.predicted)}"
    )


def _extra_line(given: Predicted) -> str:
    mention = f" as {given.holder_mention!r}" if given.holder_mention != given.holder else ""
    return f"{_place(given)}: {given.holder!r}{mention} ({given.holder_kind}) {given.stance}{_words(given)}"


def _place(record: Predicted | GoldRecord) -> str:
    return f"{record.article_id or 'the article'}, {record.topic}"


def _words(record: Predicted | GoldRecord) -> str:
    """Show where the first evidence is, and its words where they are known."""
    if not record.evidence:
        return ""
    first = record.evidence[0]
    quote = " ".join(first.quote.split())
    shown = quote if len(quote) <= QUOTE_LENGTH else quote[: QUOTE_LENGTH - 1] + "…"
    return f" at {first.start}-{first.end}" + (f": {shown}" if shown else "")
