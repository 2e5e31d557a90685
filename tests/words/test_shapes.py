"""SHACL: our files pass, and each broken rule is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from pyshacl import validate
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS, XSD

from ontology import files
from ontology import namespaces as ns
from tests.words.reading import ICTIP, SKOSXL, XKOS, item

LARGE = ("vocabulary/schemes/areas/1.0.ttl", "vocabulary/schemes/languages/1.0.ttl")
"""Half a minute of SHACL between them; their rules are those of the others."""

FEMALE = item("sex", "1.0", "female")
SEX = URIRef(ns.version_iri("sex", "1.0"))


@pytest.fixture(scope="module")
def shapes() -> Graph:
    """All shapes together."""
    together = Graph()
    for file in files.shape_files():
        together += file.graph()
    return together


def conforms(graph: Graph, shapes: Graph) -> bool:
    """Whether the statements keep every shape."""
    kept, _, _ = validate(graph, shacl_graph=shapes, inference="none")
    return bool(kept)


def test_shapes_have_no_blank_nodes(shapes: Graph) -> None:
    """As everywhere in our RDF."""
    assert not any(isinstance(term, BNode) for said in shapes for term in said)


def test_every_file_but_the_two_large_keeps_the_shapes(graphs: Mapping[str, Graph], shapes: Graph) -> None:
    """Schemes, correspondences and bindings."""
    assert [path for path, graph in graphs.items() if path not in LARGE and not conforms(graph, shapes)] == []


@pytest.mark.long
def test_the_large_files_keep_the_shapes(graphs: Mapping[str, Graph], shapes: Graph) -> None:
    """Areas and languages."""
    assert [path for path in LARGE if not conforms(graphs[path], shapes)] == []


BREACHES: dict[str, Callable[[Graph], object]] = {
    "two English labels (S14)": lambda graph: graph.add((FEMALE, SKOS.prefLabel, Literal("Woman", "en"))),
    "a label preferred and alternative (S13)": lambda graph: graph.add(
        (FEMALE, SKOS.altLabel, Literal("Female", "en"))
    ),
    "no English label": lambda graph: graph.remove((FEMALE, SKOS.prefLabel, None)),
    "two codes": lambda graph: graph.add((FEMALE, SKOS.notation, Literal("woman"))),
    "a code with a space": lambda graph: graph.set((FEMALE, SKOS.notation, Literal("fe male"))),
    "a concept that is a collection (S37)": lambda graph: graph.add((FEMALE, RDF.type, SKOS.Collection)),
    "a scheme that is a concept (S9)": lambda graph: graph.add((SEX, RDF.type, SKOS.Concept)),
    "an exact match that is broad too (S46)": lambda graph: (
        graph.add((FEMALE, SKOS.exactMatch, item("iccs", "1.0", "01"))),
        graph.add((FEMALE, SKOS.broadMatch, item("iccs", "1.0", "01"))),
    ),
    "two versions of one item": lambda graph: graph.add((FEMALE, SKOS.inScheme, URIRef(f"{ns.NAMESPACE}/sex/2.0"))),
    "no source": lambda graph: graph.remove((SEX, DCTERMS.source, None)),
    "no standing": lambda graph: graph.remove((SEX, ICTIP.standing, None)),
    "an unknown status": lambda graph: graph.set((SEX, ICTIP.status, ICTIP.finished)),
    "no levels": lambda graph: graph.remove((SEX, XKOS.levels, None)),
    "a label without its form (S52)": lambda graph: graph.add((FEMALE + "/label/fr", RDF.type, SKOSXL.Label)),
    "a variable without a kind": lambda graph: graph.add((FEMALE, RDF.type, ICTIP.Variable)),
    "a correspondence of one version": lambda graph: graph.add((SEX + "/c", RDF.type, XKOS.Correspondence)),
    "an association of no kind": lambda graph: graph.add((SEX + "/c/1", RDF.type, XKOS.ConceptAssociation)),
    "a binding without a day": lambda graph: graph.add((SEX + "/b", RDF.type, ICTIP.Binding)),
    "an order that is no number": lambda graph: graph.set((FEMALE, ICTIP.order, Literal("one", datatype=XSD.string))),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_broken_rule_is_found(shapes: Graph, breach: str) -> None:
    """A sound list stops conforming by one change."""
    graph = files.scheme_file("sex", "1.0").graph()
    assert conforms(graph, shapes)
    BREACHES[breach](graph)

    assert not conforms(graph, shapes)
