"""A network answer as a file that may leave: who sees names in it, how large it may be, which formats there are.

Lives here: rights, bounds and the choice of a format. Elsewhere: what is in a file and how each format is written
(``exports``); Turtle, which needs the words of the ontology, is RDF's (``registry.storage.rdf``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from registry.access.actor import Actor, Right
from registry.access.policy import require
from registry.access.pseudonyms import Pseudonyms
from registry.access.scope import ScopeParameter, scope_parameter
from registry.classification.catalogue import Catalogue
from registry.errors import ArgumentsConflicting, check_range
from registry.identifiers import UNITS
from registry.network.exports.graphs import gexf_text, graphml_text
from registry.network.exports.material import EventFacts, ExportedNetwork, export_material
from registry.network.exports.palette import ColourBy
from registry.network.exports.svg import MOST_DRAWN, svg_text
from registry.network.exports.tables import csv_archive, csv_pair, cytoscape_text
from registry.network.model import NodeKind, Subgraph


class ExportFormat(StrEnum):
    """A kind of file, by the end of its name."""

    GRAPHML = "graphml"
    GEXF = "gexf"
    CYTOSCAPE = "cyjs"
    CSV = "csv.zip"
    TURTLE = "ttl"
    SVG = "svg"


MEDIA: Final[Mapping[ExportFormat, str]] = {
    ExportFormat.GRAPHML: "application/graphml+xml",
    ExportFormat.GEXF: "application/gexf+xml",
    ExportFormat.CYTOSCAPE: "application/json",
    ExportFormat.CSV: "application/zip",
    ExportFormat.TURTLE: "text/turtle; charset=utf-8",
    ExportFormat.SVG: "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class ExportWish:
    """How the file is wanted. ``pseudonyms`` asks for them even where names may be seen: a file is passed on.

    ``colour_by`` is for a picture alone, and None there is by form.
    """

    format: ExportFormat
    colour_by: ColourBy | None = None
    pseudonyms: bool = False


MOST_LINKS: Final = 50_000
"""Links of a file: some 10 MB in the wordiest format."""


class FactsStore(Protocol):
    """Where facts of events are read."""

    async def event_facts(self, events: Sequence[str], *, scope: ScopeParameter) -> Mapping[str, EventFacts]:
        """Forms and dates of those events that lie inside the scope, in one round trip."""


def top_labels(catalogue: Catalogue, languages: Sequence[str]) -> Mapping[str, str]:
    """Labels of the units at the top by code, in the first of the languages that has one: what a legend says.

    None where the registry holds no units.
    """
    if UNITS not in catalogue.versions:
        return {}
    version = catalogue.resolve(UNITS)
    found = {code: version.item(code).label(languages) for code in version.positions if "." not in code}
    return {code: label.text for code, label in found.items() if label is not None}


async def exported_network(
    store: FactsStore,
    network: Subgraph,
    wish: ExportWish,
    *,
    names: Pseudonyms,
    labels: Mapping[str, str],
    actor: Actor,
) -> ExportedNetwork:
    """What the file holds; under ``names`` unless the actor may see identified cases and does not want pseudonyms.

    Raises `ArgumentOutOfRange` for a file of more than `MOST_LINKS`; `ArgumentsConflicting` for a picture of more than
    `MOST_DRAWN` nodes, which the budget may have allowed, and for colours of a file that is no picture.
    """
    require(actor, Right.EXPLORE_NETWORK)
    if wish.colour_by is not None and wish.format is not ExportFormat.SVG:
        raise ArgumentsConflicting(arguments="format, colourBy", rule="only a picture has colours")
    if wish.format is ExportFormat.SVG and len(network.node_ids) > MOST_DRAWN:
        nodes = f"a picture holds {MOST_DRAWN:,} nodes at most, and these are {len(network.node_ids):,}"
        raise ArgumentsConflicting(arguments="format, budget", rule=f"{nodes}; ask for fewer or another kind of file")
    check_range("links", len(network.edges), 0, MOST_LINKS)
    events = [id_ for id_, kind in zip(network.node_ids, network.node_kinds, strict=True) if kind is NodeKind.EVENT]
    facts = await store.event_facts(events, scope=scope_parameter(actor.scope))
    hides_names = wish.pseudonyms or Right.READ_IDENTIFIED not in actor.rights
    return export_material(network, facts, names=names if hides_names else None, labels=labels)


def write_files(
    network: ExportedNetwork, wish: ExportWish, *, turtle: Callable[[ExportedNetwork], str]
) -> Mapping[str, str]:
    """The texts by name: one, or tables as the pair that they are. The same network and wish, the same texts."""
    if wish.format is ExportFormat.CSV:
        return csv_pair(network)
    if wish.format is ExportFormat.SVG:
        return {"network.svg": svg_text(network, colour_by=wish.colour_by or ColourBy.FORM)}
    writers: Mapping[ExportFormat, Callable[[ExportedNetwork], str]] = {
        ExportFormat.GRAPHML: graphml_text,
        ExportFormat.GEXF: gexf_text,
        ExportFormat.CYTOSCAPE: cytoscape_text,
        ExportFormat.TURTLE: turtle,
    }
    return {f"network.{wish.format.value}": writers[wish.format](network)}


def write_file(network: ExportedNetwork, wish: ExportWish, *, turtle: Callable[[ExportedNetwork], str]) -> bytes:
    """The same as one file: tables as an archive of the pair."""
    if wish.format is ExportFormat.CSV:
        return csv_archive(network)
    (text,) = write_files(network, wish, turtle=turtle).values()
    return text.encode()
