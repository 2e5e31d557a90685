"""Files of network answers: other programs read them back the same, nothing in them runs, pictures are clear."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest
from rdflib import DCTERMS, RDF, RDFS, SH, SKOS, Graph, Literal, Namespace, URIRef

from ontology.files import PackagedFile, case_model_file, vocabulary_files
from registry.access.pseudonyms import Pseudonyms
from registry.network.exporting import ExportFormat, ExportWish, write_file
from registry.network.exports.layout import Box, lay_out
from registry.network.exports.material import (
    NODE_COLUMNS,
    EventFacts,
    ExportedNetwork,
    columns,
    export_material,
)
from registry.network.exports.palette import COLOURS, ColourBy
from registry.network.exports.svg import svg_text
from registry.network.exports.tables import csv_pair
from registry.network.model import GivenAlone, NodeKind, PathsAlone, SkippedHub, Start, Subgraph
from registry.storage.rdf.network_turtle import turtle_text
from registry.storage.rdf.shapes import check_shapes
from tests.network.graphs import network_of, random_network

NAMES = Pseudonyms(b"k" * 32, 1)
FACTS = {
    "e1": EventFacts(("units/1.0/1", "units/1.0/2.1"), "2019-03-01", "2019"),
    "e2": EventFacts((), "2019-12/2020-01", "2019/2020"),
}
SMALL = network_of(
    ["=ann", "bea<&>"],
    ["e1", "e2"],
    [
        ("=ann", "e1", "PERPETRATOR_IN"),
        ("=ann", "e1", "VICTIM_IN"),
        ("bea<&>", "e1", "VICTIM_IN"),
        ("bea<&>", "e2", "VICTIM_IN"),
        ("=ann", "bea<&>", "RELATED_TO"),
    ],
    visited=2,
    skipped=(SkippedHub("e2", NodeKind.EVENT, 400),),
    truncated=True,
)
CASE = Namespace("https://w3id.org/ictip/case-model#")


def exported(network: Subgraph = SMALL, *, names: Pseudonyms | None = None) -> ExportedNetwork:
    """The network as it leaves, with the facts of the small one."""
    return export_material(network, FACTS, names=names, labels={"1": "Sexual exploitation"})


def turned(network: ExportedNetwork) -> nx.MultiDiGraph[str]:
    """What other programs should read."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for id_, *cells in columns(network.nodes):
        told = {name: cell for name, cell in zip(NODE_COLUMNS[1:], cells, strict=True) if cell}
        graph.add_node(id_, **{name: int(cell) if name in NUMBERS else cell for name, cell in told.items()})
    for edge in network.edges:
        graph.add_edge(edge.source, edge.target, kind=edge.kind)
    return graph


NUMBERS = {"distance", "links", "all_links"}


def facts_of(graph: Any, *without: str) -> dict[str, dict[str, object]]:
    return {id_: {name: told[name] for name in told.keys() - set(without)} for id_, told in graph.nodes(data=True)}


def links_of(graph: Any) -> list[tuple[str, str, str]]:
    return sorted((one, other, kind) for one, other, kind in graph.edges(data="kind"))


@pytest.mark.parametrize("network", [SMALL, random_network(3), network_of([], [], [])], ids=["small", "random", "none"])
@pytest.mark.parametrize("names", [None, NAMES], ids=["identified", "pseudonymised"])
def test_networkx_reads_back_the_same_graph(network: Subgraph, names: Pseudonyms | None) -> None:
    """From GraphML, from GEXF and from Cytoscape's JSON: nodes with every attribute, links with their kinds."""
    material = exported(network, names=names)
    expected = turned(material)
    wish = {each: write_file(material, ExportWish(each), turtle=turtle_text) for each in ExportFormat}

    graphml = nx.read_graphml(io.BytesIO(wish[ExportFormat.GRAPHML]), force_multigraph=True)
    gexf = nx.read_gexf(io.BytesIO(wish[ExportFormat.GEXF]))
    cytoscape = nx.cytoscape_graph(json.loads(wish[ExportFormat.CYTOSCAPE]))

    assert facts_of(graphml) == facts_of(gexf, "label") == facts_of(expected)
    assert facts_of(cytoscape, "id", "name", "value") == facts_of(expected)
    assert links_of(graphml) == links_of(gexf) == links_of(cytoscape) == links_of(expected)
    assert set(cytoscape) == set(expected)


