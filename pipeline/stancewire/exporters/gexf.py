"""Discourse networks over time as GEXF 1.3 (gexf.net): Gephi's timeline shows actors and ties in their periods.

Two actors can have several ties: congruence and conflict, and in each period others. Gephi adds up ties between two
nodes unless their `kind` differs, so each network and period has a kind of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from stancewire.exporters.graph import EDGE_VALUES, Edge, Graph, Node, Value, graph
from stancewire.exporters.source import Exported, Source
from stancewire.exporters.xml_file import XmlFile
from stancewire.networks.model import Period
from stancewire.writers.partial import PartialFile

XMLNS = "http://gexf.net/1.3"
VIZ = "http://gexf.net/1.3/viz"
TYPES: dict[type, str] = {str: "string", int: "integer", float: "double"}
MOVING = ("activity", "coalition")  # what a node has anew in each period
SCALE = 1000  # of the layout, which is between 0 and 1


def write_gexf(source: Source, out: Path) -> Exported:
    """Write one undirected graph, dynamic unless the method takes all time as one period.

    Records without a date have no place in time: they are left out of a dynamic graph, and told.
    """
    found = graph(source)
    is_dynamic = source.method.by is not Period.WHOLE
    with PartialFile(out) as file:
        xml = XmlFile(file.append)
        undated = _write(
            xml, found, is_dynamic=is_dynamic, made=str(source.folder.manifest.get("run_id", ""))
        )
        xml.flush()
    left = f"gexf over time leaves out {undated} ties of records without a date; --by whole keeps them"
    return Exported(paths=(out,), notes=(*found.notes, *((left,) if undated else ())))


def _write(xml: XmlFile, found: Graph, *, is_dynamic: bool, made: str) -> int:
    """Write the graph and return how many ties have no place in time."""
    mode = {"mode": "dynamic", "timeformat": "date"} if is_dynamic else {"mode": "static"}
    undated = 0
    with xml.inside("gexf", {"xmlns": XMLNS, "xmlns:viz": VIZ, "version": "1.3"}):
        meta = Element("meta")
        SubElement(meta, "creator").text = "stancewire"
        SubElement(meta, "description").text = f"Discourse networks of {made}"
        xml.add(meta)
        with xml.inside("graph", {"defaultedgetype": "undirected", **mode}):
            for declared in _declared(is_dynamic=is_dynamic):
                xml.add(declared)
            # A dynamic attribute can't stand without a time, so what is undated is not in a dynamic graph.
            with xml.inside("nodes"):
                for node in found.nodes:
                    if not is_dynamic or any(one.first for one in node.moments):
                        xml.add(_node(node, is_dynamic=is_dynamic))
            with xml.inside("edges"):
                for edge in found.edges():
                    if is_dynamic and not edge.first:
                        undated += 1
                    else:
                        xml.add(_edge(edge, is_dynamic=is_dynamic))
    return undated


def _declared(*, is_dynamic: bool) -> Iterator[Element]:
    """Yield the declarations of what nodes and edges have."""
    moving: dict[str, Value] = dict.fromkeys(MOVING, 0)
    fixed: dict[str, Value] = {"type": "", "kind": "", "actor_id": ""}
    yield _declare("node", fixed if is_dynamic else {**fixed, **moving}, "static")
    if is_dynamic:
        yield _declare("node", moving, "dynamic")
    yield _declare("edge", {**EDGE_VALUES, "period": ""}, "static")


def _declare(kind: str, examples: dict[str, Value], mode: str) -> Element:
    parent = Element("attributes", {"class": kind, "mode": mode})
    for name, value in examples.items():
        SubElement(parent, "attribute", {"id": f"{kind}_{name}", "title": name, "type": TYPES[type(value)]})
    return parent


def _node(node: Node, *, is_dynamic: bool) -> Element:
    element = Element("node", {"id": node.id, "label": node.label})
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
    return element


def _edge(edge: Edge, *, is_dynamic: bool) -> Element:
    times = _times(edge.first, edge.last) if is_dynamic else {}
    kind = f"{edge.values['relation']} {edge.period}" if is_dynamic else str(edge.values["relation"])
    ends = {"id": edge.id, "source": edge.source, "target": edge.target, "weight": str(edge.weight)}
    element = Element("edge", {**ends, "kind": kind, **times})
    values = SubElement(element, "attvalues")
    for name, value in {**edge.values, "period": edge.period}.items():
        _add_value(values, f"edge_{name}", value, {})
    return element


def _add_value(parent: Element, name: str, value: Value, times: dict[str, str]) -> None:
    SubElement(parent, "attvalue", {"for": name, "value": str(value), **times})


def _times(first: date | None, last: date | None) -> dict[str, str]:
    return {"start": first.isoformat(), "end": last.isoformat()} if first and last else {}
