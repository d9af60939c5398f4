"""Discourse networks in UCINET's DL format, which NetDraw, Pajek and igraph read too.

The format: Borgatti, Everett and Freeman, "Ucinet for Windows: Software for Social Network Analysis" (2002).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stancewire.exporters.graph import notes
from stancewire.exporters.source import Exported, Source
from stancewire.exporters.text import encodable
from stancewire.networks import PeriodNetworks, Tie, discourse_networks
from stancewire.networks.model import Period
from stancewire.writers.partial import PartialFile

LABEL = 255  # characters that UCINET 6 takes


def write_ucinet(source: Source, out: Path) -> Exported:
    """Write a network a file: congruence and conflict as lists of ties, actors by topics as a matrix, of each period.

    Files are named after `out`: networks.congruence.dl, networks.2023.conflict.dl ... Topics in columns are favor less
    against. Without records no file is written.
    """
    networks = discourse_networks(source.records(), source.method)
    cut = sum(len(actor.name) > LABEL for network in networks for actor in network.actors)
    texts: dict[Path, str] = {}
    for network in networks:
        labels = _labels([actor.name for actor in network.actors])
        stem = out.stem if network.period == Period.WHOLE else f"{out.stem}.{network.period}"
        for name, text in _matrices(network, labels).items():
            texts[source.free(out.with_name(f"{stem}.{name}{out.suffix or '.dl'}"))] = text
    for path, text in texts.items():
        with PartialFile(path) as file:
            file.append(encodable(text).encode("utf-8"))
    left = [f"ucinet: {cut} names are cut to {LABEL} characters"] if cut else []
    left += [
        "ucinet has no kinds, coalitions, counts of neutral, or topics behind a tie: graphml and gexf have them"
    ]
    return Exported(paths=tuple(texts), notes=(*notes(networks), *left))


def _matrices(network: PeriodNetworks, labels: Sequence[str]) -> dict[str, str]:
    number = len(labels)
    topics = sorted({tie.topic for tie in network.affiliations})
    weights = {(tie.actor, tie.topic): tie.weight for tie in network.affiliations}
    rows = [[str(weights.get((actor, topic), 0)) for topic in topics] for actor in range(number)]
    two_mode = f"dl nr={number}, nc={len(topics)}\nformat = fullmatrix\nrow labels:\n{_listed(labels)}"
    return {
        "congruence": _one_mode(network.congruence, labels),
        "conflict": _one_mode(network.conflict, labels),
        "actor-topic": f"{two_mode}column labels:\n{_listed(_labels(topics))}data:\n{_table(rows)}",
    }


def _one_mode(ties: Sequence[Tie], labels: Sequence[str]) -> str:
    """Return a list of ties, both ways: igraph reads weights from no other form of DL."""
    rows = [
        [str(start + 1), str(end + 1), f"{tie.weight:g}"]
        for tie in ties
        for start, end in ((tie.first, tie.second), (tie.second, tie.first))
    ]
    return f"dl n={len(labels)}\nformat = edgelist1\nlabels:\n{_listed(labels)}data:\n{_table(rows)}"


def _labels(names: Sequence[str]) -> list[str]:
    """Return names that DL can hold, no two the same: one line, no double quotes, at most LABEL characters."""
    labels: list[str] = []
    taken: set[str] = set()
    for name in names:
        plain = " ".join(name.replace('"', "'").split())
        plain = "".join(character if character.isprintable() else "?" for character in plain) or "?"
        label, number = plain[:LABEL], 1
        while label.casefold() in taken:
            number += 1
            label = f"{plain[: LABEL - len(str(number)) - 3]} ({number})"
        taken.add(label.casefold())
        labels.append(label)
    return labels


def _listed(labels: Sequence[str]) -> str:
    return "".join(f'"{label}"\n' for label in labels)


def _table(rows: Sequence[Sequence[str]]) -> str:
    return "".join(" ".join(row) + "\n" for row in rows)
