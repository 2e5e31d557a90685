"""The case graph's classes and edges, and the meaning of our own terms.

Lives here: from ``tables/case-model.toml`` and ``tables/terms.toml`` to statements.
Elsewhere: the graph itself (``registry.storage.bolt``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ontology import namespaces as ns
from ontology.build.scheme import Statements
from ontology.build.tables import read_toml
from ontology.build.turtle import Block, Iri, Text, true


def case_model_blocks() -> Iterator[Block]:
    """Classes, then edges, in the order of the table."""
    table = read_toml("case-model.toml")
    for row in table["class"]:
        yield _class(row)
    for row in table["edge"]:
        yield _edge(row)


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


def _property_name(relationship: str) -> str:
    """``VICTIM_IN`` to ``victimIn``."""
    first, *rest = relationship.lower().split("_")
    return first + "".join(word.capitalize() for word in rest)
