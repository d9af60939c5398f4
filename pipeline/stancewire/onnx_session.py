"""Opens an ONNX file with ONNX Runtime on the CPU."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from onnxruntime.capi.onnxruntime_pybind11_state import (
    Fail,
    InvalidArgument,
    InvalidGraph,
    InvalidProtobuf,
    NoSuchFile,
)

from stancewire.errors import ModelError

_SHRINK = ("memory.enable_memory_arena_shrinkage", "cpu:0")  # give memory back after each call
# Multiply unsigned bytes by unsigned ones: slower, and the same sums where those by signed ones don't overflow.
_UNSIGNED = ("session.x64quantprecision", "1")
# Puts a sum and a norm into one node, whose kernel takes five times as long as the two.
SLOWER = ("SkipLayerNormFusion",)
CPUINFO = Path("/proc/cpuinfo")
_ADDS_IN_32_BITS = re.compile(r"\b(avx512_vnni|avx_vnni|amx_int8)\b")


def open_session(path: Path, *, threads: int = 0) -> ort.InferenceSession:
    """Return a session; `threads` 0 means all cores. Raises ModelError where the file is none or lacks a part."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads or os.cpu_count() or 1
    options.log_severity_level = 3
    # Inputs have many lengths, and a plan for each would be kept for ever. So would the arena be, but for `_SHRINK`;
    # without an arena each product's result is a fresh piece of memory, which takes a fifth of the time.
    options.enable_mem_pattern = False
    if may_overflow():
        options.add_session_config_entry(*_UNSIGNED)
    try:
        return ort.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=list(SLOWER)
        )
    except (Fail, InvalidArgument, InvalidGraph, InvalidProtobuf, NoSuchFile) as error:
        raise ModelError(f"{path}: ONNX Runtime can't load it: {error}") from error


def run_session(
    session: ort.InferenceSession, inputs: Mapping[str, NDArray[np.int64]]
) -> NDArray[np.float32]:
    """Return a model's one output."""
    options = ort.RunOptions()
    options.add_run_config_entry(*_SHRINK)
    return np.asarray(session.run(None, dict(inputs), options)[0], dtype=np.float32)


def may_overflow() -> bool:
    """Say whether two products of bytes may be too much for what the processor adds them up in: x86 before VNNI.

    Where the system doesn't tell which it is, it may.
    """
    if platform.machine().casefold() not in ("x86_64", "amd64"):
        return False
    try:
        return not _ADDS_IN_32_BITS.search(CPUINFO.read_text(encoding="utf-8"))
    except OSError:
        return True
