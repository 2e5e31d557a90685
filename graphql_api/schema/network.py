"""The network's GraphQL types and its root field. An answer comes in columns and goes out by zipping them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import strawberry

from graphql_api.schema.classification import Info
from graphql_api.schema.reading import columns, computed, told
from graphql_api.schema.scalars import Instant
from registry.errors import ArgumentsConflicting
from registry.network import model, queries

strawberry.enum(model.NodeKind, name="NodeKind", description="What a node of a network is.")
strawberry.enum(model.EdgeKind, name="EdgeKind", description="Along what a network grows.")


@strawberry.type(description="One node of a network.")
class NetworkNode:
    """A row of `model.Subgraph`'s node columns."""

    id: strawberry.ID = told("id", "The record's id; the code of an area or a unit.")
    kind: model.NodeKind = told("kind", "What it is.")
    entity: strawberry.ID | None = told("entity", "The reporting entity that told of it; null for areas and units.")
    distance: int = told("distance", "Hops from the start.")


@strawberry.type(description="One link of a network.")
class NetworkEdge:
    """A row of `model.Subgraph`'s edge columns."""

    source: strawberry.ID = told("source", "The one end: a person.")
    target: strawberry.ID = told("target", "The other end: an event, or a person.")
    kind: str = told("kind", "VICTIM_IN, PERPETRATOR_IN, RELATED_TO; empty for the link of a hub at the start.")


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """One link as the columns hold it."""

    source: str
    target: str
    kind: str


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many nodes of a kind were found."""

    kind: model.NodeKind
    count: int


@strawberry.type(description="How many nodes of a kind were found.")
class CountByType:
    """`KindCount`."""

    kind: model.NodeKind = told("kind", "The kind.")
    count: int = told("count", "Distinct nodes found, also those that the budget left out.")


@strawberry.type(description="A node that was kept but not expanded, because too much hangs on it.")
class SkippedHub:
    """`model.SkippedHub`."""

    id: strawberry.ID = told("id", "The node.")
    kind: model.NodeKind = told("kind", "What it is.")
    degree: int = told("degree", "All its links within what you may see.")


def network_nodes(root: strawberry.Parent[model.Subgraph]) -> list[model.Node]:
    """The nodes as values."""
    return list(root.each_node())


def network_edges(root: strawberry.Parent[model.Subgraph]) -> list[EdgeRow]:
    """The edges as values."""
    return [EdgeRow(*row) for row in zip(root.edge_sources, root.edge_targets, root.edge_kinds, strict=True)]


def network_counts(root: strawberry.Parent[model.Subgraph]) -> list[KindCount]:
    """The counts by kind, kinds sorted."""
    return [KindCount(model.NodeKind(kind), count) for kind, count in sorted(root.counts_by_type.items())]


@strawberry.type(description="A piece of the case graph, and what is not in it because of your own limits.")
class Network:
    """`model.Subgraph`."""

    nodes: list[NetworkNode] = columns(
        network_nodes,
        {"id": "node_ids", "kind": "node_kinds", "entity": "node_entities", "distance": "distances"},
        "The nodes, the nearest first.",
    )
    edges: list[NetworkEdge] = columns(
        network_edges,
        {"source": "edge_sources", "target": "edge_targets", "kind": "edge_kinds"},
        "The links read while growing, between nodes that are kept.",
    )
    truncated: bool = told("truncated", "Whether the node budget left out nodes that were found.")
    skipped_hubs: list[SkippedHub] = told("skipped_hubs", "Nodes kept but not expanded.")
    hidden: int = told("hidden", "Nodes in your scope whose fields you may not see.")
    counts_by_type: list[CountByType] = computed(network_counts, "Distinct nodes found by kind, the start included.")
    visited: int = told("visited", "Nodes whose links were read.")


@strawberry.input(description="Where a network starts.")
class NetworkStart:
    """`model.Start`."""

    kind: model.NodeKind = strawberry.field(description="What the start is.")
    id: strawberry.ID = strawberry.field(description="A record's or entity's id, the code of an area or a unit.")


async def ego_network(
    info: Info,
    start: Annotated[NetworkStart, strawberry.argument(description="Where to start.")],
    depth: Annotated[int, strawberry.argument(description="Hops, 1 to 4.")] = 2,
    budget: Annotated[int, strawberry.argument(description="Most nodes in the answer, 1 to 5000.")] = 500,
    edge_kinds: Annotated[
        list[model.EdgeKind] | None, strawberry.argument(description="Along what to grow; without it taking part.")
    ] = None,
    since: Annotated[
        Instant | None, strawberry.argument(description="Only events that may have been since then.")
    ] = None,
    until: Annotated[
        Instant | None, strawberry.argument(description="Only events that may have been until then.")
    ] = None,
    hub_limit: Annotated[int, strawberry.argument(description="Most links of a node that is expanded.")] = 100,
) -> model.Subgraph:
    """What lies around one node."""
    context = info.context
    found = await queries.ego_network(
        context.rooms.network,
        actor=context.actor,
        start=model.Start(start.kind, start.id),
        depth=depth,
        budget=budget,
        edge_kinds=tuple(dict.fromkeys(edge_kinds)) if edge_kinds else model.PARTICIPATION,
        within=window(since, until),
        hub_limit=hub_limit,
    )
    await context.note("explore network", found.node_ids)
    return found


def window(since: int | None, until: int | None) -> model.Window | None:
    """The window of two instants; both or neither."""
    if since is None and until is None:
        return None
    if since is None or until is None or since > until:
        raise ArgumentsConflicting(arguments="since, until", rule="give both, the earlier first, or neither")
    return model.Window(since, until)
