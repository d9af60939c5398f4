"""A sensitivity test as text for a terminal, as Markdown and JSON, and its tables as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from stancewire.blocks import Lines, Table, blocks_as_markdown, blocks_as_text, values_as_json
from stancewire.sensitivity.perturbations import MEANINGS, Change
from stancewire.sensitivity.results import ALL, Answer, Case, KindTally, Sensitivity, Tally, WordingTally
from stancewire.sensitivity.verdict import CHANGED, FLIPPED, shown
from stancewire.types import Stance, Weights
from stancewire.writers.csv import guarded

EXAMPLES = 3  # shown for each topic in Markdown; changes.csv has all
WIDTH = 400  # characters of an example's text
_COUNTED = (Change.FLIPPED, Change.BLURRED, Change.LOST, Change.GAINED, Change.STAYED)
_SHORT_HEADER = ("", "articles", "records", "changed [95 %]", "flipped [95 %]")
_HEADER = ("", "questions", "articles", "records", "changed [95 %]", "flipped [95 %]", *_COUNTED[1:])


def as_text(test: Sensitivity) -> str:
    """Return plain text with aligned columns, without examples."""
    return blocks_as_text([_head(test), *_tables(test), _verdicts(test)])


def as_markdown(test: Sensitivity, *, examples: int = EXAMPLES) -> str:
    """Return Markdown with tables, what was left out, the most affected records, and how to read it."""
    return blocks_as_markdown(
        [
            _head(test),
            *_tables(test),
            _verdicts(test),
            *_left_out(test),
            *_examples(test, examples),
            _how(test),
        ]
    )


def as_json(test: Sensitivity) -> str:
    """Return JSON with every figure and every record that changed."""
    return values_as_json(test)


def tallies_as_csv(test: Sensitivity) -> str:
    """Return a row for each topic and perturbation."""
    header = ["topic", "perturbation", "expected", "questions", "variants", "articles", "records"]
    header += [f"{share}{end}" for share in ("changed", "flipped") for end in ("", "_low", "_high")]
    header += [*(change.value for change in _COUNTED), "answers", "answers_changed", "left_out"]
    return _csv(header, (_tally_cells(tally) for tally in test.tallies))


def changes_as_csv(test: Sensitivity) -> str:
    """Return a row for each record that changed, with both answers."""
    header = [
        "topic",
        "perturbation",
        "variant",
        "change",
        "article_id",
        "holder",
        "kind",
        "questions",
        "moved",
    ]
    sides = ("record", "favor", "against", "neutral", "none", "called", "asked", "text")
    header += [f"{side}_{when}" for when in ("before", "after") for side in sides]
    return _csv(header, (_case_cells(case) for case in test.cases))


def _head(test: Sensitivity) -> Lines:
    return Lines(
        title="Sensitivity of records",
        lines=(
            f"model {test.model}, codebook {test.codebook}",
            f"{test.questions} questions about {test.articles_asked} of {test.articles} articles, "
            f"{test.judged} changed questions judged",
            *test.notes,
        ),
    )


def _tables(test: Sensitivity) -> Iterator[Table]:
    asked = dict.fromkeys(tally.topic for tally in test.tallies if tally.questions)
    for topic in (
        asked if len(asked) > 2 else [each for each in asked if each != ALL]
    ):  # one topic is all topics
        own = [tally for tally in test.tallies if tally.topic == topic]
        yield Table(title=topic, header=_HEADER, rows=tuple(_row(tally) for tally in own))
    if test.wordings:
        rows = (_short_row(f"{each.topic}: {each.wording}", each) for each in test.wordings)
        yield Table(title="By paraphrase", header=_SHORT_HEADER, rows=tuple(rows))
    if test.kinds:
        rows = (_short_row(f"{each.perturbation}, {each.kind}", each) for each in test.kinds)
        yield Table(title="By kind of holder, all topics", header=_SHORT_HEADER, rows=tuple(rows))


def _short_row(name: str, each: WordingTally | KindTally) -> tuple[str, ...]:
    return (name, str(each.articles), str(each.records), shown(each.changed), shown(each.flipped))


def _row(tally: Tally) -> tuple[str, ...]:
    counts = (str(tally.counts.get(change, 0)) for change in _COUNTED[1:])
    sizes = (str(tally.questions), str(tally.articles), str(tally.records))
    return (tally.perturbation, *sizes, shown(tally.changed), shown(tally.flipped), *counts)


def _verdicts(test: Sensitivity) -> Lines:
    lines = [f"{each.topic}: {each.sturdiness}: {'; '.join(each.reasons)}" for each in test.verdicts]
    return Lines(
        title=f"Verdict (fragile: more than {100 * CHANGED:.0f} % of records change, or {100 * FLIPPED:.0f} % flip)",
        lines=tuple(lines),
    )


def _left_out(test: Sensitivity) -> Iterator[Lines]:
    lines = [
        f"{tally.perturbation}: {number} questions: {reason}"
        for tally in test.tallies
        if tally.topic == ALL
        for reason, number in tally.left_out.items()
    ]
    if lines:
        yield Lines(title="Questions that a perturbation doesn't fit", lines=tuple(lines))


def _examples(test: Sensitivity, count: int) -> Iterator[Lines]:
    for topic in (verdict.topic for verdict in test.verdicts):
        own = [case for case in test.cases if case.topic == topic and case.change is not Change.STAYED]
        if lines := [line for case in _most_affected(own, count) for line in _example(case)]:
            yield Lines(title=f"Most affected: {topic}", lines=tuple(lines))


def _most_affected(cases: Iterable[Case], count: int) -> list[Case]:
    """Return the records that changed most, flipped ones first; one for each record and perturbation."""
    order = sorted(cases, key=lambda case: (case.change is not Change.FLIPPED, -case.moved))
    first = {(case.article_id, case.holder): case for case in reversed(order)}
    return [case for case in order if first[(case.article_id, case.holder)] is case][:count]


def _example(case: Case) -> Iterator[str]:
    of = f" (of {case.questions} questions the one that did most)" if case.questions > 1 else ""
    yield f"{case.holder} in {case.article_id}, {case.perturbation}: {case.change}{of}"
    for name, answer in (("before", case.before), ("after", case.after)):
        record = "no record" if answer.record == "none" else answer.record
        yield f"{name}: {record} ({_weights(answer.weights)}); {_question(answer)}"


def _question(answer: Answer) -> str:
    text = (
        answer.text
        if len(answer.text) <= WIDTH
        else f"{answer.text[:WIDTH]} ... ({len(answer.text)} characters)"
    )
    return f"does {answer.holder or 'the author'} support “{answer.topic}” in: {text}"


def _weights(weights: Weights) -> str:
    return ", ".join(f"{stance} {weights.of(stance):.2f}" for stance in Stance)


def _how(test: Sensitivity) -> Lines:
    tried = dict.fromkeys(tally.perturbation for tally in test.tallies)
    return Lines(
        title="How to read this",
        lines=(
            *(f"{perturbation}: {MEANINGS[perturbation]}" for perturbation in tried),
            "records: each record that is there before or after, once for each variant of the perturbation",
            "changed: did not do what it should; flipped: turned into its opposite; blurred: to or from neutral; "
            "lost, gained: a record before or after only; stayed: should have gone",
            f"[95 %]: {test.samples} bootstrap samples of articles, seed {test.seed}; Wilson's interval over articles "
            "where all records did the same",
        ),
    )


def _tally_cells(tally: Tally) -> list[str]:
    figures = (tally.changed, tally.flipped)
    shares = [_number(number) for each in figures for number in (each.value, each.low, each.high)]
    sizes = (tally.questions, tally.variants, tally.articles, tally.records)
    counts = [str(tally.counts.get(change, 0)) for change in _COUNTED]
    reasons = "; ".join(f"{number} x {reason}" for reason, number in tally.left_out.items())
    words = [tally.topic, tally.perturbation, tally.expected]
    return [
        *words,
        *map(str, sizes),
        *shares,
        *counts,
        str(tally.answers),
        str(tally.answers_changed),
        reasons,
    ]


def _case_cells(case: Case) -> list[str]:
    head = [
        case.topic,
        case.perturbation,
        str(case.variant + 1),
        case.change,
        case.article_id,
        case.holder,
        case.kind,
    ]
    return [
        *head,
        str(case.questions),
        f"{case.moved:.4f}",
        *_answer_cells(case.before),
        *_answer_cells(case.after),
    ]


def _answer_cells(answer: Answer) -> list[str]:
    weights = (answer.weights.favor, answer.weights.against, answer.weights.neutral, answer.weights.none)
    numbers = [f"{weight:.4f}" for weight in weights]
    return [answer.record, *numbers, answer.holder or "", answer.topic, answer.text]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(header)
    table.writerows([guarded(cell) for cell in row] for row in rows)
    return "\ufeff" + text.getvalue()
