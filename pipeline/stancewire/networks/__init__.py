"""Discourse networks: who agrees with whom, who stands against whom, which camps follow, period by period."""

from stancewire.networks.build import discourse_networks
from stancewire.networks.model import (
    Actor,
    Affiliation,
    Contradiction,
    Method,
    Normalisation,
    Period,
    PeriodNetworks,
    Tie,
    Weight,
)

__all__ = [
    "Actor",
    "Affiliation",
    "Contradiction",
    "Method",
    "Normalisation",
    "Period",
    "PeriodNetworks",
    "Tie",
    "Weight",
    "discourse_networks",
]
