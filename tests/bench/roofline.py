"""Measures how near the shipped models come to the processor's peak, which nodes take their time, and in which batches.

    python tests/bench/roofline.py [--threads 1]

The roof is the rate of one large product by the same library: in bytes, as the models multiply, and in float32. The
rate of a model counts two operations for each weight of a product and each token, and nothing else, over all of its
time; so attention, norms and GELU lower it. Texts are made up: each model reads PASSAGES of TOKENS tokens at once, as
it does in a run, and in the second table as many as the column says.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper

from stancewire.buckets import CACHED
from stancewire.onnx_session import SLOWER, open_session
from stancewire.resources import resource

MODELS = ("small", "base", "attribution")
PASSAGES, TOKENS = CACHED // 96, 96
BATCHES = (1, 2, 4, 8, 16, 32)  # passages
SHAPE = (4096, 768, 3072)  # rows, inputs and outputs of the product that stands for the roof: base's widest
ROUNDS = 5
SEED = 7
CONTRIB = helper.make_opsetid("com.microsoft", 1)
KINDS = {
    "MatMulIntegerToFloat": "products",
    "MatMul": "products",
    "Gemm": "products",
    "MultiHeadAttention": "attention",
    "Add": "norms",  # of what goes round a layer, before them
    "LayerNormalization": "norms",
    "BiasGelu": "GELU",
}
MAKING_BYTES = "making bytes, scaling results"  # what is left but for looking up embeddings


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How a model reads one batch: seconds, operations in its products, and the share of the time by kind of node."""

    seconds: float
    operations: float
    shares: dict[str, float]


def roof(*, is_int8: bool, threads: int) -> float:
    """Return the operations a second of one large product."""
    rows, inputs, outputs = SHAPE
    rng = np.random.default_rng(SEED)
    if is_int8:
        table = helper.make_tensor(
            "w", TensorProto.INT8, (inputs, outputs), rng.integers(-127, 127, (inputs, outputs), np.int8)
        )
        scales = [helper.make_tensor(name, TensorProto.FLOAT, (), [1.0]) for name in ("a_scale", "w_scale")]
        node = helper.make_node(
            "MatMulIntegerToFloat", ["x", "w", "a_scale", "w_scale"], ["y"], domain=CONTRIB.domain
        )
        kind, x = TensorProto.UINT8, rng.integers(0, 255, (rows, inputs), np.uint8)
    else:
        values = rng.standard_normal((inputs, outputs), np.float32)
        table, scales = helper.make_tensor("w", TensorProto.FLOAT, (inputs, outputs), values), []
        node = helper.make_node("MatMul", ["x", "w"], ["y"])
        kind, x = TensorProto.FLOAT, rng.standard_normal((rows, inputs), np.float32)
    graph = helper.make_graph(
        [node],
        "roof",
        [helper.make_tensor_value_info("x", kind, (rows, inputs))],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, (rows, outputs))],
        [table, *scales],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), CONTRIB], ir_version=9)
    session = ort.InferenceSession(model.SerializeToString(), _options(threads), ["CPUExecutionProvider"])
    return 2 * rows * inputs * outputs / _best(session, {"x": x})


def measure(path: Path, *, threads: int) -> Measured:
    """Run a model over one batch of made-up texts."""
    feed = _feed(path, PASSAGES)
    return Measured(
        seconds=_best(open_session(path, threads=threads), feed),
        operations=2 * _weights(path) * PASSAGES * TOKENS,
        shares=_shares(path, feed, threads=threads),
    )


def _options(threads: int) -> ort.SessionOptions:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return options


def _best(session: ort.InferenceSession, feed: dict[str, np.ndarray]) -> float:
    """Return the seconds of the fastest of ROUNDS runs after a first one."""
    session.run(None, feed)
    seconds = []
    for _ in range(ROUNDS):
        started = perf_counter()
        session.run(None, feed)
        seconds.append(perf_counter() - started)
    return min(seconds)


def _feed(path: Path, passages: int) -> dict[str, np.ndarray]:
    ids = np.random.default_rng(SEED).integers(1000, 20000, (passages, TOKENS))
    values = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    return {each.name: values[each.name] for each in open_session(path, threads=1).get_inputs()}


def _weights(path: Path) -> int:
    """Return the weights of the products that every token goes through."""
    graph = onnx.load(path, load_external_data=False).graph
    tables = {item.name: item.dims for item in graph.initializer}
    products = (node for node in graph.node if node.op_type == "MatMulIntegerToFloat")
    return sum(int(np.prod(tables[node.input[1]])) for node in products)


def _shares(path: Path, feed: dict[str, np.ndarray], *, threads: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        options = _options(threads)
        options.enable_profiling = True
        options.profile_file_prefix = str(Path(folder) / "nodes")
        session = ort.InferenceSession(
            str(path), options, ["CPUExecutionProvider"], disabled_optimizers=list(SLOWER)
        )
        for _ in range(ROUNDS):
            session.run(None, feed)
        events = json.loads(Path(session.end_profiling()).read_text(encoding="utf-8"))
    taken: Counter[str] = Counter()
    for event in events:
        if event["cat"] == "Node" and event["name"].endswith("_kernel_time"):
            taken[KINDS.get(event["args"]["op_name"], MAKING_BYTES)] += event["dur"]
    return {kind: spent / taken.total() for kind, spent in taken.most_common()}


def lines(*, threads: int) -> Iterator[str]:
    """Yield the table, line by line."""
    roofs = {
        name: roof(is_int8=is_int8, threads=threads)
        for name, is_int8 in (("bytes", True), ("float32", False))
    }
    yield f"{threads} thread(s); one product of {' x '.join(map(str, SHAPE))}: " + ", ".join(
        f"{rate / 1e12:.2f} x 10^12 operations/s in {name}" for name, rate in roofs.items()
    )
    yield f"{'model':12} {'ms':>7} {'10^12/s':>8} {'of roof':>8}   share of its time"
    for name in MODELS:
        found = measure(resource("models", name, "model.onnx"), threads=threads)
        rate = found.operations / found.seconds
        shares = ", ".join(f"{kind} {share:.0%}" for kind, share in found.shares.items())
        yield f"{name:12} {found.seconds * 1000:7.1f} {rate / 1e12:8.3f} {rate / roofs['bytes']:8.1%}   {shares}"
    yield (
        f"{'us a token in batches of':26}"
        + "".join(f"{TOKENS * number:>8,}" for number in BATCHES)
        + " tokens"
    )
    for name in MODELS:
        taken = _by_batch(resource("models", name, "model.onnx"), threads=threads)
        yield f"{name:26}" + "".join(f"{each * 1e6:8.1f}" for each in taken)


def _by_batch(path: Path, *, threads: int) -> list[float]:
    """Return the seconds a token in batches of BATCHES passages."""
    session = open_session(path, threads=threads)
    return [_best(session, _feed(path, number)) / number / TOKENS for number in BATCHES]


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--threads", type=int, default=1)
    for line in lines(threads=options.parse_args().threads):
        print(line, flush=True)


if __name__ == "__main__":
    main()
