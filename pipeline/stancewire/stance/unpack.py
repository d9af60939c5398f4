"""Loads a model folder's weights into torch: from its torch files or, where none ship, out of its int8 ONNX file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import AutoConfig, AutoModelForSequenceClassification

from stancewire.errors import ModelError

ONNX = "model.onnx"
EXPORTED = "model."  # what the export puts before a parameter's name
TORCH_FILES = ("*.safetensors", "pytorch_model*.bin")
PRODUCTS = "MatMulIntegerToFloat"  # the nodes of products in int8
# How `stancewire.training.quantize` calls what it makes of a product's input and output.
PRODUCT, INT8, SMOOTH = "_product", "_int8", "_smooth"


def load_weights(folder: Path | str, **options: Any) -> Any:
    """Return the sequence classifier of a folder or hub name for transformers; `options` are those of from_pretrained.

    Weights out of an ONNX file are off by at most a 254th of the largest of their output (embeddings: of their row).
    Raises ModelError where that file is not an MPNet as `stancewire train` exports it; one in which two parameters
    are equal throughout, so that the export kept one of them, is refused, too.
    """
    if not is_onnx_alone(Path(folder)):
        return AutoModelForSequenceClassification.from_pretrained(folder, **options)
    return _unpack(Path(folder), **options)


def is_onnx_alone(folder: Path) -> bool:
    """Return whether `folder` has an ONNX file and no torch weights."""
    return (folder / ONNX).is_file() and not any(any(folder.glob(pattern)) for pattern in TORCH_FILES)


def _unpack(
    folder: Path,
    *,
    dtype: torch.dtype = torch.float32,
    attn_implementation: str | None = None,
    **options: Any,
) -> Any:
    config = AutoConfig.from_pretrained(folder, **options)
    if config.model_type != "mpnet":
        raise ModelError(
            f"{folder}: no torch weights, and {ONNX} is of type {config.model_type}; mpnet can be unpacked"
        )
    auto: Any = AutoModelForSequenceClassification
    model = auto.from_config(config, attn_implementation=attn_implementation)
    found = dict(_parameters(_graph(folder / ONNX)))
    put_weights(
        model, found, folder / ONNX, remedy="exported by an older version, or not by `stancewire train`?"
    )
    return model.to(dtype).eval()


def put_weights(model: Any, found: dict[str, torch.Tensor], place: Path, *, remedy: str) -> None:
    """Give a model the weights found at `place`; raises ModelError, ending in `remedy`, where they aren't its own."""
    wanted = model.state_dict()
    wrong = [
        name
        for name in sorted(found.keys() | wanted.keys())
        if name not in found or name not in wanted or found[name].shape != wanted[name].shape
    ]
    if wrong:
        raise ModelError(f"{place}: {wrong[0]} is missing, superfluous or of another shape; {remedy}")
    model.load_state_dict(found)


def _graph(path: Path) -> Any:
    import onnx
    from google.protobuf.message import DecodeError

    try:
        return onnx.load(path).graph
    except (OSError, ValueError, DecodeError, onnx.checker.ValidationError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ModelError(f"{path}: not an ONNX file with all its parts: {reason}") from error


def _parameters(graph: Any) -> Iterator[tuple[str, Tensor]]:
    """Yield the names and values of an exported MPNet's parameters."""
    values = {item.name: _array(item) for item in graph.initializer}
    for name, value in values.items():
        if name.startswith(EXPORTED) and name.endswith((".weight", ".bias")):
            scale = values.get(f"{name}_scale", np.float32(1))
            yield name.removeprefix(EXPORTED), _tensor(value * scale)
    products = {node.output[0].removesuffix(PRODUCT): node for node in graph.node if node.op_type == PRODUCTS}
    for node in graph.node:
        if node.op_type == "MultiHeadAttention":  # its inputs: queries, keys and values, then their biases
            for part, product, bias in zip(
                "qkv", node.input, np.split(values[node.input[3]], 3), strict=False
            ):
                yield f"{_module(node)}.{part}.bias", _tensor(bias)
                if product in products:
                    yield f"{_module(node)}.{part}.weight", _tensor(_product(products.pop(product), values))
    for node in products.values():
        yield f"{_module(node)}.weight", _tensor(_product(node, values))


def _module(node: Any) -> str:
    """Return the torch module that a node was exported from: "/model/a/b/MatMul" -> "a.b"."""
    return ".".join(node.name.split("/")[2:-1])


def _product(node: Any, values: dict[str, NDArray[Any]]) -> NDArray[np.float32]:
    """Return the weights of a product, shape (outputs, inputs), as they were before its channels were evened out."""
    rows, table, _, scale = node.input[:4]
    smooth = values.get(f"{rows.removesuffix(INT8)}{SMOOTH}")
    if smooth is None or values[table].dtype != np.int8:
        raise ModelError(f"{node.name}: not as this version exports products; export the model again")
    weights = values[table].astype(np.float32) * values[scale] * smooth[:, None]
    return np.ascontiguousarray(weights.T)


def _array(item: Any) -> NDArray[Any]:
    import onnx

    return np.asarray(onnx.numpy_helper.to_array(item))


def _tensor(values: NDArray[Any]) -> Tensor:
    return torch.from_numpy(np.array(values, dtype=np.float32))
