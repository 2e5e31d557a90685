"""The case graph's classes and edges, the shapes of networks told in them, and the meaning of our own terms.

Lives here: from ``tables/case-model.toml`` and ``tables/terms.toml`` to statements.
Elsewhere: the graph itself (``registry.storage.bolt``), networks as statements (``registry.storage.rdf``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ontology import namespaces as ns
from ontology.build.scheme import Statements
from ontology.build.tables import read_toml
from ontology.build.turtle import Block, Iri, Text, number, true


def case_model_blocks() -> Iterator[Block]:
    """Classes, then edges, in the order of the table."""
    table = read_toml("case-model.toml")
    for row in table["class"]:
        yield _class(row)
    for row in table["edge"]:
        yield _edge(row)


def case_shape_blocks() -> Iterator[Block]:
    """SHACL 1.0 for statements about cases: a shape a class, then of each edge what it leads from and to.

    Of a person nothing may be said but links, of an event links and one date; of hubs, which are no secret, anything.
    """
    table = read_toml("case-model.toml")
    yield Block(_shape("type-alone"), ((ns.RDF_FIRST, Iri(ns.RDF_TYPE)), (ns.RDF_REST, Iri(ns.RDF_NIL))))
    for row in table["class"]:
        edges = [_property_name(edge["type"]) for edge in table["edge"] if edge["source"] == row["label"]]
        yield _class_shape(row, edges)
    for name, path in (("date", ns.DATE), ("code", ns.CODE)):
        yield Block(
            _shape(name),
            (
                (f"{ns.SH}path", Iri(path)),
                (f"{ns.SH}maxCount", number(1)),
                (f"{ns.SH}datatype", Iri(ns.XSD_STRING)),
                _message(f"There is one {name} at most, a text."),
            ),
        )
    for row in table["edge"]:
        yield from _edge_shapes(row)


def term_blocks() -> Iterator[Block]:
    """Classes, properties and values, each by name."""
    table = read_toml("terms.toml")
    for part, kind in (("class", ns.RDFS_CLASS), ("property", ns.RDF_PROPERTY), ("value", None)):
        for name, meaning in sorted(table[part].items()):
            said: Statements = [(ns.RDFS_LABEL, Text(name, "en")), (ns.RDFS_COMMENT, Text(meaning, "en"))]
            said += [(ns.RDF_TYPE, Iri(kind))] if kind else []
            yield Block(f"{ns.DEF}{name}", tuple(said))


def _class(row: Mapping[str, Any]) -> Block:
    said: Statements = [
        (ns.RDF_TYPE, Iri(ns.RDFS_CLASS)),
        (ns.NODE_LABEL, Text(row["label"])),
        (ns.RDFS_COMMENT, Text(row["en"], "en")),
    ]
    said += [(ns.IS_HUB, true())] if row.get("hub") else []
    return Block(f"{ns.CASE}{row['label']}", tuple(said))


def _edge(row: Mapping[str, Any]) -> Block:
    said: Statements = [
        (ns.RDF_TYPE, Iri(ns.RDF_PROPERTY)),
        (ns.RELATIONSHIP_TYPE, Text(row.get("store_type", row["type"]))),
        (ns.RDFS_DOMAIN, Iri(f"{ns.CASE}{row['source']}")),
        (ns.RDFS_RANGE, Iri(f"{ns.CASE}{row['target']}")),
        (ns.RDFS_COMMENT, Text(row["en"], "en")),
    ]
    said += [(ns.IS_TRAVERSED, true())] if row.get("traversed") else []
    return Block(f"{ns.CASE}{_property_name(row['type'])}", tuple(said))


def _shape(name: str) -> str:
    return f"{ns.SHAPE}case-{name}"


def _class_shape(row: Mapping[str, Any], edges: Sequence[str]) -> Block:
    own = row.get("says", ())
    said: Statements = [
        (ns.RDF_TYPE, Iri(f"{ns.SH}NodeShape")),
        (f"{ns.SH}targetClass", Iri(f"{ns.CASE}{row['label']}")),
        (f"{ns.SH}nodeKind", Iri(f"{ns.SH}IRI")),
        *((f"{ns.SH}property", Iri(_shape(name))) for name in (*edges, *own)),
    ]
    if not row.get("hub"):
        said += [
            (f"{ns.SH}closed", true()),
            (f"{ns.SH}ignoredProperties", Iri(_shape("type-alone"))),
            _message(f"Nothing is said of {_article(row['label'])} but its links{' and date' if own else ''}."),
        ]
    return Block(_shape(row["label"]), tuple(said))


def _edge_shapes(row: Mapping[str, Any]) -> Iterator[Block]:
    """What the edge leads to, where a class bears it; and that nothing but that class does."""
    name, source, target = _property_name(row["type"]), row["source"], row["target"]
    path, most = f"{ns.CASE}{name}", row.get("most")
    yield Block(
        _shape(name),
        (
            (f"{ns.SH}path", Iri(path)),
            (f"{ns.SH}class", Iri(f"{ns.CASE}{target}")),
            *([(f"{ns.SH}maxCount", number(most))] if most else []),
            _message(f"{name} leads to {_article(target)}{f', {most} at most' if most else ''}."),
        ),
    )
    yield Block(
        _shape(f"{name}-from"),
        (
            (ns.RDF_TYPE, Iri(f"{ns.SH}NodeShape")),
            (f"{ns.SH}targetSubjectsOf", Iri(path)),
            (f"{ns.SH}class", Iri(f"{ns.CASE}{source}")),
            _message(f"{name} leads from {_article(source)}."),
        ),
    )


def _message(text: str) -> tuple[str, Text]:
    return f"{ns.SH}message", Text(text, "en")


def _article(label: str) -> str:
    return f"{'an' if label[0] in 'AEIOU' else 'a'} {label}"


def _property_name(relationship: str) -> str:
    """``VICTIM_IN`` to ``victimIn``."""
    first, *rest = relationship.lower().split("_")
    return first + "".join(word.capitalize() for word in rest)
