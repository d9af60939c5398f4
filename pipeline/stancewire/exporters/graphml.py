"""Discourse networks as GraphML (graphml.graphdrawing.org), which Gephi, visone, igraph and networkx read."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from stancewire.exporters.graph import EDGE_VALUES, Node, Value, graph
from stancewire.exporters.source import Exported, Source
from stancewire.exporters.xml_file import XmlFile
from stancewire.networks.model import Period
from stancewire.writers.partial import PartialFile

XMLNS = "http://graphml.graphdrawing.org/xmlns"
TYPES: dict[type, str] = {str: "string", int: "int", float: "double"}


def write_graphml(source: Source, out: Path) -> Exported:
    """Write one undirected graph; an edge's `relation` says which network it belongs to, its `period` when."""
    found = graph(source)
    nodes = [(node.id, _node_values(node)) for node in found.nodes]
    node_keys = _keys("node", [values for _, values in nodes])
    edge_keys = _keys("edge", [{"weight": 0.0, "period": "", **EDGE_VALUES}])
    with PartialFile(out) as file:
        xml = XmlFile(file.append)
        with xml.inside("graphml", {"xmlns": XMLNS}):
            for key in (*node_keys.values(), *edge_keys.values()):
                xml.add(Element("key", key))
            with xml.inside("graph", {"id": "discourse", "edgedefault": "undirected"}):
                for id_, values in nodes:
                    xml.add(_with_data(Element("node", {"id": id_}), values, node_keys))
                for edge in found.edges():
                    element = Element("edge", {"id": edge.id, "source": edge.source, "target": edge.target})
                    values = {"weight": edge.weight, "period": edge.period, **edge.values}
                    xml.add(_with_data(element, values, edge_keys))
        xml.flush()
    return Exported(paths=(out,), notes=found.notes)


def _node_values(node: Node) -> dict[str, Value]:
    """Return what a node is; where it is in several periods, what changes has the period in its name."""
    values: dict[str, Value] = {"label": node.label, **node.values}
    for moment in node.moments:
        suffix = f" {moment.period}" if moment.first and moment.period != Period.WHOLE else ""
        values |= {f"{name}{suffix}": value for name, value in moment.values.items()}
    return values


def _keys(kind: str, rows: list[dict[str, Value]]) -> dict[str, dict[str, str]]:
    """Return the declaration of each attribute that a kind of element has, by its name."""
    types: dict[str, str] = {}
    for values in rows:
        for name, value in values.items():
            types.setdefault(name, TYPES[type(value)])
    return {
        name: {"id": f"{kind[0]}{number}", "for": kind, "attr.name": name, "attr.type": type_}
        for number, (name, type_) in enumerate(types.items())
    }


def _with_data(element: Element, values: dict[str, Value], keys: dict[str, dict[str, str]]) -> Element:
    for name, value in values.items():
        SubElement(element, "data", {"key": keys[name]["id"]}).text = str(value)
    return element
