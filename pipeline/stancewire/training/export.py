"""Turns trained torch weights into the model folder that ships: ONNX (fused, int8), tokenizer, card."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from transformers import AutoModelForSequenceClassification

from stancewire.stance.batching import Batch, score_pairs
from stancewire.stance.calibration import Scores
from stancewire.stance.tokens import load_tokenizer

log = logging.getLogger(__name__)
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def export_fp32(weights: Path, target: Path) -> Path:
    """Write `weights` (a transformers folder) as a graph-fused fp32 ONNX file."""
    model = AutoModelForSequenceClassification.from_pretrained(
        weights, dtype=torch.float32, attn_implementation="eager"
    )
    model.eval()
    example = {name: torch.ones((2, 16), dtype=torch.int64) for name in INPUTS}
    axes = {0: "batch", 1: "tokens"}
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        torch.onnx.export(
            model,
            (),
            str(plain),
            kwargs=example,
            input_names=list(INPUTS),
            output_names=["scores"],
            dynamic_axes=dict.fromkeys(INPUTS, axes) | {"scores": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
        options = FusionOptions("bert")
        options.use_multi_head_attention = True  # keeps the projections as products that can be quantized
        options.enable_embed_layer_norm = False  # keeps the embedding tables as they are, for store_half
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


def quantize(
    source: Path,
    target: Path,
    *,
    weights: Path,
    pairs: Sequence[tuple[str, str]],
    window: int,
    keep_float: Sequence[str] = (),
) -> Path:
    """Write `source` with its matrix products in int8, ranges measured on `pairs`.

    Products whose name contains one of `keep_float` stay as they are: a few tokens of enormous activation make
    one range for all of them too coarse.

    Static ranges, not dynamic ones: dynamic quantization scales each batch by its own extremes, and a pair's
    answer would depend on its neighbours.
    """
    typed = target.with_suffix(".typed")
    products = _state_types(source, typed)
    quantize_static(
        str(typed),
        str(target),
        _Ranges(pairs, weights, window),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        calibrate_method=CalibrationMethod.MinMax,
        nodes_to_exclude=[name for name in products if any(part in name for part in keep_float)],
        extra_options={"MatMulConstBOnly": True},
    )
    typed.unlink()
    _store_half(target)
    return target


def _state_types(source: Path, target: Path) -> list[str]:
    """Copy a graph with the type of every matrix product's ends stated; return the products' names.

    Fused nodes have no type inference, and without a type the quantizer leaves a product alone.
    """
    model = onnx.load(source)
    products = [node for node in model.graph.node if node.op_type == "MatMul"]
    for name in sorted({name for node in products for name in (node.input[0], node.output[0])}):
        model.graph.value_info.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    onnx.save(model, target)
    return [node.name for node in products]


def _store_half(path: Path) -> None:
    """Store large fp32 tables as fp16 and cast them back in the graph: half the file, no change that shows.

    Embeddings are cast after the look-up, so that the whole table is never unpacked; ONNX Runtime folds the
    casts of weights once, when it loads the model.
    """
    model = onnx.load(path)
    large = {item.name: item for item in model.graph.initializer if _is_large(item)}
    nodes = []
    for node in model.graph.node:
        table = large.get(node.input[0]) if node.op_type == "Gather" else None
        weight = large.get(node.input[1]) if node.op_type == "MatMul" else None
        if table is not None:
            _halve(table)
            found, node.output[0] = node.output[0], f"{node.output[0]}_half"
            nodes += [node, _cast(node.output[0], found)]
        elif weight is not None:
            _halve(weight)
            node.input[1] = f"{weight.name}_full"
            nodes += [_cast(weight.name, node.input[1]), node]
        else:
            nodes.append(node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.save(model, path)


def _is_large(item: onnx.TensorProto) -> bool:
    return (
        item.data_type == onnx.TensorProto.FLOAT
        and len(item.dims) == 2
        and item.dims[0] * item.dims[1] > 100_000
    )


def _halve(item: onnx.TensorProto) -> None:
    values = onnx.numpy_helper.to_array(item).astype(np.float16)
    item.CopyFrom(onnx.numpy_helper.from_array(values, item.name))


def _cast(source: str, target: str) -> onnx.NodeProto:
    return onnx.helper.make_node("Cast", [source], [target], to=onnx.TensorProto.FLOAT)


class _Ranges(CalibrationDataReader):  # type: ignore[misc]
    """Feeds the quantizer with real pairs, one length bucket at a time."""

    def __init__(self, pairs: Sequence[tuple[str, str]], weights: Path, window: int) -> None:
        batches: list[dict[str, Any]] = []

        def remember(batch: Batch) -> Scores:
            batches.append({name: getattr(batch, name) for name in INPUTS})
            return np.zeros((len(batch.pieces), 4), dtype=np.float32)

        score_pairs(pairs, tokenizer=load_tokenizer(weights, window=window), batch_size=16, score=remember)
        self._batches: Iterator[dict[str, Any]] = iter(batches)

    def get_next(self) -> dict[str, Any] | None:
        return next(self._batches, None)
