"""Makes an exported encoder's matrix products int8 and its embeddings small, and stores it in parts if it is large.

Weights get a scale for each output, inputs one for each token while the model runs ("dynamic"). So no answer depends on
its neighbours in a batch, and ONNX Runtime takes its integer kernels, made for what processors have (VNNI, AMX). With
a scale for each block of weights (MatMulNBits) the products alone took five times as long. A few channels of an encoder
are thirty times as large as the others and would take all of a token's scale; they are made smaller before, and their
weights larger ("SmoothQuant", Xiao et al. 2023), by what a sample of texts shows. Inputs that are hardly ever negative,
after GELU, have nearly all 256 numbers for what is positive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray

LARGEST_PART = 80_000_000  # bytes of weights in one file
ROUGH = 100_000  # numbers in a table that is worth storing smaller
SMOOTHED = 0.5  # how much of a channel's size goes over to its weights; half of it, as in the paper
SMALLEST = 1e-9  # scale of a token whose values are all 0
MIDDLE = 128  # of the numbers of a byte
CONTRIB = "com.microsoft"  # the domain of ONNX Runtime's own nodes

Feed = Mapping[str, NDArray[np.int64]]
Floats = NDArray[np.float32]
# Stores a table of a graph smaller, with a scale a row if it needs any; returns the scales' name.
Shrink = Callable[[onnx.TensorProto, onnx.GraphProto], str | None]


def quantize(
    source: Path,
    target: Path,
    *,
    sample: Sequence[Feed] = (),
    embeddings: Literal["fp16", "int8"] = "fp16",
) -> None:
    """Write `source` with its matrix products in int8 and its embeddings as `embeddings`.

    `sample` are inputs of the model like those that it will get; without any, large channels stay as they are.
    """
    model = onnx.load(source)
    _Products(model, sample).replace()
    _store_small(model.graph, _halve if embeddings == "fp16" else _round)
    _save_in_parts(model, target)


class _Seen:
    """What a sample shows of the inputs of a model's products."""

    def __init__(self, model: onnx.ModelProto, sample: Sequence[Feed]) -> None:
        self._names = list(dict.fromkeys(node.input[0] for node in _products(model.graph)))
        self._sample = sample if self._names else ()
        if self._sample:
            shown = onnx.ModelProto()
            shown.CopyFrom(model)
            shown.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in self._names)
            self._session = ort.InferenceSession(
                shown.SerializeToString(), providers=["CPUExecutionProvider"]
            )

    def channels(self) -> dict[str, Floats]:
        """Return the largest value of each channel, by the input's name, shape (channels,)."""
        largest: dict[str, Floats] = {}
        for name, rows in self._rows():
            found = np.abs(rows).max(axis=0)
            largest[name] = np.maximum(largest.get(name, found), found)
        return largest

    def ranges(self, smooth: Mapping[str, Floats]) -> dict[str, Floats]:
        """Return the lowest and the highest value of each row when it is smoothed, shape (rows, 2)."""
        found: dict[str, list[Floats]] = {}
        for name, rows in self._rows():
            even = rows * smooth[name]
            found.setdefault(name, []).append(np.stack([even.min(axis=1), even.max(axis=1)], axis=1))
        return {name: np.concatenate(parts) for name, parts in found.items()}

    def _rows(self) -> Iterator[tuple[str, Floats]]:
        for feed in self._sample:
            for name, values in zip(self._names, self._session.run(self._names, dict(feed)), strict=True):
                yield name, values.reshape(-1, values.shape[-1])


def _smoothing(sizes: Floats, weights: Sequence[Floats]) -> Floats:
    """Return what each channel of an input is multiplied by, 1 on average; `weights` are the tables it goes into."""
    theirs = np.max([np.abs(table).max(axis=1) for table in weights], axis=0)
    size, weight = np.log(np.maximum(sizes, 1e-3)), np.log(np.maximum(theirs, 1e-6))
    logs = SMOOTHED * size - (1 - SMOOTHED) * weight
    return np.asarray(np.exp(logs.mean() - logs), dtype=np.float32)


