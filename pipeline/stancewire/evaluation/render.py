"""Scores as text for a terminal, as Markdown, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from stancewire.blocks import Lines, Table, blocks_as_markdown, blocks_as_text, values_as_json
from stancewire.evaluation.answers import ClassifiedScores, LabelScores
from stancewire.evaluation.calibration import Calibration
from stancewire.evaluation.compare import Comparison
from stancewire.evaluation.directed import DirectedScores
from stancewire.evaluation.figures import Confusion, Hits, Share
from stancewire.evaluation.paired import Difference
from stancewire.evaluation.records import RecordScores, Tally

Scores: TypeAlias = RecordScores | ClassifiedScores | DirectedScores | Comparison

NO_FIGURE = "-"  # nothing to divide by
COVERAGES_SHOWN = (0.25, 0.5, 0.75, 1.0)


def as_text(scores: Scores) -> str:
    """Return plain text with aligned columns, ending in a newline."""
    return blocks_as_text(blocks(scores))


def as_markdown(scores: Scores) -> str:
    """Return Markdown with a heading and a table or list for each part."""
    return blocks_as_markdown(blocks(scores))


def as_json(scores: Scores) -> str:
    """Return JSON with every count and every figure that follows; null where it would divide by zero."""
    return values_as_json(scores)


def blocks(scores: Scores) -> tuple[Table | Lines, ...]:
    """Return what a reader wants to see of the scores, in order."""
    match scores:
        case RecordScores():
            return tuple(_record_blocks(scores))
        case ClassifiedScores():
            return tuple(_classified_blocks(scores))
        case DirectedScores():
            return tuple(_directed_blocks(scores))
        case Comparison():
            return tuple(_comparison_blocks(scores))


def _record_blocks(scores: RecordScores) -> Iterable[Table | Lines]:
    total = scores.total
    found, right = Share(hits=total.found, of=total.required), Share(hits=total.right, of=total.required)
    yield Table(
        title="Records",
        header=("", "count", "share"),
        rows=(
            ("found (required rows)", *_share(found)),
            ("right (found, same stance)", *_share(right)),
            ("wrong stance", str(total.wrong), ""),
            ("extra", str(total.extra), ""),
            ("holder, where its words were found", *_share(scores.holder_given_passage)),
            *_left_out(scores),
        ),
    )
    yield Table(
        title="Precision, recall, F1",
        header=("", "precision", "recall", "F1"),
        rows=(("holder x topic", *_hits(total.holders)), ("holder x topic x stance", *_hits(total.stances))),
    )
    yield Table(
        title="Jointly: each line asks for all the lines above it, too",
        header=("", "precision", "recall", "F1"),
        rows=tuple((each.step.value, *_hits(each.hits)) for each in scores.steps),
    )
    yield _matched_table(scores)
    for name, tallies in (
        ("topic", scores.by_topic),
        ("genre", scores.by_genre),
        ("holder kind", scores.by_kind),
        *scores.by.items(),
    ):
        if tallies:
            yield _tally_table(f"By {name}", tallies)
    yield _confusion_table("Stance of matched records (rows: gold)", scores.stance)
    if scores.calibration:
        yield _confidence_table(scores.calibration)
    for title, lines in (
        ("Missed", scores.missed),
        ("Wrong stance", scores.wrong_stance),
        ("Extra", scores.extra),
    ):
        if lines:
            yield Lines(title=f"{title} ({len(lines)})", lines=lines)


def _left_out(scores: RecordScores) -> Iterable[tuple[str, str, str]]:
    if scores.left_out:
        yield "of articles that nobody coded, left out", str(scores.left_out), ""


def _confidence_table(calibration: Calibration) -> Table:
    """Return how confidence and being right go together, of all records."""
    return Table(
        title="Confidence of records (right: holder, topic and stance are a gold row's)",
        header=("", "score"),
        rows=(
            ("expected calibration error (15 equal-mass bins)", _number(calibration.expected_error)),
            *(
                (f"right of the most confident {share:.0%}", _number(accuracy))
                for share, accuracy in zip(COVERAGES_SHOWN, _covered(calibration), strict=True)
            ),
        ),
    )


def _covered(calibration: Calibration) -> list[float]:
    return [
        next(point.accuracy for point in calibration.coverage if point.coverage >= share)
        for share in COVERAGES_SHOWN
    ]


def _matched_table(scores: RecordScores) -> Table:
    rows = [
        ("stance", _number(scores.stance.accuracy), _number(scores.stance.macro_f1)),
        ("attribution", _number(scores.attribution.accuracy), _number(scores.attribution.macro_f1)),
        *((name, _number(flag.accuracy.rate), _number(flag.hits.f1)) for name, flag in scores.flags.items()),
        ("evidence overlaps", _number(scores.evidence.overlap.rate), ""),
        ("evidence, mean character IoU", _number(scores.evidence.mean_iou), ""),
    ]
    header = ("", "accuracy", "F1 (stance, attribution: macro)")
    return Table(title=f"Matched records ({scores.stance.total})", header=header, rows=tuple(rows))


def _tally_table(title: str, tallies: Mapping[str, Tally]) -> Table:
    return Table(
        title=title,
        header=("", "required", "found", "right", "wrong", "extra", "F1", "F1 with stance"),
        rows=tuple(
            (
                name,
                *map(str, (tally.required, tally.found, tally.right, tally.wrong, tally.extra)),
                _number(tally.holders.f1),
                _number(tally.stances.f1),
            )
            for name, tally in tallies.items()
        ),
    )


def _classified_blocks(scores: ClassifiedScores) -> Iterable[Table | Lines]:
    sets = (scores.four, scores.three)
    names = ("4 classes", "3 classes (neutral = none)")
    yield Table(
        title=f"Answers ({scores.rows})",
        header=("", *names),
        rows=tuple(
            (figure, *(_number(values[index]) for values in map(_label_figures, sets)))
            for index, figure in enumerate(LABEL_FIGURES)
        ),
    )
    for name, groups in scores.by.items():
        yield Table(
            title=f"By {name}",
            header=("", "rows", "accuracy", "macro-F1", "macro-F1, 3 classes"),
            rows=tuple(
                (
                    group,
                    str(each.rows),
                    *map(_number, (each.accuracy, each.macro_f1, each.macro_f1_three)),
                )
                for group, each in groups.items()
            ),
        )
    for name, part in zip(names, sets, strict=True):
        yield _confusion_table(f"Confusion, {name} (rows: gold)", part.confusion)


LABEL_FIGURES = (
    "accuracy",
    "macro-F1 (labels in gold)",
    "expected calibration error (15 equal-mass bins)",
    "Brier score (sum over classes)",
    "negative log likelihood",
    *(f"accuracy of the most confident {share:.0%}" for share in COVERAGES_SHOWN),
)


def _label_figures(scores: LabelScores) -> tuple[float | None, ...]:
    """Return the values of LABEL_FIGURES."""
    calibration = scores.calibration
    curve = _covered(calibration)
    return (
        scores.confusion.accuracy,
        scores.confusion.macro_f1,
        calibration.expected_error,
        calibration.brier,
        calibration.log_loss,
        *curve,
    )


def _directed_blocks(scores: DirectedScores) -> Iterable[Table | Lines]:
    yield Table(
        title=f"Directed stance ({scores.confusion.total})",
        header=("", "score"),
        rows=(
            ("micro-F1", _number(scores.confusion.accuracy)),
            ("macro-F1 (labels in gold)", _number(scores.confusion.macro_f1)),
            ("polarity, given a stance", _number(scores.polarity.rate)),
            ("direction, given a stance", _number(scores.direction.rate)),
        ),
    )
    yield _confusion_table("Confusion (rows: gold)", scores.confusion)


def _comparison_blocks(comparison: Comparison) -> Iterable[Table | Lines]:
    yield Table(
        title=f"{comparison.first} against {comparison.second}",
        header=("", comparison.first, comparison.second, "difference", "p"),
        rows=tuple(_difference_row(each) for each in comparison.differences),
    )
    resampling = comparison.resampling
    yield Lines(
        title="How to read this",
        lines=(
            f"[95 % interval] of the difference, first less second: {resampling.samples} bootstrap samples of"
            f" {comparison.units} {comparison.unit}, the same for both, seed {resampling.seed}",
            "p: how often a difference as large, on either side, comes about where there is none",
            *(f"{each.name}: {each.reason}" for each in comparison.differences if each.reason),
            *comparison.notes,
        ),
    )


def _difference_row(each: Difference) -> tuple[str, ...]:
    if each.difference is None:
        apart = NO_FIGURE
    elif each.low is None or each.high is None:
        apart = f"{each.difference:+.3f}"
    else:
        apart = f"{each.difference:+.3f} [{each.low:+.3f}, {each.high:+.3f}]"
    return each.name, _number(each.first), _number(each.second), apart, _number(each.p)


def _confusion_table(title: str, confusion: Confusion) -> Table:
    return Table(
        title=title,
        header=("", *confusion.labels, "precision", "recall", "F1"),
        rows=tuple(
            (label, *map(str, counts), *_hits(confusion.hits(label)))
            for label, counts in zip(confusion.labels, confusion.counts, strict=True)
        ),
    )


def _number(value: float | None) -> str:
    return NO_FIGURE if value is None else f"{value:.3f}"


def _share(share: Share) -> tuple[str, str]:
    return f"{share.hits}/{share.of}", _number(share.rate)


def _hits(hits: Hits) -> tuple[str, str, str]:
    return _number(hits.precision), _number(hits.recall), _number(hits.f1)
