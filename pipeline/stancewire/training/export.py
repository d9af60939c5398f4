"""Turns trained torch weights into the ONNX file that ships: fused, int8, in parts where it is large."""

from __future__ import annotations

import logging
import re
import shutil
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from transformers import AutoModelForSequenceClassification, AutoModelForTokenClassification, AutoTokenizer

from stancewire.errors import ModelError
from stancewire.training.mpnet import DOMAIN, ExportedMPNet
from stancewire.training.quantize import Feed, quantize
from stancewire.training.recipe import Task
from stancewire.training.trainer import file_sha256

log = logging.getLogger(__name__)
INPUTS = {  # by the encoder's type
    "bert": ("input_ids", "attention_mask", "token_type_ids"),
    "mpnet": ("input_ids", "attention_mask"),
}
AUTO: dict[Task, Any] = {
    "stance": AutoModelForSequenceClassification,
    "attribution": AutoModelForTokenClassification,
}
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")
WEIGHTS = re.compile(r"\.(onnx(\.\d+)?|safetensors)$")
LARGEST_FILE = "90MB"  # of the torch weights
SAMPLED_TOKENS = 256


def write_model(
    weights: Path,
    folder: Path,
    *,
    fp32: Path,
    sample: Sequence[tuple[str, ...]] = (),
    embeddings: Literal["fp16", "int8"] = "fp16",
    task: Task = "stance",
) -> Any:
    """Write trained `weights` to `folder` as torch fp16 and ONNX int8, with the tokenizer; return their configuration.

    `fp32` is where the unquantized ONNX file goes, `sample` are texts or pairs of texts to be quantized for. Encoders
    that are none of INPUTS get no ONNX file. Raises ModelError where there are no weights.
    """
    require_trained(weights)
    folder.mkdir(parents=True, exist_ok=True)
    model = AUTO[task].from_pretrained(weights, dtype=torch.float16)
    for old in weight_files(folder):
        (folder / old).unlink()
    model.save_pretrained(folder, max_shard_size=LARGEST_FILE)
    for name in TOKENIZER_FILES:
        shutil.copy(weights / name, folder / name)
    if model.config.model_type in INPUTS:
        with warnings.catch_warnings():  # the tracer warns of itself; tests hold its graph to torch's scores
            warnings.simplefilter("ignore")
            exported = export_fp32(folder, fp32, task=task)
        quantize(
            exported,
            folder / "model.onnx",
            sample=_feeds(sample, folder, model.config),
            embeddings=embeddings,
        )
    else:
        log.info("no ONNX file: the export knows %s, not %s", " and ".join(INPUTS), model.config.model_type)
    return model.config


def require_trained(weights: Path) -> None:
    """Raise ModelError where there are no trained weights."""
    if not (weights / "config.json").is_file():
        raise ModelError(f"{weights}: no trained weights (config.json) there")


def _feeds(sample: Sequence[tuple[str, ...]], folder: Path, config: Any) -> list[Feed]:
    """Return the model's inputs for each of some texts or pairs, cut at the length that it was made for."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    longest = min(SAMPLED_TOKENS, config.max_position_embeddings - 2)  # MPNet counts two that no text can use
    feeds: list[Feed] = []
    for texts in sample:
        found = tokenizer(*texts, truncation=True, max_length=longest, return_tensors="np")
        feeds.append({name: found[name].astype(np.int64) for name in INPUTS[config.model_type]})
    return feeds


def weight_files(folder: Path) -> dict[str, str]:
    """Return the sha256 of each file of weights in `folder`."""
    names = sorted(path.name for path in folder.iterdir() if WEIGHTS.search(path.name))
    return {name: file_sha256(folder / name) for name in names}


def export_fp32(weights: Path, target: Path, *, task: Task = "stance") -> Path:
    """Write `weights` (a transformers folder, its encoder one of INPUTS) as a graph-fused fp32 ONNX file."""
    model = AUTO[task].from_pretrained(weights, dtype=torch.float32, attn_implementation="eager").eval()
    inputs = INPUTS[model.config.model_type]
    # Not of width 1, 2, 16: a size of the example must not be taken for one of the model's.
    example = tuple(torch.ones((3, 17), dtype=torch.int64) for _ in inputs)
    axes = {0: "batch", 1: "tokens"}
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        torch.onnx.export(
            ExportedMPNet(model) if model.config.model_type == "mpnet" else _Scores(model, inputs),
            example,
            str(plain),
            input_names=list(inputs),
            output_names=["scores"],
            dynamic_axes=dict.fromkeys(inputs, axes)
            | {"scores": axes if task == "attribution" else {0: "batch"}},
            opset_version=17,
            custom_opsets={DOMAIN: 1},
            dynamo=False,
        )
        options = FusionOptions("bert")
        options.use_multi_head_attention = True  # keeps the projections as products that can be quantized
        options.enable_embed_layer_norm = False  # keeps the embedding tables as they are, for _store_small
        options.enable_skip_layer_norm = (
            False  # ONNX Runtime's kernel for it takes five times as long as its parts
        )
        options.enable_bias_skip_layer_norm = False
        fused = optimizer.optimize_model(
            str(plain),
            model_type="bert",
            num_heads=model.config.num_attention_heads,
            hidden_size=model.config.hidden_size,
            optimization_options=options,
        )
        log.info("fused: %s", fused.get_fused_operator_statistics())
        fused.save_model_to_file(str(target))
    return target


class _Scores(torch.nn.Module):
    """A classifier that gives its scores alone."""

    def __init__(self, model: Any, inputs: Sequence[str]) -> None:
        super().__init__()
        self.model, self._inputs = model, inputs

    def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
        scores: torch.Tensor = self.model(**dict(zip(self._inputs, tensors, strict=True))).logits
        return scores
