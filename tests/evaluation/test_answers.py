from __future__ import annotations

import numpy as np
import pytest

from stancewire.errors import InputError
from stancewire.evaluation.answers import FOUR, Answer, ClassifiedRow, score_classified
from stancewire.evaluation.calibration import calibrate, coverage_curve, equal_mass_bins
from stancewire.evaluation.directed import LABELS, DirectedRow, dse_distribution, dse_label, score_dse
from stancewire.evaluation.figures import Confusion
from stancewire.types import Stance, Weights

SURE, UNSURE = 0.9, 0.05
FAVOR = {"favor": SURE, "against": UNSURE, "none": UNSURE}
AGAINST = {"favor": UNSURE, "against": SURE, "none": UNSURE}
NONE = {"favor": UNSURE, "against": UNSURE, "none": SURE}


def row(gold: Stance, stance: Stance, *p: float) -> ClassifiedRow:
    favor, against, neutral, none = p
    weights = Weights(favor=favor, against=against, neutral=neutral, none=none)
    return ClassifiedRow(gold=gold, answer=Answer(stance=stance, weights=weights))


def random_rows(count: int = 400) -> list[ClassifiedRow]:
    rng = np.random.default_rng(7)
    made = []
    for p, gold in zip(
        rng.dirichlet([1, 1, 0.3, 1], size=count), rng.integers(0, 4, size=count), strict=True
    ):
        made.append(row(FOUR[gold], FOUR[int(p.argmax())], *(float(value) for value in p)))
    return made


def test_a_few_answers_score_as_worked_out_by_hand() -> None:
    scores = score_classified(
        [
            row(Stance.FAVOR, Stance.FAVOR, 0.7, 0.1, 0.1, 0.1),
            row(Stance.FAVOR, Stance.NONE, 0.2, 0.1, 0.1, 0.6),
            row(Stance.NEUTRAL, Stance.NONE, 0.1, 0.1, 0.3, 0.5),
        ]
    )
    assert scores.four.confusion.accuracy == pytest.approx(1 / 3)
    assert scores.four.confusion.macro_f1 == pytest.approx(
        (2 / 3 + 0) / 2
    )  # favor and neutral; none isn't gold
    assert scores.three.confusion.accuracy == pytest.approx(2 / 3)
    assert scores.three.confusion.macro_f1 == pytest.approx(2 / 3)  # favor 2/3, none 2/3
    squares = (0.09 + 0.03) + (0.64 + 0.01 + 0.01 + 0.36) + (0.01 + 0.01 + 0.49 + 0.25)
    assert scores.four.calibration.brier == pytest.approx(squares / 3)
    assert scores.four.calibration.log_loss == pytest.approx(-np.log([0.7, 0.2, 0.3]).mean())
    assert scores.three.calibration.log_loss == pytest.approx(-np.log([0.7, 0.2, 0.8]).mean())


def test_figures_equal_those_of_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn comes with stancewire[train]")
    rows = random_rows()
    labels = [label.value for label in FOUR]
    gold, answers = [r.gold.value for r in rows], [r.answer.stance.value for r in rows]
    scores = score_classified(rows).four
    assert np.array_equal(scores.confusion.counts, metrics.confusion_matrix(gold, answers, labels=labels))
    per_class = metrics.f1_score(gold, answers, labels=labels, average=None)
    assert list(scores.confusion.f1.values()) == pytest.approx(list(per_class))
    assert scores.confusion.macro_f1 == pytest.approx(metrics.f1_score(gold, answers, average="macro"))
    p = [[r.answer.weights.of(label) for label in sorted(FOUR)] for r in rows]
    assert scores.calibration.log_loss == pytest.approx(metrics.log_loss(gold, p, labels=sorted(labels)))
    assert scores.calibration.brier == pytest.approx(
        metrics.brier_score_loss(gold, p, labels=sorted(labels), scale_by_half=False)
    )


def test_scores_do_not_depend_on_the_order_of_rows() -> None:
    rows = [row(Stance.FAVOR, Stance.FAVOR, 0.8, 0.2, 0, 0)] * 7 + [
        row(Stance.NONE, Stance.FAVOR, 0.8, 0.2, 0, 0)
    ] * 3
    forward, backward = score_classified(rows).four, score_classified(rows[::-1]).four
    assert forward.confusion == backward.confusion
    assert forward.calibration.expected_error == pytest.approx(0.1)
    assert backward.calibration.expected_error == pytest.approx(0.1)
    assert [point.accuracy for point in backward.calibration.coverage] == pytest.approx([0.7] * 10)


