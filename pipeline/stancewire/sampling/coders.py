"""Who codes what: a share for everybody, so that agreement can be measured, and the rest divided up."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Mapping, Sequence

from stancewire.errors import ConfigError

_NAME = re.compile(r"[\w.@-]+")


def assign(
    ids: Sequence[str], coders: Sequence[str], *, overlap: float, seed: int
) -> dict[str, tuple[str, ...]]:
    """Return each coder's items in the order in which to code them, which is another one for each.

    A share `overlap` of the items, drawn at random and rounded up, goes to every coder, the rest in equal numbers to
    one each. Raises ConfigError for names that can't be names of files, and for an overlap that isn't from 0 to 1.
    """
    check_coders(coders, overlap=overlap)
    order = sorted(ids)
    random.Random(f"{seed}/overlap").shuffle(order)
    shared = order[: math.ceil(overlap * len(order))] if len(coders) > 1 else []
    rest = order[len(shared) :]
    given = {coder: [*shared, *rest[index :: len(coders)]] for index, coder in enumerate(coders)}
    for coder, own in given.items():
        random.Random(f"{seed}/order/{coder}").shuffle(own)
    return {coder: tuple(own) for coder, own in given.items()}


def check_coders(coders: Sequence[str], *, overlap: float) -> None:
    """Raise ConfigError for coders or an overlap that can't be."""
    if not 0 <= overlap <= 1:
        raise ConfigError(f"overlap {overlap}; must be a share from 0 to 1, as 0.2 for a fifth")
    if not coders or len(set(coders)) < len(coders):
        raise ConfigError(f"coders {', '.join(coders)!r}; must be different names, as anna,ben")
    for coder in coders:
        if not _NAME.fullmatch(coder) or coder.startswith("."):
            raise ConfigError(f"coder {coder!r}; must be letters, digits, and any of . _ @ -, to name a file")


def coders_of(given: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the coders of each item."""
    found: dict[str, list[str]] = {}
    for coder, own in given.items():
        for item in own:
            found.setdefault(item, []).append(coder)
    return found
