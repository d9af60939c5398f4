"""Discourse networks as GraphML (graphml.graphdrawing.org), which Gephi, visone, igraph and networkx read."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from stancewire.exporters.graph import Graph, Node, Value, graph
from stancewire.exporters.source import Exported, Source
from stancewire.networks.model import Period
from stancewire.writers.partial import PartialFile

XMLNS = "http://graphml.graphdrawing.org/xmlns"
TYPES: dict[type, str] = {str: "string", int: "int", float: "double"}


def write_graphml(source: Source, out: Path) -> Exported:
    """Write one undirected graph; an edge's `relation` says which network it belongs to, its `period` when."""
    found = graph(source)
    root = _root(found)
    indent(root)
    with PartialFile(out) as file:
        file.append(b"<?xml version='1.0' encoding='utf-8'?>\n" + tostring(root, encoding="utf-8") + b"\n")
    return Exported(paths=(out,), notes=found.notes)


def _root(found: Graph) -> Element:
    root = Element("graphml", {"xmlns": XMLNS})
    nodes = [(node.id, _node_values(node)) for node in found.nodes]
    edges = [{"weight": edge.weight, "period": edge.period, **edge.values} for edge in found.edges]
    keys = _keys(root, "node", [values for _, values in nodes]) | _keys(root, "edge", edges)
    body = SubElement(root, "graph", {"id": "discourse", "edgedefault": "undirected"})
    for id_, values in nodes:
        _add_data(SubElement(body, "node", {"id": id_}), values, keys, "node")
    for edge, values in zip(found.edges, edges, strict=True):
        element = SubElement(body, "edge", {"id": edge.id, "source": edge.source, "target": edge.target})
        _add_data(element, values, keys, "edge")
    return root


def _node_values(node: Node) -> dict[str, Value]:
    """Return what a node is; where it is in several periods, what changes has the period in its name."""
    values: dict[str, Value] = {"label": node.label, **node.values}
    for moment in node.moments:
        suffix = f" {moment.period}" if moment.first and moment.period != Period.WHOLE else ""
        values |= {f"{name}{suffix}": value for name, value in moment.values.items()}
    return values


def _keys(root: Element, kind: str, rows: list[dict[str, Value]]) -> dict[tuple[str, str], str]:
    """Declare each attribute that a kind of element has, and return their keys."""
    types: dict[str, str] = {}
    for values in rows:
        for name, value in values.items():
            types.setdefault(name, TYPES[type(value)])
    keys = {(kind, name): f"{kind[0]}{number}" for number, name in enumerate(types)}
    for (_, name), key in keys.items():
        SubElement(root, "key", {"id": key, "for": kind, "attr.name": name, "attr.type": types[name]})
    return keys


def _add_data(
    element: Element, values: dict[str, Value], keys: dict[tuple[str, str], str], kind: str
) -> None:
    for name, value in values.items():
        SubElement(element, "data", {"key": keys[kind, name]}).text = str(value)