def test_other_programs_read_odd_ids_and_links_to_oneself() -> None:
    """networkx and igraph find each node and link; what no XML document may hold does not break the document."""
    odd = ["a<b", "c&d", "new\nline", 'quo"te', "\rreturn", "]]>", "=1+1", "\U0001f600"]
    links = [*((id_, "e1", "VICTIM_IN") for id_ in odd), ("a<b", "a<b", "RELATED_TO")]
    material = exported(network_of(odd, ["e1"], links))
    graphml, gexf = (
        write_file(material, ExportWish(each), turtle=turtle_text) for each in (ExportFormat.GRAPHML, ExportFormat.GEXF)
    )
    broken = exported(network_of(["a\x01b", "c\ufffed"], [], []))

    for graph in (nx.read_graphml(io.BytesIO(graphml), force_multigraph=True), nx.read_gexf(io.BytesIO(gexf))):
        assert set(graph) == {*odd, "e1"}
        assert links_of(graph) == sorted(links)
    for each in (ExportFormat.GRAPHML, ExportFormat.GEXF, ExportFormat.SVG):
        ElementTree.fromstring(write_file(broken, ExportWish(each), turtle=turtle_text))  # noqa: S314 (our own text)


def test_the_account_of_what_is_left_out_is_in_every_file() -> None:
    """Also in tables and Turtle, where it is no data."""
    said = "What else hangs on"
    network = network_of(["ann"], ["e1"], [("ann", "e1", "VICTIM_IN")], visited=1)
    material = exported(network)

    for each in set(ExportFormat) - {ExportFormat.CSV}:
        assert said.encode() in write_file(material, ExportWish(each), turtle=turtle_text), each
    archive = zipfile.ZipFile(io.BytesIO(write_file(material, ExportWish(ExportFormat.CSV), turtle=turtle_text)))
    assert said in archive.read("readme.txt").decode()


@pytest.mark.parametrize(
    ("is_found", "limits", "told"),
    [
        (True, (), "Shown are the paths alone; 9 people and 14 events were looked at."),
        (
            True,
            ("HOPS",),
            "Shown are the paths alone; 9 people and 14 events were looked at. "
            "There may be more paths: the search was ended by the limit of hops.",
        ),
        (
            False,
            ("BUDGET", "HUBS"),
            "Shown is the start alone; 9 people and 14 events were looked at. "
            "There may be a path: the search was ended by the limit of nodes and nodes with too many links.",
        ),
        (
            False,
            (),
            "Shown is the start alone; 9 people and 14 events were looked at. "
            "There is no path in what may be seen, as it was asked for.",
        ),
    ],
)
def test_a_file_of_paths_says_that_it_shows_the_paths_alone(is_found: bool, limits: tuple[str, ...], told: str) -> None:
    """How much was looked at, and what ended the search; that all is here it never says."""
    found = network_of(["ann", "bea"], ["e1"], [("ann", "e1", "VICTIM_IN"), ("bea", "e1", "VICTIM_IN")])
    network = replace(
        found if is_found else network_of(["ann"], [], []),
        counts_by_type={"Person": 9, "Event": 14},
        visited=20,
        truncated="BUDGET" in limits,
        extent=PathsAlone(Start(NodeKind.PERSON, "bea"), limits),
    )

    material, hidden = exported(network), exported(network, names=NAMES)

    assert " ".join(material.left_out) == told
    title = "Paths from person ann to person bea: 2 people, 1 event, 2 links"
    assert material.title == (title if is_found else "No path found from person ann to person bea: 1 person, 0 links")
    assert NAMES.of("person", "bea")[:8] in hidden.title
    assert "bea" not in hidden.title


def test_a_file_of_what_was_named_has_no_start() -> None:
    """Nor does it say that nothing is left out: links to others were not asked for."""
    found = network_of(["ann", "bea"], ["e1"], [("ann", "e1", "VICTIM_IN"), ("bea", "e1", "VICTIM_IN")])

    material = exported(replace(found, extent=GivenAlone()))

    assert material.title == "Among people and events that were named: 2 people, 1 event, 2 links"
    assert (material.start, material.left_out) == (None, ("Shown are these and the links among them alone.",))


@pytest.mark.parametrize(
    ("people", "events", "title"),
    [
        (["ann"], ["e1"], "Around person ann: 1 person, 1 event, 0 links"),
        (["ann", "bea"], [], "Around person ann: 2 people, 0 links"),
        ([], ["e1", "e2"], "Around event e1: 2 events, 0 links"),
        ([], [], "An empty network"),
    ],
)
def test_a_title_counts_what_is_there(people: list[str], events: list[str], title: str) -> None:
    """People are people, and of what there is none nothing is said."""
    assert exported(network_of(people, events, [])).title == title


