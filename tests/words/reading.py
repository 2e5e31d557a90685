"""Small questions to the vocabulary's statements, so that tests read as sentences."""

from __future__ import annotations

from collections.abc import Mapping

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, SKOS

from ontology import namespaces as ns

ICTIP = Namespace(ns.DEF)
XKOS = Namespace(ns.XKOS)
SKOSXL = Namespace(ns.SKOSXL)

UN_LANGUAGES = {"en", "ar", "zh-Hans", "fr", "ru", "es"}


def scheme_graph(graphs: Mapping[str, Graph], scheme: str, version: str) -> Graph:
    """The statements of one scheme version."""
    return graphs[f"vocabulary/schemes/{scheme}/{version}.ttl"]


def item(scheme: str, version: str, code: str) -> URIRef:
    """The item of that code."""
    return URIRef(ns.item_iri(scheme, version, code))


def items(graph: Graph) -> set[URIRef]:
    """Every item of a scheme's graph."""
    return {subject for subject in graph.subjects(RDF.type, SKOS.Concept) if isinstance(subject, URIRef)}


def code_of(graph: Graph, concept: URIRef) -> str:
    """Its notation without a datatype."""
    (code,) = [str(each) for each in graph.objects(concept, SKOS.notation) if is_plain(each)]
    return code


def is_plain(term: object) -> bool:
    """A literal without language and datatype."""
    return isinstance(term, Literal) and term.datatype is None and term.language is None


def codes(graph: Graph) -> set[str]:
    """Every code of a scheme's graph."""
    return {code_of(graph, concept) for concept in items(graph)}


def labels(graph: Graph, concept: URIRef) -> dict[str, str]:
    """Its preferred labels by language."""
    return {
        str(each.language): str(each) for each in graph.objects(concept, SKOS.prefLabel) if isinstance(each, Literal)
    }


def depths(graph: Graph) -> dict[int, int]:
    """Level depth to the number of its items."""
    return {
        int(str(depth)): len(list(graph.objects(level, SKOS.member)))
        for level, depth in graph.subject_objects(XKOS.depth)
    }


def unofficial(graph: Graph, concept: URIRef) -> set[str]:
    """Languages in which its preferred label is marked unofficial."""
    found = set()
    for resource in graph.objects(concept, SKOSXL.prefLabel):
        form = graph.value(resource, SKOSXL.literalForm)
        assert isinstance(form, Literal)
        assert form in set(graph.objects(concept, SKOS.prefLabel))
        assert graph.value(resource, ICTIP.labelStatus) == ICTIP.unofficial
        found.add(str(form.language))
    return found
