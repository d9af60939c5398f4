"""Joins the Ray cluster at RAY_ADDRESS, or starts one here, and keeps Ray from talking."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ray
from ray.data import DataContext

from stancewire.errors import ConfigError, StancewireError
from stancewire.workers import available_cores

REACH = 5.0  # seconds to wait for the cluster to answer at all
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def connect(number: int) -> bool:
    """Join the cluster at RAY_ADDRESS, or start one here; return whether to leave it, or end it, afterwards.

    No other cluster is joined, though one may be running: it may be that of another run, and end with it.
    """
    if ray.is_initialized():
        return False
    _silence()
    address = os.environ.get("RAY_ADDRESS")
    common: dict[str, Any] = {"log_to_driver": _is_verbose(), "logging_level": _level()}
    if not address:
        # On loopback, since whoever reaches a Ray cluster can run code there.
        with _muted():
            ray.init(
                address="local",
                num_cpus=number or available_cores(),
                include_dashboard=False,
                _node_ip_address="127.0.0.1",
                **common,
            )
        return True
    _check_reachable(address)
    try:
        with _muted():
            ray.init(address=address, **common)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise StancewireError(_unreachable(address, first_line(error).partition(". ")[0])) from error
    return True


def _silence() -> None:
    """Keep Ray from talking, to the terminal and to its makers; a user who set these knows why."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # else a warning about GPUs
    if (
        not _is_verbose()
    ):  # else an error for every window: that Ray Data's actors have arguments, and may start again
        os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    logging.getLogger("ray.data").setLevel(_level())
    context = DataContext.get_current()
    context.enable_progress_bars = _is_verbose()
    context.print_on_execution_start = _is_verbose()


@contextmanager
def _muted() -> Iterator[None]:
    """Keep Ray's C++ from saying at its start that it was told to say less."""
    kept = os.dup(2)
    try:
        if not _is_verbose():
            with Path(os.devnull).open("wb") as nowhere:
                os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _is_verbose() -> bool:
    return logging.getLogger().isEnabledFor(logging.INFO)  # a log file asks our own loggers for more


def _level() -> int:
    return logging.INFO if _is_verbose() else logging.ERROR


def _check_reachable(address: str) -> None:
    """Look whether anything listens at the address: Ray itself would try for eight minutes."""
    if "://" in address:
        raise ConfigError(
            f"RAY_ADDRESS {address!r}: must be host:port or 'auto'; run stancewire on a machine of the cluster"
        )
    host, _, port = address.rpartition(":")
    if address == "auto" or not port.isdigit():
        return
    if host in LOOPBACK:  # Ray, too, goes to the address that other machines know this one by
        host = ray.util.get_node_ip_address()
    try:
        socket.create_connection((host, int(port)), timeout=REACH).close()
    except OSError as error:
        raise StancewireError(_unreachable(address, error.strerror or str(error))) from error


def _unreachable(address: str, said: str) -> str:
    return (
        f"RAY_ADDRESS {address!r}: no Ray cluster answers there: {said}; start one, or unset it to work here"
    )


def first_line(error: Exception) -> str:
    """Return the first line of what an error of Ray's says; the rest is traces."""
    return next((line for line in str(error).splitlines() if line.strip()), type(error).__name__).strip()
