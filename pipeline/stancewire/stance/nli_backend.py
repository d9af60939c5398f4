"""Any Hugging Face NLI model as a zero-shot stance classifier, by hub name or folder.

The passage is the premise, "{holder} supports this: {topic}" the hypothesis; entailment is read as favor,
contradiction as against and neutral as none, found by name in the model's own `config.id2label`
(the zero-shot recipe of Yin et al. 2019). Such a model gives no answer "neutral" and is not calibrated.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

import numpy as np

from stancewire.buckets import BUCKET, WIDE, Batch
from stancewire.errors import ModelError
from stancewire.stance.batching import score_pairs
from stancewire.stance.calibration import Calibration, Scores
from stancewire.stance.pairs import PairFormat
from stancewire.tokens import OVERLAP
from stancewire.types import Weights

try:
    import torch
    from safetensors import SafetensorError
    from transformers import (
        AutoModelForSequenceClassification,
        AutoTokenizer,
        PretrainedConfig,
        PreTrainedModel,
    )
except ImportError as error:
    raise ModelError("an NLI model needs torch and transformers; pip install 'stancewire[train]'") from error

FORMAT = PairFormat(
    holder_marks=("", ""),
    target_marks=("", ""),
    statement="{holder} supports this: {topic}",
    author="The author",
)
LONGEST_WINDOW = 512
IMPOSSIBLE = -1e4  # the score of "neutral", which NLI has no word for


class NliClassifier:
    """Weighs pairs with a model trained on natural language inference."""

    def __init__(self, model: str, *, batch_size: int = 32, threads: int = 0) -> None:
        if threads:
            torch.set_num_threads(threads)
        try:
            loaded = AutoModelForSequenceClassification.from_pretrained(model)
            self._tokenizer = AutoTokenizer.from_pretrained(model, use_fast=True)
        except (OSError, ValueError, SafetensorError) as error:
            raise ModelError(
                f"{model!r}: no such model folder or hub model: {str(error).splitlines()[0]}"
            ) from error
        self._columns = _columns(loaded.config.id2label, model)
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._model = loaded.to(self._device).eval()
        self._batch_size = batch_size
        self._window = _window(self._tokenizer.model_max_length, loaded.config)
        self._name = f"{model}#{_digest(loaded)}"

    @property
    def name(self) -> str:
        """Return the model's name with a hash of its configuration and weights' shapes."""
        return self._name

    @property
    def pair_format(self) -> PairFormat:
        """Return how questions are worded for an NLI model."""
        return FORMAT

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> list[Weights]:
        """Return one answer a pair, in order."""
        fast = self._tokenizer.backend_tokenizer
        fast.no_padding()
        fast.enable_truncation(self._window, stride=OVERLAP, strategy="only_first")
        pad = self._tokenizer.pad_token_id or 0
        found = score_pairs(
            pairs, tokenizer=fast, batch_size=self._batch_size, score=self._score, tokens=WIDE, pad_id=pad
        )
        return Calibration().weights(found.scores, found.windows)

    def _score(self, batch: Batch) -> Scores:
        inputs = {
            name: torch.from_numpy(getattr(batch, name)).to(self._device)
            for name in self._tokenizer.model_input_names
        }
        with torch.inference_mode():
            logits = self._model(**inputs).logits.float().cpu().numpy()
        scores = np.full((len(logits), 4), IMPOSSIBLE, dtype=np.float32)
        for column, source in self._columns.items():
            scores[:, column] = logits[:, source]
        return scores


def _columns(id2label: Mapping[int, str], model: str) -> dict[int, int]:
    """Map our columns favor, against, none to the model's outputs by the names of its labels."""
    wanted = {"entail": 0, "contradict": 1, "neutral": 3}
    found = {
        column: int(number)
        for number, label in id2label.items()
        for start, column in wanted.items()
        if str(label).lower().startswith(start)
    }
    if 0 not in found or 1 not in found:
        raise ModelError(
            f"{model!r}: labels are {sorted(id2label.values())}; an NLI model has entailment and contradiction"
        )
    return found


def _window(claimed: int, config: PretrainedConfig) -> int:
    """Return how many tokens a model reads: not all that a tokenizer claims, and whole buckets of padding."""
    positions = getattr(config, "max_position_embeddings", None) or LONGEST_WINDOW
    window = min(LONGEST_WINDOW, claimed, positions)
    return window - window % BUCKET


def _digest(model: PreTrainedModel) -> str:
    config = {key: value for key, value in model.config.to_dict().items() if key != "_name_or_path"}
    described = json.dumps(config, sort_keys=True, default=str)
    total = sum(float(weight.detach().double().sum()) for weight in model.parameters())
    return hashlib.sha256(f"{described}{total:.9e}".encode()).hexdigest()[:12]
