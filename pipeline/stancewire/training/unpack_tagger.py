"""Loads a tagger to train on: its torch weights or, where only the int8 ONNX file ships, those read out of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError
from numpy.typing import NDArray
from safetensors import SafetensorError
from torch import Tensor
from transformers import AutoConfig, AutoModelForTokenClassification

from stancewire.attribution.tagging import LABELS
from stancewire.errors import ModelError
from stancewire.stance.unpack import INT8, ONNX, PRODUCT, PRODUCTS, SMOOTH, is_onnx_alone, put_weights

EXPORTED = "model."  # what the export puts before a parameter's name


def load_tagger(place: Path | str, **options: Any) -> Any:
    """Return a token classifier with LABELS of a folder or hub name; an encoder without them gets a new head.

    Weights out of an ONNX file are off by at most a 254th of the largest of their output. Raises ModelError where there
    are none that can be read.
    """
    names = dict(enumerate(LABELS))
    options |= {"id2label": names, "label2id": {name: number for number, name in names.items()}}
    folder = Path(place)
    if is_onnx_alone(folder):
        return _unpacked(folder, **options)
    try:
        return AutoModelForTokenClassification.from_pretrained(
            place, dtype=torch.float32, ignore_mismatched_sizes=True, **options
        )
    except (OSError, ValueError, SafetensorError) as error:
        raise ModelError(f"{place}: can't be loaded to train on: {str(error).splitlines()[0]}") from error


def _unpacked(folder: Path, *, attn_implementation: str | None = None, **options: Any) -> Any:
    config = AutoConfig.from_pretrained(folder, **options)
    auto: Any = AutoModelForTokenClassification
    model = auto.from_config(config, attn_implementation=attn_implementation)
    try:
        graph = onnx.load(folder / ONNX).graph
    except (OSError, ValueError, DecodeError) as error:
        raise ModelError(f"{folder / ONNX}: not an ONNX file: {error}") from error
    remedy = "a BERT tagger as `stancewire train` exports it is needed, or torch weights"
    put_weights(model, dict(_parameters(graph)), folder / ONNX, remedy=remedy)
    return model


def _parameters(graph: Any) -> Iterator[tuple[str, Tensor]]:
    """Yield the names and values of an exported BERT tagger's parameters."""
    values = {item.name: np.asarray(onnx.numpy_helper.to_array(item)) for item in graph.initializer}
    for name, value in values.items():
        if name.startswith(EXPORTED) and name.endswith((".weight", ".bias")):
            scale = values.get(f"{name}_scale", np.float32(1))
            yield name.removeprefix(EXPORTED), _tensor(value * scale)
    for node in graph.node:
        if node.op_type == "MultiHeadAttention":  # its inputs: queries, keys and values, then their biases
            for product, bias in zip(node.input[:3], np.split(values[node.input[3]], 3), strict=True):
                yield f"{_module(product)}.bias", _tensor(bias)
        elif node.op_type == PRODUCTS:
            yield f"{_module(node.output[0].removesuffix(PRODUCT))}.weight", _tensor(_product(node, values))
        elif node.op_type == "MatMul" and node.input[1] in values:
            yield f"{_module(node.output[0])}.weight", _tensor(values[node.input[1]].T)


def _module(output: str) -> str:
    """Return the torch module that gave an output: "/model/a/b/MatMul_output_0" -> "a.b"."""
    return ".".join(output.split("/")[2:-1])


def _product(node: Any, values: dict[str, NDArray[Any]]) -> NDArray[np.float32]:
    """Return the weights of a product, shape (outputs, inputs), as they were before its channels were evened out."""
    rows, table, _, scale = node.input[:4]
    smooth = values.get(f"{rows.removesuffix(INT8)}{SMOOTH}")
    if smooth is None or values[table].dtype != np.int8:
        raise ModelError(f"{node.name}: not as this version exports products; export the model again")
    return np.asarray((values[table].astype(np.float32) * values[scale] * smooth[:, None]).T)


def _tensor(values: NDArray[Any]) -> Tensor:
    return torch.from_numpy(np.array(values, dtype=np.float32))
