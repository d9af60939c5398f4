"""Turns trained torch weights into the ONNX file that ships: fused, int8, in parts where it is large."""

from __future__ import annotations

import logging
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnx
import torch
from onnxruntime.quantization.matmul_nbits_quantizer import (
    DefaultWeightOnlyQuantConfig,
    MatMulNBitsQuantizer,
)
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from transformers import AutoModelForSequenceClassification, AutoModelForTokenClassification

from stancewire.errors import ModelError
from stancewire.training.mpnet import DOMAIN, ExportedMPNet
from stancewire.training.recipe import Task
from stancewire.training.trainer import file_sha256

log = logging.getLogger(__name__)
# Stores a table of a graph smaller, with a scale a row if it needs any; returns the scales' name.
Shrink = Callable[[onnx.TensorProto, onnx.GraphProto], str | None]
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
LARGEST_PART = 80_000_000  # bytes of weights in one file
BLOCK = 128  # numbers that share a scale; of 32 and 128, as exact and a fifth faster
INT8_INPUTS = 4  # ONNX Runtime's "accuracy level" at which the inputs of a product are made int8, too
ROUGH = 100_000  # numbers in a table that is worth storing smaller


def write_model(
    weights: Path,
    folder: Path,
    *,
    fp32: Path,
    embeddings: Literal["fp16", "int8"] = "fp16",
    task: Task = "stance",
) -> Any:
    """Write trained `weights` to `folder` as torch fp16 and ONNX int8, with the tokenizer; return their configuration.

    `fp32` is where the unquantized ONNX file goes. Encoders that are none of INPUTS get no ONNX file. Raises ModelError
    where there are no weights.
    """
    if not (weights / "config.json").is_file():
        raise ModelError(f"{weights}: no trained weights (config.json) there")
    folder.mkdir(parents=True, exist_ok=True)
    model = AUTO[task].from_pretrained(weights, dtype=torch.float16)
    for old in weight_files(folder):
        (folder / old).unlink()
    model.save_pretrained(folder, max_shard_size=LARGEST_FILE)
    for name in TOKENIZER_FILES:
        shutil.copy(weights / name, folder / name)
    if model.config.model_type in INPUTS:
        quantize(export_fp32(folder, fp32, task=task), folder / "model.onnx", embeddings=embeddings)
    else:
        log.info("no ONNX file: the export knows %s, not %s", " and ".join(INPUTS), model.config.model_type)
    return model.config


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


def quantize(source: Path, target: Path, *, embeddings: Literal["fp16", "int8"] = "fp16") -> None:
    """Write `source` with its matrix products in int8 and its embeddings as `embeddings`.

    Weights and inputs both get a scale for each BLOCK numbers of a row, the inputs while the model runs. So a few
    enormous activations spoil their own block alone, no sample has to be measured first, and no answer depends on
    its neighbours in a batch. One fixed range for all inputs of a product, as static quantization has it, is
    faster, but in a trial it turned 13 of 300 answers of base on VAST dev where this turns 2.
    """
    quantizer = MatMulNBitsQuantizer(
        onnx.load(source),
        algo_config=DefaultWeightOnlyQuantConfig(
            bits=8, block_size=BLOCK, is_symmetric=True, accuracy_level=INT8_INPUTS
        ),
    )
    quantizer.process()
    model: onnx.ModelProto = quantizer.model.model
    _store_small(model, _halve if embeddings == "fp16" else _round)
    _save_in_parts(model, target)


def _store_small(model: onnx.ModelProto, shrink: Shrink) -> None:
    """Store embeddings as `shrink` makes them; what is looked up is unpacked in the graph, never a whole table."""
    large = {item.name: item for item in model.graph.initializer if _is_large(item)}
    nodes: list[onnx.NodeProto] = []
    for node in model.graph.node:
        nodes.append(node)
        table = large.get(node.input[0]) if node.op_type == "Gather" else None
        if table is not None:
            scale = shrink(table, model.graph)
            found, node.output[0] = node.output[0], f"{node.output[0]}_small"
            if scale:  # one a row: look up the rows' own
                nodes.append(_node("Gather", [scale, node.input[1]], f"{scale}_found"))
                scale = nodes[-1].output[0]
            nodes += _unpacked(node.output[0], scale, found)
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def _is_large(item: onnx.TensorProto) -> bool:
    return (
        item.data_type == onnx.TensorProto.FLOAT
        and len(item.dims) == 2
        and item.dims[0] * item.dims[1] > ROUGH
    )


def _halve(item: onnx.TensorProto, _: onnx.GraphProto) -> str | None:
    values = onnx.numpy_helper.to_array(item).astype(np.float16)
    item.CopyFrom(onnx.numpy_helper.from_array(values, item.name))
    return None


def _round(item: onnx.TensorProto, graph: onnx.GraphProto) -> str | None:
    """Store int8 with one scale a row; return the scales' name."""
    values = onnx.numpy_helper.to_array(item)
    scales = np.maximum(np.abs(values).max(axis=1, keepdims=True) / 127, 1e-12).astype(np.float32)
    item.CopyFrom(onnx.numpy_helper.from_array(np.rint(values / scales).astype(np.int8), item.name))
    graph.initializer.append(onnx.numpy_helper.from_array(scales, f"{item.name}_scale"))
    return f"{item.name}_scale"


def _unpacked(source: str, scale: str | None, target: str) -> list[onnx.NodeProto]:
    if scale is None:
        return [_node("Cast", [source], target, to=onnx.TensorProto.FLOAT)]
    cast = _node("Cast", [source], f"{source}_cast", to=onnx.TensorProto.FLOAT)
    return [cast, _node("Mul", [cast.output[0], scale], target)]


def _node(kind: str, sources: list[str], target: str, **options: Any) -> onnx.NodeProto:
    return onnx.helper.make_node(kind, sources, [target], **options)


def _save_in_parts(model: onnx.ModelProto, target: Path) -> None:
    """Write `model`; where it is larger than LARGEST_PART, its tables go to files of their own beside it."""
    files = [target]
    if model.ByteSize() > LARGEST_PART:
        room = 0
        for item in model.graph.initializer:
            size = len(item.raw_data)
            if size < ROUGH:
                continue
            if size > room:
                files.append(target.with_name(f"{target.name}.{len(files)}"))
                files[-1].write_bytes(b"")
                room = LARGEST_PART
            onnx.external_data_helper.set_external_data(
                item, files[-1].name, offset=files[-1].stat().st_size, length=size
            )
            with files[-1].open("ab") as stream:
                stream.write(item.raw_data)
            item.ClearField("raw_data")
            room -= size
    target.write_bytes(model.SerializeToString())
