"""Any NLI model as a stance classifier, shown on a tiny random one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from stancewire.errors import ModelError
from stancewire.stance.models import QueryClassifier, judge, open_classifier
from stancewire.stance.pairs import StanceQuery
from stancewire.types import Weights

torch = pytest.importorskip("torch", reason="needs torch, from stancewire[train]")
transformers = pytest.importorskip("transformers", reason="needs transformers, from stancewire[train]")

Save = Callable[..., Path]
LABELS = ["neutral", "CONTRADICTION", "Entailment"]
VERBS = ["supports", "rejects", "met", "sees no reason for", "fears", "has long wanted"]


@pytest.fixture(scope="module")
def folder(save_bert: Save) -> Path:
    saved: Path = save_bert(LABELS)
    return saved


def queries(count: int) -> list[StanceQuery]:
    return [
        StanceQuery(
            text=f"Noori {VERBS[number % 6]} {'the plan ' * (1 + number % 5)}.",
            topic="plan b" if number % 2 else "We should act.",
            holder=None if number % 7 == 0 else "Noori",
        )
        for number in range(count)
    ]


def answers(classifier: QueryClassifier, asked: list[StanceQuery]) -> NDArray[np.float64]:
    """Return the weights of favor, against, neutral and none, one row a query."""
    return np.array([as_row(weights) for weights in judge(asked, classifier)])


def as_row(weights: Weights) -> list[float]:
    return [weights.favor, weights.against, weights.neutral, weights.none]


def by_transformers(folder: Path, premise: str, hypothesis: str) -> dict[str, float]:
    """Return the probability of each label as transformers itself finds it."""
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    with torch.inference_mode():
        logits = model(**tokenizer(premise, hypothesis, return_tensors="pt")).logits[0]
    p = torch.softmax(logits, dim=0).tolist()
    return {model.config.id2label[number].lower(): value for number, value in enumerate(p)}


def test_answers_are_mapped_by_the_names_of_the_labels(folder: Path) -> None:
    classifier = open_classifier(str(folder))
    query = StanceQuery(text="Noori rejects the plan.", topic="We should act.", holder="Noori")
    (row,) = answers(classifier, [query])
    expected = by_transformers(folder, "Noori rejects the plan.", "Noori supports this: We should act.")
    assert row == pytest.approx(
        [expected["entailment"], expected["contradiction"], 0, expected["neutral"]], abs=1e-5
    )
    assert len({round(value, 3) for value in expected.values()}) == 3


def test_labels_in_another_order_give_the_same_answers(save_bert: Save, folder: Path) -> None:
    other = save_bert(["entailment", "neutral", "contradiction"])
    one, two = (answers(open_classifier(str(place)), queries(12)) for place in (folder, other))
    np.testing.assert_allclose(one[:, [3, 1, 0]], two[:, [0, 3, 1]], atol=1e-6)


def test_author_is_asked_about_in_words() -> None:
    from stancewire.stance.nli_backend import FORMAT

    query = StanceQuery(text="Sign it.", topic="We should sign.")
    assert FORMAT.pair(query) == ("Sign it.", "The author supports this: We should sign.")


@pytest.mark.parametrize("batch_size", [3, 64])
def test_answer_is_the_same_for_every_batch_size(folder: Path, batch_size: int) -> None:
    expected = answers(open_classifier(str(folder), batch_size=1), queries(40))
    found = answers(open_classifier(str(folder), batch_size=batch_size), queries(40))
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert np.ptp(expected[:, 0]) > 0.05


def test_text_longer_than_the_model_reads_is_answered(folder: Path) -> None:
    query = StanceQuery(text="Noori met us. " * 60, topic="plan", holder="Noori")
    (row,) = answers(open_classifier(str(folder)), [query])
    assert row.sum() == pytest.approx(1)


def test_model_that_tells_two_labels_apart_is_enough(save_bert: Save) -> None:
    two = open_classifier(str(save_bert(["not_entailment", "entailment", "contradiction"])))
    (row,) = answers(two, queries(1))
    assert row[2] == row[3] == 0


@pytest.mark.parametrize("labels", [["POSITIVE", "NEGATIVE"], ["LABEL_0", "LABEL_1", "LABEL_2"]])
def test_model_without_nli_labels_is_refused_naming_its_labels(save_bert: Save, labels: list[str]) -> None:
    with pytest.raises(ModelError, match=f"labels are .*{labels[-1]}.*an NLI model has entailment and"):
        open_classifier(str(save_bert(labels)))


def test_folder_without_a_model_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=rf"{tmp_path.name}.*: no such model folder or hub model"):
        open_classifier(str(tmp_path))


@pytest.mark.parametrize("file", ["model.safetensors", "config.json", "tokenizer.json"])
def test_damaged_file_is_a_model_error(save_bert: Save, file: str) -> None:
    folder = save_bert(LABELS)
    (folder / file).write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(ModelError, match=folder.name):
        open_classifier(str(folder))


def test_hub_model_that_cannot_be_fetched_is_a_model_error() -> None:
    with pytest.raises(ModelError, match="'nobody/no-such-model': no such model folder or hub model"):
        open_classifier("nobody/no-such-model")


def test_name_tells_weights_apart_and_not_places(save_bert: Save, folder: Path, tmp_path: Path) -> None:
    assert open_classifier(str(folder)).name == open_classifier(str(folder), batch_size=7).name
    moved = tmp_path / "moved"
    shutil.copytree(folder, moved)
    assert open_classifier(str(moved)).name.endswith(open_classifier(str(folder)).name.partition("#")[2])
    names = {open_classifier(str(save_bert(LABELS, seed=seed))).name.partition("#")[2] for seed in (0, 1, 2)}
    assert len(names) == 3