@pytest.mark.parametrize(("id_", "guarded"), [("-ann", True), ("=ann", True), ("ann", False), ("'t-ann", False)])
def test_the_readme_says_that_cells_are_guarded_where_one_is(id_: str, guarded: bool) -> None:
    """An id that begins with a hyphen is another text than in other formats; where none does nothing is said."""
    pair = csv_pair(exported(network_of([id_], ["e1"], [(id_, "e1", "VICTIM_IN")])))

    assert (f"'{id_}" in pair["nodes.csv"], f"'{id_}" in pair["edges.csv"]) == (guarded, guarded)
    assert ("An apostrophe leads" in pair["readme.txt"]) is guarded


def test_tables_have_no_cell_that_a_spreadsheet_runs() -> None:
    """Ids that start like a formula are led by an apostrophe; the pair joins by its ids."""
    archive = zipfile.ZipFile(io.BytesIO(write_file(exported(), ExportWish(ExportFormat.CSV), turtle=turtle_text)))
    assert archive.namelist() == ["nodes.csv", "edges.csv", "readme.txt"]
    nodes, edges = (
        list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig")))) for name in archive.namelist()[:2]
    )

    assert [row["id"] for row in nodes] == ["'=ann", "bea<&>", "e1", "e2"]
    assert nodes[2] == {
        "id": "e1", "kind": "Event", "label": "", "entity": "ke-police", "distance": "2", "links": "3", "all_links": "",
        "forms": "1 2.1", "date": "2019-03-01", "roles": "",
    }  # fmt: skip
    assert [nodes[0]["roles"], nodes[1]["roles"], nodes[3]["all_links"]] == ["victim perpetrator", "victim", "400"]
    assert {row["source"] for row in edges} | {row["target"] for row in edges} == {row["id"] for row in nodes}
    assert len(edges) == 5


def test_turtle_speaks_the_case_model() -> None:
    """rdflib reads it; every class and property is one of the model's; the statements are the network's."""
    graph = Graph().parse(data=turtle_text(exported()), format="turtle")
    model = Graph()
    for file in vocabulary_files():
        if file.path.endswith("case-model.ttl"):
            model.parse(data=file.text(), format="turtle")
    known = set(model.subjects())
    bea, event = (URIRef(f"https://w3id.org/ictip/case/{end}") for end in ("person/bea%3C%26%3E", "event/e1"))

    assert {each for each in graph.predicates() if str(each).startswith(CASE)} <= known
    assert set(graph.objects(None, RDF.type)) == {CASE.Person, CASE.Event, CASE.ReportingEntity, CASE.Concept} <= known
    assert (bea, CASE.victimIn, event) in graph
    assert len(list(graph.triples((None, CASE.perpetratorIn, None)))) == 1
    assert set(graph.objects(event, CASE.hasForm)) == {
        URIRef("https://w3id.org/ictip/units/1.0/item/1"),
        URIRef("https://w3id.org/ictip/units/1.0/item/2.1"),
    }


HUBS = replace(
    network_of(
        ["ann", "bea"],
        ["e1", "e2"],
        [
            ("ann", "e1", "VICTIM_IN"), ("bea", "e2", "PERPETRATOR_IN"), ("ann", "bea", "SAME_AS"),
            ("ann", "bea", "RELATED_TO"), ("e1", "e2", "SAME_AS"), ("e1", "KE", "RECORDED_IN"), ("e2", "2", "HAS_FORM"),
            ("e1", "ke-police", "REPORTED_BY"), ("e2", "ke-police", ""),
        ],
        skipped=(SkippedHub("bea", NodeKind.PERSON, 5000, counted=False),),
    ),
    node_ids=("ann", "bea", "e1", "e2", "KE", "2", "ke-police"),
    node_kinds=(
        NodeKind.PERSON, NodeKind.PERSON, NodeKind.EVENT, NodeKind.EVENT, NodeKind.AREA, NodeKind.CONCEPT,
        NodeKind.ENTITY,
    ),
    node_entities=("ke-police", "ke-police", "ke-police", "ke-police", None, None, "ke-police"),
    distances=(0,) * 7,
    clusters=("ann", "ann", "e1", "e1", "KE", "2", "ke-police"),
)  # fmt: skip
"""Every kind of node and link."""


@pytest.fixture(scope="module")
def shapes() -> Graph:
    """What SHACL says of statements about cases."""
    return PackagedFile("shapes/case-model.ttl").graph()


