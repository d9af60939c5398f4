"""Discourse networks over time as GEXF 1.2 (gexf.net): Gephi's timeline shows actors and ties in their periods."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from stancewire.exporters.graph import Edge, Graph, Node, Value, graph
from stancewire.exporters.source import Exported, Source
from stancewire.networks.model import Period
from stancewire.writers.partial import PartialFile

XMLNS = "http://www.gexf.net/1.2draft"
VIZ = "http://www.gexf.net/1.2draft/viz"
TYPES: dict[type, str] = {str: "string", int: "integer", float: "double"}
MOVING = ("activity", "coalition")  # what a node has anew in each period
SCALE = 1000  # of the layout, which is between 0 and 1


def write_gexf(source: Source, out: Path) -> Exported:
    """Write one undirected graph, dynamic unless the method takes all time as one period.

    Records without a date have no place in time: they are left out of a dynamic graph, and told.
    """
    found = graph(source)
    is_dynamic = source.method.by is not Period.WHOLE
    undated = sum(edge.first is None for edge in found.edges) if is_dynamic else 0
    root = _root(found, is_dynamic=is_dynamic, made=str(source.folder.manifest.get("run_id", "")))
    indent(root)
    with PartialFile(out) as file:
        file.append(b"<?xml version='1.0' encoding='utf-8'?>\n" + tostring(root, encoding="utf-8") + b"\n")
    left = f"gexf over time leaves out {undated} ties of records without a date; --by whole keeps them"
    return Exported(paths=(out,), notes=(*found.notes, *((left,) if undated else ())))


def _root(found: Graph, *, is_dynamic: bool, made: str) -> Element:
    root = Element("gexf", {"xmlns": XMLNS, "xmlns:viz": VIZ, "version": "1.2"})
    meta = SubElement(root, "meta")
    SubElement(meta, "creator").text = "stancewire"
    SubElement(meta, "description").text = f"Discourse networks of {made}"
    times = {"timeformat": "date"} if is_dynamic else {}
    mode = "dynamic" if is_dynamic else "static"
    body = SubElement(root, "graph", {"defaultedgetype": "undirected", "mode": mode, **times})
    # A dynamic attribute can't stand without a time, so what is undated is not in a dynamic graph.
    nodes = [node for node in found.nodes if not is_dynamic or any(one.first for one in node.moments)]
    edges = [edge for edge in found.edges if not is_dynamic or edge.first]
    moving: dict[str, Value] = dict.fromkeys(MOVING, 0)
    fixed: dict[str, Value] = {"type": "", "kind": "", "actor_id": ""}
    _declare(body, "node", fixed if is_dynamic else {**fixed, **moving}, "static")
    if is_dynamic:
        _declare(body, "node", moving, "dynamic")
    tie: dict[str, Value] = {"relation": "", "signed": 0.0, "topics": "", "period": ""}
    _declare(body, "edge", {**tie, "favor": 0, "against": 0, "neutral": 0}, "static")
    parent = SubElement(body, "nodes")
    for node in nodes:
        _add_node(parent, node, is_dynamic=is_dynamic)
    parent = SubElement(body, "edges")
    for edge in edges:
        _add_edge(parent, edge, is_dynamic=is_dynamic)
    return root


def _declare(body: Element, kind: str, examples: dict[str, Value], mode: str) -> None:
    parent = SubElement(body, "attributes", {"class": kind, "mode": mode})
    for name, value in examples.items():
        SubElement(parent, "attribute", {"id": f"{kind}_{name}", "title": name, "type": TYPES[type(value)]})


def _add_node(parent: Element, node: Node, *, is_dynamic: bool) -> None:
    element = SubElement(parent, "node", {"id": node.id, "label": node.label})
    moments = [moment for moment in node.moments if not is_dynamic or moment.first]
    values = SubElement(element, "attvalues")
    for name, value in node.values.items():
        _add_value(values, f"node_{name}", value, {})
    for moment in moments:
        times = _times(moment.first, moment.last) if is_dynamic else {}
        for name in MOVING:
            if name in moment.values:
                _add_value(values, f"node_{name}", moment.values[name], times)
    if is_dynamic:
        spells = SubElement(element, "spells")
        for moment in moments:
            SubElement(spells, "spell", _times(moment.first, moment.last))
    place = {
        axis: float(moments[-1].values[axis]) * SCALE for axis in ("x", "y") if axis in moments[-1].values
    }
    if place:
        SubElement(element, "viz:position", {axis: f"{value:.1f}" for axis, value in place.items()})


def _add_edge(parent: Element, edge: Edge, *, is_dynamic: bool) -> None:
    times = _times(edge.first, edge.last) if is_dynamic else {}
    ends = {"id": edge.id, "source": edge.source, "target": edge.target, "weight": str(edge.weight)}
    values = SubElement(SubElement(parent, "edge", {**ends, **times}), "attvalues")
    for name, value in {**edge.values, "period": edge.period}.items():
        _add_value(values, f"edge_{name}", value, {})


def _add_value(parent: Element, name: str, value: Value, times: dict[str, str]) -> None:
    SubElement(parent, "attvalue", {"for": name, "value": str(value), **times})


def _times(first: date | None, last: date | None) -> dict[str, str]:
    return {"start": first.isoformat(), "end": last.isoformat()} if first and last else {}