def _zero_point(ranges: Floats) -> int:
    """Return which of 0 to 255 stands for 0 so that rows get the finest scales: 128, or less where most is positive."""
    points = np.arange(1, MIDDLE + 1)
    low, high = np.maximum(-ranges[:, :1], 0), np.maximum(ranges[:, 1:], 0)
    scales = np.maximum(np.maximum(low / points, high / (255 - points)), SMALLEST)
    return int(points[np.log(scales).mean(axis=0).argmin()])


def _products(graph: onnx.GraphProto) -> Iterator[onnx.NodeProto]:
    """Yield the nodes that multiply by a large table."""
    tables = {item.name for item in graph.initializer if _is_large(item)}
    yield from (node for node in graph.node if node.op_type == "MatMul" and node.input[1] in tables)


class _Products:
    """Puts products of int8 into a graph in the place of those that it has; `unpack` reads them by their names.

    A product of `x` (batch, tokens, inputs) becomes, on rows of (batch * tokens):

        x * x_smooth -> x_scale, x_int8     a scale for each row, the numbers around a zero point of the input
        x_int8 @ w_int8 * w_scale * x_scale -> y
    """

    def __init__(self, model: onnx.ModelProto, sample: Sequence[Feed]) -> None:
        self._graph = model.graph
        self._tables = {item.name: item for item in model.graph.initializer}
        self._nodes: list[onnx.NodeProto] = []
        self._seen = _Seen(model, sample)

    def replace(self) -> None:
        """Replace all of them."""
        products = list(_products(self._graph))
        if not products:
            return
        self._begin()
        smooth = self._smooth(products)
        zeros = {name: _zero_point(ranges) for name, ranges in self._seen.ranges(smooth).items()}
        chosen = {node.output[0] for node in products}
        done: set[str] = set()
        for node in self._graph.node:
            if node.output[0] not in chosen:
                self._nodes.append(node)
                continue
            name = node.input[0]
            zero = self._zero(zeros.get(name, MIDDLE))
            if name not in done:
                self._quantize_rows(name, smooth[name], zero)
                done.add(name)
            self._multiply(node, self._table(node.input[1]) / smooth[name][:, None], zero)
        kept = [item for item in self._graph.initializer if item.name in self._tables]
        del self._graph.node[:], self._graph.initializer[:]
        self._graph.node.extend(self._nodes)
        self._graph.initializer.extend(kept)

    def _smooth(self, products: Sequence[onnx.NodeProto]) -> dict[str, Floats]:
        """Return the factors of each input's channels; without a sample they are 1."""
        inputs: dict[str, list[Floats]] = {}
        for node in products:
            inputs.setdefault(node.input[0], []).append(self._table(node.input[1]))
        sizes = self._seen.channels()
        return {
            name: _smoothing(sizes[name], weights) if name in sizes else np.ones(len(weights[0]), np.float32)
            for name, weights in inputs.items()
        }

    def _table(self, name: str) -> Floats:
        return np.asarray(onnx.numpy_helper.to_array(self._tables[name]), dtype=np.float32)

    def _begin(self) -> None:
        """Add what all products share: the shape of the batch and the number of its rows."""
        ids = self._graph.input[0].name
        self._constant("rows", np.array([-1], dtype=np.int64))
        self._constant("one", np.array(1, dtype=np.float32))
        self._constant("smallest", np.array(SMALLEST, dtype=np.float32))
        self._add("Shape", [ids], "batch_shape")
        self._add("Concat", ["batch_shape", "rows"], "whole_shape", axis=0)
        self._add("Reshape", [ids, "rows"], "flat_ids")
        self._add("Shape", ["flat_ids"], "row_count")

    def _zero(self, point: int) -> str:
        """Return the name of a zero point, and add it and one for each row where it is new."""
        name = f"zero_{point}"
        if name not in self._tables:
            self._constant(name, np.array(point, dtype=np.uint8))
            self._constant(f"below_{name}", np.array(-1 / point, dtype=np.float32))
            self._constant(f"above_{name}", np.array(1 / (255 - point), dtype=np.float32))
            self._add("Expand", [name, "row_count"], f"rows_{name}")
        return name

    def _quantize_rows(self, name: str, smooth: Floats, zero: str) -> None:
        self._constant(f"{name}_smooth", smooth)
        self._constant(f"{name}_width", np.array([-1, len(smooth)], dtype=np.int64))
        self._add("Reshape", [name, f"{name}_width"], f"{name}_rough")
        self._add("Mul", [f"{name}_rough", f"{name}_smooth"], f"{name}_rows")
        self._add("ReduceMax", [f"{name}_rows"], f"{name}_top", axes=[1], keepdims=1)
        self._add("ReduceMin", [f"{name}_rows"], f"{name}_bottom", axes=[1], keepdims=1)
        self._add("Mul", [f"{name}_top", f"above_{zero}"], f"{name}_above")
        self._add("Mul", [f"{name}_bottom", f"below_{zero}"], f"{name}_below")
        self._add("Max", [f"{name}_above", f"{name}_below", "smallest"], f"{name}_scale")
        self._add("Reshape", [f"{name}_scale", "rows"], f"{name}_scales")
        self._add(
            "QuantizeLinear", [f"{name}_rows", f"{name}_scales", f"rows_{zero}"], f"{name}_int8", axis=0
        )

    def _multiply(self, node: onnx.NodeProto, weights: Floats, zero: str) -> None:
        (name, table), (out,) = node.input, node.output
        scale = np.maximum(np.abs(weights).max(axis=0) / 127, 1e-12).astype(np.float32)
        self._constant(f"{table}_int8", np.rint(weights / scale).astype(np.int8))
        self._constant(f"{table}_scale", scale)
        # One for each, though all are 0: ONNX Runtime replaces it with the table, where it has to make both unsigned.
        self._constant(f"{table}_zero", np.array(0, dtype=np.int8))
        self._tables.pop(table, None)
        inputs = [f"{name}_int8", f"{table}_int8", "one", f"{table}_scale", zero, f"{table}_zero"]
        self._nodes.append(
            onnx.helper.make_node(
                "MatMulIntegerToFloat", inputs, [f"{out}_product"], name=node.name, domain=CONTRIB
            )
        )
        self._add("Mul", [f"{out}_product", f"{name}_scale"], f"{out}_rows")
        self._add("Reshape", [f"{out}_rows", "whole_shape"], out)

    def _constant(self, name: str, values: NDArray[Any]) -> None:
        item = onnx.numpy_helper.from_array(values, name)
        self._tables[name] = item
        self._graph.initializer.append(item)

    def _add(self, kind: str, inputs: list[str], output: str, **options: Any) -> None:
        self._nodes.append(_node(kind, inputs, output, **options))


def _store_small(graph: onnx.GraphProto, shrink: Shrink) -> None:
    """Store embeddings as `shrink` makes them; what is looked up is unpacked in the graph, never a whole table."""
    large = {item.name: item for item in graph.initializer if _is_large(item)}
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        nodes.append(node)
        table = large.get(node.input[0]) if node.op_type == "Gather" else None
        if table is not None:
            scale = shrink(table, graph)
            found, node.output[0] = node.output[0], f"{node.output[0]}_small"
            if scale:  # one a row: look up the rows' own
                nodes.append(_node("Gather", [scale, node.input[1]], f"{scale}_found"))
                scale = nodes[-1].output[0]
            nodes += _unpacked(node.output[0], scale, found)
    del graph.node[:]
    graph.node.extend(nodes)


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
