"""Turns trained torch weights into the ONNX file that ships: fused, int8, in parts where it is large."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

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
from transformers import AutoConfig, AutoModelForSequenceClassification

from stancewire.stance.batching import Batch, score_pairs
from stancewire.stance.calibration import Scores
from stancewire.stance.tokens import load_tokenizer
from stancewire.training.mpnet import DOMAIN, ExportedMPNet

log = logging.getLogger(__name__)
# Stores a table of a graph smaller, with scales along an axis if it needs any; returns their name.
Shrink = Callable[[onnx.TensorProto, onnx.GraphProto, int], str | None]
INPUTS = {  # by the encoder's type
    "bert": ("input_ids", "attention_mask", "token_type_ids"),
    "mpnet": ("input_ids", "attention_mask"),
}
LARGEST_PART = 80_000_000  # bytes of weights in one file
ROUGH = 100_000  # numbers in a table that is worth storing smaller


def export_fp32(weights: Path, target: Path) -> Path:
    """Write `weights` (a transformers folder, its encoder one of INPUTS) as a graph-fused fp32 ONNX file."""
    model = AutoModelForSequenceClassification.from_pretrained(
        weights, dtype=torch.float32, attn_implementation="eager"
    ).eval()
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
            dynamic_axes=dict.fromkeys(inputs, axes) | {"scores": {0: "batch"}},
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


def quantize(
    source: Path,
    target: Path,
    *,
    weights: Path,
    pairs: Sequence[tuple[str, str]],
    window: int,
    keep_float: Sequence[str] = (),
    tables: Literal["fp16", "int8"] = "fp16",
) -> list[Path]:
    """Write `source` with its matrix products in int8, ranges measured on `pairs`; return the files written.

    Products whose name contains one of `keep_float` stay as they are: a few tokens of enormous activation make
    one range for all of them too coarse. `tables` is what their weights and the embeddings are stored as.

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
    model = onnx.load(target)
    _store_small(model, _halve if tables == "fp16" else _round)
    return _save_in_parts(model, target)


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


def _store_small(model: onnx.ModelProto, shrink: Shrink) -> None:
    """Store large fp32 tables as `shrink` makes them and unpack them in the graph.

    Embeddings are unpacked after the look-up, so that the whole table never is; ONNX Runtime unpacks weights
    once, when it loads the model.
    """
    large = {item.name: item for item in model.graph.initializer if _is_large(item)}
    nodes: list[onnx.NodeProto] = []
    for node in model.graph.node:
        table = large.get(node.input[0]) if node.op_type == "Gather" else None
        weight = large.get(node.input[1]) if node.op_type == "MatMul" else None
        if table is not None:
            scale = shrink(table, model.graph, 1)
            found, node.output[0] = node.output[0], f"{node.output[0]}_small"
            nodes.append(node)
            if scale:  # one a row: look up the rows' own
                nodes.append(_node("Gather", [scale, node.input[1]], f"{scale}_found"))
                scale = nodes[-1].output[0]
            nodes += _unpacked(node.output[0], scale, found)
        elif weight is not None:
            scale = shrink(weight, model.graph, 0)
            node.input[1] = f"{weight.name}_full"
            nodes += [*_unpacked(weight.name, scale, node.input[1]), node]
        else:
            nodes.append(node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def _is_large(item: onnx.TensorProto) -> bool:
    return (
        item.data_type == onnx.TensorProto.FLOAT
        and len(item.dims) == 2
        and item.dims[0] * item.dims[1] > ROUGH
    )


def _halve(item: onnx.TensorProto, _: onnx.GraphProto, __: int) -> str | None:
    values = onnx.numpy_helper.to_array(item).astype(np.float16)
    item.CopyFrom(onnx.numpy_helper.from_array(values, item.name))
    return None


def _round(item: onnx.TensorProto, graph: onnx.GraphProto, axis: int) -> str | None:
    """Store int8 with one scale for all numbers along `axis`; return the scales' name."""
    values = onnx.numpy_helper.to_array(item)
    scales = np.maximum(np.abs(values).max(axis=axis, keepdims=True) / 127, 1e-12).astype(np.float32)
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


def _save_in_parts(model: onnx.ModelProto, target: Path) -> list[Path]:
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
    return files


class _Ranges(CalibrationDataReader):  # type: ignore[misc]
    """Feeds the quantizer with real pairs, one length bucket at a time."""

    def __init__(self, pairs: Sequence[tuple[str, str]], weights: Path, window: int) -> None:
        config = AutoConfig.from_pretrained(weights)
        inputs = INPUTS[config.model_type]
        batches: list[dict[str, Any]] = []

        def remember(batch: Batch) -> Scores:
            batches.append({name: getattr(batch, name) for name in inputs})
            return np.zeros((len(batch.pieces), 4), dtype=np.float32)

        tokenizer = load_tokenizer(weights, window=window)
        score_pairs(pairs, tokenizer=tokenizer, batch_size=16, score=remember, pad_id=config.pad_token_id)
        self._batches: Iterator[dict[str, Any]] = iter(batches)

    def get_next(self) -> dict[str, Any] | None:
        return next(self._batches, None)