@pytest.mark.parametrize("network", [SMALL, HUBS, random_network(3), network_of([], [], [])])
@pytest.mark.parametrize("names", [None, NAMES], ids=["identified", "pseudonymised"])
def test_turtle_keeps_the_shapes(shapes: Graph, network: Subgraph, names: Pseudonyms | None) -> None:
    """Every link leads from a class to a class as the model says, and of a person nothing else is said."""
    text = turtle_text(exported(network, names=names))

    assert check_shapes(text.encode(), shapes, source="network.ttl") == ()


BREACHES = {
    "a person is told a name": ("person/ann", SKOS.prefLabel, Literal("Ann")),
    "an event is told a second date": ("event/e1", DCTERMS.date, Literal("2019")),
    "an event has two agencies": ("event/e1", CASE.reportedBy, URIRef("https://w3id.org/ictip/case/entity/ke-ngo")),
    "a victim is an event": ("event/e1", CASE.victimIn, URIRef("https://w3id.org/ictip/case/event/e2")),
    "a person is in an area": ("person/ann", CASE.victimIn, URIRef("https://w3id.org/ictip/case/area/KE")),
    "two events are one person": ("event/e1", CASE.sameAs, URIRef("https://w3id.org/ictip/case/event/e2")),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_broken_shape_is_found(shapes: Graph, breach: str) -> None:
    """By one statement more."""
    facts = {"e1": EventFacts((), "2019-03-01", "2019")}
    text = turtle_text(export_material(HUBS, facts, names=None))
    graph = Graph().parse(data=text, format="turtle")
    subject, predicate, value = BREACHES[breach]
    graph.add((URIRef(f"https://w3id.org/ictip/case/{subject}"), predicate, value))

    assert check_shapes(graph.serialize(format="turtle").encode(), shapes, source="network.ttl")


def test_every_edge_of_the_model_has_its_shapes(shapes: Graph) -> None:
    """From its domain, to its range; a class the shape that says what may be said of one."""
    model = case_model_file().graph()
    leading = {
        (shapes.value(shape, SH.path), shapes.value(shape, SH["class"]))
        for shape in shapes.subjects(SH.path)
        if shapes.value(shape, SH["class"])
    }
    borne = {
        (shapes.value(shape, SH.targetSubjectsOf), shapes.value(shape, SH["class"]))
        for shape in shapes.subjects(SH.targetSubjectsOf)
    }

    assert leading == set(model.subject_objects(RDFS.range))
    assert borne == set(model.subject_objects(RDFS.domain))
    assert set(shapes.objects(None, SH.targetClass)) == set(model.subjects(RDF.type, RDFS.Class))


def test_links_that_were_not_counted_are_told_as_such() -> None:
    """As a hub's own number stands where counting ended, every file says that there may be more."""
    material = exported(HUBS)

    assert "person bea; perpetrator; told by ke-police; 3 links here; 5,000 links or more, not followed" in svg_text(
        material
    )
    assert "Of 1 node of these not all links were counted: there may be more than told." in material.left_out


@pytest.mark.parametrize("format_", ExportFormat)
def test_pseudonyms_leave_nothing_that_identifies(format_: ExportFormat) -> None:
    """No real id, no day, in no format; not even the order of nodes is that of the ids."""
    file = write_file(exported(random_network(5), names=NAMES), ExportWish(format_), turtle=turtle_text)
    small = write_file(exported(names=NAMES), ExportWish(format_), turtle=turtle_text)
    if format_ is ExportFormat.CSV:
        file, small = (
            b"".join(map(zipfile.ZipFile(io.BytesIO(f)).read, ("nodes.csv", "edges.csv"))) for f in (file, small)
        )

    assert re.search(rb"\b[pe]\d\d\b", file) is None
    assert b"ann" not in small
    assert b"2019-" not in small
    assert b"2019" in small


@pytest.mark.parametrize("format_", ExportFormat)
def test_the_same_network_is_the_same_bytes(format_: ExportFormat) -> None:
    """Whatever order the links came in."""
    network = random_network(8)
    turned_round = network_of(
        list(network.node_ids[:12]),
        list(network.node_ids[12:]),
        list(network.edges)[::-1],
    )

    first, second = (write_file(exported(n), ExportWish(format_), turtle=turtle_text) for n in (network, turned_round))

    assert first == second


# --- the picture ---------------------------------------------------------------------------------------------


def boxes_of(places: list[tuple[float, float]], boxes: list[Box]) -> list[tuple[float, float, float, float]]:
    return [
        (x - box.half_width, y - box.up, x + box.half_width, y + box.down)
        for (x, y), box in zip(places, boxes, strict=True)
    ]


@pytest.mark.parametrize(("nodes", "seed"), [(1, 0), (2, 1), (10, 2), (60, 3), (160, 4)])
def test_no_box_of_a_picture_covers_another(nodes: int, seed: int) -> None:
    """Nodes with their captions stand apart, in parts that hang together and side by side."""
    graph = nx.gnm_random_graph(nodes, int(nodes * 1.15), seed=seed)
    boxes = [Box(30, 12, 26) if node % 3 == 0 else Box(12, 12, 12) for node in range(nodes)]

    placed = boxes_of(lay_out(sorted(graph.edges), boxes), boxes)

    covering = [
        (one, other)
        for one, other in combinations(placed, 2)
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ]
    assert covering == []
    assert min(box[0] for box in placed) >= -0.1
    assert min(box[1] for box in placed) >= -0.1


def test_linked_nodes_are_near_in_a_picture() -> None:
    """On a path, two ends are far, neighbours near: distances in the picture follow those in the network."""
    places = lay_out([(n, n + 1) for n in range(9)], [Box(8, 8, 8)] * 10)

    def apart(one: int, other: int) -> float:
        return float(((places[one][0] - places[other][0]) ** 2 + (places[one][1] - places[other][1]) ** 2) ** 0.5)

    assert max(apart(n, n + 1) for n in range(9)) < 100 < 500 < apart(0, 9)


def test_the_picture_is_well_formed_and_runs_nothing() -> None:
    """Ids are escaped, there is no script, link or style, and every node tells its whole id when pointed at."""
    text = svg_text(exported())
    root = ElementTree.fromstring(text)  # noqa: S314 (our own text)
    told = [title.text or "" for title in root.iter("{http://www.w3.org/2000/svg}title")]

    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
        "svg", "title", "desc", "rect", "text", "g", "line", "circle", "polygon", "path",
    }  # fmt: skip
    assert not any("href" in name or name.startswith("on") for element in root.iter() for name in element.attrib)
    assert "person bea<&>; victim; told by ke-police; 3 links here" in told
    assert "event e2; recorded 2019-12/2020-01; told by ke-police; 1 link here; 400 links in all, not followed" in told


