"""Gives memory that is free back to the system."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache


def give_back() -> None:
    """Return the free pages of the heap to the system, where the C library can (glibc).

    Parses and tensors of all sizes leave a heap with holes, which glibc keeps: without this a process over an archive
    grows by a quarter and more, although nothing is held on to.
    """
    if trim := _trim():
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    try:
        found: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):  # another C library, another system
        return None
    return found
