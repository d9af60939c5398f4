"""Loads a model folder's weights into torch: from its torch files or, where none ship, out of its int8 ONNX file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError
from numpy.typing import NDArray
from torch import Tensor
from transformers import AutoConfig, AutoModelForSequenceClassification

from stancewire.errors import ModelError

ONNX = "model.onnx"
EXPORTED = "model."  # what the export puts before a parameter's name
PROJECTIONS = {"MatMul": "q", "MatMul_1": "k", "MatMul_2": "v"}  # as the export calls those of an attention
MIDDLE = 128  # what stands for 0 in a weight of 8 bits


def load_weights(folder: Path | str, **options: Any) -> Any:
    """Return the sequence classifier of a folder or hub name for transformers; `options` are those of from_pretrained.

    Weights out of an ONNX file (MPNet only) are as exact as int8 is: off by half a 254th of their block's range at
    most. Raises ModelError where the file holds another encoder, or no export at all.
    """
    path = Path(folder) / ONNX
    if path.is_file() and not any(path.parent.glob("*.safetensors")):
        dtype = options.pop("dtype", torch.float32)
        attention = options.pop("attn_implementation", None)
        config = AutoConfig.from_pretrained(folder, **options)
        if config.model_type != "mpnet":
            raise ModelError(
                f"{folder}: no torch weights, and {ONNX} is of type {config.model_type}; mpnet can be unpacked"
            )
        make: Any = AutoModelForSequenceClassification
        model = make.from_config(config, attn_implementation=attention)
        try:
            model.load_state_dict(dict(_parameters(path)))
        except (KeyError, RuntimeError, DecodeError) as error:
            raise ModelError(f"{path}: not a graph as `stancewire train` exports it: {error}") from error
        return model.to(dtype)
    return AutoModelForSequenceClassification.from_pretrained(folder, **options)


def _parameters(path: Path) -> Iterator[tuple[str, Tensor]]:
    """Yield the names and values of an exported MPNet's parameters."""
    graph = onnx.load(path).graph
    values = {item.name: onnx.numpy_helper.to_array(item) for item in graph.initializer}
    for name, value in values.items():
        if name.startswith(EXPORTED) and name.endswith((".weight", ".bias")):
            scale = values.get(f"{name}_scale", np.float32(1))
            yield name.removeprefix(EXPORTED), _tensor(value * scale)
    for node in graph.node:
        *place, last = node.name.removeprefix("/model/").split("/")
        module = ".".join(place)
        if node.op_type == "MatMulNBits":
            projection = PROJECTIONS.get(re.sub(r"_Q\d$", "", last)) if place[-1] == "attn" else None
            yield ".".join(filter(None, (module, projection, "weight"))), _tensor(_product(node, values))
        elif node.op_type == "MultiHeadAttention":
            for projection, bias in zip(
                PROJECTIONS.values(), np.split(values[node.input[3]], 3), strict=True
            ):
                yield f"{module}.{projection}.bias", _tensor(bias)


def _product(node: Any, values: dict[str, NDArray[Any]]) -> NDArray[np.float32]:
    """Return the weights of a product, shape (outputs, inputs), from their blocks of 8 bits and the blocks' scales."""
    blocks = values[node.input[1]].astype(np.float32)
    scales = values[node.input[2]].reshape(*blocks.shape[:2], 1)
    size = next(item.i for item in node.attribute if item.name == "K")
    return np.asarray(((blocks - MIDDLE) * scales).reshape(len(blocks), -1)[:, :size], dtype=np.float32)


def _tensor(values: NDArray[Any]) -> Tensor:
    return torch.from_numpy(np.array(values, dtype=np.float32))