def test_the_legend_explains_what_is_drawn_and_nothing_else() -> None:
    """Roles, forms, links and marks that occur; the picture says what it leaves out and how to treat it."""
    text = svg_text(exported())

    for said in (
        "both perpetrator and victim", "1 Sexual exploitation", "none told", "related to", "broken rim",
        "Not all is here.", "Identified case records",
    ):  # fmt: skip
        assert said in text
    assert "perpetrator</text>" not in text
    assert ">area<" not in text
    assert "Pseudonyms stand for" in svg_text(exported(names=NAMES))
    assert "Events, by agency" in svg_text(exported(), colour_by=ColourBy.AGENCY)


def test_a_link_to_oneself_is_drawn() -> None:
    """As a ring that looks out from behind its node: a line of no length would not be seen."""
    text = svg_text(exported(network_of(["ann"], [], [("ann", "ann", "RELATED_TO")])))

    assert 'r="8" fill="none" stroke="#1A1A1A" stroke-width="1.6" stroke-dasharray="1 5"' in text
    assert "<line x1=" not in text.partition('<g transform="translate(')[2].partition("</g>\n<g")[0]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_texts_of_the_picture_can_be_read() -> None:
    """Every text has a contrast of at least 4.5 to the paper (WCAG 2.2, 1.4.3); colours are seven different ones."""
    inks = set(re.findall(r'<text[^>]* fill="(#\w+)"', svg_text(exported())))

    assert inks
    assert all(1.05 / (luminance(ink) + 0.05) >= 4.5 for ink in inks)
    assert len(set(COLOURS)) == 7


def test_more_than_seven_agencies_share_a_colour_and_say_so() -> None:
    """The most frequent keep their own."""
    network = network_of([], [f"e{number}" for number in range(9)], [])
    many = Subgraph(
        node_ids=network.node_ids, node_kinds=network.node_kinds,
        node_entities=tuple(f"agency-{number}" for number in range(9)),
        distances=network.distances, clusters=network.clusters,
        edges=(),
    )  # fmt: skip

    text = svg_text(exported(many), colour_by=ColourBy.AGENCY)

    assert "agency-6</text>" in text
    assert "others</text>" in text
    assert "agency-7</text>" not in text
