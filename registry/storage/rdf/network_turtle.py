"""A network as Turtle, in the words of the case model (``ontology/vocabulary/case-model.ttl``).

Lives here: the statements. Elsewhere: other formats (``registry.network.exports``).

::

    <…/case/person/ID>  a case:Person ; case:victimIn <…/case/event/ID> .
    <…/case/event/ID>   a case:Event ; dcterms:date "2019-03" ; case:hasForm <…/units/1.0/item/1> ;
                        case:reportedBy <…/case/entity/ID> .

Whatever a statement leads to has its class, and the shapes of ``ontology/shapes/case-model.ttl`` are kept. What was
left out stands in comments at the head: it is no statement about the case graph.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Set
from typing import Final

from ontology import namespaces as ns
from ontology.build.turtle import Block, Iri, Term, Text, write_turtle
from registry.network.exports.material import ExportedEdge, ExportedNetwork, ExportedNode
from registry.network.model import NodeKind

_CLASSES: Final = {
    NodeKind.PERSON: "Person",
    NodeKind.EVENT: "Event",
    NodeKind.ENTITY: "ReportingEntity",
    NodeKind.AREA: "Area",
    NodeKind.CONCEPT: "Concept",
}
_NAMES: Final = {NodeKind.PERSON: "person", NodeKind.EVENT: "event", NodeKind.ENTITY: "entity"}
_LINKS: Final = {
    "VICTIM_IN": "victimIn",
    "PERPETRATOR_IN": "perpetratorIn",
    "RELATED_TO": "relatedTo",
    "RECORDED_IN": "recordedIn",
    "EXPLOITED_IN": "exploitedIn",
    "TRANSITED": "transited",
    "HAS_FORM": "hasForm",
    "REPORTED_BY": "reportedBy",
}
_SAME: Final = {NodeKind.PERSON: "sameAs", NodeKind.EVENT: "sameEventAs"}
_HUB_LINKS: Final = {NodeKind.ENTITY: "reportedBy", NodeKind.CONCEPT: "hasForm"}
PREFIXES: Final = tuple((name, ns.record_iri(name, "")) for name in _NAMES.values())

Statement = tuple[str, Term]


def turtle_text(network: ExportedNetwork) -> str:
    """The network's statements, a block a node in the order of the network; the same network, the same bytes."""
    nodes = {node.id: node for node in network.nodes}
    said: dict[str, list[Statement]] = defaultdict(list)
    for edge in network.edges:
        said[edge.source].append(_link(edge, nodes))
    blocks = [
        Block(_iri(node), (*_facts(node), *(link for link in said[node.id] if link[0])))
        for node in network.nodes
    ]  # fmt: skip
    blocks += _led_to(network, {block.subject for block in blocks})
    return write_turtle(blocks, prefixes=PREFIXES, comment="\n".join((f"{network.title}.", *network.left_out)))


def _facts(node: ExportedNode) -> Iterator[Statement]:
    yield ns.RDF_TYPE, Iri(f"{ns.CASE}{_CLASSES[node.kind]}")
    if node.kind in (NodeKind.AREA, NodeKind.CONCEPT):
        yield ns.CODE, Text(node.id)
    if node.kind is NodeKind.EVENT:
        for concept in node.concepts:
            yield f"{ns.CASE}hasForm", Iri(ns.concept_iri(concept))
        if node.entity is not None:
            yield f"{ns.CASE}reportedBy", Iri(ns.record_iri("entity", node.entity))
        if node.date is not None:
            yield ns.DATE, Text(node.date)


def _led_to(network: ExportedNetwork, told: Set[str]) -> Iterator[Block]:
    """What events are told of that is no node itself, each with its class, by IRI."""
    events = [node for node in network.nodes if node.kind is NodeKind.EVENT]
    classes = {ns.concept_iri(concept): "Concept" for node in events for concept in node.concepts}
    classes |= {ns.record_iri("entity", node.entity): "ReportingEntity" for node in events if node.entity is not None}
    for iri in sorted(classes.keys() - told):
        yield Block(iri, ((ns.RDF_TYPE, Iri(f"{ns.CASE}{classes[iri]}")),))


def _link(edge: ExportedEdge, nodes: dict[str, ExportedNode]) -> Statement:
    """One link; of an event with a hub at the start what the hub's kind says, but to an area it may be any: none is."""
    target = nodes[edge.target]
    name = _LINKS.get(edge.kind) or (_SAME if edge.kind == "SAME_AS" else _HUB_LINKS).get(target.kind, "")
    return f"{ns.CASE}{name}" if name else "", Iri(_iri(target))


def _iri(node: ExportedNode) -> str:
    if node.kind in _NAMES:
        return ns.record_iri(_NAMES[node.kind], node.id)
    return ns.record_iri("area" if node.kind is NodeKind.AREA else "unit", node.id)
