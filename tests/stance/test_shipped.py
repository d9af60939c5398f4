"""The models that ship: their files, their parity with the weights they came from, what must not fool them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import pytest

from stancewire.stance.calibration import ANSWERS
from stancewire.stance.card import load_card
from stancewire.stance.models import judge, open_classifier
from stancewire.stance.onnx_backend import OnnxClassifier
from stancewire.stance.pairs import StanceQuery
from stancewire.training.recipe import DataSource
from stancewire.training.rows import TrainingRow, read_rows

QUESTIONS = 150  # of 877: enough for the floors below, and few enough for every run of the tests
SAME_ANSWER = 0.96  # int8 turns the closest answers; the full figures are in the model's card
F1_LOSS = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """What a model must reach on the sentences below, a little under what it does.

    The aims are .85 right and 3 % turned by a name; the models' cards name what is
    missed under their limits.
    """

    turned_by_name: float
    right: float
    opposite_turns: float
    not_inherited: float


FLOORS = {
    # measured on the model before it: 6 of 120 turned, .85, .85, .85
    "small": Floors(turned_by_name=0.06, right=0.8, opposite_turns=0.8, not_inherited=0.8),
    # measured: 0 of 120 turned, 1.0, .90, 1.0
    "base": Floors(turned_by_name=0.02, right=0.95, opposite_turns=0.85, not_inherited=0.95),
}

NAMES = ("Laila Noori", "Karim Safi", "Giorgi Beridze", "Amina Okafor", "John Smith", "Mei Chen")
STATEMENTS = (  # about {claim}; whether the sentence is for or against it
    ("{holder} strongly supports building the dam.", "The dam should be built.", "favor"),
    ("{holder} said the dam must be built without delay.", "The dam should be built.", "favor"),
    ("{holder} rejected the dam as a waste of money.", "The dam should be built.", "against"),
    ("{holder} warned that the dam would ruin the valley.", "The dam should be built.", "against"),
    (
        "{holder} called for talks with the rebels.",
        "The government should talk to the rebels.",
        "favor",
    ),
    (
        "{holder} ruled out any talks with the rebels.",
        "The government should talk to the rebels.",
        "against",
    ),
    (
        "{holder} urged the government to sit down with the rebels.",
        "The government should talk to the rebels.",
        "favor",
    ),
    (
        "{holder} condemned the idea of negotiating with the rebels.",
        "The government should talk to the rebels.",
        "against",
    ),
    ("“We need a federal state,” {holder} said.", "The country should become a federal state.", "favor"),
    (
        "“Federalism will tear us apart,” {holder} said.",
        "The country should become a federal state.",
        "against",
    ),
    (
        "{holder} praised federalism as the way to peace.",
        "The country should become a federal state.",
        "favor",
    ),
    ("{holder} is firmly opposed to federalism.", "The country should become a federal state.", "against"),
    (
        "{holder} welcomed the decision to recognise the new government.",
        "The new government should be recognised.",
        "favor",
    ),
    (
        "{holder} refused to recognise the new government.",
        "The new government should be recognised.",
        "against",
    ),
    ("{holder} demanded that the sanctions be lifted at once.", "The sanctions should be lifted.", "favor"),
    ("{holder} insisted that the sanctions stay in place.", "The sanctions should be lifted.", "against"),
    ("{holder} backs the plan to open the schools to girls.", "Schools should be open to girls.", "favor"),
    ("{holder} defended the ban on girls in schools.", "Schools should be open to girls.", "against"),
    (
        "{holder} voted for the water treaty and called it a success.",
        "The water treaty should be signed.",
        "favor",
    ),
    (
        "{holder} voted against the water treaty and called it a betrayal.",
        "The water treaty should be signed.",
        "against",
    ),
)
OPPOSITES = {
    "The dam should be built.": "The dam should not be built.",
    "The government should talk to the rebels.": "The government should not talk to the rebels.",
    "The country should become a federal state.": "The country should not become a federal state.",
    "The new government should be recognised.": "The new government should not be recognised.",
    "The sanctions should be lifted.": "The sanctions should not be lifted.",
    "Schools should be open to girls.": "Schools should not be open to girls.",
    "The water treaty should be signed.": "The water treaty should not be signed.",
}
TWO_SIDES = (  # {a} is for the claim, {b} against it
    ("{a} supports the dam, but {b} opposes it.", "The dam should be built."),
    ("{b} opposes the dam, but {a} supports it.", "The dam should be built."),
    (
        "While {a} backed talks with the rebels, {b} rejected them.",
        "The government should talk to the rebels.",
    ),
    (
        "{b} rejected talks with the rebels that {a} had called for.",
        "The government should talk to the rebels.",
    ),
    ("{a} praised federalism; {b} called it a road to ruin.", "The country should become a federal state."),
    (
        "“Federalism is our only hope,” said {a}. {b} disagreed and rejected federalism outright.",
        "The country should become a federal state.",
    ),
    ("{a} wants the sanctions lifted, whereas {b} wants them kept.", "The sanctions should be lifted."),
    ("{b} wants the sanctions kept, whereas {a} wants them lifted.", "The sanctions should be lifted."),
    ("{a} voted for the water treaty and {b} voted against it.", "The water treaty should be signed."),
    ("{b} voted against the water treaty and {a} voted for it.", "The water treaty should be signed."),
)


@pytest.fixture(scope="module", params=FLOORS)
def model(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def floors(model: str) -> Floors:
    return FLOORS[model]


@pytest.fixture(scope="module")
def folder(root: Path, model: str) -> Path:
    return root / "models" / model


@pytest.fixture(scope="module")
def classifier(folder: Path) -> OnnxClassifier:
    return OnnxClassifier(folder, batch_size=32)


@pytest.fixture(scope="module")
def rows(root: Path) -> list[TrainingRow]:
    """Return questions on the project's own passages that the model wasn't trained on."""
    source = DataSource(path="dev.jsonl.gz", format="written-dev")
    return Random(13).sample(read_rows(source, root / "corpora" / "written", rng=Random(13)), QUESTIONS)


def stances(queries: Sequence[StanceQuery], classifier: OnnxClassifier) -> list[str]:
    return [weights.stance.value for weights in judge(queries, classifier)]


def about(text: str, holder: str, claim: str) -> StanceQuery:
    return StanceQuery(text=text, topic=claim, holder=holder)


def test_weights_are_those_that_the_card_names(folder: Path) -> None:
    card = load_card(folder)
    assert "model.onnx" in card.files
    for name, digest in card.files.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name


def test_model_is_found_by_its_name_and_named_by_its_hash(folder: Path, model: str) -> None:
    name = load_card(folder).name_of("model.onnx")
    assert open_classifier(model).name == name
    assert name.startswith(f"stancewire-{model}#")


@pytest.mark.parametrize("batch_size", [1, 7, 64])
def test_answer_is_exactly_the_same_for_every_batch_size(
    folder: Path, rows: list[TrainingRow], batch_size: int
) -> None:
    pairs = [load_card(folder).pair.pair(row.query) for row in rows[:80]]
    expected = OnnxClassifier(folder, batch_size=16).scores(pairs)
    np.testing.assert_array_equal(OnnxClassifier(folder, batch_size=batch_size).scores(pairs), expected)


def test_one_thread_gives_the_answers_of_many(folder: Path, rows: list[TrainingRow]) -> None:
    pairs = [load_card(folder).pair.pair(row.query) for row in rows[:40]]
    one, many = (OnnxClassifier(folder, threads=threads).scores(pairs) for threads in (1, 0))
    np.testing.assert_array_equal(one, many)


def test_int8_answers_like_the_weights_it_was_made_from(folder: Path, rows: list[TrainingRow]) -> None:
    pytest.importorskip("torch", reason="needs torch, from stancewire[train]")
    metrics = pytest.importorskip("sklearn.metrics", reason="needs scikit-learn, from stancewire[train]")
    from stancewire.stance.torch_backend import TorchClassifier

    queries = [row.query for row in rows]
    small = stances(queries, OnnxClassifier(folder))
    full = [weights.stance.value for weights in judge(queries, TorchClassifier(folder, precision="fp32"))]
    right = [ANSWERS[int(np.argmax(row.target))] for row in rows]
    same = np.mean([one == two for one, two in zip(small, full, strict=True)])
    f1 = [metrics.f1_score(right, found, average="macro", zero_division=0) for found in (small, full)]
    assert same >= SAME_ANSWER
    assert f1[0] >= f1[1] - F1_LOSS


def test_probabilities_sum_to_one(classifier: OnnxClassifier, rows: list[TrainingRow]) -> None:
    for weights in judge([row.query for row in rows[:40]], classifier):
        assert weights.favor + weights.against + weights.neutral + weights.none == pytest.approx(1)


def test_no_pairs_give_no_answers(classifier: OnnxClassifier) -> None:
    assert classifier.weigh([]) == []


def test_stance_deep_inside_a_long_text_is_found(classifier: OnnxClassifier) -> None:
    filler = (
        "The ministry published the figures for the harvest, and the roads were repaired before the winter. "
    )
    text = f"{filler * 30}Laila Noori rejected the dam as a waste of money. {filler * 30}"
    assert stances([about(text, "Laila Noori", "The dam should be built.")], classifier) == ["against"]


def test_clear_statements_are_read_right(classifier: OnnxClassifier, floors: Floors) -> None:
    found = stances(
        [about(text.format(holder=NAMES[0]), NAMES[0], claim) for text, claim, _ in STATEMENTS], classifier
    )
    right = [one == stance for one, (_, _, stance) in zip(found, STATEMENTS, strict=True)]
    assert np.mean(right) >= floors.right, [
        row[0] for row, is_right in zip(STATEMENTS, right, strict=True) if not is_right
    ]


def test_another_name_does_not_turn_the_answer(classifier: OnnxClassifier, floors: Floors) -> None:
    turned = 0
    for text, claim, _ in STATEMENTS:
        found = stances([about(text.format(holder=name), name, claim) for name in NAMES], classifier)
        turned += len(found) - Counter(found).most_common(1)[0][1]
    assert turned / (len(STATEMENTS) * len(NAMES)) <= floors.turned_by_name


def test_opposite_claim_turns_the_answer(classifier: OnnxClassifier, floors: Floors) -> None:
    turned = {"favor": "against", "against": "favor"}
    asked = [about(text.format(holder=NAMES[0]), NAMES[0], OPPOSITES[claim]) for text, claim, _ in STATEMENTS]
    right = [
        one == turned[stance]
        for one, (_, _, stance) in zip(stances(asked, classifier), STATEMENTS, strict=True)
    ]
    assert np.mean(right) >= floors.opposite_turns, [
        row[0] for row, is_right in zip(STATEMENTS, right, strict=True) if not is_right
    ]


def test_the_other_one_in_the_sentence_does_not_inherit_the_stance(
    classifier: OnnxClassifier, floors: Floors
) -> None:
    a, b = NAMES[0], NAMES[1]
    asked, expected = [], []
    for text, claim in TWO_SIDES:
        asked += [about(text.format(a=a, b=b), holder, claim) for holder in (a, b)]
        expected += ["favor", "against"]
    right = [one == two for one, two in zip(stances(asked, classifier), expected, strict=True)]
    wrong = [(query.text, query.holder) for query, is_right in zip(asked, right, strict=True) if not is_right]
    assert np.mean(right) >= floors.not_inherited, wrong
