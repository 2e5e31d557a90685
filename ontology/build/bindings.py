"""Which version of which list each variable takes its codes from, from which day.

Lives here: from ``tables/bindings.toml`` to statements.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ontology import namespaces as ns
from ontology.build.tables import read_toml
from ontology.build.turtle import Block, Iri, day


def binding_blocks() -> Iterator[Block]:
    """One block a binding, in the order of the table."""
    table = read_toml("bindings.toml")
    for scheme, version, part in (("variables", "1.0", "variables"), ("national-variables", "0.1", "national")):
        bound: dict[str, Any] = table[part]
        for variable, (list_id, list_version) in bound.items():
            said = (
                (ns.RDF_TYPE, Iri(ns.BINDING)),
                (ns.BOUND_VARIABLE, Iri(ns.item_iri(scheme, version, variable))),
                (ns.BOUND_LIST, Iri(ns.version_iri(list_id, list_version))),
                (ns.VALID_FROM, day(table["valid_from"])),
            )
            yield Block(ns.binding_iri(variable, 1), said)
