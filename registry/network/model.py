"""A piece of the case graph around one start, in columns, with an honest account of what is not in it.

Lives here: the values. Elsewhere: how a network grows (``expand``), where links come from (``ports``).

Columns and not objects: an answer of 500 nodes is a dozen tuples, which a door turns into JSON by zipping them.
`Subgraph.each_node` and `Subgraph.each_edge` give the same rows as values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from registry.identifiers import EntityId


class NodeKind(StrEnum):
    """What a node of a network is. The last three are hubs: only a start, never traversed."""

    PERSON = "Person"
    EVENT = "Event"
    ENTITY = "ReportingEntity"
    AREA = "Area"
    CONCEPT = "Concept"

    @property
    def word(self) -> str:
        """What people call it."""
        return {"ENTITY": "reporting entity", "CONCEPT": "unit"}.get(self.name, self.name.lower())


class EdgeKind(StrEnum):
    """Along what a network grows. Only the first two lie between a person and an event."""

    VICTIM_IN = "VICTIM_IN"
    PERPETRATOR_IN = "PERPETRATOR_IN"
    RELATED_TO = "RELATED_TO"


PARTICIPATION: tuple[EdgeKind, ...] = (EdgeKind.VICTIM_IN, EdgeKind.PERPETRATOR_IN)
"""The person-event links; what a network grows along unless asked otherwise."""


@dataclass(frozen=True, slots=True)
class Start:
    """Where a network starts: a record's id, an entity's id, an area's code, or a unit's code."""

    kind: NodeKind
    id: str


@dataclass(frozen=True, slots=True)
class Window:
    """Events that may have taken place between two instants (UTC epoch microseconds, both inclusive).

    An event lasts from the earliest reading of when it began (``dab``) to the latest of when it ended (``dae``);
    where neither is told, the readings of when it was recorded (``dat``) stand in; with no date at all it is outside.
    """

    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Node:
    """One node: ``distance`` is in hops from the start. ``entity`` is None for an area and a concept."""

    id: str
    kind: NodeKind
    entity: EntityId | None
    distance: int


@dataclass(frozen=True, slots=True)
class Edge:
    """One link, by ids: from a person to an event, or from person to person (RELATED_TO)."""

    source: str
    target: str
    kind: EdgeKind | None
    """None for the link of a hub at the start with its events."""


@dataclass(frozen=True, slots=True)
class SkippedHub:
    """A node that was kept but not expanded, with all its links inside the scope (and window)."""

    id: str
    kind: NodeKind
    degree: int


@dataclass(frozen=True, slots=True)
class Subgraph:
    """What was reached, nodes by distance, then id; and what was not, because of the caller's own limits.

    Edges are those read while expanding: every link of every expanded node to a node that is kept.
    ``edge_kinds`` holds "" for the link of a hub at the start with its events.
    """

    node_ids: tuple[str, ...]
    node_kinds: tuple[NodeKind, ...]
    node_entities: tuple[str | None, ...]
    distances: tuple[int, ...]
    edge_sources: tuple[str, ...]
    edge_targets: tuple[str, ...]
    edge_kinds: tuple[str, ...]
    truncated: bool = False
    """The budget left out nodes that the last hop found."""
    skipped_hubs: tuple[SkippedHub, ...] = ()
    hidden: int = 0
    """Nodes that field tiers withheld inside the caller's scope; none are withheld yet."""
    counts_by_type: Mapping[str, int] = field(default_factory=dict)
    """Distinct nodes found by kind, the start included, also those that the budget left out of the last hop."""
    visited: int = 0
    """Nodes whose links were read."""

    def each_node(self) -> Iterator[Node]:
        """The nodes as values."""
        for id_, kind, entity, distance in zip(
            self.node_ids, self.node_kinds, self.node_entities, self.distances, strict=True
        ):
            yield Node(id_, kind, EntityId(entity) if entity is not None else None, distance)

    def each_edge(self) -> Iterator[Edge]:
        """The edges as values."""
        for source, target, kind in zip(self.edge_sources, self.edge_targets, self.edge_kinds, strict=True):
            yield Edge(source, target, EdgeKind(kind) if kind else None)
