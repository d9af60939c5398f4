"""Discourse networks as one graph: actors and topics, tied by statements, congruence and conflict, period by period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from stancewire.exporters.source import Source
from stancewire.exporters.text import encodable, xml_text
from stancewire.networks import Actor, PeriodNetworks, discourse_networks

ACTOR, TOPIC = "actor", "topic"
AFFILIATION, CONGRUENCE, CONFLICT = "affiliation", "congruence", "conflict"

Value = str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What a node is in one period."""

    period: str
    first: date | None
    last: date | None
    values: dict[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An actor or a topic; `moments` are the periods it is in, in order of time."""

    id: str
    label: str
    values: dict[str, Value]
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A tie in one period; weight is never negative, `signed` in the values says on which side it is."""

    id: str
    source: str
    target: str
    weight: float
    period: str
    first: date | None
    last: date | None
    values: dict[str, Value]


EDGE_VALUES: dict[str, Value] = {
    **{"relation": "", "signed": 0.0, "topics": ""},
    **{"favor": 0, "against": 0, "neutral": 0},
}
"""What edges may have, by name, each with a value of its type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Nodes, and the networks whose ties are the edges; `notes` are what it leaves out."""

    nodes: tuple[Node, ...]
    networks: tuple[PeriodNetworks, ...]
    notes: tuple[str, ...]

    def edges(self) -> Iterator[Edge]:
        """Yield the edges, period by period; there can be hundreds of thousands, so that they are not kept."""
        for network in self.networks:
            yield from _edges(network)


def graph(source: Source) -> Graph:
    """Return the graph of a source's records, by its method."""
    networks = discourse_networks(source.records(), source.method)
    names = {topic.id: topic.name for topic in source.folder.codebook.topics}
    nodes: dict[str, list[tuple[str, dict[str, Value], Moment]]] = {}
    for network in networks:
        _add_nodes(nodes, network, names)
    return Graph(
        nodes=tuple(
            Node(id=id_, label=found[0][0], values=found[0][1], moments=tuple(each[2] for each in found))
            for id_, found in nodes.items()
        ),
        networks=networks,
        notes=tuple(notes(networks)),
    )


def notes(networks: Sequence[PeriodNetworks]) -> Iterator[str]:
    """Yield a line for what discourse networks leave out of the records."""
    yield "networks have actors, topics and counts; the words, titles and other fields are in xlsx, sqlite and csv"
    if left_out := sum(network.left_out for network in networks):
        yield f"networks leave out {left_out} actors beyond the most active of each period; --actors keeps more"


def safe(text: str) -> str:
    """Return the text as XML can say it."""
    return xml_text(encodable(text))


def _add_nodes(
    nodes: dict[str, list[tuple[str, dict[str, Value], Moment]]],
    network: PeriodNetworks,
    names: dict[str, str],
) -> None:
    for actor in network.actors:
        values: dict[str, Value] = {"activity": actor.activity, "x": actor.x, "y": actor.y}
        if actor.coalition is not None:
            values["coalition"] = actor.coalition
        fixed: dict[str, Value] = {"type": ACTOR, "kind": actor.kind.value, "actor_id": safe(actor.id or "")}
        nodes.setdefault(_actor_id(actor), []).append((safe(actor.name), fixed, _moment(network, values)))
    for topic in sorted({tie.topic for tie in network.affiliations}):
        said = [tie for tie in network.affiliations if tie.topic == topic]
        activity = sum(tie.favor + tie.against + tie.neutral for tie in said)
        fixed = {"type": TOPIC, "kind": TOPIC, "actor_id": ""}
        moment = _moment(network, {"activity": activity})
        nodes.setdefault(_topic_id(topic), []).append((safe(names.get(topic, topic)), fixed, moment))


def _moment(network: PeriodNetworks, values: dict[str, Value]) -> Moment:
    return Moment(period=network.period, first=network.first, last=network.last, values=values)


def _edges(network: PeriodNetworks) -> Iterator[Edge]:
    ids = [_actor_id(actor) for actor in network.actors]
    for said in network.affiliations:
        values: dict[str, Value] = {
            **{"relation": AFFILIATION, "signed": float(said.weight), "topics": safe(said.topic)},
            **{"favor": said.favor, "against": said.against, "neutral": said.neutral},
        }
        total = float(said.favor + said.against + said.neutral)
        yield _edge(network, ids[said.actor], _topic_id(said.topic), total, values)
    for relation, sign, ties in ((CONGRUENCE, 1, network.congruence), (CONFLICT, -1, network.conflict)):
        for tie in ties:
            topics = safe(" | ".join(tie.topics))
            values = {"relation": relation, "signed": sign * tie.weight, "topics": topics}
            yield _edge(network, ids[tie.first], ids[tie.second], tie.weight, values)


def _edge(network: PeriodNetworks, source: str, target: str, weight: float, values: dict[str, Value]) -> Edge:
    return Edge(
        id=f"{network.period}:{values['relation']}:{source}:{target}",
        source=source,
        target=target,
        weight=weight,
        period=network.period,
        first=network.first,
        last=network.last,
        values=values,
    )


def _actor_id(actor: Actor) -> str:
    return safe(f"{actor.kind}:{actor.name}")


def _topic_id(topic: str) -> str:
    return safe(f"{TOPIC}:{topic}")