def test_a_sure_wrong_answer_has_a_finite_log_loss() -> None:
    calibration = score_classified([row(Stance.AGAINST, Stance.FAVOR, 1, 0, 0, 0)]).four.calibration
    assert calibration.log_loss == pytest.approx(36.04, abs=0.01)
    assert (calibration.brier, calibration.expected_error) == (2, 1)


def test_calibration_error_of_a_constructed_case() -> None:
    confidence = np.repeat(np.linspace(0.3, 1.0, 15), 20)  # 15 bins of 20 rows, half of each right
    p = np.stack([confidence, 1 - confidence], axis=1)
    calibration = calibrate(p, gold=[0, 1] * 150, answers=[0] * 300)
    assert [part.count for part in calibration.bins] == [20] * 15
    assert calibration.expected_error == pytest.approx(np.abs(np.linspace(0.3, 1.0, 15) - 0.5).mean())


def test_calibrated_answers_have_no_calibration_error() -> None:
    p = np.array([[0.75, 0.25]] * 8)
    calibration = calibrate(p, gold=[0, 0, 0, 1] * 2, answers=[0] * 8)
    assert calibration.expected_error == pytest.approx(0)
    assert len(calibration.bins) == 1  # equal confidences share a bin


def test_fewer_rows_than_bins_get_a_bin_each() -> None:
    bins = equal_mass_bins(np.array([0.4, 0.9, 0.6]), np.array([1.0, 0.0, 1.0]))
    assert [(part.count, part.confidence, part.accuracy) for part in bins] == [
        (1, 0.4, 1),
        (1, 0.6, 1),
        (1, 0.9, 0),
    ]


def test_the_coverage_curve_starts_with_the_most_confident() -> None:
    confidence = np.linspace(0.05, 1.0, 20)
    curve = coverage_curve(confidence, (confidence > 0.5).astype(np.float64))
    assert [point.coverage for point in curve] == pytest.approx(np.linspace(0.05, 1, 20))
    assert curve[9].accuracy == 1
    assert curve[19].accuracy == pytest.approx(0.5)


def test_nothing_to_score_is_an_input_error() -> None:
    with pytest.raises(InputError, match="no classified rows"):
        score_classified([])
    with pytest.raises(InputError, match="no directed rows"):
        score_dse([])


def test_an_unknown_label_is_refused() -> None:
    with pytest.raises(ValueError, match="'maybe'"):
        Confusion.of(["maybe"], ["favor"], labels=["favor"])
    with pytest.raises(InputError, match="0 to 4, got 5"):
        score_dse([DirectedRow(gold=5, forward=NONE, backward=NONE)])


@pytest.mark.parametrize(
    ("forward", "backward", "label"),
    [(NONE, NONE, 0), (FAVOR, NONE, 1), (NONE, FAVOR, 2), (AGAINST, NONE, 3), (NONE, AGAINST, 4)],
)
def test_every_directed_label_follows_from_its_two_directions(
    forward: dict[str, float], backward: dict[str, float], label: int
) -> None:
    assert dse_label(forward, backward) == label
    assert sum(dse_distribution(forward, backward)) == pytest.approx(1)


def test_neutral_counts_as_none_in_a_directed_label() -> None:
    neutral = {"favor": 0.3, "against": 0.1, "neutral": 0.4, "none": 0.2}
    assert dse_label(neutral, NONE) == 0


def test_of_two_stances_the_surer_one_is_the_directed_label() -> None:
    certain = {"favor": 0.0, "against": 1.0, "none": 0.0}
    assert dse_label(FAVOR, certain) == 4
    likely = {"favor": 0.6, "against": 0.4, "none": 0.0}
    assert dse_label(likely, certain) == 4  # neither says none: the odds still compare


def test_directed_scores_are_as_worked_out_by_hand() -> None:
    rows = [
        DirectedRow(gold=0, forward=NONE, backward=NONE),
        DirectedRow(gold=1, forward=FAVOR, backward=NONE),
        DirectedRow(gold=2, forward=FAVOR, backward=NONE),  # wrong way round, polarity right
        DirectedRow(gold=4, forward=NONE, backward=NONE),  # odds equal: polarity and direction wrong
        DirectedRow(gold=3, forward=AGAINST, backward=NONE),
    ]
    scores = score_dse(rows)
    assert scores.confusion.accuracy == pytest.approx(3 / 5)
    assert dict(scores.confusion.f1) == pytest.approx(dict(zip(LABELS, (2 / 3, 2 / 3, 0, 1, 0), strict=True)))
    assert scores.confusion.macro_f1 == pytest.approx((2 / 3 + 2 / 3 + 1) / 5)
    assert (scores.polarity.hits, scores.polarity.of) == (3, 4)
    assert (scores.direction.hits, scores.direction.of) == (2, 4)
