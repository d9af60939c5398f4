"""Products in int8: near those in float32, the same on every processor, whatever else is in the batch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from stancewire import onnx_session

onnx = pytest.importorskip("onnx", reason="needs onnx, from stancewire[train]")

WORDS, WIDTH, OUT = 40, 64, 48
LOUD = 7  # a channel that is far larger than the others


def network(path: Path, *, loud: float = 1.0, is_positive: bool = False) -> Path:
    """Write a model that looks words up and multiplies what it finds by a table."""
    rng = np.random.default_rng(3)
    words = rng.normal(size=(WORDS, WIDTH)).astype(np.float32)
    words[:, LOUD] *= loud
    if is_positive:
        words = np.maximum(words, -0.1)
    table = rng.normal(size=(WIDTH, OUT)).astype(np.float32)
    table[LOUD] /= loud
    helper = onnx.helper
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["words", "input_ids"], ["found"]),
            helper.make_node("MatMul", ["found", "table"], ["scores"], name="/model/table/MatMul"),
        ],
        "network",
        [helper.make_tensor_value_info("input_ids", onnx.TensorProto.INT64, ["batch", "tokens"])],
        [helper.make_tensor_value_info("scores", onnx.TensorProto.FLOAT, ["batch", "tokens", OUT])],
        [onnx.numpy_helper.from_array(words, "words"), onnx.numpy_helper.from_array(table, "table")],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), path)
    return path


def quantized(source: Path, monkeypatch: pytest.MonkeyPatch, *, has_sample: bool) -> Path:
    from stancewire.training import quantize

    monkeypatch.setattr(quantize, "ROUGH", 1000)
    target = source.with_name("int8.onnx")
    sample = [{"input_ids": np.arange(WORDS).reshape(4, -1)}] if has_sample else []
    quantize.quantize(source, target, sample=sample)
    return target


def scores(path: Path, ids: NDArray[np.int64]) -> NDArray[np.float32]:
    return onnx_session.run_session(onnx_session.open_session(path, threads=1), {"input_ids": ids})


def error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_sample: bool, **options: Any) -> float:
    """Return by how much the products in int8 are off, as a part of their size."""
    source = network(tmp_path / "fp32.onnx", **options)
    ids = np.arange(WORDS).reshape(8, -1)
    expected = scores(source, ids)
    found = scores(quantized(source, monkeypatch, has_sample=has_sample), ids)
    assert found.shape == expected.shape
    return float(np.abs(found - expected).mean() / np.abs(expected).mean())


def test_products_stay_near_those_of_floats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 0 < error(tmp_path, monkeypatch, has_sample=False) < 0.02


def test_a_loud_channel_is_evened_out_by_what_a_sample_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = error(tmp_path, monkeypatch, loud=50.0, has_sample=False)
    evened = error(tmp_path, monkeypatch, loud=50.0, has_sample=True)
    assert without > 0.05
    assert evened < 0.02


def test_inputs_that_are_hardly_negative_get_a_finer_scale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = error(tmp_path, monkeypatch, is_positive=True, has_sample=False)
    assert error(tmp_path, monkeypatch, is_positive=True, has_sample=True) < 0.8 * without


def test_answers_of_a_row_don_t_depend_on_its_neighbours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = quantized(network(tmp_path / "fp32.onnx", loud=9.0), monkeypatch, has_sample=True)
    ids = np.arange(WORDS).reshape(8, -1)
    together = scores(path, ids)
    alone = np.concatenate([scores(path, row[None]) for row in ids])
    np.testing.assert_array_equal(together, alone)


def test_answers_are_the_same_where_signed_bytes_can_t_be_multiplied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = quantized(network(tmp_path / "fp32.onnx", loud=9.0), monkeypatch, has_sample=True)
    ids = np.arange(WORDS).reshape(8, -1)
    if onnx_session.may_overflow():
        pytest.skip("this processor adds up in 16 bits: signed bytes give other sums here")
    signed = scores(path, ids)
    monkeypatch.setattr(onnx_session, "may_overflow", lambda: True)
    np.testing.assert_array_equal(scores(path, ids), signed)


@pytest.mark.parametrize(
    ("flags", "machine", "expected"),
    [
        ("flags : sse4_1 avx2", "x86_64", True),
        ("flags : avx2 avx512f avx512_vnni", "x86_64", False),
        ("flags : avx2 avx_vnni", "AMD64", False),
        ("flags : avx2 amx_int8", "x86_64", False),
        ("Features : asimd", "aarch64", False),
    ],
)
def test_only_old_x86_multiplies_unsigned_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: str, machine: str, expected: bool
) -> None:
    (tmp_path / "cpuinfo").write_text(flags)
    monkeypatch.setattr(onnx_session, "CPUINFO", tmp_path / "cpuinfo")
    monkeypatch.setattr(onnx_session.platform, "machine", lambda: machine)
    assert onnx_session.may_overflow() is expected


def test_where_the_system_doesn_t_tell_it_multiplies_unsigned_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_session, "CPUINFO", tmp_path / "none")
    monkeypatch.setattr(onnx_session.platform, "machine", lambda: "AMD64")
    assert onnx_session.may_overflow()
