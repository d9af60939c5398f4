"""Discourse networks: who agrees with whom, who stands against whom, which camps follow, period by period."""

from stancewire.networks.build import UNDATED, Statements, discourse_networks, networks_of
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
    "UNDATED",
    "Actor",
    "Affiliation",
    "Contradiction",
    "Method",
    "Normalisation",
    "Period",
    "PeriodNetworks",
    "Statements",
    "Tie",
    "Weight",
    "discourse_networks",
    "networks_of",
]
