"""GraphML and GEXF, read again with networkx; DL matrices, read again by a reader of this test."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import networkx
import pytest
from tests.exporters.runs import EVIL, OTHERS, RECORDS, UNION, ZAHRA, make_run

from stancewire.exporters.export import export
from stancewire.exporters.graph import safe
from stancewire.exporters.source import Source
from stancewire.networks import Method, Normalisation, Period, discourse_networks
from stancewire.run_folder import RunFolder
from stancewire.types import Stance

METHOD = Method(normalisation=Normalisation.NONE)
ZAHRA_ID, OTHERS_ID, UNION_ID = "person:Zahra Amini", "group:Others", "organisation:The Water Union"


def source(folder: RunFolder) -> Source:
    return Source(folder=folder, method=METHOD)


def test_graphml_read_again_has_every_actor_and_tie(folder: RunFolder) -> None:
    (path,) = export(source(folder), "graphml").paths
    found = networkx.read_graphml(path, force_multigraph=True)
    (network,) = discourse_networks(RECORDS, METHOD)
    assert {node for node, kind in found.nodes(data="type") if kind == "actor"} == {
        safe(f"{actor.kind}:{actor.name}") for actor in network.actors
    }
    ties = {(a, b): data for a, b, data in found.edges(data=True) if data["relation"] == "conflict"}
    assert {frozenset(pair) for pair in ties} == {frozenset((ZAHRA_ID, OTHERS_ID))}
    (tie,) = ties.values()
    assert (tie["weight"], tie["signed"], tie["topics"], tie["period"]) == (1.0, -1.0, "dam", "whole")
    said = found.get_edge_data(OTHERS_ID, "topic:dam")
    assert next(iter(said.values()))["signed"] == -1.0
    assert found.nodes[ZAHRA_ID]["activity"] == 1
    assert found.nodes["topic:dam"]["label"] == "The dam"


def test_graphml_of_several_periods_names_them(folder: RunFolder) -> None:
    (path,) = export(source(folder), "graphml", by=Period.YEAR).paths
    found = networkx.read_graphml(path, force_multigraph=True)
    assert {period for _, _, period in found.edges(data="period")} == {"2023", "2024"}
    assert found.nodes[UNION_ID]["activity 2024"] == 1


def test_gexf_read_again_has_the_times_of_actors_and_ties(reviewed: RunFolder) -> None:
    (path,) = export(source(reviewed), "gexf").paths
    found = networkx.read_gexf(path)
    assert found.graph["mode"] == "dynamic"
    assert found.nodes[ZAHRA_ID]["spells"] == [("2023-01-01", "2023-12-31"), ("2024-01-01", "2024-12-31")]
    assert found.nodes[ZAHRA_ID]["activity"] == [
        (1, "2023-01-01", "2023-12-31"),
        (1, "2024-01-01", "2024-12-31"),
    ]
    tie = found.get_edge_data(ZAHRA_ID, OTHERS_ID)
    tie = tie if "relation" in tie else next(iter(tie.values()))
    assert (tie["start"], tie["end"], tie["relation"], tie["signed"]) == (
        "2023-01-01",
        "2023-12-31",
        "conflict",
        -1.0,
    )


def test_gexf_ties_of_two_nodes_have_kinds_of_their_own(tmp_path: Path) -> None:
    # Gephi adds up ties of one kind between two nodes.
    against = replace(OTHERS, record_id="r9", published="2024-01-01")
    again = replace(ZAHRA, record_id="r8", published="2024-01-01")
    agreed = replace(OTHERS, record_id="r7", topic="tax", stance=Stance.FAVOR)
    both = replace(ZAHRA, record_id="r6", topic="tax")
    folder = make_run(tmp_path / "run", [ZAHRA, OTHERS, against, again, agreed, both])
    kinds = {}
    for by in (Period.YEAR, Period.WHOLE):
        (path,) = export(replace(source(folder), overwrite=True), "gexf", by=by).paths
        edges = ElementTree.parse(path).getroot().iter("{http://gexf.net/1.3}edge")
        pairs = [(edge.get("source"), edge.get("target"), edge.get("kind")) for edge in edges]
        assert len(pairs) == len(set(pairs))
        kinds[by] = {kind for first, _, kind in pairs if first in (ZAHRA_ID, OTHERS_ID)}
    assert {"conflict 2023", "conflict 2024", "congruence 2023"} <= kinds[Period.YEAR]
    assert kinds[Period.WHOLE] == {"affiliation", "congruence", "conflict"}


def test_gexf_of_all_time_is_static(folder: RunFolder) -> None:
    (path,) = export(source(folder), "gexf", by=Period.WHOLE).paths
    found = networkx.read_gexf(path)
    assert (found.graph["mode"], found.nodes[ZAHRA_ID]["activity"]) == ("static", 1)


def test_undated_records_have_no_place_in_time_and_that_is_told(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", [ZAHRA, replace(UNION, published=None)])
    exported = export(source(folder), "gexf")
    found = networkx.read_gexf(exported.paths[0])
    assert UNION_ID not in found
    assert "gexf over time leaves out 1 ties of records without a date" in exported.notes[-1]


def test_names_that_xml_cannot_say_are_said_as_far_as_it_can(folder: RunFolder) -> None:
    for to, read in (("graphml", networkx.read_graphml), ("gexf", networkx.read_gexf)):
        (path,) = export(source(folder), to).paths
        labels = [label for _, label in read(path).nodes(data="label")]
        assert any(label.startswith('=cmd|"/c calc"!A1 <script>\ufffd"?\ufffd') for label in labels)


def test_actors_left_out_are_told(folder: RunFolder) -> None:
    exported = export(Source(folder=folder, method=Method(limit=1)), "graphml")
    assert (
        "networks leave out 3 actors beyond the most active of each period; --actors keeps more"
        in exported.notes
    )


def read_dl(path: Path) -> tuple[list[str], list[list[float]]]:
    head, body = path.read_text(encoding="utf-8").split("data:\n")
    return re.findall('"(.*)"', head), [[float(cell) for cell in row.split()] for row in body.splitlines()]


def test_dl_read_again_has_the_ties(folder: RunFolder) -> None:
    congruence, conflict, topics = export(source(folder), "ucinet").paths
    labels, rows = read_dl(conflict)
    assert conflict.name == "networks.conflict.dl"
    assert conflict.read_text(encoding="utf-8").startswith("dl n=4\nformat = edgelist1\nlabels:\n")
    place = {label: index for index, label in enumerate(labels, start=1)}
    zahra, others = place["Zahra Amini"], place["Others"]
    assert sorted(rows) == sorted([[zahra, others, 1], [others, zahra, 1]])
    assert read_dl(congruence)[1] == []
    labels, rows = read_dl(topics)
    assert labels[-2:] == ["dam", "tax"]
    assert rows[others - 1] == [-1, 0]


def test_igraph_reads_dl_and_graphml(folder: RunFolder) -> None:
    igraph = pytest.importorskip("igraph", reason="needs igraph: pip install -e '.[dev]'")
    _, conflict, _ = export(source(folder), "ucinet").paths
    found = igraph.Graph.Read_DL(str(conflict), directed=False)
    assert (found.vcount(), set(found.es["weight"])) == (4, {1.0})
    (path,) = export(source(folder), "graphml").paths
    graph = igraph.Graph.Read_GraphML(str(path))
    assert "Zahra Amini" in graph.vs["label"]
    assert graph.es.select(relation="conflict")["signed"] == [-1.0]


def test_dl_has_a_file_a_period_and_says_what_is_cut(folder: RunFolder) -> None:
    exported = export(source(folder), "ucinet", by=Period.YEAR)
    assert exported.paths[0].name == "networks.2023.congruence.dl"
    labels, _ = read_dl(exported.paths[3])
    assert max(len(label) for label in labels) == 255 < len(EVIL)
    assert "ucinet: 1 names are cut to 255 characters" in exported.notes


@pytest.mark.parametrize("to", ["graphml", "gexf"])
def test_no_words_are_in_networks_and_that_is_told(to: str, folder: RunFolder) -> None:
    assert (
        export(source(folder), to).notes[0].startswith("networks have actors, topics and counts; the words")
    )
