"""How far apart two values are to Krippendorff's alpha."""

from __future__ import annotations

from enum import StrEnum


class Metric(StrEnum):
    """Ordinal and interval take the order of the values; interval puts them at equal distances: -1, 0, 1."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
